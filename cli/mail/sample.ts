import { type DigestInput, digestOf } from '../../shared/notify/digest.ts';
import { letterOfDigest } from '../../shared/notify/digest-letter.ts';
import type { Letter } from '../../shared/notify/letter.ts';
import { letterOfNotice, type NoticeText } from '../../shared/notify/notice-letter.ts';
import type { RunRow } from '../../shared/state/rows.ts';
import { DAY, HOUR, MINUTE } from '../../shared/time.ts';
import { closedPeople, newPeople, NIGHT, openPeople, repairOf } from './sample-people.ts';
import { certificateOf, RUN_ID, runOf } from './sample-run.ts';

const CONTEXT = {
  tenant: 'contoso',
  pageUrl: 'https://anchorwatch.contoso.com',
  recipients: 'You get this because identity-team@contoso.com is in the list of recipients of Anchorwatch.',
} as const;

/** One letter of every kind, of a company that does not exist: what a mail looks like can be seen before there is a tenant. */
export function sampleLetters(): Readonly<Record<string, Letter>> {
  return {
    'digest-news': letterOfDigest(digestOf(newsInput())),
    'digest-quiet': letterOfDigest(digestOf(inputOf({}))),
    'digest-first': letterOfDigest(digestOf(firstInput())),
    'digest-could-not-tell': letterOfDigest(digestOf(couldNotTellInput())),
    'digest-frozen': letterOfDigest(digestOf(frozenInput())),
    'digest-approved': letterOfDigest(digestOf(approvedInput())),
    alarm: letterOfNotice(ALARM, CONTEXT),
    'needs-a-person': letterOfNotice(NEEDS_A_PERSON, CONTEXT),
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

function couldNotTellInput(): DigestInput {
  const run: RunRow = {
    ...runOf([]),
    state: 'could-not-tell',
    summary: null,
    certificates: [
      certificateOf('assignments', 'Okta assignments', 11_982, 60, null),
      { ...certificateOf('users', 'Entra users', 11_846, 12, null), expected: { before: 12_345, after: 12_344 } },
    ],
    doubts: [
      {
        rule: 'count',
        list: 'users',
        message: 'Entra users: 11,846 rows were read, and Entra counts 12,345 before and 12,344 after.',
      },
    ],
  };
  return inputOf({ run, seen: openPeople(), checked: { id: '2026-11-22T02-00-00Z' } });
}

function frozenInput(): DigestInput {
  const cause = { kind: 'ou', value: 'OU=Sales,DC=contoso,DC=com', people: 9, of: 10 } as const;
  const freeze = {
    rule: 'mass-cause',
    reason:
      '9 of 10 new findings share one cause: ou OU=Sales,DC=contoso,DC=com. Mend the cause; the plan waits until then',
  } as const;
  const seen = newPeople().map((one) =>
    one.hold === null ? { ...one, hold: { rule: 'mass-cause' as const, reason: freeze.reason } } : one,
  );
  return inputOf({ run: runOf(seen, { freeze, causes: [cause], queued: 0 }), seen });
}

/** The same night, told when somebody had approved one of the two repairs that froze. */
function approvedInput(): DigestInput {
  const frozen = frozenInput();
  const first = frozen.seen.find(({ hold }) => hold?.rule === 'mass-cause');
  const keys = first === undefined ? [] : [first.finding.key];
  const decisions = [{ decision: 'approved', by: 'Ana Horvat', at: NIGHT + 17 * MINUTE, keys } as const];
  const seen = frozen.seen.map((one) => (one === first ? { ...one, hold: null } : one));
  return { ...frozen, seen, plan: { repairs: 2, decisions, expires: NIGHT + 48 * HOUR } };
}

const ALARM: NoticeText = {
  kind: 'alarm',
  run: null,
  subject: 'Somebody is parked for too long',
  body: [
    'maria.lindqvist@contoso.com bears a name on the domain on which repairs park people since 31 minutes, and cannot sign in by it.',
    'Set the userPrincipalName back: PATCH /v1.0/users/00000001-4f9c-4c1e-9a55-0a1b2c3d4e5f {"userPrincipalName":"maria.lindqvist@contoso.com"}',
  ].join('\n'),
  created: NIGHT + HOUR,
};

const NEEDS_A_PERSON: NoticeText = {
  kind: 'needs-a-person',
  run: RUN_ID,
  subject: 'People wait to be led through their repair',
  body: [
    'A person does the steps, and is shown each of them. Begin each with: anchorwatch guide <person> --by <your name>',
    'tomasz.zieliński@contoso.com',
    '<b>Robert</b>@contoso.com',
  ].join('\n'),
  created: NIGHT + HOUR,
};
