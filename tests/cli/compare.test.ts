import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { anchorwatch, EXAMPLES } from './run.ts';

const FILES = ['compare', '--ad', 'ad.csv', '--entra', 'entra.csv'];
const WITH_OKTA = [...FILES, '--okta', 'okta.json'];

interface Person {
  readonly name: string;
  readonly guid: string;
  readonly anchor: string;
  readonly display?: string;
}

const ADA: Person = {
  name: 'ada@contoso.com',
  guid: '3ab39606-c642-489b-84b6-58c038d3ef39',
  anchor: 'BpazOkLGm0iEtljAONPvOQ==',
};
const BOB: Person = {
  name: 'bob@contoso.com',
  guid: '8c4ac332-975f-4717-ad7b-ba4a4e968fff',
  anchor: 'MsNKjF+XF0ete7pKTpaP/w==',
};

function quoted(...cells: readonly string[]): string {
  return cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',');
}

function adFile(people: readonly Person[], extra: readonly string[] = []): string {
  const rows = people.map(({ name, guid }) => quoted(guid, name, name.split('@')[0] ?? '', name));
  return [quoted('ObjectGUID', 'UserPrincipalName', 'SamAccountName', 'mail'), ...rows, ...extra].join('\r\n');
}

function entraFile(people: readonly Person[], extra: readonly string[] = []): string {
  const rows = people.map(({ name, anchor }, at) =>
    quoted(`00000000-0000-4000-8000-00000000000${at}`, name, anchor, name, 'True', 'Member'),
  );
  const columns = ['Id', 'UserPrincipalName', 'OnPremisesImmutableId', 'Mail', 'AccountEnabled', 'UserType'];
  return [quoted(...columns), ...rows, ...extra].join('\r\n');
}

function oktaFile(people: readonly Person[]): string {
  return JSON.stringify(
    people.map(({ name, anchor }, at) => ({
      id: `00u${String(at).padStart(17, 'x')}`,
      status: 'PROVISIONED',
      syncState: 'SYNCHRONIZED',
      scope: 'USER',
      credentials: { userName: name },
      profile: { immutableId: anchor },
    })),
  );
}

/** A folder with these files, for one test. */
async function folder(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'anchorwatch-cli-'));
  onTestFinished(() => rm(path, { recursive: true }));
  for (const [name, content] of Object.entries(files)) await writeFile(join(path, name), content);
  return path;
}

describe('the exit status', () => {
  test('is 0 when nothing differs', async () => {
    const cwd = await folder({
      'ad.csv': adFile([ADA, BOB]),
      'entra.csv': entraFile([ADA, BOB]),
      'okta.json': oktaFile([ADA, BOB]),
    });

    expect(await anchorwatch(FILES, { cwd })).toMatchObject({
      code: 0,
      out: expect.stringContaining('2 are the same'),
    });
    expect(await anchorwatch(WITH_OKTA, { cwd })).toMatchObject({ code: 0, out: expect.stringContaining('2 match') });
  });

  test('is 1 for drift', async () => {
    expect((await anchorwatch(FILES)).code).toBe(1);
    expect((await anchorwatch(WITH_OKTA)).code).toBe(1);
  });

  test('is 2 when rows were left out: they are named, and verdicts that rest on somebody’s absence are withheld', async () => {
    const cwd = await folder({
      'ad.csv': adFile([ADA, BOB]),
      'entra.csv': entraFile([ADA], [quoted('not an id', BOB.name, BOB.anchor, '', 'True', 'Member')]),
    });

    const { code, out } = await anchorwatch(FILES, { cwd });

    expect(code).toBe(2);
    expect(out).toContain('entra.csv, line 3, column Id');
    expect(out).toContain('1 verdict is withheld');
    expect(out).not.toContain('Entra account missing');
    expect(out).toContain('could not tell of everybody');
  });

  test.each([
    ['a file that is not there', ['compare', '--ad', 'none.csv', '--entra', 'entra.csv'], 'there is no such file'],
    ['a folder for a file', ['compare', '--ad', '.', '--entra', 'entra.csv'], 'it is a folder'],
    ['a missing option', ['compare', '--ad', 'ad.csv'], '--entra'],
    ['an unknown option', [...FILES, '--force'], '--force'],
    ['an unknown format', [...FILES, '--format', 'xml'], 'table, json, csv, md'],
    ['an unknown command', ['repair'], 'repair'],
    ['a file that is none', ['compare', '--ad', 'okta.json', '--entra', 'ad.csv'], 'ad.csv'],
    ['a report into a folder that is not there', [...FILES, '--out', 'nowhere/report.txt'], 'cannot be written'],
    ['a report over an input', [...FILES, '--out', './ad.csv'], 'it would be lost'],
    ['no command at all', [], 'Usage'],
  ])('is 2 for %s, with the way out', async (_what, args, words) => {
    const { code, err } = await anchorwatch(args);

    expect(code).toBe(2);
    expect(err).toContain(words);
  });

  test('is 2 for a file beyond the limit, which is refused by its size without being read', async () => {
    const cwd = await folder({ 'ad.csv': '', 'entra.csv': entraFile([ADA]) });
    await truncate(join(cwd, 'ad.csv'), 2 ** 40);

    const { code, err } = await anchorwatch(FILES, { cwd });

    expect(code).toBe(2);
    expect(err).toContain('ad.csv is 1099511627776 bytes long, at most 268435456 are read.');
  });

  test('is 2 for what has no size and no end, once it passes the limit', async () => {
    const { code, err } = await anchorwatch(['compare', '--ad', '/dev/zero', '--entra', 'entra.csv']);

    expect(code).toBe(2);
    expect(err).toContain('/dev/zero is more than 268435456 bytes long, at most 268435456 are read.');
  });

  test('is 0 for --help, which teaches how the files are made', async () => {
    const { code, out } = await anchorwatch(['compare', '--help']);

    expect(code).toBe(0);
    for (const words of ['Get-ADUser', 'Get-MgUser', 'Exit status', '--okta']) expect(out).toContain(words);
  });
});

describe('the formats', () => {
  test.each([80, 120, 160])('a table fits a terminal of %i columns and names everybody', async (columns) => {
    const { out } = await anchorwatch(WITH_OKTA, { columns });

    const lines = out.split('\n');
    expect(Math.max(...lines.map((line) => Array.from(line).length))).toBeLessThanOrEqual(columns);
    for (const name of ['dan.ericsson', 'eve.fischer', 'lena.novak']) expect(out).toContain(name);
    expect(lines.at(-2)).toBe('15 people have drifted, 4 match: drift.');
  });

  test('json has a version, everything in full, and the advice', async () => {
    const { out } = await anchorwatch([...WITH_OKTA, '--format', 'json']);

    const report = JSON.parse(out);
    expect(report).toMatchObject({ version: 1, join: 'upn', matched: 4, withheld: 0, rejected: [] });
    expect(report.findings).toHaveLength(17);
    const advice = report.findings.find(({ userName }: { userName: string }) => userName.startsWith('dan')).advice;
    expect(advice).toMatch(/^repair: /);
    expect(report.checksum).toMatch(/^[0-9a-f]{64}$/);
  });

  test('csv is read back by a parser, and holds anchors in full', async () => {
    const { out } = await anchorwatch([...WITH_OKTA, '--format', 'csv']);

    const rows: Record<string, string>[] = parse(out, { columns: true, bom: true });
    expect(rows).toHaveLength(17);
    const held = rows.map((row) => row['AD'] ?? '').filter((anchor) => anchor !== '');
    expect(held.filter((anchor) => /^'?[A-Za-z0-9+/]{22}==$/.test(anchor))).toHaveLength(15);
  });

  test('md is a table', async () => {
    const { out } = await anchorwatch([...FILES, '--format', 'md']);

    expect(out).toMatch(/^\| upn \| word \|/m);
    expect(out.split('\n').filter((line) => line.startsWith('| ')).length).toBeGreaterThan(8);
  });

  test('--out writes the report whole, and says so in one line', async () => {
    const cwd = await folder({ 'ad.csv': adFile([ADA]), 'entra.csv': entraFile([{ ...ADA, anchor: BOB.anchor }]) });

    const { code, out, err } = await anchorwatch([...FILES, '--out', 'report.csv', '--format', 'csv'], { cwd });

    expect([code, out]).toEqual([1, '']);
    expect(err).toBe('1 person differs, 0 are missing, 0 are the same: drift. Written to report.csv.\n');
    expect(await readFile(join(cwd, 'report.csv'), 'utf8')).toContain(BOB.anchor);
    expect(await readdir(cwd)).toHaveLength(3);
  });
});

describe('names that mean harm', () => {
  const hostile = fc
    .array(
      fc.constantFrom(
        '=cmd|calc',
        '+1',
        '@x',
        '-2',
        '\u001B[31m',
        '\u202E',
        '<b>',
        '|',
        '"',
        "'",
        ';',
        'a',
        'ü',
        '\u200B',
        '`',
        '\\',
        '&amp;',
        '＝1',
      ),
      { minLength: 1, maxLength: 6 },
    )
    .map((parts) => parts.join(''));

  test('stay harmless in every format', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, async (text) => {
        const evil = { ...ADA, name: `${text}@contoso.com` };
        const cwd = await folder({ 'ad.csv': adFile([evil, BOB]), 'entra.csv': entraFile([BOB]) });
        for (const format of ['table', 'md', 'csv', 'json']) {
          const { out } = await anchorwatch([...FILES, '--format', format], { cwd });
          expect(out.replace(/^\uFEFF/, '')).not.toMatch(/\p{Cf}|[^\P{Cc}\r\n]/u);
          if (format === 'md') expect(out).not.toMatch(/<b>/);
          if (format !== 'csv') continue;
          const rows: string[][] = parse(out, { bom: true });
          for (const cell of rows.flat()) expect(cell.trimStart()).not.toMatch(/^[=+\-@＝＋－＠]/);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('who is who', () => {
  test('is never guessed: several rows with one key are listed, and nobody behind them is judged', async () => {
    const twin = { ...BOB, name: ADA.name };
    const cwd = await folder({
      'ad.csv': adFile([ADA, twin]),
      'entra.csv': entraFile([ADA]),
      'okta.json': oktaFile([ADA]),
    });

    const two = await anchorwatch(FILES, { cwd });
    const three = await anchorwatch(WITH_OKTA, { cwd });

    expect(two).toMatchObject({ code: 2, out: expect.stringContaining('ada@contoso.com (AD 2, Entra 1)') });
    expect(three).toMatchObject({ code: 2, out: expect.stringContaining('ada@contoso.com (AD 2, Okta 1, Entra 1)') });
    expect(three.out).toContain('0 people have drifted');
  });

  test('may be told by mail', async () => {
    const cwd = await folder({
      'ad.csv': adFile([{ ...ADA }]).replace(
        `"${ADA.name}","ada","${ADA.name}"`,
        `"ada@contoso.local","ada","${ADA.name}"`,
      ),
      'entra.csv': entraFile([ADA]),
    });

    expect((await anchorwatch(FILES, { cwd })).code).toBe(1);
    expect((await anchorwatch([...FILES, '--join', 'mail'], { cwd })).code).toBe(0);
  });

  test('is read from UTF-16 as PowerShell writes it', async () => {
    const cwd = await folder({
      'ad.csv': Buffer.concat([
        Buffer.from([0xff, 0xfe]),
        Buffer.from(`#TYPE Selected.ADUser\r\n${adFile([ADA])}`, 'utf16le'),
      ]),
      'entra.csv': entraFile([ADA]),
    });

    expect((await anchorwatch(FILES, { cwd })).code).toBe(0);
  });
});

describe('as a process', () => {
  const MAIN = resolve(import.meta.dirname, '../../cli/main.ts');
  const start = promisify(execFile);

  test('ends with the same status', async () => {
    await expect(start(process.execPath, [MAIN, ...FILES], { cwd: EXAMPLES })).rejects.toMatchObject({ code: 1 });
    await expect(start(process.execPath, [MAIN, 'compare'], { cwd: EXAMPLES })).rejects.toMatchObject({ code: 2 });
  });

  test('does not mind when nobody reads on', async () => {
    const command = `"${process.execPath}" "${MAIN}" ${[...WITH_OKTA, '--format', 'json'].join(' ')} | head -1`;

    const { stdout, stderr } = await start('bash', ['-c', command], { cwd: EXAMPLES });

    expect(stdout.trim()).toBe('{');
    expect(stderr).not.toContain('defect');
  });
});
