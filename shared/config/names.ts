import { escapeControls } from '../controls.ts';
import type { Problem } from './problem.ts';
import { SETTINGS } from './settings/all.ts';

const OWN = /^ANCHORWATCH_/i;

/** A typo in a name would silently leave a default in force: a protected group that protects nobody. */
export function unknownNames(names: readonly string[]): Problem[] {
  const known = SETTINGS.map((setting) => setting.name).filter((name) => OWN.test(name));
  return names
    .filter((name) => OWN.test(name) && !known.includes(name))
    .sort()
    .map((name) => ({
      variable: escapeControls(name.slice(0, 80)),
      expected: 'the name of a setting',
      found: 'one that nobody reads',
      wayOut: `Did you mean ${nearest(name, known)}? Otherwise remove it`,
    }));
}

function nearest(name: string, known: readonly string[]): string {
  let best = '';
  let least = Infinity;
  for (const candidate of known) {
    const distance = editDistance(name.slice(0, 80).toUpperCase(), candidate);
    if (distance >= least) continue;
    best = candidate;
    least = distance;
  }
  return best;
}

/** Levenshtein: how many characters must be put in, taken out or exchanged. */
function editDistance(one: string, other: string): number {
  let before = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const exchanged = (before[column - 1] ?? 0) + (one[row - 1] === other[column - 1] ? 0 : 1);
      current.push(Math.min(exchanged, (before[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    before = current;
  }
  return before[other.length] ?? 0;
}
