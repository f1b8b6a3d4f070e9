import { join } from 'node:path';
import { Machine } from '../../local/machine.ts';
import { type Night, scanNow } from '../../local/night.ts';
import type { ProcessSet } from '../../local/processes.ts';
import { bringUp, type Stack } from '../../local/stack.ts';
import type { Truth } from '../../local/world/truth.ts';
import { confirmBaseline } from '../../shared/flows/decide.ts';
import { queueRepair } from '../../shared/flows/scan/queue-repairs.ts';
import { readFindings } from '../../shared/flows/scan/snapshot.ts';
import type { PlannedRepair } from '../../shared/plan/plan.ts';
import type { Log } from '../../shared/ports/log.ts';
import { REPAIR_QUEUE } from '../../shared/state/messages.ts';
import { rightsOf, setupOf } from '../../shared/repair/capability.ts';
import type { CapabilityRow } from '../../shared/state/repair-rows.ts';
import { openQueue } from '../../shared/storage/queue.ts';
import { DAY, MINUTE } from '../../shared/time.ts';
import { pilotTools, stateTools } from '../../shared/wiring.ts';
import { appSettings, QUEUE_LOCK, worldOf } from './settings.ts';

/** Everything as it is when the night of repairs begins: the host is up, and the repairs are queued. */
export interface Evening extends Night {
  readonly stack: Stack;
  /** Okta user of the one whose anchor Graph lets nobody write. */
  readonly denied: string;
  /** What was so before anybody was repaired. */
  readonly before: Truth;
}

export interface EveningOptions {
  readonly folder: string;
  readonly seed: string;
  readonly repairs: number;
  /** When Graph takes writes to people who are shown as synchronised. */
  readonly syncedWrites: 'after-unassign' | 'anyway';
  /** So many times as fast as the machine's clock all processes live. What takes long on a busy machine takes longer still by theirs. */
  readonly times: number;
}

const RING = 'ring-of-two';

/** Two good runs of the nightly scan over a company with so many to repair, the first confirmed by a person; and a ring, which a person decides on. */
export async function evening(set: ProcessSet, options: EveningOptions): Promise<Evening> {
  const { folder, seed, repairs, syncedWrites, times } = options;
  const pace = { times, since: Date.now() };
  const tenants = { people: 4 * repairs + 40, seed };
  const stack = await bringUp(set, { folder, keep: false, pace, tenants, world: worldOf(options) });
  const truth = await stack.desk.truth();
  const machine = new Machine(stack, pace, {
    // The cache is written by whoever ends in peace, and read by all who are started after.
    settings: { ...appSettings(truth.groups, truth.at), NODE_COMPILE_CACHE: join(folder, 'compiled') },
    queueLock: QUEUE_LOCK,
  });
  const storage = { kind: 'connection-string', connectionString: stack.connectionString } as const;
  const { state } = stateTools(storage, QUIET);
  const { entries } = await stack.desk.answerKey();
  const denied = entries.find(({ kind }) => kind === 'entra-stale');
  if (denied?.oktaUser === undefined || denied.oktaUser === null) throw new Error('There is nobody to deny.');
  const protectedPath = `/v1.0/users/${denied.objectId}`;
  await stack.desk.setFaults({
    rules: [{ when: { method: 'PATCH', path: protectedPath, body: 'ImmutableId' }, fault: { kind: 'denied' } }],
  });
  const proof = { tenant: truth.tenant, syncedWrites, lag: 4 * MINUTE, nudge: false, proven: machine.now() };
  const settings = { ...stack.settings, ...appSettings(truth.groups, truth.at) };
  await state.capabilities.put({
    ...proof,
    ...(await circumstances(settings)),
    by: 'the pilot of this test',
    note: '',
  });

  await machine.start();
  const first = await scanNow({ machine, state }, null);
  await confirmBaseline(first.id, 'the operator of this test', { state, clock: machine.clock });
  await machine.stop();
  await machine.leap(DAY);
  const before = await stack.desk.truth();
  await machine.start();
  const second = await scanNow({ machine, state }, first);
  const queued = (await readFindings(second.id, { state })).flatMap(({ repair }) => repair ?? []);
  const members = ringOf(
    entries.filter(({ kind }) => kind === 'ring of 2').map(({ oktaUser }) => plannedOf(oktaUser, before)),
    before,
  );
  const deps = { clock: machine.clock, log: QUIET, random: Math.random };
  if (members.length > 0)
    await queueRepair(second.id, RING, members, { state, repairs: openQueue(storage, REPAIR_QUEUE, deps), ...deps });
  const rings = members.length > 0 ? [RING] : [];
  return { stack, machine, state, repairs: [...queued, ...rings], denied: denied.oktaUser, before };
}

/** Under which rights, and with what app, the pilot of this test would have proven it: those that the host is given. */
async function circumstances(
  settings: Readonly<Record<string, string>>,
): Promise<Pick<CapabilityRow, 'app' | 'rights' | 'setup' | 'probes'>> {
  // Where the library for managed identities looks for them.
  Object.assign(process.env, settings);
  const tools = pilotTools(settings, QUIET);
  const { office365 } = await tools.okta.apps();
  const setup = setupOf(office365, tools.settings.policy);
  return { app: office365.id, rights: await rightsOf(tools), setup, probes: [] };
}

/** Two people of different ways to be assigned would wait for an operator. Each holds in Entra what the other should. */
function ringOf(people: readonly PlannedRepair[], { people: all }: Truth): readonly PlannedRepair[] {
  const scopeOf = ({ user }: PlannedRepair) => all.find((one) => one.user === user)?.assignment?.scope;
  for (const one of people) {
    const other = people.find(({ before }) => before.a === one.before.e);
    if (other !== undefined && scopeOf(one) === scopeOf(other)) return [one, other];
  }
  if (people.length > 0) throw new Error('No ring of this world is of one way to be assigned: take another seed.');
  return [];
}

function plannedOf(user: string | null, { people, accounts }: Truth): PlannedRepair {
  const person = people.find((one) => one.user === user);
  const account = accounts.find(({ id }) => id === person?.assignment?.account);
  if (user === null || !person?.assignment || !person.source || account === undefined)
    throw new Error('There is no ring of two in this world.');
  const { userName, copy } = person.assignment;
  return {
    key: `${user}.${account.id}`,
    user,
    objectId: account.id,
    userName,
    recipe: 'reanchor',
    park: true,
    after: null,
    before: { a: person.source, o: copy, e: account.anchor },
    witness: 'external-id',
  };
}

const QUIET: Log = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {}
