import type { Switches } from '../../local/world/switches.ts';
import type { CreatedWorld } from '../../local/world/world.ts';
import type { PlannedRepair } from '../../shared/plan/plan.ts';
import type { CapabilityRow, JournalRow, StepName } from '../../shared/state/repair-rows.ts';
import { rightsOf, setupOf } from '../../shared/repair/capability.ts';
import type { FlowSettings } from '../../shared/flows/tools.ts';
import type { Instant } from '../../shared/time.ts';
import { settingsOf } from '../flows/night.ts';
import { START } from '../world/callers.ts';
import { drifted, inGroup, peopleOf, peopleOfTheirOwn, type Someone, strangeAnchor } from './people.ts';
import type { Made, Scenario } from './simulation.ts';
import { entraIn, oktaIn } from './tenants.ts';

// What scenarios are put together from.

/** Nobody is shown as synced, and groups come back by themselves: nothing but the repair itself is at stake. */
export const PLAIN = { synced: 'never', switches: { regroup: 'by-itself' } } as const;

export function settings(created: CreatedWorld) {
  const { okta, policy, repair } = settingsOf();
  const { groups, signInHost } = created.ids;
  return {
    okta: { ...okta, signInHosts: [signInHost] },
    policy: { ...policy, optedInGroup: groups.optIn, protectedGroup: null },
    repair,
  };
}

export function byDirectoriesApi(created: CreatedWorld) {
  const usual = settings(created);
  return { ...usual, repair: { ...usual.repair, directoryGroups: 'directories-api' as const } };
}

export function byExclusionGroup(created: CreatedWorld) {
  const usual = settings(created);
  return { ...usual, repair: { ...usual.repair, exclusionGroup: created.ids.groups.exclusion } };
}

/** The first people of the world with that scope, opted in, each drifted as told, each a repair of its own. */
export function repairing(
  number: number,
  drift: (created: CreatedWorld, someone: Someone) => PlannedRepair,
  scope: 'USER' | 'GROUP' = 'USER',
): Scenario['repairs'] {
  return (created) => {
    const people = scope === 'USER' ? peopleOfTheirOwn(created, number) : peopleOf(created, scope).slice(0, number);
    inGroup(
      created,
      created.ids.groups.optIn,
      people.map(({ user }) => user),
    );
    return people.map((someone) => [drift(created, someone)]);
  };
}

export function entraStale(created: CreatedWorld, someone: Someone): PlannedRepair {
  return drifted(created, someone, { e: strangeAnchor(someone.user) });
}

/** As it is an hour after the drift began: no group job has come by, and Entra still has the person in all groups. */
export function lately(created: CreatedWorld, someone: Someone): PlannedRepair {
  const planned = entraStale(created, someone);
  created.inside.state.entraUsers.put({ ...someone.account, anchor: planned.before.e });
  return planned;
}

export function bothStale(created: CreatedWorld, someone: Someone): PlannedRepair {
  const old = strangeAnchor(someone.user);
  return drifted(created, someone, { o: old, e: old });
}

export function oktaStale(created: CreatedWorld, someone: Someone): PlannedRepair {
  return drifted(created, someone, { o: strangeAnchor(someone.user) }, 'reassign');
}

/** Each member holds what the one before wants. */
export function ring(length: number, spoil?: (created: CreatedWorld, last: Someone) => void): Scenario['repairs'] {
  return (created) => {
    const people = peopleOfTheirOwn(created, length);
    inGroup(
      created,
      created.ids.groups.optIn,
      people.map(({ user }) => user),
    );
    const held = people.map(({ directory }) => directory.externalId);
    const members = people.map((someone, at) => drifted(created, someone, { e: held[(at + 1) % length] ?? null }));
    const last = people.at(-1);
    if (last !== undefined) spoil?.(created, last);
    return [members];
  };
}

/** What a pilot would have found out about the tenant. */
export function proven(syncedWrites: CapabilityRow['syncedWrites'], nudge = false): NonNullable<Scenario['prepare']> {
  return async ({ state, created, settings: { policy } }) => {
    await state.capabilities.put({ ...(await proofOf(created, policy, START, syncedWrites)), nudge });
  };
}

/** The record of a pilot, under the rights and with the app as they are. */
export async function proofOf(
  { inside }: CreatedWorld,
  policy: FlowSettings['policy'],
  now: Instant,
  syncedWrites: CapabilityRow['syncedWrites'],
): Promise<CapabilityRow> {
  const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  const asker = { inside, now: () => now, random: () => 0.5, log: silent };
  const [okta, entra] = [oktaIn(asker), entraIn(asker)];
  const { office365 } = await okta.apps();
  return {
    tenant: inside.state.tenant.id,
    app: office365.id,
    syncedWrites,
    lag: null,
    nudge: false,
    proven: now,
    by: 'pilot',
    note: '',
    rights: await rightsOf({ okta, entra }),
    setup: setupOf(office365, policy),
    probes: [],
  };
}

/** Whoever made the pilot has gone away before anything was done. */
export async function leftAlone({ state }: Made): Promise<void> {
  const found = await state.repairs.get('repair-1', 'head');
  if (found?.row.kind !== 'head') throw new Error('there is no head');
  await state.repairs.replace({ ...found.row, purpose: { kind: 'pilot', probe: 'while-assigned' } }, found.etag);
}

/** A step is over when its outcome was seen, whoever brought it about. */
function isOutcome(is: JournalRow['outcome'], wanted: 'intent' | 'ready' | 'over'): boolean {
  return wanted === 'over' ? is === 'done' || is === 'seen' : is === wanted;
}

/** Something that somebody does once, as soon as the journal shows the outcome of a step. */
export function once(
  step: StepName,
  outcome: 'intent' | 'ready' | 'over',
  act: (made: Made, member: PlannedRepair) => void,
): NonNullable<Scenario['meanwhile']> {
  const done = new WeakSet<object>();
  return (made) => {
    if (done.has(made.mirror)) return;
    if (!made.mirror.journal.some((row) => row.step === step && isOutcome(row.outcome, outcome))) return;
    done.add(made.mirror);
    const member = made.repairs[0]?.[0];
    if (member !== undefined) act(made, member);
  };
}

export const plain = { settings, world: PLAIN } as const;

/** A tenant that is as unkind as can be, but for what is named. */
export function inWorld(switches: Partial<Switches>) {
  return { settings, world: { switches } };
}
