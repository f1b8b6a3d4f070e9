import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readKeys } from '../../local/http/credentials.ts';
import { readOptions } from '../../local/http/options.ts';
import { NOW } from './serving.ts';

const now = () => NOW;

async function fileOf(content: unknown): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'anchorwatch-options-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'file.json');
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

async function problem(args: readonly string[]): Promise<string> {
  return readOptions(args, {}, now).then(
    () => '',
    (error: unknown) => String(error),
  );
}

test('without options there are 2,000 people on free ports, and nothing goes wrong', async () => {
  expect(await readOptions([], {}, now)).toMatchObject({
    people: 2_000,
    start: NOW,
    offset: 0,
    'okta-port': 0,
    faults: { rules: [] },
    world: {},
    keys: null,
  });
});

test('options come from the command line, else from the environment', async () => {
  const environment = {
    ANCHORWATCH_TENANTS_OKTA_PORT: '8081',
    ANCHORWATCH_TENANTS_SEED: 'environment',
    OKTA_PORT: '1',
  };

  const options = await readOptions(['--seed', 'line', '--offset=-5000'], environment, now);

  expect(options).toMatchObject({ seed: 'line', 'okta-port': 8_081, offset: -5_000, start: NOW - 5_000 });
});

test('everything that is wrong with the options is said at once', async () => {
  const text = await problem(['--people', 'many', '--start', 'tomorrow', '--graph-port=70000']);

  for (const part of ['people', 'start', '2026-11-23T02:00:00Z', 'graph-port']) expect(text).toContain(part);
});

test('an unknown option is answered with those there are', async () => {
  expect(await problem(['--persons', '5'])).toContain('--people, --seed');
});

test('everything that is wrong with the files is said at once', async () => {
  const faults = await fileOf({ rules: [{ fault: { kind: 'flood' } }] });
  const world = await fileOf({ plants: { dragons: 1 }, imports: { 'contoso.com': { every: 'often' } } });

  const text = await problem(['--faults', faults, '--world', world]);

  for (const part of ['fault script', 'world file', 'dragons', 'every']) expect(text).toContain(part);
});

test('a file that is no JSON is named', async () => {
  expect(await problem(['--faults', await fileOf('{')])).toMatch(/The file \S+file\.json cannot be read as JSON/);
});

test('hours in a world file count from when the world begins', async () => {
  const spell = { from: -2, until: 0.5 };
  const world = await fileOf({ imports: { 'contoso.com': { every: 60_000, failing: [spell] } } });

  const options = await readOptions(['--world', world, '--start', '2026-11-23T00:00:00Z'], {}, now);

  expect(options.world.imports).toEqual({
    'contoso.com': {
      every: 60_000,
      failing: [{ from: Date.parse('2026-11-22T22:00Z'), until: Date.parse('2026-11-23T00:30Z') }],
    },
  });
});

test('a file of keys that holds none is refused without a word of what is in it', async () => {
  const path = await fileOf({ client: { secret: 'swordfish' } });

  const error = await readKeys(path).catch((reason: unknown) => String(reason));

  expect(error).toContain(`${path} holds no keys`);
  expect(error).not.toContain('swordfish');
});
