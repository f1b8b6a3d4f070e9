import { describe, expect, test } from 'vitest';
import { AnchorwatchError } from '../../shared/errors.ts';
import { readFindings } from '../../shared/flows/scan/snapshot.ts';
import { DAY, HOUR, MINUTE } from '../../shared/time.ts';
import { anchorOf, assignment, DOMAINS, nameOf, NOW, objectId, oktaId, tenantOf } from '../rosters/tenant.ts';
import { carryOn, nextDay, nightOf, OPTED_IN, runNight, settingsOf } from './night.ts';
import { confirmBaseline, drift, lastRun, rowsOf, secondNight } from './second-night.ts';

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
