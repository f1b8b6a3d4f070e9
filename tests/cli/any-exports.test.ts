import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { type AnyExports, anyExports, type Person } from './any-exports.ts';
import { folder } from './exports.ts';
import { anchorwatch, type Ran } from './run.ts';

const SEEDS = 5_000;

/** The truth table of docs/verdicts.md, for people who have nothing to do with one another. Null: nobody is told of them. */
function verdictOf({ ad, okta, entra }: Person): string | null {
  if (okta === undefined) {
    if (entra === undefined || entra === null) return null;
    return ad === undefined ? 'orphan' : 'unassigned';
  }
  if (entra === undefined) return 'not-provisioned';
  if (ad === undefined) return 'unlinked';
  if (entra === null) return 'entra-empty';
  if (okta === null) return ad === entra ? 'okta-empty' : 'all-differ';
  if (ad === okta) return ad === entra ? null : 'entra-stale';
  if (okta === entra) return 'both-stale';
  return ad === entra ? 'okta-stale' : 'all-differ';
}

/** The same without Okta: the word, null where it is `same` or nobody is told. */
function wordOf({ ad, entra }: Person): string | null {
  if (ad === undefined) return entra === undefined || entra === null ? null : 'missing';
  if (entra === undefined || entra === null) return 'missing';
  return ad === entra ? null : 'differs';
}

/** Reported, and no drift. */
const QUIET = new Set(['unassigned', 'orphan']);

const report = z.object({
  outcome: z.string(),
  findings: z.array(z.object({ userName: z.string(), verdict: z.string() })).optional(),
  rows: z.array(z.object({ name: z.string(), word: z.string() })).optional(),
  rejected: z.array(z.object({ file: z.string(), row: z.number(), reason: z.string() })),
});

/** What was said of people, by name in lower case. */
type Words = ReadonlyMap<string, string>;

function keyOf({ people }: AnyExports, sides: 2 | 3): Words {
  const told = people.map((person) => [person.name, sides === 3 ? verdictOf(person) : wordOf(person)] as const);
  return new Map(told.flatMap(([name, word]) => (word === null ? [] : [[name.toLowerCase(), word] as const])));
}

function wordsOf({ findings = [], rows = [] }: z.infer<typeof report>): Words {
  return new Map([
    ...findings.map(({ userName, verdict }) => [userName.toLowerCase(), verdict] as const),
    ...rows.map(({ name, word }) => [name.toLowerCase(), word] as const),
  ]);
}

interface Told {
  readonly kind: 'refused' | 'left out' | 'told';
  readonly wrong: readonly string[];
}

/** A refusal names the file, and comes of something that is wrong with it. */
function judgeRefusal({ damage }: AnyExports, { code, err }: Ran): Told {
  const isDue = damage !== null && damage !== 'row twice' && damage !== 'row contradicted' && damage !== 'shorter';
  const isClear = code === 2 && /\b(?:ad|okta|entra)\.file\b/.test(err);
  return { kind: 'refused', wrong: isDue && isClear ? [] : [`refused with ${code}: ${err}`] };
}

/**
 * What is told must be in the key of what the files hold, and all of the key must be told; where rows were left out, exit 2 and their
 * places say so, and what is told must be so all the same. The one thing that may pass: a file may end within the last cell of its last
 * row, as many do that end without a line end, and then holds a shorter text there. Of that one person either is taken.
 */
function judge(exports: AnyExports, ran: Ran, sides: 2 | 3): Told {
  if (ran.out === '') return judgeRefusal(exports, ran);
  const read = report.parse(JSON.parse(ran.out));
  const [told, due] = [wordsOf(read), keyOf(exports, sides)];
  const isKnown = (name: string): boolean => exports.cutShort?.toLowerCase().startsWith(name) !== true;
  const wrong = [...told]
    .filter(([name, word]) => isKnown(name) && due.get(name) !== word)
    .map(([name, word]) => `${name} is called ${word} and is ${due.get(name) ?? 'in order'}`);
  if (read.outcome === 'could-not-tell') {
    const isDue = exports.damage !== null && read.rejected.length > 0 && ran.code === 2;
    return { kind: 'left out', wrong: isDue ? wrong : [...wrong, `could not tell: ${ran.code}, ${exports.damage}`] };
  }
  const silent = [...due].filter(([name]) => isKnown(name) && !told.has(name)).map(([name]) => `${name} is not told`);
  const code = [...told.values()].some((word) => !QUIET.has(word)) ? 1 : 0;
  return {
    kind: 'told',
    wrong: [...wrong, ...silent, ...(ran.code === code ? [] : [`exit ${ran.code}, not ${code}`])],
  };
}

test('whatever the files are, compare says what they hold, or what of them it could not read', {
  timeout: 600_000,
}, async () => {
  const cwd = await folder({});
  const counts = { refused: 0, 'left out': 0, told: 0 };
  const wrong: string[] = [];
  for (let seed = 0; seed < SEEDS; seed += 1) {
    const exports = anyExports(String(seed));
    for (const [side, bytes] of Object.entries(exports.files)) await writeFile(join(cwd, `${side}.file`), bytes);
    const sides = seed % 4 === 0 ? 2 : 3;
    const okta = sides === 3 ? ['--okta', 'okta.file'] : [];
    const args = ['compare', '--ad', 'ad.file', '--entra', 'entra.file', ...okta, '--format', 'json'];
    const told = judge(exports, await anchorwatch(args, { cwd }), sides);
    counts[told.kind] += 1;
    if (told.wrong.length > 0) wrong.push(`seed ${seed} (${exports.damage ?? 'sound'}): ${told.wrong.join('; ')}`);
  }

  expect(wrong).toEqual([]);
  for (const count of Object.values(counts)) expect(count).toBeGreaterThan(SEEDS / 20);
});
