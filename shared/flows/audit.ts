import type { AuditRow } from '../state/decision-rows.ts';
import { monthOf } from '../state/decision-specs.ts';
import { timeKey } from '../state/keys.ts';
import { DAY, type Instant } from '../time.ts';
import { insertOnce } from './claims.ts';
import type { Tools } from './tools.ts';

/** Adds to what is never changed. A row that is there already stays as it is. */
export async function audit(rows: readonly AuditRow[], { state }: Pick<Tools, 'state'>): Promise<void> {
  for (const row of rows) await insertOnce(() => state.audit.insert(row));
}

type Said = Pick<AuditRow, 'at' | 'actor' | 'what'> & Partial<Omit<AuditRow, 'id'>> & { readonly about: string };

/** Something that a person has said. `about` tells apart what the same person says at the same time. */
export async function auditSaid({ about, ...said }: Said, tools: Pick<Tools, 'state'>): Promise<void> {
  const nothing = { run: null, repair: null, person: null, before: '', after: '', requests: {} };
  await audit([{ ...nothing, ...said, id: `said.${about}` }], tools);
}

/** Everything that was decided or done from one instant up to another, the oldest first. */
export async function* auditBetween(
  from: Instant,
  to: Instant,
  { state }: Pick<Tools, 'state'>,
): AsyncGenerator<AuditRow> {
  const months = new Set<string>();
  for (let at = from; at < to; at += DAY) months.add(monthOf(at));
  months.add(monthOf(to));
  for (const month of months) {
    const range = { from: timeKey(Math.max(0, from)), to: timeKey(to) };
    for await (const { row } of state.audit.list(month, range)) yield row;
  }
}
