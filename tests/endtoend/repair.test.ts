import { expect, test } from 'vitest';
import { repair } from '../../shared/flows/repair.ts';
import { openRun } from '../../shared/flows/run.ts';
import { queueRepair } from '../../shared/flows/scan/queue-repairs.ts';
import { tend } from '../../shared/flows/tend.ts';
import { rightsOf, setupOf } from '../../shared/repair/capability.ts';
import type { PlannedRepair } from '../../shared/plan/plan.ts';
import type { JournalRow, RepairRow } from '../../shared/state/repair-rows.ts';
import { MINUTE, SECOND } from '../../shared/time.ts';
import { settingsOf } from '../flows/night.ts';
import { realNight, type RealNight } from '../nights/tenants.ts';
import { drifted, inGroup, peopleOf, peopleOfTheirOwn, type Someone, strangeAnchor } from '../simulation/people.ts';

// The engine over real HTTP through the real SDKs, on a clock that the test moves.

const usual = settingsOf().repair;
const REPAIR = {
  ...usual,
  times: {
    ...usual.times,
    quiet: 2 * MINUTE,
    cycle: 4 * MINUTE,
    catchUp: 5 * MINUTE,
    gone: 20 * SECOND,
    settle: 20 * SECOND,
  },
};
const WORLD = {
  seed: 'repair',
  people: 12,
  plants: 'none',
  synced: 'never',
  switches: { regroup: 'by-itself', latePush: 'never' },
} as const;

/** Sends the message of a repair, and lets time pass until nothing is left to do. */
async function carriedOut(
  night: RealNight,
  planned: PlannedRepair,
): Promise<{ head: RepairRow; journal: JournalRow[] }> {
  const { tools, clock, repairs } = night;
  const scheduled = Math.floor(clock.now() / SECOND) * SECOND;
  const run = await openRun(tools.state, { scheduled, trigger: 'timer', mode: 'remediate', now: clock.now() });
  await tools.state.runs.replace({ ...run.row, state: 'good' }, run.etag);
  await queueRepair(run.row.id, 'repair-1', [planned], tools);
  // A hold may have to wait for a group job first, and whether one is near the hour of the day decides.
  for (let minutes = 0; minutes < 180; minutes += 1) {
    for (let message = repairs.take(); message !== null; message = repairs.take()) await repair(message.repair, tools);
    if (minutes % 5 === 4) await tend(tools);
    const found = await tools.state.repairs.get('repair-1', 'head');
    if (found?.row.kind === 'head' && found.row.due === null) break;
    await clock.wait(MINUTE);
  }
  const journal: JournalRow[] = [];
  const found = await tools.state.repairs.get('repair-1', 'head');
  for await (const { row } of tools.state.repairs.list('repair-1')) if (row.kind === 'step') journal.push(row);
  if (found?.row.kind !== 'head') throw new Error('there is no head');
  return { head: found.row, journal };
}

/** Drifted since so lately that no group job has come by: Entra still has the person in all groups. */
function driftedLately(night: RealNight, someone: Someone): PlannedRepair {
  const { created } = night;
  inGroup(created, created.ids.groups.optIn, [someone.user]);
  const planned = drifted(created, someone, { e: strangeAnchor('old') });
  created.inside.state.entraUsers.put({ ...someone.account, anchor: planned.before.e });
  return planned;
}

function sidesOf({ created }: RealNight, { user, objectId }: PlannedRepair, now: number) {
  const { state } = created.inside;
  const account = state.entraUsers.get(objectId, now);
  const assignment = state.assignments.get(created.ids.office365)?.get(user, now);
  return { account, assignment, deactivate: state.apps.get(created.ids.office365)?.provisioning?.deactivate };
}

test('a person is repaired through both SDKs, and nothing else has changed', { timeout: 60_000 }, async () => {
  const night = await realNight(WORLD, { repair: REPAIR });
  const { created, clock } = night;
  const [someone] = peopleOfTheirOwn(created, 1);
  if (someone === undefined) throw new Error('there is nobody');
  const planned = driftedLately(night, someone);
  const before = sidesOf(night, planned, clock.now());

  const { head, journal } = await carriedOut(night, planned);

  expect(head).toMatchObject({ state: 'done', rule: null });
  const after = sidesOf(night, planned, clock.now());
  expect(after.account).toMatchObject({
    anchor: planned.before.a,
    userName: before.account?.userName,
    licenses: before.account?.licenses,
    enabled: true,
  });
  const { scope, licenses, roles, userName } = before.assignment ?? {};
  expect(after.assignment).toMatchObject({ scope, licenses, roles, userName, immutableId: planned.before.a });
  expect(after.assignment?.externalId).toBe(planned.objectId);
  expect(after.deactivate).toBe('ENABLED');
  const done = journal.filter(({ outcome }) => outcome === 'done').map(({ step }) => step);
  expect(done).toEqual(['hold', 'unassign', 'park', 'anchor', 'unpark', 'assign', 'release']);
  const intents = journal.filter(({ outcome }) => outcome === 'intent');
  expect(intents.every(({ facts }) => /^[0-9a-f-]{36}$/.test(facts['correlation'] ?? ''))).toBe(true);
});

test('somebody whom a group grants Office 365 is repaired by the exclusion group, and keeps the scope', {
  timeout: 60_000,
}, async () => {
  const night = await realNight(WORLD, {});
  const { created, clock } = night;
  const [someone] = peopleOf(created, 'GROUP');
  if (someone === undefined) throw new Error('there is nobody');
  const planned = driftedLately(night, someone);
  const settings = { ...night.tools.settings, repair: { ...REPAIR, exclusionGroup: created.ids.groups.exclusion } };

  const { head } = await carriedOut({ ...night, tools: { ...night.tools, settings } }, planned);

  expect(head).toMatchObject({ state: 'done', course: { unassign: 'exclusion-group' } });
  expect(sidesOf(night, planned, clock.now()).assignment).toMatchObject({
    scope: 'GROUP',
    grantedBy: created.ids.groups.granting,
    immutableId: planned.before.a,
  });
});

test('in a tenant that refuses writes to synchronised people after all, everybody is brought back, and a person is told', {
  timeout: 60_000,
}, async () => {
  const night = await realNight(
    { ...WORLD, synced: 'universal-sync', switches: { ...WORLD.switches, syncedWrites: 'refused' } },
    { repair: REPAIR },
  );
  const { created, clock, tools } = night;
  const [someone] = peopleOfTheirOwn(created, 1);
  if (someone === undefined) throw new Error('there is nobody');
  // For long: a group job that comes by meanwhile finds nothing to take away.
  inGroup(created, created.ids.groups.optIn, [someone.user]);
  const planned = drifted(created, someone, { e: strangeAnchor('old') });
  const proof = { tenant: created.ids.tenant, app: created.ids.office365, proven: clock.now(), by: 'pilot', note: '' };
  const { office365 } = await tools.okta.apps();
  const given = { rights: await rightsOf(tools), setup: setupOf(office365, tools.settings.policy), probes: [] };
  await tools.state.capabilities.put({ ...proof, ...given, syncedWrites: 'anyway', lag: null, nudge: false });

  const { head } = await carriedOut(night, planned);

  expect(head).toMatchObject({ state: 'undone', reason: expect.stringContaining('on-premises mastered') });
  const after = sidesOf(night, planned, clock.now());
  expect(after.account).toMatchObject({ anchor: planned.before.e, userName: planned.userName });
  expect(after.assignment?.externalId).toBe(planned.objectId);
  expect(after.deactivate).toBe('ENABLED');
  const told: string[] = [];
  const day = new Date(head.created).toISOString().slice(0, 10);
  for await (const { row } of tools.state.outbox.list(day)) told.push(row.subject);
  expect(told).toContain('A repair needs a person');
});
