import { expect, test } from 'vitest';
import type { Switches } from '../../local/world/switches.ts';
import { preflight } from '../../shared/repair/preflight.ts';
import { look } from '../../shared/repair/look.ts';
import { policyOf } from '../../shared/flows/first-step.ts';
import type { CapabilityRow } from '../../shared/state/repair-rows.ts';
import { DAY, MINUTE } from '../../shared/time.ts';
import { drifted, inGroup, peopleOfTheirOwn, strangeAnchor } from '../simulation/people.ts';
import { type Office, office, SHORT, staleIn } from './night.ts';
import { anchorwatch } from './run.ts';

function worldOf(switches: Partial<Switches>) {
  return {
    seed: 'pilot',
    people: 12,
    plants: 'none',
    synced: 'universal-sync',
    switches: { regroup: 'by-itself', latePush: 'never', ...switches },
  } as const;
}

const WANTED = { parkDomain: null, exclusionGroup: null };
const TIMES = { ...SHORT.times, unsync: 4 * MINUTE };

async function withTestPerson(switches: Partial<Switches>) {
  const night = await office(worldOf(switches), { repair: { ...SHORT, times: TIMES } });
  const [someone] = peopleOfTheirOwn(night.created, 1);
  if (someone === undefined) throw new Error('there is nobody');
  return { night, someone };
}

/** Types the name, and says yes to every write, or to so many. */
function agreeing(userName: string, asked: string[], yes = Number.POSITIVE_INFINITY) {
  return async (question: string): Promise<string> => {
    asked.push(question);
    if (question.includes('type the user name')) return userName;
    return asked.length - 1 > yes ? 'n' : 'y';
  };
}

async function recordOf({ created, tools }: Office): Promise<CapabilityRow | null> {
  const found = await tools.state.capabilities.get('capability', `${created.ids.tenant}~${created.ids.office365}`);
  return found?.row ?? null;
}

function sides({ created, clock }: Office, { user, objectId }: { readonly user: string; readonly objectId: string }) {
  const { state } = created.inside;
  const app = created.ids.office365;
  const account = state.entraUsers.get(objectId, clock.now());
  const assignment = state.assignments.get(app)?.get(user, clock.now());
  return {
    anchor: account?.anchor,
    userName: account?.userName,
    licenses: account?.licenses,
    enabled: account?.enabled,
    scope: assignment?.scope,
    pushed: assignment?.licenses,
    externalId: assignment?.externalId,
    deactivate: state.apps.get(app)?.provisioning?.deactivate,
  };
}

function isSwitch(text: string): boolean {
  return /features|\((?:hold|release)\)/.test(text);
}

async function mistyped(): Promise<string> {
  return 'somebody else';
}

/** Time in which the function app does what is left to do. */
async function later({ desk }: Office, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) await desk.clock.wait(MINUTE);
}

test.each([
  ['anyway', 'accepted', ['while-assigned']],
  ['after-unassign', 'accepted', ['while-assigned', 'after-unassign']],
  ['refused', 'refused', ['while-assigned', 'after-unassign']],
] as const)(
  'a pilot finds out that writes to synchronised people are: %s',
  { timeout: 60_000 },
  async (world, outcome, probes) => {
    const { night, someone } = await withTestPerson({ syncedWrites: world });
    const planned = staleIn(night, someone);
    const before = sides(night, planned);
    const asked: string[] = [];

    const { code, out, err } = await anchorwatch(['pilot', planned.userName, '--by', 'ada'], {
      tools: night.desk,
      ask: agreeing(planned.userName, asked),
    });
    await later(night, 12);

    expect([code, err]).toEqual([outcome === 'accepted' ? 0 : 1, expect.not.stringContaining('defect')]);
    const record = await recordOf(night);
    expect(record).toMatchObject({ syncedWrites: world, by: 'ada', nudge: false });
    expect(record?.probes.map(({ probe }) => probe)).toEqual(probes);
    // As both tokens say it.
    expect(record?.rights).toContain('okta.apps.manage');
    expect(record?.rights).toContain('User.ReadWrite.All');
    expect(record?.probes.at(-1)).toMatchObject({ outcome });
    if (probes.length > 1)
      expect(record?.probes[0]).toMatchObject({
        outcome: 'refused',
        step: 'park',
        code: 'Request_BadRequest',
        message: expect.stringContaining('on-premises mastered'),
      });
    if (world === 'after-unassign') expect(record?.lag).toBeGreaterThan(0);
    expect(sides(night, planned)).toEqual({
      ...before,
      anchor: outcome === 'accepted' ? planned.before.a : planned.before.e,
    });
    // The switch is given back by whoever sees first that all have settled: `tend`, perhaps.
    const counts = night.tenants.meter
      .counts()
      .filter(({ operation }) => /PATCH|PUT|DELETE|POST \/api/.test(operation));
    const written = counts.filter(({ operation }) => !isSwitch(operation)).reduce((sum, { calls }) => sum + calls, 0);
    expect(asked.filter((question) => question.startsWith('Write') && !isSwitch(question))).toHaveLength(written);
    expect(out).toContain(`PATCH https://graph.microsoft.com/v1.0/users/${planned.objectId}`);
  },
);

test('what a pilot proved decides over later repairs, until rights or app are others, or 90 days have passed', {
  timeout: 60_000,
}, async () => {
  const { night, someone } = await withTestPerson({ syncedWrites: 'anyway' });
  const planned = staleIn(night, someone);
  await anchorwatch(['pilot', planned.userName, '--by', 'ada'], {
    tools: night.desk,
    ask: agreeing(planned.userName, []),
  });
  await later(night, 12);
  const [, next] = peopleOfTheirOwn(night.created, 2);
  if (next === undefined) throw new Error('there is nobody');
  const victim = staleIn(night, next);
  const { tools } = night;
  const courseIn = async (facts: object) => {
    const seen = await look(victim, tools, WANTED);
    const outcome = preflight({ ...seen, ...facts }, policyOf(tools));
    return outcome.state === 'ready' ? outcome.course.writes : outcome.rule;
  };

  expect(await courseIn({})).toBe('api');
  expect(await courseIn({ now: night.clock.now() + 91 * DAY })).toBe('person');
  expect(await courseIn({ rights: 'fewer' })).toBe('person');
  const { app } = await look(victim, tools, WANTED);
  expect(await courseIn({ app: { ...app, features: [...app.features, 'PUSH_PASSWORD_UPDATES'] } })).toBe('person');
  const shown = await anchorwatch(['pilot'], { tools: night.desk });
  expect([shown.code, shown.out]).toEqual([0, expect.stringContaining('also while Office 365 is assigned')]);
  const fewer = { ...night.desk, entra: { ...night.desk.entra, rights: async () => ['another app'] } };
  expect(await anchorwatch(['pilot'], { tools: fewer })).toMatchObject({
    code: 1,
    out: expect.stringContaining('other rights are granted'),
  });
});

test.each([
  ['recomputes', 0, true],
  ['nothing', 1, false],
] as const)(
  'a pilot on a stale copy finds out what an update of the assignment does: %s',
  { timeout: 60_000 },
  async (nudge, code, isProven) => {
    const { night, someone } = await withTestPerson({ nudge });
    inGroup(night.created, night.created.ids.groups.optIn, [someone.user]);
    const planned = drifted(night.created, someone, { o: strangeAnchor('old') }, 'reassign');

    const ran = await anchorwatch(['pilot', planned.userName, '--by', 'ada'], {
      tools: night.desk,
      ask: agreeing(planned.userName, []),
    });

    expect(ran.code).toBe(code);
    expect(await recordOf(night)).toMatchObject({ nudge: isProven, syncedWrites: 'unknown' });
  },
);

test('whoever says no in the middle has the person brought back, and nothing is recorded', {
  timeout: 60_000,
}, async () => {
  const { night, someone } = await withTestPerson({ syncedWrites: 'anyway' });
  const planned = staleIn(night, someone);
  const before = sides(night, planned);

  // Yes to the park, no to the anchor, yes to the way back.
  const asked: string[] = [];
  const ask = async (question: string): Promise<string> => {
    asked.push(question);
    if (question.includes('type the user name')) return planned.userName;
    return asked.length === 3 ? 'n' : 'y';
  };
  const { code, out } = await anchorwatch(['pilot', planned.userName, '--by', 'ada'], { tools: night.desk, ask });

  expect(code).toBe(1);
  expect(out).toContain('declined');
  expect(await recordOf(night)).toBeNull();
  expect(sides(night, planned)).toEqual(before);
});

test('whoever goes away in the middle of a pilot leaves a row that the function app brings to rest', {
  timeout: 60_000,
}, async () => {
  const { night, someone } = await withTestPerson({ syncedWrites: 'anyway' });
  const planned = staleIn(night, someone);
  const before = sides(night, planned);
  let asked = 0;
  const ask = async (question: string): Promise<string> => {
    if (question.includes('type the user name')) return planned.userName;
    asked += 1;
    if (asked === 2) throw new Error('Ctrl-C');
    return 'y';
  };

  await anchorwatch(['pilot', planned.userName, '--by', 'ada'], { tools: night.desk, ask });
  expect(sides(night, planned).userName).toMatch(/onmicrosoft\.com$/);
  await later(night, 20);

  expect(sides(night, planned)).toEqual(before);
  const { repairs } = night.tools.state;
  const heads = [];
  for await (const { row } of repairs.list('open')) heads.push(row);
  expect(heads).toEqual([]);
});

test('a pilot wants a terminal, a name, the right name typed, and a difference that is planted', {
  timeout: 60_000,
}, async () => {
  const { night, someone } = await withTestPerson({});
  inGroup(night.created, night.created.ids.groups.optIn, [someone.user]);
  const { userName } = someone.assignment;
  const io = { tools: night.desk };

  expect(await anchorwatch(['pilot', userName, '--by', 'ada'], io)).toMatchObject({
    code: 2,
    err: expect.stringContaining('terminal'),
  });
  expect(await anchorwatch(['pilot', userName], { ...io, ask: mistyped })).toMatchObject({
    code: 2,
    err: expect.stringContaining('--by'),
  });
  expect(await anchorwatch(['pilot', userName, '--by', 'ada'], { ...io, ask: mistyped })).toMatchObject({
    code: 2,
    err: expect.stringContaining('Plant a difference'),
  });
  staleIn(night, someone);
  expect(await anchorwatch(['pilot', userName, '--by', 'ada'], { ...io, ask: mistyped })).toMatchObject({
    code: 1,
    out: expect.stringContaining('Nothing was done'),
  });
  expect(await anchorwatch(['pilot'], io)).toMatchObject({ code: 1, out: expect.stringContaining('No pilot') });
});
