import { describe, expect, test } from 'vitest';
import { AnchorwatchError } from '../../shared/errors.ts';
import { scan } from '../../shared/flows/scan.ts';
import { readFindings } from '../../shared/flows/scan/snapshot.ts';
import { nightly } from '../../shared/flows/nightly.ts';
import { findRun } from '../../shared/flows/run.ts';
import type { Stored } from '../../shared/ports/state.ts';
import { joinKey, personPartition } from '../../shared/state/keys.ts';
import type { RunRow } from '../../shared/state/rows.ts';
import { DAY, HOUR, MINUTE } from '../../shared/time.ts';
import {
  anchorOf,
  assignment,
  DOMAINS,
  instanceOf,
  nameOf,
  NOW,
  objectId,
  oktaId,
  type Tenant,
  tenantOf,
} from '../rosters/tenant.ts';
import { carryOn, type Night, nextDay, nightOf, OPTED_IN, runNight, settingsOf } from './night.ts';
import { watched } from './watched.ts';

/** Lets Entra hold an old anchor for this person. */
function drift(tenant: Tenant, number: number): void {
  const id = objectId(number);
  tenant.users.set(id, { ...tenant.users.get(id)!, anchor: anchorOf(number + 5_000) });
}

async function lastRun(night: Night): Promise<RunRow> {
  for await (const { row } of night.tools.state.runs.list('run')) return row;
  throw new Error('there is no run');
}

async function rowsOf<Row, Part>(rows: AsyncIterable<Stored<Row>>, part: (row: Row) => Part): Promise<Part[]> {
  const parts: Part[] = [];
  for await (const { row } of rows) parts.push(part(row));
  return parts;
}

async function etagOf(night: Night, person: string): Promise<string> {
  return (await night.tools.state.claims.get(person, 'open'))!.etag;
}

async function confirmBaseline(night: Night): Promise<void> {
  const { id } = await lastRun(night);
  await night.tools.state.marks.put({ name: 'baseline', at: night.clock.at, run: id, by: 'ada', note: '' });
}

/** A tenant of 200 with one drifted person who is opted in, after a confirmed baseline. */
async function secondNight(options: Parameters<typeof nightOf>[1] = {}): Promise<Night> {
  const tenant = tenantOf(200);
  drift(tenant, 7);
  const night = nightOf(tenant, options);
  night.groups.set(OPTED_IN, [oktaId(7)]);
  expect(await runNight(night)).toBe('good');
  await confirmBaseline(night);
  nextDay(night);
  return night;
}

describe('the first good run', () => {
  test('names the drift, repairs nothing, and asks a person to confirm its counts', async () => {
    const tenant = tenantOf(50);
    drift(tenant, 7);
    const night = nightOf(tenant);
    night.groups.set(OPTED_IN, [oktaId(7)]);

    expect(await runNight(night)).toBe('good');

    const run = await lastRun(night);
    expect(run).toMatchObject({ id: '2026-11-23T02-00-00Z', state: 'good', slices: 1 });
    expect(run.summary).toMatchObject({ baseline: true, paired: 50, matched: 49, queued: 0, held: { baseline: 1 } });
    const [seen] = await readFindings(run.id, night.tools);
    expect(seen).toMatchObject({ change: 'new', firstSeen: NOW, confirmed: true, hold: { rule: 'baseline' } });
    expect(seen?.finding).toMatchObject({ verdict: 'entra-stale', impact: 'cannot sign in', userName: nameOf(7) });
    expect(night.repairs.waiting()).toEqual([]);
    const notices = await rowsOf(night.tools.state.outbox.list('2026-11-23'), ({ kind }) => kind);
    expect(notices).toEqual(['baseline']);
  });

  test('is no baseline for anybody until a person has confirmed it, however many good runs follow', async () => {
    const night = nightOf(tenantOf(30));
    drift(night.tenant, 7);
    night.groups.set(OPTED_IN, [oktaId(7)]);
    for (let nights = 0; nights < 3; nights += 1) {
      expect(await runNight(night)).toBe('good');
      nextDay(night);
    }

    expect((await lastRun(night)).summary).toMatchObject({ queued: 0, held: { baseline: 1 } });
  });
});

describe('a later run', () => {
  test('no longer waits for an account that Okta has not made within a day', async () => {
    const night = nightOf(tenantOf(50));
    const { assignments, users } = night.tenant;
    users.delete(objectId(7));
    const waiting = assignments.get(oktaId(7))!;
    assignments.set(oktaId(7), { ...waiting, syncState: 'SYNCING', created: NOW - 12 * HOUR });
    const impactOf = async (): Promise<unknown> => {
      expect(await runNight(night)).toBe('good');
      const [seen] = await readFindings((await lastRun(night)).id, night.tools);
      return [seen?.finding.verdict, seen?.finding.impact, seen?.change];
    };

    expect(await impactOf()).toEqual(['not-provisioned', 'none yet', 'new']);
    nextDay(night);
    expect(await impactOf()).toEqual(['not-provisioned', 'cannot sign in', 'worse']);
  });

  test('queues one message for a finding that two good runs have seen, under a claim', async () => {
    const night = await secondNight();

    expect(await runNight(night)).toBe('good');

    const [message, ...more] = night.repairs.waiting();
    expect(more).toEqual([]);
    const head = await night.tools.state.repairs.get(message!.message.repair, 'head');
    expect(head?.row).toMatchObject({ kind: 'head', state: 'queued', repair: { user: oktaId(7), recipe: 'reanchor' } });
    for (const name of [oktaId(7), objectId(7)]) {
      expect((await night.tools.state.claims.get(name, 'open'))?.row.repair).toBe(message?.message.repair);
    }
    expect((await lastRun(night)).summary).toMatchObject({ baseline: false, queued: 1, changes: { open: 1 } });
  });

  test('never opens a second repair for the same person, and sends the message again that may be lost', async () => {
    const night = await secondNight();
    await runNight(night);
    const lost = night.repairs.take();
    nextDay(night);

    await runNight(night);

    expect(night.repairs.waiting()).toMatchObject([{ message: lost }]);
    expect((await lastRun(night)).summary?.held).toEqual({ 'in-repair': 1 });
  });

  test('opens no second repair for a person whose Entra account was made anew meanwhile', async () => {
    const night = await secondNight();
    await runNight(night);
    night.repairs.take();
    const { tenant } = night;
    const account = tenant.users.get(objectId(7))!;
    const renewed = anchorOf(6_000);
    tenant.users.delete(objectId(7));
    tenant.users.set(objectId(900), { ...account, id: objectId(900), anchor: renewed, created: night.clock.at });
    tenant.assignments.set(oktaId(7), { ...tenant.assignments.get(oktaId(7))!, anchor: renewed });
    for (let nights = 0; nights < 3; nights += 1) {
      nextDay(night);
      await runNight(night);
    }

    const [seen] = await readFindings((await lastRun(night)).id, night.tools);
    expect(seen).toMatchObject({
      finding: { objectId: objectId(900), verdict: 'both-stale' },
      hold: { rule: 'in-repair' },
    });
  });

  test('tries nobody again whom the preflight refused, for a week, and lets others run meanwhile', async () => {
    const night = await secondNight({ settings: { policy: { ...settingsOf().policy, maxRepairs: 1 } } });
    await runNight(night);
    const { repair } = night.repairs.take()!;
    const head = await night.tools.state.repairs.get(repair, 'head');
    if (head?.row.kind !== 'head') throw new Error('there is no head');
    const refused = { state: 'refused', rule: 'privileged', reason: 'the account is privileged' } as const;
    await night.tools.state.repairs.replace({ ...head.row, ...refused, changed: night.clock.at }, head.etag);
    drift(night.tenant, 8);
    night.groups.set(OPTED_IN, [oktaId(7), oktaId(8)]);
    const nights: unknown[] = [];
    for (let number = 0; number < 9; number += 1) {
      nextDay(night);
      await runNight(night);
      const { summary } = await lastRun(night);
      nights.push([
        summary?.queued,
        Object.keys(summary?.held ?? {})
          .sort()
          .join(),
      ]);
    }

    expect(nights.slice(0, 2)).toEqual([
      [0, 'refused-before,seen-once'],
      [1, 'refused-before'],
    ]);
    // After a week the person is tried again.
    expect(nights[7]).toEqual([1, 'in-repair']);
  });

  test('counts what earlier runs of the same night queued: the limit is a night’s', async () => {
    const night = await secondNight({
      settings: { schedule: '0 0 * * * *', policy: { ...settingsOf().policy, maxRepairs: 1 } },
    });
    await runNight(night);
    drift(night.tenant, 8);
    night.groups.set(OPTED_IN, [oktaId(7), oktaId(8)]);
    for (let hours = 0; hours < 2; hours += 1) {
      night.clock.at += HOUR;
      await runNight(night);
    }

    expect((await lastRun(night)).summary).toMatchObject({ queued: 0, freeze: { rule: 'over-limit' } });
    expect((await lastRun(night)).summary?.freeze?.reason).toContain('less 1 that earlier runs of the night queued');
    night.clock.at += 20 * HOUR;
    await runNight(night);
    expect((await lastRun(night)).summary).toMatchObject({ queued: 1, freeze: null });
  });

  test.each([
    ['was never written down', null],
    ['is over, and was not released', 'refused'],
  ] as const)('frees a person from a claim whose repair %s', async (_what, state) => {
    const night = await secondNight();
    await runNight(night);
    const { repair } = night.repairs.take()!;
    if (state === null) {
      for (const person of [oktaId(7), objectId(7)]) {
        await night.tools.state.claims.remove(person, 'open', await etagOf(night, person));
        await night.tools.state.claims.insert({ person, repair: 'r-left', at: NOW });
      }
    } else {
      const head = await night.tools.state.repairs.get(repair, 'head');
      if (head?.row.kind !== 'head') throw new Error('there is no head');
      await night.tools.state.repairs.replace({ ...head.row, state, rule: 'before-image' }, head.etag);
    }
    nextDay(night);

    await runNight(night);

    expect((await lastRun(night)).summary?.queued).toBe(1);
    expect(night.repairs.waiting()).toHaveLength(1);
  });

  test('goes back to an older memory when the last one is damaged, and says so', async () => {
    const night = await secondNight();
    await runNight(night);
    const { id } = await lastRun(night);
    const { snapshots } = night.tools.state;
    const first = joinKey('matched', '000000');
    await snapshots.remove(id, first, (await snapshots.get(id, first))!.etag);
    nextDay(night);

    expect(await runNight(night)).toBe('good');

    expect((await lastRun(night)).summary).toMatchObject({ changes: { open: 1, new: 0 }, held: { 'in-repair': 1 } });
    expect((await lastRun(night)).summary?.warnings).toEqual([expect.stringContaining(`run ${id} remembered`)]);
  });

  test('queues nothing in observe mode', async () => {
    const night = await secondNight({ settings: { mode: 'observe' } });

    await runNight(night);

    expect(night.repairs.waiting()).toEqual([]);
    expect((await lastRun(night)).summary?.held).toEqual({ 'observe-mode': 1 });
  });

  test('names what is new, open, worse, resolved, gone and returned', async () => {
    const tenant = tenantOf(60);
    for (const number of [1, 2, 3]) drift(tenant, number);
    const bothStale = oktaId(4);
    const copy = anchorOf(7_000);
    tenant.assignments.set(bothStale, { ...tenant.assignments.get(bothStale)!, anchor: copy });
    tenant.users.set(objectId(4), { ...tenant.users.get(objectId(4))!, anchor: copy });
    const night = nightOf(tenant);
    await runNight(night);

    nextDay(night);
    drift(tenant, 5);
    tenant.users.set(objectId(1), { ...tenant.users.get(objectId(1))!, anchor: anchorOf(1) });
    tenant.users.delete(objectId(2));
    tenant.directories.get('0oaNorth')?.delete(oktaId(2));
    tenant.assignments.delete(oktaId(2));
    tenant.assignments.set(bothStale, { ...tenant.assignments.get(bothStale)!, anchor: anchorOf(4) });
    await runNight(night);

    expect((await lastRun(night)).summary?.changes).toEqual({
      new: 1,
      open: 1,
      worse: 1,
      returned: 0,
      resolved: 1,
      gone: 1,
    });

    nextDay(night);
    drift(tenant, 1);
    await runNight(night);
    const seen = await readFindings((await lastRun(night)).id, night.tools);
    expect(seen.find(({ finding }) => finding.user === oktaId(1))).toMatchObject({ change: 'returned' });
    const history = await rowsOf(
      night.tools.state.history.list(personPartition(`${oktaId(1)}.${objectId(1)}`)),
      (row) => row,
    );
    const own = history.filter(({ person }) => person === `${oktaId(1)}.${objectId(1)}`);
    expect(own.map(({ change }) => change)).toEqual(['returned', 'resolved', 'new']);
  });

  test('freezes the whole plan over the limit', async () => {
    const night = await secondNight({
      settings: { policy: { ...nightOf(tenantOf(1)).tools.settings.policy, maxRepairs: 0 } },
    });

    await runNight(night);

    expect((await lastRun(night)).summary).toMatchObject({ queued: 0, freeze: { rule: 'over-limit' } });
  });
});

test('a mass cause keeps the plan frozen night after night: waiting does not thaw it', async () => {
  const tenant = tenantOf(200);
  for (let number = 1; number <= 200; number += 1) {
    const directory = tenant.directories.get(instanceOf(number))!;
    const dn = `CN=Somebody,OU=${number <= 24 ? 'Sales' : 'Ops'},DC=contoso,DC=com`;
    directory.set(oktaId(number), { ...directory.get(oktaId(number))!, dn });
    if (number <= 24) drift(tenant, number);
  }
  const night = nightOf(tenant);
  night.groups.set(
    OPTED_IN,
    Array.from({ length: 24 }, (_, at) => oktaId(at + 1)),
  );
  await runNight(night);
  await confirmBaseline(night);

  for (let nights = 0; nights < 3; nights += 1) {
    nextDay(night);
    await runNight(night);
    expect((await lastRun(night)).summary).toMatchObject({
      queued: 0,
      freeze: { rule: 'mass-cause' },
      held: { 'mass-cause': 24 },
    });
  }
  expect(night.repairs.waiting()).toEqual([]);
});

test('a timer that fires a moment early makes the run of tonight, and not yesterday’s again', async () => {
  const night = nightOf(tenantOf(10));
  night.clock.at = NOW - 10;

  expect(await runNight(night)).toBe('good');
  expect((await lastRun(night)).id).toBe('2026-11-23T02-00-00Z');
});

test('a start by hand after a night that could not tell looks again', async () => {
  const night = nightOf(tenantOf(10));
  const denied = new AnchorwatchError('denied', 'Graph refuses.');
  const blind = { ...night.tools, entra: { ...night.tools.entra, domains: async () => Promise.reject(denied) } };
  await runNight(night, blind);
  night.clock.at += HOUR;

  await nightly('manual', night.tools);

  expect(await carryOn(night)).toBe('good');
  expect((await lastRun(night)).id).toBe('2026-11-23T03-00-00Z');
});

describe('could not tell', () => {
  test('compares nothing, queues nothing and says why, when a side cannot be read', async () => {
    const night = await secondNight();
    const broken = {
      ...night.tools,
      entra: {
        ...night.tools.entra,
        usersPage: async () => Promise.reject(new AnchorwatchError('denied', 'Graph refuses the token.')),
      },
    };

    expect(await runNight(night, broken)).toBe('could-not-tell');

    const run = await lastRun(night);
    expect(run).toMatchObject({
      state: 'could-not-tell',
      summary: null,
      doubts: [{ rule: 'read-failed', list: 'users' }],
    });
    expect(run.doubts[0]?.message).toContain('Graph refuses the token.');
    expect(night.repairs.waiting()).toEqual([]);
    expect(await rowsOf(night.tools.state.snapshots.list(run.id), ({ part }) => part)).toEqual([]);
    const notice = await night.tools.state.outbox.get('2026-11-24', `could-not-tell~${run.id}`);
    expect(notice?.row.body).toContain('Graph refuses the token.');
  });

  test('is said when the credentials are refused before anything is listed', async () => {
    const night = nightOf(tenantOf(5), {
      okta: { apps: async () => Promise.reject(new AnchorwatchError('denied', 'Okta refuses the client.')) },
    });

    expect(await runNight(night)).toBe('could-not-tell');
    expect((await lastRun(night)).doubts[0]?.message).toContain('Okta refuses the client.');
  });

  test('is not said at once of a side that is down in passing: the night is patient for two hours, and goes on where it was', async () => {
    const down = new AnchorwatchError('transient', 'Graph is not there.');
    const night = nightOf(tenantOf(60));
    const isDown = (): boolean => night.clock.at < NOW + 30 * MINUTE;
    const tools = {
      ...night.tools,
      entra: {
        ...night.tools.entra,
        domains: async () => (isDown() ? Promise.reject(down) : night.tools.entra.domains()),
      },
    };

    expect(await runNight(night, tools)).toBe('more');
    while ((await lastRun(night)).state === 'reading') {
      night.clock.at += 5 * MINUTE;
      await carryOn(night, tools);
    }

    expect(await lastRun(night)).toMatchObject({ state: 'good', ended: NOW + 30 * MINUTE });
  });

  test('is said of a side that stays down for longer', async () => {
    const down = new AnchorwatchError('transient', 'Graph is not there.');
    const night = nightOf(tenantOf(60), { entra: { usersPage: async () => Promise.reject(down) } });
    await runNight(night);
    while ((await lastRun(night)).state === 'reading') {
      night.clock.at += 5 * MINUTE;
      await carryOn(night);
    }

    const { state, doubts, ended } = await lastRun(night);
    expect([state, doubts[0]?.rule]).toEqual(['could-not-tell', 'read-failed']);
    expect(ended).toBeGreaterThan(NOW + 2 * HOUR);
  });

  test('is said when a roster shrank, until a person confirms the new counts', async () => {
    const night = nightOf(tenantOf(100));
    await runNight(night);
    nextDay(night);
    for (let number = 1; number <= 30; number += 1) {
      night.tenant.users.delete(objectId(number));
      night.tenant.assignments.delete(oktaId(number));
      for (const directory of night.tenant.directories.values()) directory.delete(oktaId(number));
    }

    expect(await runNight(night)).toBe('could-not-tell');
    expect((await lastRun(night)).doubts.map(({ rule }) => rule)).toContain('shrunk');

    await confirmBaseline(night);
    nextDay(night);
    expect(await runNight(night)).toBe('good');
  });

  test('is said when Okta’s list lost a page, though Okta announces no count', async () => {
    const night = nightOf(tenantOf(200), {
      reading: { faults: [{ list: 'assignments', page: 3, kind: 'drop', lose: 0, once: false }] },
    });

    expect(await runNight(night)).toBe('could-not-tell');
    expect((await lastRun(night)).doubts.map(({ rule }) => rule)).toEqual(['absence-refuted']);
  });

  test('is said when the second reading shows that a list lost a page, where no absence was suspicious', async () => {
    const night = nightOf(tenantOf(400), {
      reading: { pageSize: 50, faults: [{ list: 'assignments', page: 3, kind: 'drop', lose: 0, once: false }] },
      entra: { domains: async () => DOMAINS.map((domain) => ({ ...domain, federated: false })) },
    });

    expect(await runNight(night)).toBe('could-not-tell');

    const { doubts } = await lastRun(night);
    expect(doubts.map(({ rule, list }) => [rule, list])).toEqual([['absence-refuted', 'assignments']]);
    expect(doubts[0]?.message).toContain('50 people');
  });

  test('is said when the second reading shows it among so many absent that the sample missed the lost', async () => {
    const tenant = tenantOf(1_400);
    for (let number = 1; number <= 600; number += 1) tenant.assignments.delete(oktaId(number));
    const night = nightOf(tenant, {
      reading: { pageSize: 50, faults: [{ list: 'assignments', page: 7, kind: 'drop', lose: 0, once: false }] },
    });

    expect(await runNight(night)).toBe('could-not-tell');

    const { doubts } = await lastRun(night);
    expect(doubts.map(({ rule, list }) => [rule, list])).toEqual([['absence-refuted', 'assignments']]);
    // The sample alone asks for twenty.
    expect(Number(/ (\d+) people/.exec(doubts[0]?.message ?? '')?.[1])).toBeGreaterThan(20);
  });
});

test('a soft-deleted holder whom the list lost within the tolerance is found when the finding is read again', async () => {
  const tenant = tenantOf(50);
  drift(tenant, 7);
  for (let number = 0; number < 40; number += 1) {
    const id = `d${String(number).padStart(3, '0')}`;
    tenant.deleted.set(id, { id, userName: id, anchor: anchorOf(8_000 + number), deleted: NOW - 3 * DAY });
  }
  const holder = { id: 'd999', userName: 'd999', anchor: anchorOf(7), deleted: NOW - 3 * DAY };
  tenant.deleted.set(holder.id, holder);
  const night = nightOf(tenant, {
    reading: { faults: [{ list: 'deleted', page: 2, kind: 'shorten', lose: 1, once: false }] },
  });

  expect(await runNight(night)).toBe('good');

  const run = await lastRun(night);
  expect(run.certificates.find(({ list }) => list === 'deleted')?.distinct).toBe(40);
  const [seen] = await readFindings(run.id, night.tools);
  expect(seen?.finding).toMatchObject({ relation: 'taken-deleted', holder: 'd999' });
});

describe('one run', () => {
  test('comes of a past-due start, a double timer and a start by hand', async () => {
    const night = nightOf(tenantOf(10));

    await nightly('timer', night.tools);
    night.clock.at += HOUR;
    await nightly('timer', night.tools);
    night.clock.at += 3 * HOUR;
    await nightly('manual', night.tools);
    expect(await carryOn(night)).toBe('finished');

    const runs = await rowsOf(night.tools.state.runs.list('run'), ({ id }) => id);
    expect(runs).toEqual(['2026-11-23T02-00-00Z']);
  });

  test('is carried on in further calls when the budget is spent, and reads nothing twice', async () => {
    const requests: string[] = [];
    const reading = { cost: 10_000, onRequest: (_count: number, list: string) => void requests.push(list) };
    const whole = nightOf(tenantOf(200), { reading });
    await runNight(whole);
    const inOne = requests.splice(0).filter((list) => list !== 'single').length;
    const sliced = nightOf(tenantOf(200), {
      reading,
      settings: { scan: { budget: MINUTE, rateShare: 1, confirmLimit: 500 } },
    });

    expect(await runNight(sliced)).toBe('good');

    const run = await lastRun(sliced);
    expect(run.slices).toBeGreaterThan(3);
    expect(requests.filter((list) => list !== 'single')).toHaveLength(inOne);
    expect(run.summary).toMatchObject({ paired: 200, matched: 200 });
  });

  test('is done by one worker at a time: another one asks again later', async () => {
    const night = nightOf(tenantOf(200), {
      reading: { cost: 10_000 },
      settings: { scan: { budget: MINUTE, rateShare: 1, confirmLimit: 5 } },
    });
    await nightly('timer', night.tools);
    const { run } = night.scans.take()!;
    const other = { ...night.tools, owner: 'another worker' };
    let outcomeOfOther: string | null = null;
    const interrupted = {
      ...night.tools,
      entra: {
        ...night.tools.entra,
        userCount: async () => {
          outcomeOfOther ??= await scan(run, other);
          return night.tools.entra.userCount();
        },
      },
    };

    await scan(run, interrupted);

    expect(outcomeOfOther).toBe('busy');
    expect(night.scans.waiting().some(({ due }) => due > night.clock.at)).toBe(true);
    night.clock.at += HOUR;
    await carryOn(night);
    expect((await lastRun(night)).state).toBe('good');
  });

  test('gives way to a newer one', async () => {
    const night = nightOf(tenantOf(10));
    await nightly('timer', night.tools);
    nextDay(night);
    await nightly('timer', night.tools);

    await carryOn(night);

    const runs = await rowsOf(night.tools.state.runs.list('run'), ({ id, state, doubts }) => [
      id,
      state,
      doubts[0]?.rule,
    ]);
    expect(runs).toEqual([
      ['2026-11-24T02-00-00Z', 'good', undefined],
      ['2026-11-23T02-00-00Z', 'could-not-tell', 'superseded'],
    ]);
  });
});

describe('a call that dies', () => {
  test('after any page is carried on from the last stored page, with the same result', async () => {
    const tenant = tenantOf(130);
    drift(tenant, 7);
    const whole = nightOf(tenant);
    await runNight(whole);
    const expected = await lastRun(whole);

    for (let page = 1; page < 100; page += 1) {
      const night = nightOf(tenant);
      await nightly('timer', night.tools);
      const { run } = night.scans.take()!;
      const died = await scan(run, dyingAfter(night, page)).then(
        () => false,
        () => true,
      );
      if (!died) {
        expect(page).toBeGreaterThan(15);
        return;
      }
      night.clock.at += 10 * MINUTE;
      expect(await scan(run, night.tools)).toBe('good');
      const { row } = (await findRun(night.tools.state, run))!;
      expect(row.summary).toEqual(expected.summary);
      expect(row.certificates.map(({ list, distinct }) => [list, distinct])).toEqual(
        expected.certificates.map(({ list, distinct }) => [list, distinct]),
      );
    }
    expect.unreachable('no call ever came through');
  });

  test('after any write leaves no second message, claim or repair that the row does not explain', async () => {
    for (let write = 1; write < 100; write += 1) {
      const night = await secondNight();
      await nightly('timer', night.tools);
      const { run } = night.scans.take()!;
      const died = await scan(run, dyingAtWrite(night, write)).then(
        () => false,
        () => true,
      );
      night.clock.at += 10 * MINUTE;
      await scan(run, night.tools);
      await carryOn(night);

      const { row } = (await findRun(night.tools.state, run))!;
      expect(row).toMatchObject({ state: 'good', summary: { queued: 1, changes: { open: 1 } } });
      expect(new Set(night.repairs.waiting().map(({ message }) => message.repair)).size).toBe(1);
      if (!died) {
        expect(write).toBeGreaterThan(10);
        return;
      }
    }
    expect.unreachable('no call ever came through');
  });
});

/** The process ends behind the n-th page that was stored. */
function dyingAfter(night: Night, page: number): Night['tools'] {
  const { pages } = night.tools.state;
  let written = 0;
  const count = (): void => {
    written += 1;
    if (written >= page) throw new Error('killed');
  };
  return withState(night, { pages: watched(pages, ['put'], 'after', count) });
}

/** Before the n-th write behind the reading, and at every one after it: the process is gone. */
function dyingAtWrite(night: Night, nth: number): Night['tools'] {
  let writes = 0;
  const count = (): void => {
    writes += 1;
    if (writes >= nth) throw new Error('killed');
  };
  const { state, repairs } = night.tools;
  const tools = withState(night, {
    snapshots: watched(state.snapshots, ['put'], 'before', count),
    findings: watched(state.findings, ['putAll'], 'before', count),
    history: watched(state.history, ['putAll'], 'before', count),
    claims: watched(state.claims, ['insert'], 'before', count),
    repairs: watched(state.repairs, ['insert'], 'before', count),
    outbox: watched(state.outbox, ['put'], 'before', count),
    runs: watched(state.runs, ['replace'], 'before', count),
  });
  return { ...tools, repairs: watched(repairs, ['send'], 'before', count) };
}

function withState(night: Night, over: Partial<Night['tools']['state']>): Night['tools'] {
  return { ...night.tools, state: { ...night.tools.state, ...over }, owner: 'doomed worker' };
}

test('an import as old as the setting allows is found, also when it is older than a week', async () => {
  const ended = NOW - 8 * DAY;
  const { certificate } = settingsOf();
  const night = nightOf(tenantOf(20), {
    settings: { certificate: { ...certificate, sourceAge: 10 * DAY } },
    okta: { lastImport: async (_instance, since) => (ended < since ? null : { began: ended - MINUTE, ended }) },
  });

  expect(await runNight(night)).toBe('good');
});

test('people in two Office 365 apps are named in the run though they match', async () => {
  const tenant = tenantOf(60);
  const second = { id: '0oaSecond', label: 'Office 365 of old', status: 'ACTIVE' };
  const rows = [1, 2, 3, 4, 5, 6].map((number) => ({ ...assignment(number), app: second.id }));
  const gone = { ...assignment(7), app: second.id, status: 'DEPROVISIONED' };
  const { okta } = nightOf(tenant).tools;
  const night = nightOf(tenant, {
    okta: {
      apps: async () => ({ ...(await okta.apps()), otherOffice365: [second] }),
      assignmentPage: async (app, ...rest) =>
        app === second.id ? { rows: [...rows, gone], next: null, leftOut: 0 } : okta.assignmentPage(app, ...rest),
    },
  });

  expect(await runNight(night)).toBe('good');

  const { summary } = await lastRun(night);
  const names = [1, 2, 3, 4, 5].map(nameOf).join(', ');
  expect(summary?.warnings).toContainEqual(
    expect.stringMatching(`^6 people are assigned in two .*: ${names} and 1 more`),
  );
  expect(summary?.buckets['assignments']).toEqual({ matched: 60, 'outside: second-app': 7 });
});

test('every line of a whole night is free of anchors', async () => {
  const night = await secondNight();
  await runNight(night);

  expect(night.lines.join('\n')).not.toContain(anchorOf(7));
  expect(night.lines.length).toBeGreaterThan(3);
});

test('a night without drift is good, and silent', async () => {
  const night = nightOf(tenantOf(20));
  night.clock.at += DAY;

  expect(await runNight(night)).toBe('good');
  expect((await lastRun(night)).summary).toMatchObject({ paired: 20, matched: 20, verdicts: {} });
});
