import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');

test('the demo finds everything that was planted, and no line of it holds a token, a key, an assertion or a full anchor', {
  timeout: 90_000,
}, async () => {
  const env = { PATH: process.env['PATH'] ?? '', DEBUG: '1' };

  // Rejects when the demo ends with anything but 0.
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['local/demo/main.ts', 'find'], {
    cwd: ROOT,
    env,
    maxBuffer: 64e6,
  });

  expect(stdout).toContain('Everything is as planted.');
  expect(stdout).toMatch(/\d+ repairs were queued/);
  const lines = `${stdout}\n${stderr}`;
  expect(lines).toContain("Executing 'Functions.scan'");
  expect(lines).not.toMatch(/[A-Za-z0-9+/]{22}==/);
  expect(lines).not.toMatch(/[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/);
  expect(lines).not.toMatch(/(?:Bearer|SSWS) [A-Za-z0-9]|PRIVATE KEY|"d":"|AccountKey=[A-Za-z0-9]/);
});
