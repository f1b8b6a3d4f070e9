import { AnchorwatchError } from '../errors.ts';
import type { DoubtRule } from '../state/doubt.ts';
import type { RunRow } from '../state/rows.ts';
import { auditSaid } from './audit.ts';
import { findRun } from './run.ts';
import type { Tools } from './tools.ts';

/** Doubts that a person can settle by knowing better: the lists are whole, and only unusual. */
const CONFIRMABLE: ReadonlySet<DoubtRule> = new Set(['shrunk', 'vanished', 'anchors-missing', 'empty', 'uncounted']);

/**
 * A person has looked at the counts of a run and found them right. From then on repairs are possible, and later reads are measured by
 * this run: a run that could not tell because a roster really shrank is confirmed the same way. Throws `invalid` for a run that is
 * not there, is still reading, or never read anything.
 */
export async function confirmBaseline(
  id: string,
  by: string,
  { state, clock }: Pick<Tools, 'state' | 'clock'>,
): Promise<RunRow> {
  if (by.trim() === '') throw new AnchorwatchError('invalid', 'A confirmation names the person who confirms.');
  const run = await findRun(state, id);
  if (run === null) {
    throw new AnchorwatchError('invalid', `There is no run ${id}. The runs are listed by: anchorwatch runs`);
  }
  const { row } = run;
  if (row.state === 'reading') {
    throw new AnchorwatchError('invalid', `The run ${id} is still reading: it has no counts to confirm yet.`);
  }
  if (row.certificates.length === 0) {
    throw new AnchorwatchError('invalid', `The run ${id} read nothing, so it has no counts to confirm.`);
  }
  const unread = row.certificates.find(({ complete }) => !complete);
  if (unread !== undefined) {
    throw new AnchorwatchError(
      'invalid',
      `The run ${id} did not read ${unread.label} to its end: half a list measures nothing.`,
    );
  }
  const doubt = row.doubts.find(({ rule }) => !CONFIRMABLE.has(rule));
  if (doubt !== undefined) {
    throw new AnchorwatchError('invalid', `The run ${id} cannot be confirmed: ${doubt.message}`);
  }
  const note = row.certificates.map(({ list, distinct }) => `${list} ${distinct}`).join(', ');
  const at = clock.now();
  await auditSaid({ at, about: id, run: id, actor: by, what: 'counts confirmed', after: note }, { state });
  await state.marks.put({ name: 'baseline', at, run: id, by, note });
  return row;
}
