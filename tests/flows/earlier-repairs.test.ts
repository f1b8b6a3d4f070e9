import { describe, expect, test } from 'vitest';
import { repair } from '../../shared/flows/repair.ts';
import { tend } from '../../shared/flows/tend.ts';
import type { RepairRow } from '../../shared/state/repair-rows.ts';
import { DAY, HOUR } from '../../shared/time.ts';
import { parseWindow } from '../../shared/config/window.ts';
import { anchorOf, objectId, oktaId } from '../rosters/tenant.ts';
import { type Night, nextDay, runNight, settingsOf } from './night.ts';
import { confirmBaseline, drift, lastRun, secondNight } from './second-night.ts';

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
});

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
