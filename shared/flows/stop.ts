import { AnchorwatchError } from '../errors.ts';
import type { MarkRow } from '../state/rows.ts';
import { auditSaid } from './audit.ts';
import type { Tools } from './tools.ts';

type Desk = Pick<Tools, 'state' | 'clock'>;

/**
 * From now on no repair begins anything; whoever is past the beginning is brought to rest. Every step that starts something reads this
 * before it does. Says who stopped it first, when somebody had already.
 */
export async function stopRepairs(by: string, { state, clock }: Desk): Promise<MarkRow> {
  if (by.trim() === '') throw new AnchorwatchError('invalid', 'Whoever stops the repairs gives a name.');
  const found = await state.marks.get('mark', 'stop');
  if (found !== null) return found.row;
  const row: MarkRow = { name: 'stop', at: clock.now(), run: null, by, note: '' };
  await auditSaid({ at: row.at, about: 'stop', actor: by, what: 'repairs stopped' }, { state });
  await state.marks.put(row);
  return row;
}

/** Repairs may begin again. False when nobody had stopped them. */
export async function resumeRepairs(by: string, { state, clock }: Desk): Promise<boolean> {
  if (by.trim() === '') throw new AnchorwatchError('invalid', 'Whoever lets the repairs begin again gives a name.');
  const found = await state.marks.get('mark', 'stop');
  if (found === null) return false;
  const before = `stopped by ${found.row.by}`;
  await auditSaid({ at: clock.now(), about: 'resume', actor: by, what: 'repairs resumed', before }, { state });
  await state.marks.remove('mark', 'stop', found.etag);
  return true;
}
