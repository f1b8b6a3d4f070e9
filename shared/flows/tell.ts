import type { Letter } from '../notify/letter.ts';
import type { Notice } from '../ports/teller.ts';
import { packRows } from '../state/pack.ts';
import type { NoticeRow } from '../state/rows.ts';
import { DAY, type Instant, isoDay } from '../time.ts';
import { insertOnce } from './claims.ts';
import type { Tools } from './tools.ts';

const LINES = 20;

/** A notice, and the letter that says more than its lines. */
export interface LetterNotice extends Notice {
  readonly letter?: Letter;
}

/** A notice as it is kept. */
export function noticeRow({ kind, run, about, subject, lines, next, letter }: LetterNotice, now: Instant): NoticeRow {
  const at = run?.scheduled ?? about?.since ?? now;
  const more = lines.length > LINES ? [`… and ${lines.length - LINES} more`] : [];
  return {
    day: isoDay(at),
    notice: [kind, run?.id ?? about?.id ?? 'general'].join('~'),
    kind,
    run: run?.id ?? null,
    subject,
    body: [...lines.slice(0, LINES), ...more].join('\n'),
    next: next ?? null,
    letter: letter === undefined ? null : packRows(letter, 'A letter'),
    created: now,
    sent: null,
    deliveries: {},
  };
}

/**
 * Puts a notice into the outbox, under a key that makes it one however often it is told. The day in the key is that of the thing told
 * of, so that midnight in between makes no second one.
 */
export async function tell(notice: LetterNotice, tools: Pick<Tools, 'state' | 'clock' | 'telling'>): Promise<void> {
  const { state, clock } = tools;
  const row = noticeRow(notice, clock.now());
  // Of what nobody knows since when it is somebody may have been told yesterday.
  if (notice.run === undefined && notice.about?.since === undefined) {
    const yesterday = isoDay(row.created - DAY);
    if ((await state.outbox.get(yesterday, row.notice)) !== null) return;
  }
  if (tools.telling !== undefined) await takePlace(row, state);
  // Never `put`: a notice that was sent meanwhile would go out a second time.
  await insertOnce(() => state.outbox.insert(row));
}

/**
 * Before the notice, so that none is without a place: the day of a notice may be long past, and is not looked through then. What is in
 * the outbox already has its place, or needs none any more.
 */
async function takePlace({ day, notice, kind, created }: NoticeRow, state: Tools['state']): Promise<void> {
  const found = await state.outbox.get(day, notice);
  if (found !== null && (found.row.sent !== null || Object.keys(found.row.deliveries).length > 0)) return;
  await insertOnce(() => state.unsent.insert({ day, notice, kind, since: created }));
}
