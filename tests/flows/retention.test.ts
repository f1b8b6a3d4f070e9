import { describe, expect, test } from 'vitest';
import { openRun } from '../../shared/flows/run.ts';
import { tend } from '../../shared/flows/tend.ts';
import { prune } from '../../shared/flows/tend/retention.ts';
import type { Stored } from '../../shared/ports/state.ts';
import { joinKey, personPartition } from '../../shared/state/keys.ts';
import type { FindingRow, NoticeRow, RunRow } from '../../shared/state/rows.ts';
import { DAY, HOUR, type Instant, isoTime } from '../../shared/time.ts';
import { PLAN, tenantOf } from '../rosters/tenant.ts';
import { headRow } from './post.ts';
import { type Night, nightOf, runNight } from './night.ts';
import { drift, reanchorOf } from './second-night.ts';

const KEPT = 400 * DAY;
const PACKED = new Uint8Array([1]);

/** Enough rounds that every partition has had its turn. */
async function rounds(night: Night, many = 130): Promise<void> {
  for (let round = 0; round < many; round += 1) {
    night.clock.at += HOUR;
    await prune(night.tools);
  }
}

async function count(rows: AsyncIterable<Stored<object>>): Promise<number> {
  let found = 0;
  for await (const _ of rows) found += 1;
  return found;
}

async function run(night: Night, scheduled: Instant, state: RunRow['state']): Promise<RunRow> {
  const opened = await openRun(night.tools.state, { scheduled, trigger: 'timer', mode: 'observe', now: scheduled });
  const { row } = await night.tools.state.runs.replace({ ...opened.row, state, plan: PLAN }, opened.etag);
  await night.tools.state.snapshots.put({ run: row.id, part: 'findings', chunk: 0, chunks: 1, packed: PACKED });
  for (const list of ['users', 'directory:0oaNorth', 'confirm'])
    await night.tools.state.pages.put({ run: row.id, list, attempt: 0, number: 0, packed: PACKED });
  return row;
}

async function pagesOf(night: Night, { id }: RunRow): Promise<number> {
  let pages = 0;
  for (const list of ['users', 'directory:0oaNorth', 'confirm'])
    pages += await count(night.tools.state.pages.list(joinKey(id, list)));
  return pages;
}

async function runIds(night: Night): Promise<string[]> {
  const ids: string[] = [];
  for await (const { row } of night.tools.state.runs.list('run')) ids.push(row.id);
  return ids.toReversed();
}

describe('a run', () => {
  test('loses its pages when it is over, and keeps them while it is read', async () => {
    const night = nightOf(tenantOf(1));
    const over = await run(night, night.clock.at - 3 * HOUR, 'good');
    const reading = await run(night, night.clock.at - HOUR, 'reading');
    const blind = await run(night, night.clock.at - 2 * HOUR, 'could-not-tell');

    await prune(night.tools);

    expect([await pagesOf(night, over), await pagesOf(night, blind), await pagesOf(night, reading)]).toEqual([0, 0, 3]);
    expect(await runIds(night)).toHaveLength(3);
  });

  test('that was left lying loses them after a day', async () => {
    const night = nightOf(tenantOf(1));
    const reading = await run(night, night.clock.at, 'reading');
    night.clock.at += 29 * HOUR;
    await prune(night.tools);
    expect(await pagesOf(night, reading)).toBe(3);

    night.clock.at += 2 * HOUR;
    await prune(night.tools);
    expect(await pagesOf(night, reading)).toBe(0);
  });

  test('goes after the retention with its snapshot and what is left of its pages, but for the last good and the confirmed one', async () => {
    const night = nightOf(tenantOf(1));
    const { state } = night.tools;
    const confirmed = await run(night, night.clock.at, 'good');
    const old = await run(night, night.clock.at + DAY, 'good');
    const good = await run(night, night.clock.at + 2 * DAY, 'good');
    const blind = await run(night, night.clock.at + 3 * DAY, 'could-not-tell');
    await state.marks.put({ name: 'baseline', at: night.clock.at, run: confirmed.id, by: 'ada', note: '' });
    night.clock.at += KEPT + DAY;
    await prune(night.tools);
    expect(await runIds(night)).toEqual([confirmed.id, good.id, blind.id]);

    night.clock.at += 10 * DAY;
    await prune(night.tools);

    expect(await runIds(night)).toEqual([confirmed.id, good.id]);
    const left = [confirmed, old, good, blind].map(({ id }) => count(state.snapshots.list(id)));
    expect(await Promise.all(left)).toEqual([1, 0, 1, 0]);
    expect(await pagesOf(night, old)).toBe(0);
  });

  test('of many pages is deleted in portions, by two copies at once as by one', async () => {
    const night = nightOf(tenantOf(1));
    const { state } = night.tools;
    const { id } = await run(night, night.clock.at - HOUR, 'good');
    const pages = Array.from({ length: 1_300 }, (_, number) => ({ run: id, list: 'users', attempt: 0, number }));
    await state.pages.putAll(pages.map((page) => ({ ...page, packed: PACKED })));

    await prune(night.tools);
    expect(await count(state.pages.list(joinKey(id, 'users')))).toBe(800 + 1);
    await Promise.all([prune(night.tools), prune(night.tools)]);
    await prune(night.tools);

    expect(await count(state.pages.list(joinKey(id, 'users')))).toBe(0);
  });
});

async function ended(night: Night, id: string, over: Parameters<typeof headRow>[2]): Promise<void> {
  const { state } = night.tools;
  const now = night.clock.at;
  await state.repairs.insert(headRow(now, reanchorOf(7), { id, ...over }));
  await state.repairs.insert({ kind: 'open', repair: id, people: [], created: now });
  await state.repairs.insert({ kind: 'before', repair: id, member: 0, passed: null, packed: PACKED });
  const step = { kind: 'step', repair: id, sequence: 1, fence: 1, at: now, step: 'preflight', member: 0 } as const;
  await state.repairs.insert({ ...step, outcome: 'ready', facts: {} });
}

describe('a repair', () => {
  test('that is at its end goes after the retention, whole', async () => {
    const night = nightOf(tenantOf(1));
    const { state } = night.tools;
    await ended(night, 'r-1', { state: 'done', due: null });
    await tend(night.tools);
    expect(await count(state.repairs.list('ended'))).toBe(1);

    night.clock.at += KEPT - DAY;
    await prune(night.tools);
    expect(await count(state.repairs.list('r-1'))).toBe(3);
    night.clock.at += 2 * DAY;
    await prune(night.tools);

    expect([await count(state.repairs.list('r-1')), await count(state.repairs.list('ended'))]).toEqual([0, 0]);
  });

  test('that is open stays, whatever its age and whatever list it is in', async () => {
    const night = nightOf(tenantOf(1));
    const { state } = night.tools;
    await ended(night, 'r-1', { state: 'needs-a-person', touched: true, due: null });
    await state.repairs.put({ kind: 'ended', repair: 'r-1', at: night.clock.at });
    night.clock.at += KEPT + DAY;

    await tend(night.tools);
    await rounds(night, 2);

    expect(await count(state.repairs.list('r-1'))).toBe(3);
    expect(await count(state.repairs.list('open'))).toBe(1);
  });
});

async function notice(night: Night, name: string, over: Partial<NoticeRow>): Promise<void> {
  const day = isoTime(night.clock.at).slice(0, 10);
  const row = {
    day,
    notice: name,
    kind: 'alarm',
    run: null,
    subject: '',
    body: '',
    created: night.clock.at,
  } as const;
  await night.tools.state.outbox.insert({ ...row, next: null, letter: null, sent: null, deliveries: {}, ...over });
}

describe('a notice', () => {
  test('goes after the retention when it was sent, and stays for ever when it was not', async () => {
    const night = nightOf(tenantOf(1));
    const began = isoTime(night.clock.at).slice(0, 10);
    await notice(night, 'sent', { sent: night.clock.at });
    await notice(night, 'unsent', {});
    night.clock.at += KEPT - 3 * DAY;
    await rounds(night);
    expect(await count(night.tools.state.outbox.list(began))).toBe(2);

    night.clock.at += 60 * DAY;
    await rounds(night);

    const left: string[] = [];
    for await (const { row } of night.tools.state.outbox.list(began)) left.push(row.notice);
    expect(left).toEqual(['unsent']);
  });
});

test('findings that are over and history go after the retention, and open findings stay', async () => {
  const tenant = tenantOf(40);
  const night = nightOf(tenant);
  for (const number of [3, 4]) drift(tenant, number);
  await runNight(night);
  const { state } = night.tools;
  const keys = [reanchorOf(3).key, reanchorOf(4).key];
  const [closed = ''] = keys;
  const found = await state.findings.get(personPartition(closed), closed);
  await state.findings.replace({ ...found!.row, change: 'resolved' }, found!.etag);
  const held = async (): Promise<(FindingRow | undefined)[]> =>
    Promise.all(keys.map(async (key) => (await state.findings.get(personPartition(key), key))?.row));
  const told = async (): Promise<number[]> =>
    Promise.all(keys.map((key) => count(state.history.list(personPartition(key), { from: key, to: `${key}~~` }))));
  await rounds(night);
  expect([(await held()).map((row) => row?.change), await told()]).toEqual([
    ['resolved', 'new'],
    [1, 1],
  ]);

  night.clock.at += KEPT;
  await rounds(night);

  expect([(await held()).map((row) => row?.change), await told()]).toEqual([
    [undefined, 'new'],
    [0, 0],
  ]);
});

test('whoever was in a hold that is closed, or left during it, goes after a week, and whoever is in an open one stays', async () => {
  const night = nightOf(tenantOf(1));
  const { holds } = night.tools.state;
  const now = night.clock.at;
  const member = {
    kind: 'member',
    objectId: 'e',
    repair: 'r',
    entered: now,
    turn: null,
    unassigned: now,
    gone: null,
  } as const;
  const rest = { settled: null, licenses: '' };
  const hold = { kind: 'hold', since: now, prior: 'ENABLED', rest: '', byHand: false, off: now, first: null } as const;
  const others = { lastUnassigned: null, firstIntact: null, broken: null, alarmed: now, named: null, jobs: null };
  await holds.insert({ ...hold, ...others, app: 'open', state: 'open', opened: now });
  await holds.insert({ ...hold, ...others, app: 'shut', state: 'closed', opened: now });
  await holds.insert({ ...member, ...rest, app: 'open', user: 'ada', opened: now });
  await holds.insert({ ...member, ...rest, app: 'open', user: 'bob', opened: now - DAY });
  await holds.insert({ ...member, ...rest, app: 'shut', user: 'eve', opened: now });
  const leaver = { kind: 'leaver', opened: now, userName: 'leaver@contoso.com', at: now, found: now } as const;
  await holds.insert({ ...leaver, app: 'open', user: 'fay' });
  await holds.insert({ ...leaver, app: 'shut', user: 'gil' });
  await prune(night.tools);
  expect(await count(holds.list('hold'))).toBe(7);

  night.clock.at += 7 * DAY + 1;
  await prune(night.tools);

  const left: string[] = [];
  for await (const { row } of holds.list('hold')) left.push(row.kind === 'hold' ? row.app : row.user);
  expect(left).toEqual(['fay', 'ada', 'open', 'shut']);
});
