import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { progressBar } from '../../cli/report/progress.ts';
import { createShiftedClock } from '../../local/http/clock.ts';
import { settingsFor } from '../../local/http/credentials.ts';
import { parseFaults } from '../../local/http/faults/script.ts';
import { serve } from '../../local/http/serve.ts';
import { newKeys } from '../../local/world/keys.ts';
import { createWorld } from '../../local/world/world.ts';
import type { Progress } from '../../shared/rosters/progress.ts';
import { MINUTE } from '../../shared/time.ts';
import { anchorwatch, type Ran } from './run.ts';

const MAIN = resolve(import.meta.dirname, '../../cli/main.ts');
const GENEROUS = { apps: 1e6, app: 1e6, groups: 1e6, users: 1e6, logs: 1e6, token: 1e6, other: 1e6 };

/** Simulated tenants with 400 people, of whom some have drifted, and the settings to read them. */
async function tenants() {
  const clock = createShiftedClock();
  const start = clock.now() - 50 * MINUTE;
  const created = createWorld({
    seed: 'command line',
    start,
    people: 400,
    keys: newKeys(),
    okta: { limits: GENEROUS },
  });
  const served = await serve(created.world, { clock, random: () => 0.5, onError: () => undefined });
  onTestFinished(() => served.close());
  return { served, settings: settingsFor(created, served.addresses) };
}

/** A process of its own, for the library for managed identities remembers the first endpoint it has seen. */
function scan(settings: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Ran> {
  return new Promise((done) => {
    const options = { env: { PATH: process.env['PATH'], ...settings } };
    const child = execFile(process.execPath, [MAIN, 'scan', ...args], options, (_error, out, err) => {
      done({ code: child.exitCode ?? -1, out, err });
    });
  });
}

test('a scan reads both tenants, says who has drifted, and writes nothing anywhere', { timeout: 60_000 }, async () => {
  const { served, settings } = await tenants();

  const { code, out, err } = await scan(settings);

  expect([code, err]).toEqual([1, expect.stringContaining('list read')]);
  expect(out).toContain('people have drifted');
  expect(out).toMatch(/\d+ +observe-mode/);
  expect(out).toContain('knows of no earlier run');
  expect(out).not.toMatch(/Nobody has confirmed|Changes:/);
  expect(out.trimEnd().split('\n').at(-1)).toMatch(/^Drift: \d+ people, 0 queued for repair/);
  const written = served.meter.counts().filter(({ operation }) => !/^(?:GET|POST \/oauth2)/.test(operation));
  expect(written).toEqual([]);
});

test('a scan that cannot read a side could not tell, says why, and ends with 2', { timeout: 60_000 }, async () => {
  const { served, settings } = await tenants();
  served.setFaults(parseFaults({ rules: [{ when: { path: '/v1.0/users' }, fault: { kind: 'token-refused' } }] }));

  const { code, out } = await scan(settings, '--format', 'json');

  expect(code).toBe(2);
  expect(JSON.parse(out)).toMatchObject({
    version: 1,
    run: { state: 'could-not-tell', doubts: [{ rule: 'read-failed', message: expect.stringMatching(/.{20}/) }] },
    seen: [],
  });
});

test('a scan without settings names all that are missing, and ends with 2', async () => {
  const { code, err } = await anchorwatch(['scan']);

  expect(code).toBe(2);
  for (const name of ['ANCHORWATCH_OKTA_URL', 'ANCHORWATCH_OKTA_CLIENT_ID']) expect(err).toContain(name);
  expect(err).not.toContain('AzureWebJobsStorage');
});

test('the bar is one line that fits, shows every list that is being read, and goes away', () => {
  const written: string[] = [];
  const bar = progressBar((text) => void written.push(text), 60);
  const reading: Progress = { list: 'users', label: 'Entra users', pages: 1, rows: 500, expected: 1_000, done: false };

  bar.show(reading);
  bar.show({ ...reading, list: 'assignments', label: '\u001B[31mOkta'.repeat(9), rows: 7, expected: null });
  bar.show({ ...reading, done: true });
  bar.clear();

  const lines = written.map((text) => text.slice('\r\u001B[K'.length));
  expect(lines[0]).toBe('Entra users ██████▒▒▒▒▒▒ 500 of 1,000');
  expect(lines[1]).toContain('Okta');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(60);
  expect(lines.join('')).not.toContain('\u001B');
  expect(lines[2]).not.toContain('Entra users');
  expect(lines[3]).toBe('');
});
