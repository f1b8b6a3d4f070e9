import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareRosters, type Comparison } from '../../shared/compare/compare.ts';
import { type Finding, findingSchema } from '../../shared/compare/finding.ts';
import { LONGEST_RING } from '../../shared/compare/relate.ts';
import type { Rosters } from '../../shared/compare/rows.ts';
import { WAVE } from '../../shared/config/settings/repair.ts';
import { DAY } from '../../shared/time.ts';
import { anchor, BACKGROUND, deletedUser, person, rosters, together } from './people.ts';

/** n people of whom each one's Entra account holds the next one's anchor. */
function ring(prefix: string, size: number, first: number): Rosters {
  const people = Array.from({ length: size }, (_, at) => {
    const own = anchor(first + at);
    return person(`${prefix}${String(at).padStart(2, '0')}`, own, own, anchor(first + ((at + 1) % size)));
  });
  return together(...people);
}

function of(comparison: Comparison, name: string): Finding | undefined {
  return comparison.findings.find((finding) => finding.userName === `${name}@contoso.com`);
}

test.each([2, 3, 7, LONGEST_RING, 50])(
  'a ring of %i people is one ring, named from its smallest key, and each may sign in as another',
  (size) => {
    const { findings } = compareRosters(ring('p', size, 10), BACKGROUND);

    expect(findings).toHaveLength(size);
    expect(new Set(findings.map((finding) => finding.with.join())).size).toBe(1);
    for (const finding of findings) {
      expect(finding).toMatchObject({ verdict: 'entra-stale', relation: 'ring', impact: 'signs in as another' });
      expect(finding.with).toHaveLength(Math.min(size, LONGEST_RING + 1));
      expect(finding.with[0]).toBe('p00.id-p00');
    }
  },
);

test('the longest ring that is one repair fits in a wave, as that is by default', () => {
  expect(String(LONGEST_RING)).toBe(WAVE.fallback);
});

test('two rings at once stay two rings', () => {
  const { findings } = compareRosters(together(ring('a', 3, 10), ring('b', 4, 50)), BACKGROUND);

  const rings = new Set(findings.map((finding) => finding.with.join()));
  expect([...rings].map((members) => members.split(',').length).sort()).toEqual([3, 4]);
});

test('a chain is an order: the one who gives the anchor up is its head', () => {
  const everyone = together(
    person('ada', anchor(1), anchor(1), anchor(9)),
    person('bob', anchor(2), anchor(2), anchor(1)),
  );

  const comparison = compareRosters(everyone, BACKGROUND);

  expect(of(comparison, 'ada')).toMatchObject({ relation: 'chain', with: ['bob.id-bob'], holder: 'id-bob' });
  expect(of(comparison, 'bob')).toMatchObject({ relation: 'none', with: [] });
});

test('a chain into a ring hangs on the ring and is no part of it', () => {
  // Whoever wants what a ring member holds has the source anchor of another member: that is their verdict, the chain their relation.
  const everyone = together(
    ring('r', 3, 10),
    person('ada', anchor(11), anchor(11), anchor(99)),
    person('bob', anchor(13), anchor(13), anchor(98)),
  );

  const comparison = compareRosters(everyone, BACKGROUND);

  expect(of(comparison, 'ada')).toMatchObject({ verdict: 'duplicate-source', relation: 'chain', with: ['r00.id-r00'] });
  expect(of(comparison, 'r01')).toMatchObject({ verdict: 'duplicate-source', relation: 'ring' });
  expect(of(comparison, 'r00')).toMatchObject({ verdict: 'entra-stale', relation: 'ring' });
  expect(of(comparison, 'r00')?.with).toEqual(['r00.id-r00', 'r02.id-r02', 'r01.id-r01']);
  expect(of(comparison, 'bob')?.relation).toBe('none');
});

describe('an anchor that is taken', () => {
  test('by a live account that keeps it', () => {
    const everyone = together(
      person('ada', anchor(1), anchor(1), anchor(9)),
      person('bob', null, anchor(1), anchor(1)),
    );

    expect(of(compareRosters(everyone, BACKGROUND), 'ada')).toMatchObject({ relation: 'taken', holder: 'id-bob' });
  });

  test('by a deleted account, with the last day Entra keeps it', () => {
    const everyone = together(
      person('ada', anchor(1), anchor(1), anchor(9)),
      rosters({ deleted: [deletedUser('gone', anchor(1), 5 * DAY)] }),
    );

    expect(of(compareRosters(everyone, BACKGROUND), 'ada')).toMatchObject({
      relation: 'taken-deleted',
      holder: 'gone',
      lastDay: 35 * DAY,
      impact: 'cannot sign in',
    });
  });
});

test('whoever else presents the wanted anchor is named, and of several always the same one', () => {
  const everyone = together(
    person('ada', anchor(1), anchor(1), anchor(9)),
    person('zoe', anchor(3), anchor(1), anchor(3)),
    person('bob', anchor(2), anchor(1), anchor(2)),
  );

  expect(of(compareRosters(everyone, BACKGROUND), 'ada')?.presenter).toBe('bob@contoso.com');
  expect(of(compareRosters(everyone, BACKGROUND), 'bob')?.presenter).toBeNull();
});

test('a finding of before presenters were looked at is still read', () => {
  const [finding] = compareRosters(person('ada', anchor(1), anchor(1), anchor(9)), BACKGROUND).findings;
  const { presenter: _, ...older } = { ...finding };

  expect(findingSchema.parse(older)).toEqual({ ...finding, presenter: null });
});

test('the order of input changes nothing', () => {
  const everyone = together(
    ring('r', 3, 10),
    person('ada', anchor(1), anchor(1), anchor(9)),
    person('bob', anchor(2), anchor(2), anchor(1)),
    person('eve', anchor(4), anchor(5), anchor(5)),
    person('zoe', anchor(6), anchor(6), anchor(6)),
  );
  const expected = compareRosters(everyone, BACKGROUND);

  fc.assert(
    fc.property(fc.gen(), (g) => {
      const shuffled = {
        ...everyone,
        ad: shuffle(g, everyone.ad),
        assignments: shuffle(g, everyone.assignments),
        entra: shuffle(g, everyone.entra),
      };
      expect(compareRosters(shuffled, BACKGROUND)).toEqual(expected);
    }),
    { numRuns: 100 },
  );
});

function shuffle<Row>(g: fc.GeneratorValue, rows: readonly Row[]): Row[] {
  return g(() => fc.shuffledSubarray([...rows], { minLength: rows.length, maxLength: rows.length }));
}
