import { describe, expect, test } from 'vitest';
import { readFindings } from '../../shared/flows/scan/snapshot.ts';
import { joinKey, personPartition } from '../../shared/state/keys.ts';
import { HOUR } from '../../shared/time.ts';
import { anchorOf, instanceOf, NOW, objectId, oktaId, tenantOf } from '../rosters/tenant.ts';
import { type Night, nextDay, nightOf, OPTED_IN, runNight, settingsOf } from './night.ts';
import { confirmBaseline, drift, lastRun, rowsOf, secondNight } from './second-night.ts';

async function etagOf(night: Night, person: string): Promise<string> {
  return (await night.tools.state.claims.get(person, 'open'))!.etag;
}

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
    expect(head?.row).toMatchObject({
      kind: 'head',
      state: 'queued',
      members: [{ user: oktaId(7), recipe: 'reanchor' }],
    });
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

  test.each([
    ['for other values', 'privileged', true],
    ['for a setting', 'federated-elsewhere', false],
  ] as const)('tries those again at once who were refused %s', async (_why, rule, changes) => {
    const night = await secondNight();
    await runNight(night);
    const { repair } = night.repairs.take()!;
    const head = await night.tools.state.repairs.get(repair, 'head');
    if (head?.row.kind !== 'head') throw new Error('there is no head');
    const refused = { state: 'refused', rule, reason: 'it was refused', changed: night.clock.at } as const;
    await night.tools.state.repairs.replace({ ...head.row, ...refused }, head.etag);
    for (const name of [oktaId(7), objectId(7)]) {
      await night.tools.state.claims.remove(name, 'open', await etagOf(night, name));
    }
    const account = night.tenant.users.get(objectId(7))!;
    if (changes) night.tenant.users.set(objectId(7), { ...account, anchor: anchorOf(8_000) });
    let queued = 0;
    for (let nights = 0; nights < (changes ? 2 : 1); nights += 1) {
      nextDay(night);
      await runNight(night);
      queued += (await lastRun(night)).summary?.queued ?? 0;
    }

    expect(queued).toBe(1);
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
