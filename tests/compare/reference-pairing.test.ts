import fc from 'fast-check';
import { expect, test } from 'vitest';
import { indexEntra, pair, type Person } from '../../shared/compare/pair.ts';
import { crowds } from './crowds.ts';
import { type Paired, referencePairs } from './reference-pairing.ts';

function told({ user, directory, assignment, further, entra, pairedBy, nameDisputed }: Person): Paired {
  return {
    user,
    directory: directory.map(({ instance }) => instance),
    assignment: assignment?.app ?? null,
    further: new Set(further.map(({ app }) => app)),
    entra: entra?.id ?? null,
    pairedBy,
    nameDisputed,
  };
}

test('in whatever way people collide, they are paired as the slow and plain way pairs them', () => {
  const ways = new Set<string>();
  fc.assert(
    fc.property(crowds, fc.constantFrom(null, 'app1', 'app2'), (is, app) => {
      const people = pair(is, app, indexEntra(is.entra)).map(told);
      expect(people).toEqual(referencePairs(is, app));
      for (const { pairedBy, nameDisputed } of people) ways.add(`${pairedBy}${nameDisputed ? ', disputed' : ''}`);
    }),
    { numRuns: 1_500 },
  );
  expect(ways).toEqual(new Set(['name', 'anchor', 'anchor, disputed', 'directory-name', 'null', 'null, disputed']));
});
