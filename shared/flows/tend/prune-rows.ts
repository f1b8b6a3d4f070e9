import type { State, Stored, Table } from '../../ports/state.ts';
import { MEMBERS_KEPT } from '../../repair/hold.ts';
import { AUDIT, DECISIONS, monthOf } from '../../state/decision-specs.ts';
import { invertedTime, joinKey, personPartitions, timeKey } from '../../state/keys.ts';
import { listsOf } from '../../state/read-plan.ts';
import { HOLDS } from '../../state/hold-specs.ts';
import type { RunRow } from '../../state/rows.ts';
import type { TableSpec } from '../../state/spec.ts';
import { FINDINGS, HISTORY, OUTBOX, PAGES } from '../../state/specs.ts';
import { DAY, type Instant, isoDay } from '../../time.ts';
import { LONGEST_SCAN } from '../run.ts';

/** One round of deleting. */
export interface Pruning {
  readonly state: State;
  readonly now: Instant;
  /** What is older than this is past its time. */
  readonly before: Instant;
  /** Ordinal of the round: a table of many partitions is gone through in several. */
  readonly round: number;
  /** Whether the portion is used up. */
  readonly isFull: () => boolean;
  /** Deletes a row unless it was changed since it was read; one that is gone already is fine. */
  readonly remove: <Row extends object>(
    from: Pick<Table<Row>, 'remove'>,
    spec: Pick<TableSpec<Row>, 'partition' | 'key'>,
    stored: Stored<Row>,
  ) => Promise<void>;
}

/** Partitions that a round looks at where a table has many. */
const PARTITIONS = 4;
/** The last runs, of two weeks if there is one a night: what was not deleted by then goes with its run. */
const RUNS = 14;
/** Notices are looked for this far beyond the retention: for so long the whole app may have been switched off. */
const DAYS = 512;

export async function prunePages(pruning: Pruning): Promise<void> {
  for await (const { row } of pruning.state.runs.list('run', { limit: RUNS }))
    if (isOver(row, pruning.now)) await removePages(row, pruning);
}

/** Somebody may still come back to a run that is being read; one that was left lying is given up by whoever does. */
export function isOver({ state, began }: RunRow, now: Instant): boolean {
  return state !== 'reading' || now - began > LONGEST_SCAN + DAY;
}

/** Every page of a run, and its single reads, as far as the portion goes. */
export async function removePages({ id, plan }: RunRow, { state, isFull, remove }: Pruning): Promise<void> {
  const lists = plan === null ? [] : listsOf(plan);
  for (const list of [...lists, 'confirm']) {
    for await (const stored of state.pages.list(joinKey(id, list))) {
      if (isFull()) return;
      await remove(state.pages, PAGES, stored);
    }
  }
}

export async function pruneFindings({ state, before, round, isFull, remove }: Pruning): Promise<void> {
  for (const partition of portionOf(personPartitions(), round)) {
    for await (const stored of state.findings.list(partition)) {
      if (isFull()) return;
      const { change, lastSeen } = stored.row;
      const isClosed = change === 'resolved' || change === 'gone';
      if (isClosed && lastSeen < before) await remove(state.findings, FINDINGS, stored);
    }
  }
}

export async function pruneHistory({ state, before, round, isFull, remove }: Pruning): Promise<void> {
  for (const partition of portionOf(personPartitions(), round)) {
    for await (const stored of state.history.list(partition)) {
      if (isFull()) return;
      if (stored.row.at < before) await remove(state.history, HISTORY, stored);
    }
  }
}

export async function pruneOutbox({ state, before, round, isFull, remove }: Pruning): Promise<void> {
  const ages = Array.from({ length: DAYS }, (_, age) => age);
  for (const age of portionOf(ages, round)) {
    const day = isoDay(before - age * DAY);
    for await (const stored of state.outbox.list(day)) {
      if (isFull()) return;
      const { sent, created } = stored.row;
      if (sent !== null && created < before) await remove(state.outbox, OUTBOX, stored);
    }
  }
}

export async function pruneHolds({ state, now, before, isFull, remove }: Pruning): Promise<void> {
  const limit = Math.max(before, now - MEMBERS_KEPT);
  const open = new Map<string, Instant>();
  const old: Stored<Parameters<typeof HOLDS.key>[0]>[] = [];
  for await (const stored of state.holds.list('hold')) {
    const { row } = stored;
    const since = row.kind === 'member' ? row.entered : row.kind === 'leaver' ? row.found : null;
    if (since !== null && since < limit) old.push(stored);
    if (row.kind === 'hold' && row.state !== 'closed') open.set(row.app, row.opened);
  }
  for (const stored of old) {
    if (isFull()) return;
    if (open.get(stored.row.app) !== stored.row.opened) await remove(state.holds, HOLDS, stored);
  }
}

export async function pruneDecisions({ state, before, isFull, remove }: Pruning): Promise<void> {
  for (const partition of ['plan', 'decision']) {
    for await (const stored of state.decisions.list(partition, { from: invertedTime(before) })) {
      if (isFull()) return;
      await remove(state.decisions, DECISIONS, stored);
    }
  }
  for await (const stored of state.decisions.list('ignore')) {
    if (isFull()) return;
    if (stored.row.kind === 'ignore' && stored.row.until < before) await remove(state.decisions, DECISIONS, stored);
  }
}

/** Months are looked for this far beyond the retention. */
const MONTHS = 17;

export async function pruneAudit({ state, before, round, isFull, remove }: Pruning): Promise<void> {
  const month = monthOf(before - (round % MONTHS) * 30 * DAY);
  for await (const stored of state.audit.list(month, { to: timeKey(before) })) {
    if (isFull()) return;
    await remove(state.audit, AUDIT, stored);
  }
}

/** Those whose turn it is in this round: after as many rounds as it takes, all were. */
function portionOf<Item>(all: readonly Item[], round: number): readonly Item[] {
  const from = (round * PARTITIONS) % all.length;
  return all.slice(from, from + PARTITIONS);
}
