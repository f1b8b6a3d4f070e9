import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { isOpen } from '../../shared/repair/standing.ts';
import { AUDIT, DECISIONS } from '../../shared/state/decision-specs.ts';
import { HOLDS } from '../../shared/state/hold-specs.ts';
import { CAPABILITIES, REPAIRS } from '../../shared/state/repair-specs.ts';
import type { TableSpec } from '../../shared/state/spec.ts';
import { CHANNEL_ROWS, OUTBOX, UNSENT } from '../../shared/state/specs.ts';
import { fromEntity } from '../../shared/storage/codec.ts';

// Rows as each version of the program wrote them, kept as they were: whatever is changed here later, these must be read.

const GOLDEN = z.record(z.string(), z.record(z.string(), z.unknown()));

async function golden<Row extends object>(
  spec: TableSpec<Row>,
  name: string,
  at: readonly [string, string],
): Promise<Row> {
  const rows = GOLDEN.parse(JSON.parse(await readFile(join(import.meta.dirname, 'golden-rows.json'), 'utf8')));
  const columns = rows[name];
  if (columns === undefined) throw new Error(`there is no row ${name}`);
  return fromEntity(spec, { partition: at[0], key: at[1], columns });
}

test('a repair that version 1 left ready is looked at afresh: it knew no steps behind the preflight', async () => {
  const row = await golden(REPAIRS, 'repair-head-1', ['r-1', 'head']);

  expect(row).toMatchObject({
    state: 'queued',
    members: [{ userName: 'ada@contoso.com', recipe: 'reanchor' }],
    course: null,
    cursor: null,
    touched: false,
    due: 1_795_399_260_000,
  });
  expect(row.kind === 'head' && isOpen(row)).toBe(true);
});

test('a journal row of version 1 says what it said', async () => {
  expect(await golden(REPAIRS, 'repair-step-1', ['r-1', 'step~000001'])).toMatchObject({
    step: 'preflight',
    member: 0,
    outcome: 'ended',
    facts: { rule: 'poison' },
  });
});

test('somebody whom version 2 left parked is still known to be parked, and at which step', async () => {
  expect(await golden(REPAIRS, 'repair-head-2', ['r-2', 'head'])).toMatchObject({
    state: 'working',
    touched: true,
    parked: 1_795_399_300_000,
    cursor: { goal: 'repaired', step: 'anchor', member: 0, target: 'final', intended: 1_795_399_311_000 },
    course: { parking: ['ada@contoso.onmicrosoft.com'], undoes: false },
    purpose: { kind: 'drift' },
  });
});

test('a pilot of version 3 still says what it tries', async () => {
  expect(await golden(REPAIRS, 'repair-head-3', ['r-3', 'head'])).toMatchObject({
    purpose: { kind: 'pilot', probe: 'after-unassign' },
    course: { gate: true, lag: 240_000 },
  });
});

test('what was proven when nobody wrote down under which rights is proven under none', async () => {
  const at = ['capability', '72f9~0oaO365'] as const;
  expect(await golden(CAPABILITIES, 'capability-1', at)).toMatchObject({ lag: 240_000, rights: '', probes: [] });
  expect(await golden(CAPABILITIES, 'capability-2', at)).toMatchObject({
    rights: '{}',
    probes: [{ outcome: 'accepted' }],
  });
});

test('a hold of version 1 still says what the switch has to be again', async () => {
  expect(await golden(HOLDS, 'hold-1', ['hold', '0oaO365~state'])).toMatchObject({
    state: 'open',
    prior: 'ENABLED',
    first: 'r-2',
  });
});

test('somebody whom a row of before took out of a group goes back into it, whoever was asked', async () => {
  expect(await golden(REPAIRS, 'repair-head-3-out', ['r-3', 'head'])).toMatchObject({
    groups: [{ group: '00gNews', instance: '0oaAD', asked: true }],
  });
});

test('somebody who was in a hold of before is in it still, and has no turn', async () => {
  expect(await golden(HOLDS, 'hold-member-1', ['hold', '0oaO365~member~00u1'])).toMatchObject({
    user: '00u1',
    turn: null,
    unassigned: 1_795_399_210_000,
    settled: null,
  });
});

test('what somebody has decided, whom to leave alone and what was done still stand as they were written', async () => {
  const decided = ['decision', '8204600799999~00u1.4f9c'] as const;
  expect(await golden(DECISIONS, 'decision-1', decided)).toMatchObject({ decision: 'rejected', by: 'bob' });
  expect(await golden(DECISIONS, 'ignore-1', ['ignore', '00u1'])).toMatchObject({ reason: 'moves in June' });
  expect(await golden(AUDIT, 'audit-1', ['2026-11', '1795399300000~r-2.7'])).toMatchObject({
    what: 'park: done',
    requests: { 'request-id': 'graph-4' },
  });
});

test('a notice of before anything was sent has no letter, and no channel has begun with it', async () => {
  expect(await golden(OUTBOX, 'notice-1', ['2026-11-23', 'alarm~r-1.parked'])).toMatchObject({
    subject: 'Somebody is parked for too long',
    body: 'ada@contoso.com may be parked since 6 minutes',
    next: null,
    letter: null,
    sent: null,
    deliveries: {},
  });
});

test('a notice of version 2 says how far each channel is, and nothing of its own of what comes next', async () => {
  expect(await golden(OUTBOX, 'notice-2', ['2026-11-23', 'freeze~2026-11-23T02-00-00Z'])).toMatchObject({
    deliveries: {
      mail: { state: 'unknown', id: 'AAMk-1', due: 1_795_399_380_000, gone: 1_795_399_260_000 },
      teams: { state: 'sent', due: null },
    },
    next: null,
  });
});

test('a notice of version 3 says itself what comes next', async () => {
  expect(await golden(OUTBOX, 'notice-3', ['2026-11-23', 'needs-a-person~r-1.outage'])).toMatchObject({
    next: 'It is tried again every few minutes, and goes on by itself.',
    deliveries: {},
  });
});

test('the place of what is not sent says where the notice is, and how a channel fares since when it fails', async () => {
  const at = ['unsent', '0~2026-11-23~alarm~r-1.parked'] as const;
  expect(await golden(UNSENT, 'unsent-1', at)).toMatchObject({ day: '2026-11-23', notice: 'alarm~r-1.parked' });
  expect(await golden(CHANNEL_ROWS, 'channel-1', ['channel', 'mail'])).toMatchObject({
    failing: 1_795_399_200_000,
    lost: 2,
  });
});
