import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
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
