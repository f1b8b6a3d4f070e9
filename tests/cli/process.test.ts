import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { EXAMPLES } from './run.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const start = promisify(execFile);

test('a reader who goes away takes nothing from the exit status', async () => {
  const command = `"${process.execPath}" "${join(ROOT, 'cli/main.ts')}" compare --ad ad.csv --entra entra.csv --format json`;

  await expect(
    start('bash', ['-c', `${command} | head -1; exit "\${PIPESTATUS[0]}"`], { cwd: EXAMPLES }),
  ).rejects.toMatchObject({ code: 1, stdout: '{\n', stderr: '' });
});

test('a crash before the first line of ours ends with 2, not with what means drift', async () => {
  const copy = await mkdtemp(join(tmpdir(), 'anchorwatch-bare-'));
  onTestFinished(() => rm(copy, { recursive: true }));
  for (const part of ['cli', 'shared', 'package.json'])
    await cp(join(ROOT, part), join(copy, part), { recursive: true });

  await expect(start(process.execPath, [join(copy, 'cli/main.ts'), '--help'])).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('commander'),
  });
});

/** One command in a folder with these settings. */
async function inFolderWith(
  localSettings: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), 'anchorwatch-settings-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'local.settings.json'), localSettings);
  const env = { PATH: process.env['PATH'], ...environment };
  return start(process.execPath, [join(ROOT, 'cli/main.ts'), ...args], { cwd: folder, env }).catch(
    (error: unknown) => error,
  );
}

/** `status` where the settings lead: a port on which nobody listens. */
function statusWith(localSettings: string, environment: Readonly<Record<string, string>> = {}): Promise<unknown> {
  return inFolderWith(localSettings, ['status'], environment);
}

describe('local.settings.json in the folder', () => {
  test('holds the settings that the environment does not', async () => {
    const settings = { IsEncrypted: false, Values: { AzureWebJobsStorage: 'AccountName=from-the-file' } };

    expect(await statusWith(JSON.stringify(settings))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('found text of 25 characters'),
    });
    expect(await statusWith(JSON.stringify(settings), { AzureWebJobsStorage: 'a name' })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('found text of 6 characters'),
    });
  });

  test.each([
    ['is no JSON', '{"Values": {"KEY": "very-secret"'],
    ['Values', '{"Values": {"KEY": {"very": "very-secret"}}}'],
    ['IsEncrypted', '{"IsEncrypted": true, "Values": {"KEY": "very-secret"}}'],
  ])('is told what is wrong with it, without a secret: %s', async (words, text) => {
    const said = await statusWith(text);

    expect(said).toMatchObject({ code: 2, stderr: expect.stringContaining(words) });
    expect(said).toMatchObject({ stderr: expect.stringContaining('local.settings.json') });
    expect(said).not.toMatchObject({ stderr: expect.stringContaining('very-secret') });
  });

  test('that is broken keeps no help from whoever asks for it', async () => {
    for (const args of [['--help'], ['status', '--help']]) {
      expect(await inFolderWith('{"Values": ', args)).toMatchObject({
        stdout: expect.stringContaining('Usage: anchorwatch'),
      });
    }
  });
});
