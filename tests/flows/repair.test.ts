import { randomUUID } from 'node:crypto';
import { describe, expect, inject, test } from 'vitest';
import { AnchorwatchError } from '../../shared/errors.ts';
import { repairPoisoned, scanPoisoned } from '../../shared/flows/poison.ts';
import { repair } from '../../shared/flows/repair.ts';
import { newHead } from '../../shared/flows/scan/queue-repairs.ts';
import { nightly } from '../../shared/flows/nightly.ts';
import { findRun, openRun } from '../../shared/flows/run.ts';
import type { JournalRow, RepairRow } from '../../shared/state/repair-rows.ts';
import { REPAIRS } from '../../shared/state/repair-specs.ts';
import { openTable } from '../../shared/storage/table.ts';
import { DAY, HOUR, MINUTE } from '../../shared/time.ts';
import { anchorOf, NOW, objectId, oktaId, tenantOf } from '../rosters/tenant.ts';
import { testDeps } from '../storage/fixtures.ts';
import { watched } from './watched.ts';
import { type Night, nightOf, type NightOptions, OPTED_IN } from './night.ts';
import { reanchorOf } from './second-night.ts';

const PLANNED = reanchorOf(7);

function headRow(night: Night, over: Partial<RepairRow> = {}): RepairRow {
  return { ...newHead('2026-11-23T02-00-00Z', 'r-1', [PLANNED], night.clock.at), ...over };
}

/** One queued repair of a person who is still drifted as planned. */
async function queued(options: NightOptions = {}, over: Partial<RepairRow> = {}): Promise<Night> {
  const tenant = tenantOf(10);
  tenant.users.set(objectId(7), { ...tenant.users.get(objectId(7))!, anchor: anchorOf(5_007) });
  const night = nightOf(tenant, options);
  night.groups.set(OPTED_IN, [oktaId(7)]);
  const { state } = night.tools;
  const run = await openRun(state, { scheduled: NOW, trigger: 'timer', mode: 'remediate', now: NOW });
  await state.runs.replace({ ...run.row, state: 'good' }, run.etag);
  await state.repairs.insert(headRow(night, over));
  for (const person of [PLANNED.user, PLANNED.objectId]) {
    await state.claims.insert({ person, repair: 'r-1', at: night.clock.at });
  }
  return night;
}

async function head(night: Night): Promise<RepairRow> {
  const found = await night.tools.state.repairs.get('r-1', 'head');
  if (found?.row.kind !== 'head') throw new Error('there is no head');
  return found.row;
}

async function journal(night: Night): Promise<JournalRow[]> {
  const rows: JournalRow[] = [];
  for await (const { row } of night.tools.state.repairs.list('r-1')) if (row.kind === 'step') rows.push(row);
  return rows;
}

async function isClaimed(night: Night): Promise<boolean> {
  const { claims } = night.tools.state;
  const held = [await claims.get(PLANNED.user, 'open'), await claims.get(PLANNED.objectId, 'open')];
  expect(new Set(held.map((claim) => claim !== null)).size).toBe(1);
  return held[0] !== null;
}

describe('a queued repair', () => {
  test('is ready after the preflight, with the outcome journalled and the claim kept', async () => {
    const night = await queued();

    expect(await repair('r-1', night.tools)).toBe('ready');

    expect(await head(night)).toMatchObject({
      state: 'ready',
      course: { writes: 'person' },
      sequence: 1,
      fence: 1,
      leaseOwner: null,
    });
    expect(await journal(night)).toMatchObject([{ sequence: 1, fence: 1, step: 'preflight', outcome: 'ready' }]);
    expect(await isClaimed(night)).toBe(true);
  });

  test('is refused by the rule that refuses, and the person is free again', async () => {
    const night = await queued();
    night.groups.set(OPTED_IN, []);

    expect(await repair('r-1', night.tools)).toBe('refused');

    expect(await head(night)).toMatchObject({ state: 'refused', rule: 'not-opted-in' });
    expect(await journal(night)).toMatchObject([{ outcome: 'refused', facts: { rule: 'not-opted-in' } }]);
    expect(await isClaimed(night)).toBe(false);
  });

  test('finds its outcome there when the message comes twice, and does nothing', async () => {
    const night = await queued();
    await repair('r-1', night.tools);

    expect(await repair('r-1', night.tools)).toBe('finished');
    expect(await journal(night)).toHaveLength(1);
  });

  test('that was ready yesterday is looked at again when a later run sends its message', async () => {
    const night = await queued();
    await repair('r-1', night.tools);
    night.clock.at += 13 * HOUR;
    night.groups.set(OPTED_IN, []);

    expect(await repair('r-1', night.tools)).toBe('refused');
    expect(await journal(night)).toMatchObject([{ outcome: 'ready' }, { sequence: 2, outcome: 'refused' }]);
    expect(await isClaimed(night)).toBe(false);
  });

  test('that is not there is no error: the message is old', async () => {
    expect(await repair('r-unknown', nightOf(tenantOf(1)).tools)).toBe('finished');
  });

  test('waits as long as a throttled side asks for, and costs no attempt', async () => {
    const busy = new AnchorwatchError('throttled', 'Graph is busy.', { retryAfter: 7 * MINUTE });
    const night = await queued({ entra: { organization: async () => Promise.reject(busy) } });

    expect(await repair('r-1', night.tools)).toBe('waiting');

    expect(await head(night)).toMatchObject({ state: 'queued', leaseOwner: null });
    expect(night.repairs.waiting()).toMatchObject([{ due: night.clock.at + 7 * MINUTE }]);
  });

  test('fails loudly when its rights are missing, so that the queue repeats it and poisons it in the end', async () => {
    const denied = new AnchorwatchError('denied', 'Graph refuses.');
    const night = await queued({ entra: { privileges: async () => Promise.reject(denied) } });

    await expect(repair('r-1', night.tools)).rejects.toThrow('Graph refuses.');
    expect(await head(night)).toMatchObject({ state: 'queued', leaseOwner: null });
    // The next delivery of the same message tries again, and is not merely put off.
    await expect(repair('r-1', night.tools)).rejects.toThrow('Graph refuses.');
    expect(night.repairs.waiting()).toEqual([]);
  });

  test('is refused at once where Okta does not grant the right to repair, with what to grant', async () => {
    const night = await queued();
    const denied = new AnchorwatchError('denied', 'Grant okta.apps.manage.');
    const okta = { ...night.tools.okta, groupRules: async () => Promise.reject(denied) };

    expect(await repair('r-1', { ...night.tools, okta })).toBe('refused');
    expect(await head(night)).toMatchObject({
      rule: 'rights-missing',
      reason: expect.stringContaining('Grant okta.apps.manage.'),
    });
  });

  test('waits for its run to be concluded, less and less often, and not for ever', async () => {
    const night = await queued();
    const run = await findRun(night.tools.state, '2026-11-23T02-00-00Z');
    await night.tools.state.runs.replace({ ...run!.row, state: 'reading' }, run!.etag);
    let deliveries = 0;
    let outcome = await repair('r-1', night.tools);
    for (let [next] = night.repairs.waiting(); next !== undefined; [next] = night.repairs.waiting()) {
      night.clock.at = next.due;
      night.repairs.take();
      outcome = await repair('r-1', night.tools);
      deliveries += 1;
    }

    expect(outcome).toBe('refused');
    expect(await head(night)).toMatchObject({ rule: 'run-not-good' });
    expect(deliveries).toBeLessThan(150);
  });

  test('of which nobody can say any more who queued it is refused', async () => {
    const night = await queued({}, { run: '2026-11-20T02-00-00Z' });

    expect(await repair('r-1', night.tools)).toBe('refused');
    expect(await head(night)).toMatchObject({ rule: 'run-gone' });
  });

  test('is refused when the mode was turned to observe while its message waited', async () => {
    const night = await queued({ settings: { mode: 'observe' } });

    expect(await repair('r-1', night.tools)).toBe('refused');
    expect(await head(night)).toMatchObject({ rule: 'observe-mode' });
  });

  test('waits an hour at most, however long a side asks for', async () => {
    const busy = new AnchorwatchError('throttled', 'Graph is busy.', { retryAfter: 8 * DAY });
    const night = await queued({ entra: { organization: async () => Promise.reject(busy) } });

    await repair('r-1', night.tools);

    expect(night.repairs.waiting()).toMatchObject([{ due: night.clock.at + HOUR }]);
  });

  test('frees nobody whom another repair holds', async () => {
    const night = await queued({}, { state: 'refused', rule: 'guest', reason: 'a guest' });
    const { claims } = night.tools.state;
    await claims.remove(PLANNED.user, 'open', (await claims.get(PLANNED.user, 'open'))!.etag);
    await claims.insert({ person: PLANNED.user, repair: 'r-2', at: NOW });

    await repair('r-1', night.tools);

    expect((await claims.get(PLANNED.user, 'open'))?.row.repair).toBe('r-2');
    expect(await claims.get(PLANNED.objectId, 'open')).toBeNull();
  });

  test('is left to the worker who has the lease', async () => {
    const night = await queued();
    let other: string | null = null;
    const interrupted: Night['tools'] = {
      ...night.tools,
      entra: {
        ...night.tools.entra,
        organization: async () => {
          other ??= await repair('r-1', { ...night.tools, owner: 'another' });
          return night.tools.entra.organization();
        },
      },
    };

    expect(await repair('r-1', interrupted)).toBe('ready');
    expect(other).toBe('finished');
    expect(night.repairs.waiting()).toEqual([]);
  });

  test('is taken over when the worker who had the lease is dead, once its last request cannot be under way any more', async () => {
    const night = await queued({}, { leaseOwner: 'dead', leaseUntil: NOW + 5 * MINUTE, fence: 1 });

    expect(await repair('r-1', night.tools)).toBe('finished');
    night.clock.at += 6 * MINUTE;
    const begun = night.clock.at;
    expect(await repair('r-1', night.tools)).toBe('ready');
    expect(night.clock.at - begun).toBeGreaterThanOrEqual(night.tools.settings.repair.times.request);
    expect(await head(night)).toMatchObject({ fence: 2, sequence: 1 });
  });

  test('that was refused by a call which died before it freed the person frees them at the next delivery', async () => {
    const night = await queued({}, { state: 'refused', rule: 'guest', reason: 'a guest' });

    expect(await repair('r-1', night.tools)).toBe('finished');
    expect(await isClaimed(night)).toBe(false);
  });
});

test('two workers at one repair in Table Storage: one decides, the journal has one row', async () => {
  const night = await queued();
  const { connectionString } = inject('azurite');
  const spec = { ...REPAIRS, name: `Repairs${randomUUID().replaceAll('-', '')}` };
  const repairs = openTable({ kind: 'connection-string', connectionString }, spec, testDeps());
  await repairs.insert(headRow(night));
  const tools = { ...night.tools, state: { ...night.tools.state, repairs } };

  const outcomes = await Promise.all(['a', 'b', 'c', 'd'].map((owner) => repair('r-1', { ...tools, owner })));

  expect(outcomes.filter((outcome) => outcome === 'ready')).toHaveLength(1);
  const rows: string[] = [];
  for await (const { row } of repairs.list('r-1')) rows.push(row.kind);
  expect(rows).toEqual(['head', 'step']);
});

describe('a poisoned message', () => {
  const message = { version: 1, repair: 'r-1' };

  test('of a repair tells a person once and frees whoever it was for, however often it comes', async () => {
    const night = await queued();

    for (let times = 0; times < 3; times += 1) await repairPoisoned(message, night.tools);

    expect(await head(night)).toMatchObject({ state: 'needs-a-person', rule: 'poison' });
    expect(await journal(night)).toHaveLength(1);
    expect(await isClaimed(night)).toBe(false);
    expect(await noticesOf(night)).toEqual(['needs-a-person~r-1']);
  });

  test('of a repair tells once even when midnight lies between two of its comings', async () => {
    const night = await queued();
    const repairs = watched(night.tools.state.repairs, ['transact'], 'before', () => {
      throw new Error('crashed');
    });
    const dying = { ...night.tools, state: { ...night.tools.state, repairs } };
    await expect(repairPoisoned(message, dying)).rejects.toThrow('crashed');
    night.clock.at += DAY;

    await repairPoisoned(message, night.tools);

    expect(await noticesOf(night)).toEqual(['needs-a-person~r-1']);
    expect(await noticesOf(night, '2026-11-24')).toEqual([]);
  });

  test('of a repair that settled meanwhile changes nothing', async () => {
    const night = await queued();
    await repair('r-1', night.tools);

    await repairPoisoned(message, night.tools);

    expect(await head(night)).toMatchObject({ state: 'ready' });
    expect(await noticesOf(night)).toEqual([]);
  });

  test('of a scan ends the run as could not tell, and leaves a run that is done alone', async () => {
    const night = nightOf(tenantOf(5));
    const { id } = await nightly('timer', night.tools);

    for (let times = 0; times < 2; times += 1) await scanPoisoned({ version: 1, run: id }, night.tools);

    const run = await findRun(night.tools.state, id);
    expect(run?.row).toMatchObject({ state: 'could-not-tell', doubts: [{ rule: 'read-failed' }] });
    expect(await noticesOf(night)).toEqual([`could-not-tell~${id}`]);
  });

  test.each([['text that is no message'], [42], [{ version: 9, repair: 'r-1' }], [null]])(
    'that cannot be read reaches a person all the same: %j',
    async (rubbish) => {
      const night = nightOf(tenantOf(1));

      await repairPoisoned(rubbish, night.tools);
      await repairPoisoned(rubbish, night.tools);
      await scanPoisoned(rubbish, night.tools);

      expect(await noticesOf(night)).toEqual([expect.stringMatching(/^needs-a-person~[0-9a-f]{16}$/)]);
    },
  );
});

test('a poisoned message that nobody can read is told of once, also when midnight lies between two of its comings', async () => {
  const night = nightOf(tenantOf(1));
  await repairPoisoned('no message', night.tools);
  night.clock.at += DAY;
  await repairPoisoned('no message', night.tools);

  expect(await noticesOf(night)).toHaveLength(1);
  expect(await noticesOf(night, '2026-11-24')).toEqual([]);
});

async function noticesOf(night: Night, day = '2026-11-23'): Promise<string[]> {
  const notices: string[] = [];
  for await (const { row } of night.tools.state.outbox.list(day)) notices.push(row.notice);
  return notices;
}
