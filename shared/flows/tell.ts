import type { Notice } from '../ports/teller.ts';
import type { NoticeRow } from '../state/rows.ts';
import { DAY, isoTime } from '../time.ts';
import { insertOnce } from './claims.ts';
import type { Tools } from './tools.ts';

const LINES = 20;

/**
 * Puts a notice into the outbox, under a key that makes it one however often it is told. The day in the key is that of the thing told
 * of, so that midnight in between makes no second one.
 */
export async function tell(notice: Notice, { state, clock }: Pick<Tools, 'state' | 'clock'>): Promise<void> {
  const { kind, run, about, subject, lines } = notice;
  const at = run?.scheduled ?? about?.since ?? clock.now();
  const more = lines.length > LINES ? [`… and ${lines.length - LINES} more`] : [];
  const row: NoticeRow = {
    day: isoTime(at).slice(0, 10),
    notice: [kind, run?.id ?? about?.id ?? 'general'].join('~'),
    kind,
    run: run?.id ?? null,
    subject,
    body: [...lines.slice(0, LINES), ...more].join('\n'),
    created: clock.now(),
    sent: null,
  };
  // Of what nobody knows since when it is somebody may have been told yesterday.
  if (run === undefined && about?.since === undefined) {
    const yesterday = isoTime(at - DAY).slice(0, 10);
    if ((await state.outbox.get(yesterday, row.notice)) !== null) return;
  }
  // Never `put`: a notice that was sent meanwhile would go out a second time.
  await insertOnce(() => state.outbox.insert(row));
}
