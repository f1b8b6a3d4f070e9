import { noticeRow } from '../../shared/flows/tell.ts';
import { type DigestInput, digestOf } from '../../shared/notify/digest.ts';
import { letterOfDigest } from '../../shared/notify/digest-letter.ts';
import type { Letter } from '../../shared/notify/letter.ts';
import { letterOfNotice } from '../../shared/notify/notice-letter.ts';
import type { NoticeKind } from '../../shared/state/rows.ts';
import { DAY, HOUR, MINUTE } from '../../shared/time.ts';
import { closedPeople, newPeople, NIGHT, openPeople, repairOf } from './sample-people.ts';
import { sampleNotices } from './sample-notices.ts';
import { CAUSE, FREEZE, RUN_ID, runOf } from './sample-run.ts';

const CONTEXT = {
  tenant: 'contoso',
  pageUrl: 'https://anchorwatch.contoso.com',
  recipients: 'You get this because identity-team@contoso.com is in the list of recipients of Anchorwatch.',
} as const;

/** Letters of every kind that is sent, of a company that does not exist: what a mail looks like can be seen before there is a tenant. */
export function sampleLetters(): Readonly<Record<string, Letter>> {
  return Object.assign({}, ...Object.values(lettersByKind()));
}

/** The same by kind, so that none is forgotten; the name of each begins with its kind. */
export function lettersByKind(): Readonly<Record<NoticeKind, Readonly<Record<string, Letter>>>> {
  const notices = sampleNotices();
  const alone = (kind: keyof typeof notices) => ({
    [kind]: letterOfNotice(noticeRow(notices[kind], NIGHT + HOUR), CONTEXT),
  });
  return {
    digest: {
      'digest-news': letterOfDigest(digestOf(newsInput())),
      'digest-quiet': letterOfDigest(digestOf(inputOf({}))),
      'digest-first': letterOfDigest(digestOf(firstInput())),
      'digest-frozen': letterOfDigest(digestOf(frozenInput())),
      'digest-approved': letterOfDigest(digestOf(approvedInput())),
    },
    'could-not-tell': alone('could-not-tell'),
    baseline: alone('baseline'),
    freeze: alone('freeze'),
    proposal: alone('proposal'),
    alarm: alone('alarm'),
    'needs-a-person': alone('needs-a-person'),
  };
}

/** A quiet night, and whatever is given of another. */
export function inputOf(given: Partial<DigestInput>): DigestInput {
  return {
    run: runOf([]),
    seen: [],
    checked: { id: RUN_ID },
    closed: [],
    repairs: [],
    plan: null,
    unassigned: [],
    baseline: { by: 'Ana Horvat', run: '2026-11-16T02-00-00Z' },
    nextRun: NIGHT + DAY,
    lastDigest: NIGHT - DAY + 20 * MINUTE,
    now: NIGHT + 20 * MINUTE,
    ...CONTEXT,
    ...given,
  };
}

export function newsInput(): DigestInput {
  const seen = [...newPeople(), ...openPeople()];
  return inputOf({
    run: runOf(seen),
    seen,
    closed: closedPeople(),
    repairs: [
      repairOf(80, 'ingrid.solberg@contoso.com'),
      repairOf(81, 'mateo.fernández@contoso.com', { state: 'ready', touched: false }),
      repairOf(82, 'wei.zhang@contoso.com', {
        state: 'refused',
        touched: false,
        rule: 'privileged',
        reason: 'holds the role Helpdesk Administrator',
      }),
      repairOf(83, 'sam.o’neil@contoso.com', {
        state: 'undone',
        rule: 'refused',
        reason: 'Entra answered 403 to setting the anchor',
      }),
    ],
    unassigned: [
      { userName: 'ingrid.solberg@contoso.com', at: NIGHT - DAY + 7 * MINUTE, fate: 'assigned-again' },
      { userName: 'leaver@contoso.com', at: NIGHT - DAY + 9 * MINUTE, fate: 'left' },
    ],
  });
}

function firstInput(): DigestInput {
  const seen = [...newPeople(), ...openPeople()].map((one) => ({
    ...one,
    change: 'new' as const,
    firstSeen: NIGHT,
    hold: { rule: 'baseline' as const, reason: 'nobody has confirmed the counts' },
  }));
  return inputOf({ run: runOf(seen, { baseline: true }), seen, baseline: null, lastDigest: null });
}

function frozenInput(): DigestInput {
  const seen = newPeople().map((one) =>
    one.hold === null ? { ...one, hold: { rule: 'mass-cause' as const, reason: FREEZE.reason } } : one,
  );
  return inputOf({ run: runOf(seen, { freeze: FREEZE, causes: [CAUSE], queued: 0 }), seen });
}

/** The same night, told when somebody had approved one of the two repairs that froze. */
function approvedInput(): DigestInput {
  const frozen = frozenInput();
  const first = frozen.seen.find(({ hold }) => hold?.rule === 'mass-cause');
  const keys = first === undefined ? [] : [first.finding.key];
  const decisions = [
    { decision: 'approved', by: 'Ana Horvat', at: NIGHT + 17 * MINUTE, keys, withdrawn: null } as const,
  ];
  const seen = frozen.seen.map((one) => (one === first ? { ...one, hold: null } : one));
  return { ...frozen, seen, plan: { repairs: 2, decisions, expires: NIGHT + 48 * HOUR } };
}
