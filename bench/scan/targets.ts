import type { Target } from '../target.ts';
import type { Took } from './contend.ts';

/** Medians of each contender, for so many people. */
export interface Contest {
  readonly people: number;
  readonly ours: Took;
  readonly plain: Took;
  readonly stock: Took;
}

interface Share {
  /** From so many people on. */
  readonly people: number;
  readonly beside: 'plain' | 'stock';
  readonly of: 'wall' | 'memory';
  readonly most: number;
}

/** What holds from so many people on; the last that applies is the one that counts. */
const SHARES: readonly Share[] = [
  { people: 0, beside: 'stock', of: 'wall', most: 1 },
  { people: 0, beside: 'stock', of: 'memory', most: 1 },
  { people: 100_000, beside: 'stock', of: 'wall', most: 0.65 },
  { people: 100_000, beside: 'stock', of: 'memory', most: 0.65 },
  { people: 300_000, beside: 'stock', of: 'wall', most: 0.5 },
  { people: 300_000, beside: 'stock', of: 'memory', most: 0.5 },
  { people: 300_000, beside: 'plain', of: 'wall', most: 1.4 },
  { people: 300_000, beside: 'plain', of: 'memory', most: 1.25 },
];

const WHAT = { wall: 'time', memory: 'memory', plain: 'the plain script', stock: 'the stock SDKs' } as const;

export function sharesOf(contest: Contest): readonly Target[] {
  const applying = SHARES.filter(({ people }) => people <= contest.people);
  return applying
    .filter((one, at) => !applying.slice(at + 1).some((later) => later.beside === one.beside && later.of === one.of))
    .map(({ beside, of, most }) => {
      const ratio = contest.ours[of] / contest[beside][of];
      return {
        name: `${contest.people} people, ${WHAT[of]} beside ${WHAT[beside]}`,
        found: ratio.toFixed(2),
        wanted: `at most ${most}`,
        isMet: ratio <= most,
      };
    });
}

/** Whoever finds less than the others has not done the same work. */
export function sameResult({ people, ours, plain, stock }: Contest): Target {
  const found = [ours, plain, stock].map(({ paired, drifted }) => `${paired} and ${drifted}`);
  return {
    name: `${people} people, paired and drifted by each of the three`,
    found: found.join(', '),
    wanted: 'the same',
    isMet: new Set(found).size === 1,
  };
}

/** Ten times the people in at most 14 times the time, once what a scan of nearly nobody takes is taken off: imports, tokens, first requests. */
const GROWTH = 14;

export function growthOf(contests: readonly Contest[], start: number): readonly Target[] {
  return contests.flatMap((small) =>
    contests
      .filter(({ people }) => people === 10 * small.people)
      .map((large) => {
        // No time at all beyond the start is a measurement gone wrong.
        const growth = Math.max(0, large.ours.wall - start) / Math.max(0, small.ours.wall - start);
        return {
          name: `from ${small.people} to ${large.people} people, time without its start`,
          found: `${growth.toFixed(1)} times`,
          wanted: `at most ${GROWTH} times`,
          isMet: growth > 0 && growth <= GROWTH,
        };
      }),
  );
}
