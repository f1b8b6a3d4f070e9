import { redact } from '../redact.ts';
import type { NoticeRow } from '../state/rows.ts';
import { brief } from './brief.ts';
import type { Letter, Severity } from './letter.ts';
import { linkTo, type Room } from './pages.ts';
import { moment } from './phrases.ts';
import { subjectOf } from './subject.ts';

/** Where a notice comes from and where it goes. */
export interface NoticeContext {
  readonly tenant: string;
  readonly pageUrl: string | null;
  /** Who gets this and why, in one sentence. */
  readonly recipients: string;
}

/** What is needed of a notice; its lines are those of the body. */
export type NoticeText = Pick<NoticeRow, 'kind' | 'run' | 'subject' | 'body' | 'next' | 'created'>;

interface KindWords {
  readonly severity: Severity;
  readonly title: string;
  /** Behind the subject: whether anything was changed. Empty where the subject says so itself. */
  readonly changed: string;
  /** Where the notice itself says nothing else. */
  readonly next: string;
  /** What the button says, and the page that it shows. */
  readonly button: readonly [label: string, room: Room];
}

const NOTHING = '; nothing was changed';
const JOURNAL = '; what was changed until now stands in the journal of the repair';

const KIND_WORDS: Readonly<Record<NoticeRow['kind'], KindWords>> = {
  'could-not-tell': {
    severity: 'decision',
    title: 'Why it could not tell',
    changed: NOTHING,
    next: 'Nothing is queued before a scan can tell. See whether something keeps the next one from it.',
    button: ['See everything', ''],
  },
  alarm: {
    severity: 'alarm',
    title: 'What happened, and what to do',
    changed: JOURNAL,
    next: 'Somebody has to look now. Everything that is known stands below.',
    button: ['See everything', ''],
  },
  baseline: {
    severity: 'decision',
    title: 'What to confirm',
    changed: NOTHING,
    next: 'Nothing is repaired before somebody has confirmed the counts: anchorwatch confirm <run> --by <your name>',
    button: ['See and confirm the counts', ''],
  },
  freeze: {
    severity: 'decision',
    title: 'Why the plan is frozen',
    changed: NOTHING,
    next: 'Nothing of the plan runs unless somebody approves exactly this plan: anchorwatch proposals shows who is in it.',
    button: ['See and decide', 'proposals'],
  },
  proposal: {
    severity: 'decision',
    title: 'What waits for a decision',
    changed: '',
    next: 'Nothing of it is done unless somebody approves it: anchorwatch proposals shows who is in it.',
    button: ['See and decide', 'proposals'],
  },
  'needs-a-person': {
    severity: 'decision',
    title: 'What to do',
    changed: JOURNAL,
    next: 'It goes on when a person has acted: anchorwatch tasks shows all that waits for one.',
    button: ['See what is asked', 'repairs'],
  },
  digest: {
    severity: 'news',
    title: 'What happened',
    changed: NOTHING,
    next: 'Nothing waits for anybody.',
    button: ['See everything', ''],
  },
};

/** Letters of one line of a notice: a line may quote an answer of any length. */
const LINE = 500;
/** Lines of a notice: `tell` keeps no more, and no older row may break the mail. */
const LINES = 24;

/** A notice as a letter. The subjects of notices are ours and name nobody; people are in the lines alone. */
export function letterOfNotice(notice: NoticeText, { tenant, pageUrl, recipients }: NoticeContext): Letter {
  const { kind, run, subject, body, created } = notice;
  const { severity, title, changed, button, ...words } = KIND_WORDS[kind];
  const next = notice.next === null ? words.next : brief(redact(notice.next), LINE);
  const [label, room] = button;
  const sentence = brief(redact(subject), 160);
  const lines = body.split('\n').filter((line) => line.trim() !== '');
  const more = lines.length > LINES ? ['…'] : [];
  const shown = [...lines.slice(0, LINES).map((line) => brief(redact(line), LINE)), ...more];
  return {
    subject: subjectOf(tenant, sentence),
    severity,
    verdict: `${sentence}${sentence.includes('nothing was') ? '' : changed}.`,
    figures: [],
    next: [next.replace('<run>', run ?? '<run>')],
    action: pageUrl === null ? null : { label, url: linkTo(pageUrl, room) },
    parts: shown.length === 0 ? [] : [{ title, lines: shown, table: null }],
    footer: [
      `${run === null ? 'Of' : `Run ${run} of`} ${brief(tenant, 60)}, told since ${moment(created)}.`,
      recipients,
    ],
  };
}
