import { describe, expect, test } from 'vitest';
import { compareRosters } from '../../shared/compare/compare.ts';
import { LONGEST_RING } from '../../shared/compare/relate.ts';
import type { Rosters } from '../../shared/compare/rows.ts';
import { withSides } from '../../shared/plan/proposed.ts';
import { questionsOf } from '../../shared/plan/questions.ts';
import { refusalOf } from '../../shared/plan/recipe.ts';
import { accountIndex } from '../../shared/plan/sides.ts';
import { adAccount, anchor, assignment, BACKGROUND, entraUser, person, rosters, together } from '../compare/people.ts';

function asked(is: Rosters, seenMatched = true) {
  return questionsOf(compareRosters(is, { ...BACKGROUND, seenMatched: () => seenMatched }).findings);
}

const RING = together(
  person('ada', anchor(1), anchor(1), anchor(2)),
  person('bob', anchor(2), anchor(2), anchor(3)),
  person('cid', anchor(3), anchor(3), anchor(1)),
);

describe('a person is asked', () => {
  test('about a ring as one repair of all its people, in the order of the ring', () => {
    const [question, ...more] = asked(RING);

    expect(more).toEqual([]);
    expect(question).toMatchObject({ why: 'ring' });
    expect(question?.members.map(({ user, recipe }) => [user, recipe])).toEqual([
      ['ada', 'reanchor'],
      ['cid', 'reanchor'],
      ['bob', 'reanchor'],
    ]);
  });

  test('about three values, of which Active Directory’s would be set', () => {
    expect(asked(person('ada', anchor(1), anchor(2), anchor(3)))).toMatchObject([
      {
        why: 'all-differ',
        members: [{ user: 'ada', recipe: 'reanchor', before: { a: anchor(1), o: anchor(2), e: anchor(3) } }],
      },
    ]);
  });

  test('about an account of which nothing shows that it is the person’s, and vouches for it by approving', () => {
    const stranger = rosters({
      ad: [adAccount('ada', { anchor: anchor(1), created: 1_795_000_000_000 })],
      assignments: [assignment('ada', { anchor: anchor(1), created: 1_795_000_000_000, externalId: null })],
      entra: [entraUser('ada', { anchor: anchor(9), created: 1_500_000_000_000 })],
    });

    expect(asked(stranger, false)).toMatchObject([
      { why: 'maybe-another-person', members: [{ recipe: 'reanchor', witness: 'vouched' }] },
    ]);
  });
});

/** So many people of whom each one's Entra account holds the next one's anchor. */
function ringOf(size: number): Rosters {
  const people = Array.from({ length: size }, (_, at) => {
    const own = anchor(10 + at);
    return person(`p${String(at).padStart(2, '0')}`, own, own, anchor(10 + ((at + 1) % size)));
  });
  return together(...people);
}

test.each([
  [2, 2, '2 people hold each other’s anchors: one repair for all of them'],
  [LONGEST_RING, LONGEST_RING, '25 people hold each other’s anchors: one repair for all of them'],
  [LONGEST_RING + 1, 0, 'more than 25 people hold each other’s anchors in one ring, which is too long'],
  [300, 0, 'more than 25 people hold each other’s anchors in one ring, which is too long'],
])('of a ring of %i people %i are asked about at once: %s', (size, members, reason) => {
  const is = ringOf(size);
  const { findings } = compareRosters(is, { ...BACKGROUND, seenMatched: () => true });

  expect(asked(is).map((question) => question.members.length)).toEqual(members === 0 ? [] : [members]);
  for (const finding of findings)
    expect(refusalOf(finding)).toEqual({ rule: 'ring', reason: expect.stringContaining(reason) });
});

test('a long ring of which a row of before has everybody is too long as well', () => {
  const { findings } = compareRosters(ringOf(40), { ...BACKGROUND, seenMatched: () => true });
  const keys = findings.map(({ key }) => key);

  expect(questionsOf(findings.map((finding) => ({ ...finding, with: keys })))).toEqual([]);
});

describe('nobody is asked', () => {
  test.each<[string, Rosters]>([
    ['about what is planned anyway', person('ada', anchor(1), anchor(1), anchor(9))],
    [
      'about what a live account holds',
      together(
        person('ada', anchor(1), anchor(2), anchor(3)),
        rosters({ entra: [entraUser('bob', { anchor: anchor(1) })] }),
      ),
    ],
    [
      'about somebody whom a second app pushes',
      together(
        person('ada', anchor(1), anchor(2), anchor(3)),
        rosters({ assignments: [assignment('ada', { app: '0oaZ' })] }),
      ),
    ],
    [
      'about a ring of which somebody may not be repaired',
      together(RING, rosters({ assignments: [assignment('bob', { app: '0oaZ' })] })),
    ],
    [
      'about anchors that somebody outside presents',
      together(RING, rosters({ assignments: [assignment('eve', { anchor: anchor(2) })] })),
    ],
  ])('%s', (_what, is) => {
    expect(asked(is)).toEqual([]);
  });
});

test('both accounts stand side by side, with nothing said of what a side does not have', () => {
  const is = person('ada', anchor(1), anchor(2), anchor(3));
  const [question] = asked(is);
  if (question === undefined) throw new Error('nobody is asked');

  const nothing = { logins: new Map(), signIns: new Map(), holdings: new Map(), licenseNames: new Map() };
  const { sides } = withSides(question, accountIndex(is), nothing);

  expect(sides.map(({ what }) => what)).toEqual([
    'name',
    'shown as',
    'mail',
    'made',
    'last sign-in',
    'employee id',
    'SID',
    'licensed',
    'licences',
    'mailbox',
    'enabled',
    'anchor',
  ]);
  expect(sides.every(({ userName }) => userName === 'ada@contoso.com')).toBe(true);
  expect(JSON.stringify(sides)).not.toContain(anchor(1));
});
