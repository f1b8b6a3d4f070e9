import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { widthOf } from '../../shared/notify/width.ts';
import { csvFile, GUIDS } from '../files/written.ts';
import { anchorwatch, type Ran } from './run.ts';

const FORMATS = ['table', 'md', 'csv', 'json'] as const;
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

const part = fc.constantFrom(
  '=cmd|"/c calc"!A0',
  '+1',
  '-2',
  '@SUM(1)',
  '＝1',
  '\u001B[2J',
  '\u009B31m',
  '\u202E',
  '\u2066',
  '\u2028',
  '\n',
  '\r\n=1',
  '\t',
  '<script>',
  '&lt;',
  '|',
  '\\',
  '`',
  '"',
  "'",
  ';',
  ',',
  'a',
  '😀',
);
const name = fc
  .array(part, { minLength: 1, maxLength: 5 })
  .map((parts) => `${parts.join('')}x`)
  .filter((text) => text.trim() === text);

/** The AD file, the Entra file and Okta's for one person of that name who has drifted, and one whose columns do harm. */
function filesOf(text: string): Readonly<Record<string, Uint8Array | string>> {
  const [[guid, anchor], [, other]] = GUIDS;
  const userName = `${text}@contoso.com`;
  return {
    'ad.csv': csvFile([
      ['ObjectGUID', 'UserPrincipalName', 'DistinguishedName', '__proto__', 'constructor', 'toString'],
      [guid, userName, `CN=${text},OU=${text},DC=contoso,DC=com`, text, text, text],
    ]),
    'entra.csv': csvFile([
      ['Id', 'UserPrincipalName', 'OnPremisesImmutableId', 'DisplayName', '__proto__', 'hasOwnProperty'],
      ['00000000-0000-4000-8000-000000000001', userName, other, text, text, text],
      [text, `second-${userName}`, anchor, text, text, text],
    ]),
    'okta.json': `[{"__proto__":{"id":"00uPolluted"},"id":"00u00aBcDeFgHiJkLmNo","status":"PROVISIONED","scope":"USER","credentials":{"userName":${JSON.stringify(userName)}},"profile":{"immutableId":"${anchor}","__proto__":{"x":1}}}]`,
  };
}

async function reports(text: string, okta: boolean): Promise<Readonly<Record<(typeof FORMATS)[number], Ran>>> {
  const cwd = await mkdtemp(join(tmpdir(), 'anchorwatch-hostile-'));
  try {
    for (const [file, content] of Object.entries(filesOf(text))) await writeFile(join(cwd, file), content);
    const args = ['compare', '--ad', 'ad.csv', '--entra', 'entra.csv', ...(okta ? ['--okta', 'okta.json'] : [])];
    const run = (format: string): Promise<Ran> =>
      anchorwatch([...args, '--format', format], { cwd, columns: format === 'table' ? 90 : 160 });
    const [table, md, csv, json] = [await run('table'), await run('md'), await run('csv'), await run('json')];
    return { table, md, csv, json };
  } finally {
    await rm(cwd, { recursive: true });
  }
}

describe.each([
  ['two', false],
  ['three', true],
] as const)('in a report of %s sides, whatever a name holds', (_sides, okta) => {
  test('it forges no line, turns no terminal around, and is no formula and no markup', async () => {
    await fc.assert(
      fc.asyncProperty(name, async (text) => {
        const { table, md, csv, json } = await reports(text, okta);

        for (const { code, err } of [table, md, csv, json]) expect([code, err]).toEqual([2, '']);
        for (const { out } of [table, md, json]) expect(out.replaceAll('\n', '')).not.toMatch(UNSEEN);
        const wide = table.out.split('\n').filter((line) => widthOf(line) > 90);
        expect(wide).toEqual([]);
        expect(md.out).not.toContain('<script>');
        const rows: string[][] = parse(csv.out, { bom: true });
        for (const cell of rows.flat()) {
          expect(cell).not.toMatch(UNSEEN);
          expect(cell).not.toMatch(/^\s*[=+\-@＝＋－＠]/);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('json gives it back as it was', async () => {
    await fc.assert(
      fc.asyncProperty(name, async (text) => {
        const { json } = await reports(text, okta);

        const named = `${text}@contoso.com`.toLowerCase();
        expect(namesIn(JSON.parse(json.out)).map((one) => one.toLowerCase())).toContain(named);
      }),
      { numRuns: 40 },
    );
  });
});

const twoSided = z.object({ rows: z.array(z.object({ name: z.string() })) });
const threeSided = z.object({ findings: z.array(z.object({ userName: z.string() })) });

function namesIn(report: unknown): string[] {
  const two = twoSided.safeParse(report);
  if (two.success) return two.data.rows.map((row) => row.name);
  return threeSided.parse(report).findings.map(({ userName }) => userName);
}

test('columns named like the parts of every object are columns like any other', async () => {
  const { json } = await reports('ada', true);

  expect(JSON.parse(json.out)).toMatchObject({ findings: [{ userName: 'ada@contoso.com', verdict: 'entra-stale' }] });
  expect(JSON.parse(json.out).findings[0].user).toBe('00u00aBcDeFgHiJkLmNo');
  expect({}).not.toHaveProperty('x');
});

test('a bad row is named by file, line, column and reason in text and in json', async () => {
  const { table, json } = await reports('ada', true);

  expect(table.out).toContain('entra.csv, line 3, column Id: no object id but 3 other characters');
  expect(JSON.parse(json.out).rejected).toEqual([
    { file: 'entra.csv', row: 3, unit: 'line', column: 'Id', reason: 'no object id but 3 other characters' },
  ]);
});

test('a file name is no less hostile than a person', async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'anchorwatch-hostile-'));
  onTestFinished(() => rm(cwd, { recursive: true }));

  const { code, err } = await anchorwatch(['compare', '--ad', 'a\u001B[2J\u202E.csv', '--entra', 'b'], { cwd });

  expect(code).toBe(2);
  expect(err.trimEnd()).not.toMatch(UNSEEN);
});
