import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { anchorwatch, EXAMPLES } from './run.ts';

const FILES = ['compare', '--ad', 'ad.csv', '--entra', 'entra.csv'];

/** A folder of the test's own with the two example files in it. */
async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'anchorwatch-out-'));
  onTestFinished(() => rm(path, { recursive: true }));
  for (const name of ['ad.csv', 'entra.csv']) await copyFile(join(EXAMPLES, name), join(path, name));
  return path;
}

test('a report that cannot take its place leaves nothing behind', async () => {
  const cwd = await folder();
  await mkdir(join(cwd, 'taken'));

  const { code, err } = await anchorwatch([...FILES, '--out', 'taken'], { cwd });

  expect(code).toBe(2);
  expect(err).toContain('The report cannot be written');
  expect(err).not.toContain('defect');
  expect((await readdir(cwd)).sort()).toEqual(['ad.csv', 'entra.csv', 'taken']);
});

test('a report takes the place of an older one, whole', async () => {
  const cwd = await folder();
  await writeFile(join(cwd, 'report.json'), 'x'.repeat(100_000));

  expect((await anchorwatch([...FILES, '--format', 'json', '--out', 'report.json'], { cwd })).code).toBe(1);

  expect(JSON.parse(await readFile(join(cwd, 'report.json'), 'utf8'))).toMatchObject({ version: 1 });
  expect((await readdir(cwd)).sort()).toEqual(['ad.csv', 'entra.csv', 'report.json']);
});

test('a table in a file is not broken to the width of a terminal', async () => {
  const cwd = await folder();

  await anchorwatch([...FILES, '--out', 'report.txt'], { cwd, columns: 40 });

  const widest = Math.max(...(await readFile(join(cwd, 'report.txt'), 'utf8')).split('\n').map(({ length }) => length));
  expect(widest).toBeGreaterThan(100);
});

test('an input is refused as --out under any spelling of its path', async () => {
  const cwd = await folder();
  const before = await readFile(join(cwd, 'entra.csv'), 'utf8');

  for (const out of ['entra.csv', './entra.csv', `${cwd}/x/../entra.csv`]) {
    expect(await anchorwatch([...FILES, '--out', out], { cwd })).toMatchObject({
      code: 2,
      err: expect.stringContaining('it would be lost'),
    });
  }

  expect(await readFile(join(cwd, 'entra.csv'), 'utf8')).toBe(before);
});

test.each([
  ['an input is a link to it', 'link.csv', 'entra.csv'],
  ['it is a link to an input', 'entra.csv', 'link.csv'],
  ['both lie in a folder with two names', 'entra.csv', 'again/entra.csv'],
])('an input is refused as --out though %s', async (_how, entra, out) => {
  const cwd = await folder();
  const before = await readFile(join(cwd, 'entra.csv'), 'utf8');
  await symlink('entra.csv', join(cwd, 'link.csv'));
  await symlink('.', join(cwd, 'again'));

  const ran = await anchorwatch(['compare', '--ad', 'ad.csv', '--entra', entra, '--out', out], { cwd });

  expect(ran).toMatchObject({ code: 2, err: expect.stringContaining('it would be lost') });
  expect(await readFile(join(cwd, 'entra.csv'), 'utf8')).toBe(before);
});

test('a report takes the place of a link that leads nowhere', async () => {
  const cwd = await folder();
  await symlink('nowhere.csv', join(cwd, 'link.csv'));

  expect((await anchorwatch([...FILES, '--out', 'link.csv'], { cwd })).code).toBe(1);
  expect((await readdir(cwd)).sort()).toEqual(['ad.csv', 'entra.csv', 'link.csv']);
});

test('a crash of our own ends with 2, is called a defect, and shows no secret', async () => {
  const secret = 'Bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlc2lnbmF0dXJl';
  const broken = (): never => {
    throw new TypeError(`no such thing: ${secret}`);
  };

  const { code, err } = await anchorwatch(FILES, { out: broken });

  expect(code).toBe(2);
  expect(err).toMatch(/^Anchorwatch failed, which is a defect: no such thing/);
  expect(err).not.toContain('eyJzdWIiOiIxIn0');
});
