import { immutableIdOf } from '../../shared/anchor/write.ts';
import { type Finding, findingKey } from '../../shared/compare/finding.ts';
import type { PlannedRepair } from '../../shared/plan/plan.ts';
import type { RepairRow } from '../../shared/state/repair-rows.ts';
import type { SeenFinding } from '../../shared/state/rows.ts';
import { DAY, HOUR, type Instant, MINUTE } from '../../shared/time.ts';

/** The night that all samples are of: 2026-11-23 02:00 UTC. */
export const NIGHT: Instant = 1_795_399_200_000;

/** Two anchors a person: always the same ones, so that a sample is the same file each time. */
function anchorOf(number: number, which: number): string {
  const digits = (number * 7_919 + which * 104_729 + 12_345_677).toString(16).padStart(8, '0').slice(-8);
  return immutableIdOf(`${digits}-be5${which}-4422-99c4-85a5ad${digits.slice(0, 6)}`);
}

/** A person whose account in Entra kept the anchor of an AD account that was made anew; the rest as given. */
export function findingOf(number: number, userName: string, given: Partial<Finding> = {}): Finding {
  const [user, objectId] = [
    `00u${String(number).padStart(17, '0')}`,
    `${String(number).padStart(8, '0')}-4f9c-4c1e-9a55-0a1b2c3d4e5f`,
  ];
  const now = anchorOf(number, 1);
  return {
    key: findingKey(user, objectId),
    user,
    objectId,
    userName,
    verdict: 'entra-stale',
    row: 3,
    impact: 'cannot sign in',
    relation: 'none',
    with: [],
    holder: null,
    presenter: null,
    lastDay: null,
    encoding: { okta: null, entra: null },
    instead: null,
    a: now,
    o: now,
    e: anchorOf(number, 2),
    witness: 'seen-matched',
    counterWitness: null,
    federated: true,
    synced: true,
    directories: ['contoso.com'],
    ou: 'OU=Sales,DC=contoso,DC=com',
    notes: [],
    ...given,
  };
}

export function seenOf(finding: Finding, given: Partial<SeenFinding> = {}): SeenFinding {
  return { finding, change: 'new', firstSeen: NIGHT, confirmed: true, hold: null, repair: null, failed: [], ...given };
}

function held(rule: NonNullable<SeenFinding['hold']>['rule'], reason: string): Partial<SeenFinding> {
  return { hold: { rule, reason } };
}

/** What people call themselves, and what somebody might who wishes harm to whoever reads of them. */
export const HOSTILE_NAMES: readonly string[] = [
  '<script>alert(1)</script>@contoso.com',
  '[Reset your password](https://evil.example)@contoso.com',
  '=HYPERLINK("https://evil.example","x")@contoso.com',
  'bill\r\nBcc: everybody@evil.example',
  '\u202Emoc.osotnoc@nimda\u202C',
];

/** New cases of one night, of every kind that a reader should have seen once. */
export function newPeople(): readonly SeenFinding[] {
  const entra = anchorOf(3, 2);
  return [
    seenOf(
      findingOf(1, 'maria.lindqvist@contoso.com', {
        verdict: 'crossed',
        impact: 'signs in as another',
        relation: 'taken',
        holder: '0a1b2c3d-0000-4000-8000-000000000001',
      }),
      held('a-person-decides', 'name and anchor disagree'),
    ),
    seenOf(findingOf(2, 'tomasz.zieliński@contoso.com')),
    seenOf(
      findingOf(3, 'aoife.nic-dhonnchadha@contoso.com', {
        verdict: 'both-stale',
        impact: 'groups only',
        o: entra,
        e: entra,
      }),
    ),
    seenOf(
      findingOf(4, 'kenji.watanabe@contoso.com', { verdict: 'entra-empty', e: null }),
      held('seen-once', 'only one good run has seen it'),
    ),
    seenOf(
      findingOf(5, 'priya.raghunathan-venkataraman@emea.subsidiaries.contoso.com', {
        verdict: 'okta-empty',
        o: null,
        e: anchorOf(5, 1),
      }),
      { ...held('not-opted-in', 'not in the group'), change: 'returned' },
    ),
    ...HOSTILE_NAMES.map((name, at) =>
      seenOf(findingOf(20 + at, name), held('no-witness', 'equal names are no proof')),
    ),
  ];
}

const OPEN: readonly (readonly [name: string, days: number])[] = [
  ['jonas.berger', 1],
  ['chidi.okafor', 2],
  ['lucía.romero', 2],
  ['emma.de-vries', 5],
  ['yusuf.kaya', 6],
  ['hana.novotná', 12],
  ['oliver.smythe', 40],
];

/** Drift of earlier nights. */
export function openPeople(): readonly SeenFinding[] {
  return OPEN.map(([name, days], at) =>
    seenOf(findingOf(50 + at, `${name}@contoso.com`, { impact: at % 2 === 0 ? 'cannot sign in' : 'groups only' }), {
      change: 'open',
      firstSeen: NIGHT - days * DAY,
      ...held('a-person-decides', 'the values alone do not say'),
    }),
  );
}

export function closedPeople(): readonly SeenFinding[] {
  return [
    seenOf(findingOf(70, 'lars.holm@contoso.com'), { change: 'resolved', firstSeen: NIGHT - 3 * DAY }),
    seenOf(findingOf(71, 'nora.o’brien@contoso.com', { verdict: 'unlinked' }), {
      change: 'gone',
      firstSeen: NIGHT - 9 * DAY,
    }),
  ];
}

export function repairOf(number: number, userName: string, given: Partial<RepairRow> = {}): RepairRow {
  const { key, user, objectId } = findingOf(number, userName);
  const [stale, right] = [anchorOf(number, 2), anchorOf(number, 1)];
  const member: PlannedRepair = {
    key,
    user: user ?? '',
    objectId: objectId ?? '',
    userName,
    recipe: 'reanchor',
    park: true,
    after: null,
    before: { a: right, o: right, e: stale },
    witness: 'seen-matched',
  };
  return {
    kind: 'head',
    id: `r-2026-11-22-${number}`,
    run: '2026-11-22T02-00-00Z',
    approval: null,
    purpose: { kind: 'drift' },
    sequence: 30,
    state: 'done',
    members: [member],
    course: null,
    groups: [],
    touched: true,
    cursor: null,
    parked: null,
    passed: NIGHT - DAY + 5 * MINUTE,
    begun: NIGHT - DAY + 6 * MINUTE,
    due: null,
    operator: null,
    lost: 0,
    rule: null,
    reason: null,
    created: NIGHT - DAY,
    changed: NIGHT - DAY + HOUR,
    fence: 1,
    leaseOwner: null,
    leaseUntil: null,
    ...given,
  };
}
