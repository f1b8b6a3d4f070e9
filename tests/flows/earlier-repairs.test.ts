import { describe, expect, test } from 'vitest';
import { repair } from '../../shared/flows/repair.ts';
import { tend } from '../../shared/flows/tend.ts';
import type { RepairRow } from '../../shared/state/repair-rows.ts';
import { findingOf, seenOf } from '../../cli/mail/sample-people.ts';
import { AnchorwatchError } from '../../shared/errors.ts';
import { openRun } from '../../shared/flows/run.ts';
import { earlierRepairs } from '../../shared/flows/scan/earlier-repairs.ts';
import { lookBack } from '../../shared/flows/scan/past.ts';
import { readFindings } from '../../shared/flows/scan/snapshot.ts';
import type { EntraReader } from '../../shared/ports/entra.ts';
import { newHead } from '../../shared/flows/scan/queue-repairs.ts';
import { DAY, HOUR, isoDay, SECOND } from '../../shared/time.ts';
import { parseWindow } from '../../shared/config/window.ts';
import { anchorwatch } from '../cli/run.ts';
import { anchorOf, nameOf, objectId, oktaId, tenantOf } from '../rosters/tenant.ts';
import { type Night, nextDay, nightOf, runNight, settingsOf } from './night.ts';
import { confirmBaseline, drift, lastRun, reanchorOf, secondNight } from './second-night.ts';

/** As the steps leave it, which no night here gets to. */
async function ended(night: Night, over: Partial<RepairRow>): Promise<void> {
  const message = night.repairs.take();
  const found = message === null ? null : await night.tools.state.repairs.get(message.repair, 'head');
  if (found?.row.kind !== 'head') throw new Error('nothing is queued');
  const row = { ...found.row, due: null, changed: night.clock.at, ...over };
  await night.tools.state.repairs.replace(row, found.etag);
  await tend(night.tools);
}

async function heldOf(night: Night): Promise<unknown> {
  nextDay(night);
  expect(await runNight(night)).toBe('good');
  return (await lastRun(night)).summary?.held;
}

describe('after a repair that failed', () => {
  const FAILED = { state: 'undone', rule: 'denied', reason: 'no right' } as const;

  test('the person is left alone for the cool-down, tried once more, and after a second failure waits for somebody', async () => {
    const night = await secondNight();
    await runNight(night);
    await ended(night, FAILED);

    expect(await heldOf(night)).toEqual({ 'cooling-down': 1 });
    night.clock.at += 3 * DAY;
    expect(await heldOf(night)).toEqual({});
    await ended(night, FAILED);
    expect(await heldOf(night)).toEqual({ 'cooling-down': 1 });
    night.clock.at += 3 * DAY;
    expect(await heldOf(night)).toEqual({ 'failed-twice': 1 });
    expect((await lastRun(night)).summary).toMatchObject({ queued: 0, proposed: 1 });
  });

  test('failures of a drift that is over say nothing of a new one', async () => {
    const night = await secondNight();
    await runNight(night);
    await ended(night, FAILED);
    mended(night);
    expect(await heldOf(night)).toEqual({});
    drift(night.tenant, 7);
    expect(await heldOf(night)).toEqual({ 'seen-once': 1 });
    night.clock.at += 3 * DAY;
    expect(await heldOf(night)).toEqual({});
  });
});

function mended({ tenant }: Night): void {
  tenant.users.set(objectId(7), { ...tenant.users.get(objectId(7))!, anchor: anchorOf(7) });
}

describe('somebody who changes the anchor again', () => {
  test('within days of a repair is fought with by nobody', async () => {
    const night = await secondNight();
    await runNight(night);
    mended(night);
    await ended(night, { state: 'done' });
    expect(await heldOf(night)).toEqual({});

    drift(night.tenant, 7);
    expect(await heldOf(night)).toEqual({ 'seen-once': 1 });
    expect(await heldOf(night)).toEqual({ fight: 1 });

    night.clock.at += 14 * DAY;
    expect(await heldOf(night)).toEqual({});
    expect((await lastRun(night)).summary).toMatchObject({ queued: 1 });
  });

  const AT = Date.parse('2026-12-01T08:00:00Z');
  const down = new AnchorwatchError('transient', 'Nobody answers.');

  test.each<[string, EntraReader['anchorChange'], string]>([
    [
      'a person',
      async () => ({ told: { at: AT, by: { kind: 'user', name: 'eve@contoso.com' } } }),
      ', by eve@contoso.com on 2026-12-01T08:00:00.000Z, as Entra’s audit log says',
    ],
    [
      'an app of whatever name',
      async () => ({ told: { at: AT, by: { kind: 'app', name: 'x'.repeat(500) } } }),
      `, by the app ${'x'.repeat(79)}… on 2026-12-01T08:00:00.000Z, as Entra’s audit log says`,
    ],
    [
      'when, where it names nobody',
      async () => ({ told: { at: AT, by: null } }),
      ', on 2026-12-01T08:00:00.000Z by nobody whom Entra’s audit log names',
    ],
    ['nothing yet', async () => ({ told: null }), '; Entra’s audit log names nobody, or not yet'],
    [
      'that it may not be asked',
      async () => ({ withheld: 'right' }),
      '; who did it is not readable: AuditLog.Read.All is not granted',
    ],
    ['that it is down', () => Promise.reject(down), '; who did it is not read tonight: no answer'],
  ])('is named as far as the audit log tells: %s', async (_what, anchorChange, words) => {
    const asked: unknown[] = [];
    const ask: EntraReader['anchorChange'] = (id, since, signal) => {
      asked.push([id, since]);
      return anchorChange(id, since, signal);
    };
    const night = await secondNight({ entra: { anchorChange: ask } });
    const repaired = await fought(night);

    expect(await reasonOf(night)).toMatch(/^repaired on \d{4}-\d\d-\d\d by \S+, and changed again since/);
    expect((await reasonOf(night)).endsWith(words)).toBe(true);
    expect(asked).toEqual([[objectId(7), repaired]]);
  });

  test('is told of once as an alarm, and explained, with nothing in a name that a terminal would obey', async () => {
    const name = '\u001b[2J\u202eeve';
    const anchorChange: EntraReader['anchorChange'] = async () => ({ told: { at: AT, by: { kind: 'app', name } } });
    const night = await secondNight({ entra: { anchorChange } });
    await fought(night);
    await heldOf(night);

    const { out } = await anchorwatch(['explain', nameOf(7)], { tools: night.tools });
    expect(out).toContain('Not repaired by rule fight: repaired on');
    expect(out).toMatch(/by the app .*eve on\s2026-12-01/s);
    for (const sign of ['\u001b', '\u202e']) expect(out).not.toContain(sign);
    const told: string[] = [];
    for (let day = 0; day < 14; day += 1) {
      const outbox = night.tools.state.outbox.list(isoDay(night.clock.at - day * DAY));
      for await (const { row } of outbox) if (row.notice.endsWith('.fight')) told.push(row.body);
    }
    expect(told).toEqual([expect.stringContaining(`${nameOf(7)}: entra-stale; repaired on`)]);
  });

  test('is not asked for where Entra still holds what the repair set: the change is elsewhere', async () => {
    let asked = 0;
    const night = await secondNight({ entra: { anchorChange: async () => ({ told: ((asked += 1), null) }) } });
    await fought(night, () => {
      const [instance, accounts] = [...night.tenant.directories].find(([, rows]) => rows.has(oktaId(7)))!;
      night.tenant.directories.get(instance)!.set(oktaId(7), { ...accounts.get(oktaId(7))!, anchor: anchorOf(6_007) });
      night.tenant.assignments.set(oktaId(7), { ...night.tenant.assignments.get(oktaId(7))!, anchor: anchorOf(6_007) });
    });

    expect(await reasonOf(night)).toMatch(/changed again since$/);
    expect(asked).toBe(0);
  });

  test('is asked of the audit log twenty times a night, with a pause between, and no more once it is refused', async () => {
    for (const [withheld, asks] of [
      [false, 20],
      [true, 1],
    ] as const) {
      let asked = 0;
      const anchorChange: EntraReader['anchorChange'] = async () => {
        asked += 1;
        return withheld ? { withheld: 'right' } : { told: null };
      };
      const { tools, clock } = nightOf(tenantOf(40), { entra: { anchorChange } });
      const candidates = Array.from({ length: 30 }, (_, number) => reanchorOf(number));
      const head = newHead('2026-11-22T02-00-00Z', 'r-1', candidates, clock.at);
      await tools.state.repairs.insert({ ...head, state: 'done' });
      const seen = candidates.map(({ key }) => [key, { ...seenOf(findingOf(1, key)), repair: 'r-1' }] as const);
      const opened = { scheduled: clock.at, trigger: 'timer', mode: 'remediate', now: clock.at } as const;
      const { row } = await openRun(tools.state, opened);
      const past = { ...(await lookBack(row, tools)), findings: new Map(seen) };
      const before = clock.at;
      const found = await earlierRepairs(candidates, past, tools);

      expect(found.size).toBe(30);
      expect(asked).toBe(asks);
      expect(clock.at - before).toBe((asks - 1) * 2 * SECOND);
    }
  });
});

/** The person is repaired, drifts again, and two more runs see it. Returns when the repair was done. */
async function fought(night: Night, again = () => drift(night.tenant, 7)): Promise<number> {
  await runNight(night);
  mended(night);
  const done = night.clock.at;
  await ended(night, { state: 'done' });
  await heldOf(night);
  again();
  await heldOf(night);
  expect(await heldOf(night)).toEqual({ fight: 1 });
  return done;
}

async function reasonOf(night: Night): Promise<string> {
  const seen = await readFindings((await lastRun(night)).id, night.tools);
  return seen[0]?.hold?.reason ?? '';
}

async function switchedOff() {
  return { deactivateUsers: 'DISABLED' as const, importSchedule: null, nextImport: null };
}

describe('a change of how the app is set', () => {
  test.each([
    ['mapping-changed', { anchorMapping: async () => ({ expression: 'appuser.custom', isDefault: false }) }],
    ['deactivate-changed', { provisioning: switchedOff }],
  ])('freezes the plan by the rule %s', async (rule, okta) => {
    const night = await secondNight();
    const tools = { ...night.tools, okta: { ...night.tools.okta, ...okta } };

    expect(await runNight(night, tools)).toBe('good');

    expect((await lastRun(night)).summary).toMatchObject({
      queued: 0,
      proposed: 1,
      freeze: { rule },
      held: { [rule]: 1 },
    });
    // It stays so until somebody confirms a run anew.
    nextDay(night);
    await runNight(night, tools);
    expect((await lastRun(night)).summary).toMatchObject({ queued: 0, freeze: { rule } });
    await confirmBaseline(night);
    nextDay(night);
    await runNight(night, tools);
    expect((await lastRun(night)).summary).toMatchObject({ queued: 1, freeze: null });
  });

  test('is told of also where nothing was due, once', async () => {
    const night = await secondNight();
    mended(night);
    const okta = {
      ...night.tools.okta,
      anchorMapping: async () => ({ expression: 'appuser.custom', isDefault: false }),
    };
    const frozen: string[] = [];
    for (let nights = 0; nights < 3; nights += 1) {
      await runNight(night, { ...night.tools, okta });
      const day = new Date(night.clock.at).toISOString().slice(0, 10);
      for await (const { row } of night.tools.state.outbox.list(day)) if (row.kind === 'freeze') frozen.push(row.body);
      nextDay(night);
    }

    expect(frozen).toEqual([expect.stringContaining('is mapped by appuser.custom now')]);
  });

  test('is none where a hold of ours has the switch off', async () => {
    const night = await secondNight();
    const tools = { ...night.tools, okta: { ...night.tools.okta, provisioning: switchedOff } };
    const { office365 } = await tools.okta.apps();
    await night.tools.state.holds.insert({
      kind: 'hold',
      app: office365.id,
      state: 'open',
      since: night.clock.at,
      opened: night.clock.at,
      prior: 'ENABLED',
      rest: '',
      byHand: false,
      off: night.clock.at,
      lastUnassigned: null,
      first: null,
      firstIntact: null,
      broken: null,
      alarmed: null,
      named: null,
      jobs: null,
    });

    expect(await runNight(night, tools)).toBe('good');
    expect((await lastRun(night)).summary).toMatchObject({ queued: 1, freeze: null });
  });
});

describe('the window for repairs', () => {
  // The scan is over at two o'clock in the night.
  const policy = { ...settingsOf().policy, window: parseWindow('20:00-23:00') };

  test('keeps a queued repair waiting until it opens, and looks at nobody before', async () => {
    const night = await secondNight({ settings: { policy } });
    await runNight(night);
    const id = night.repairs.take()?.repair ?? '';
    const unasked = {
      ...night.tools,
      okta: { ...night.tools.okta, groupsOf: () => Promise.reject(new Error('asked')) },
    };

    expect(await repair(id, unasked)).toBe('waiting');
    night.clock.at += 18 * HOUR;
    expect(await repair(id, night.tools)).toBe('ready');
  });

  test('lets nobody begin whom a night of before has planned: the next plans anew, within its own limit', async () => {
    const weekly = { ...settingsOf().policy, window: parseWindow('SUN 00:00-06:00') };
    const night = await secondNight({ settings: { policy: weekly } });
    await runNight(night);
    const id = night.repairs.take()?.repair ?? '';
    expect(await repair(id, night.tools)).toBe('waiting');
    night.clock.at += 5 * DAY;

    expect(await repair(id, night.tools)).toBe('refused');
    expect((await night.tools.state.repairs.get(id, 'head'))?.row).toMatchObject({ rule: 'outlived' });
  });

  test('keeps nobody waiting whom a person leads', async () => {
    const night = await secondNight({ settings: { policy } });
    await runNight(night);
    const id = night.repairs.take()?.repair ?? '';
    const found = await night.tools.state.repairs.get(id, 'head');
    if (found?.row.kind !== 'head') throw new Error('nothing is queued');
    const operator = { name: 'ada', until: night.clock.at - 1 };
    await night.tools.state.repairs.replace({ ...found.row, operator }, found.etag);
    night.groups.clear();

    expect(await repair(id, night.tools)).toBe('refused');
    expect(night.tenant.assignments.has(oktaId(7))).toBe(true);
  });
});
