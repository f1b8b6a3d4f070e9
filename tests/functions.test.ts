import { resolve } from 'node:path';
import type { Server } from 'node:http';
import { afterEach, beforeAll, describe, expect, inject, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import { readAnswer } from '../local/host/answer.ts';
import type { App, TypedData } from '../local/host/core.ts';
import { httpServer } from '../local/host/http.ts';
import { createInvoker, type Invoke } from '../local/host/invoke.ts';
import { loadApp } from '../local/host/load.ts';
import { createSettings } from '../local/host/settings.ts';
import { createSignIn } from '../local/host/sign-in.ts';
import { readTriggers, type Triggers } from '../local/host/triggers.ts';
import { systemClock } from '../shared/clock.ts';
import { newestRun } from '../shared/flows/run.ts';
import { REPAIR_QUEUE, SCAN_QUEUE } from '../shared/state/messages.ts';
import { isoTime } from '../shared/time.ts';
import { stateTools } from '../shared/wiring.ts';
import { LEAST } from './config/environment.ts';
import { recordingLog } from './host/recorder.ts';
import { claims, principal } from './web/principal.ts';

// The functions as `npm run build` left them, loaded as Azure loads them and called the way the host calls them.

const ROOT = resolve(import.meta.dirname, '..');
const { connectionString } = inject('azurite');

/** Complete, for tenants that nobody reaches in these tests. */
const SETTINGS: Readonly<Record<string, string>> = {
  ...LEAST,
  ANCHORWATCH_OKTA_URL: 'http://127.0.0.1:9',
  ANCHORWATCH_TENANT_ID: '11111111-2222-3333-4444-555555555555',
  ANCHORWATCH_PAGE_URL: 'https://anchorwatch.contoso.com',
  AzureWebJobsStorage: connectionString,
};

const { log } = recordingLog();
let triggers: Triggers;
let invoke: Invoke;

beforeAll(async () => {
  const app: App = await loadApp(ROOT, log);
  triggers = readTriggers(app.functions.values(), createSettings(SETTINGS));
  const clock = systemClock();
  ({ invoke } = createInvoker(app, { clock, log, functionTimeout: null, overrun: () => undefined }));
});

afterEach(() => {
  vi.unstubAllEnvs();
});

function configure(settings: Readonly<Record<string, string>>): void {
  vi.unstubAllEnvs();
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
}

function call(name: string, data: TypedData): ReturnType<Invoke> {
  const input = [...triggers.queues, ...triggers.timers, ...triggers.routes].find((fn) => fn.name === name)?.input;
  if (input === undefined) throw new Error(`there is no function ${name}`);
  return invoke({ function: name, input: { name: input, data }, reason: 'a test' });
}

async function health(): Promise<{ readonly status: number; readonly text: string }> {
  const http = { method: 'GET', url: 'http://127.0.0.1/api/health', headers: {}, query: {}, params: {} };
  const outcome = await call('health', { http });
  if (!outcome.ok) throw outcome.error;
  const { status, body } = readAnswer(outcome.returned);
  return { status, text: typeof body === 'string' ? body : Buffer.from(body).toString() };
}

async function noticesOf(day: string): Promise<string[]> {
  const { state } = stateTools({ kind: 'connection-string', connectionString }, log);
  const notices: string[] = [];
  for await (const { row } of state.outbox.list(day)) notices.push(row.notice);
  return notices;
}

test('eight functions are registered, each with the trigger that it needs', () => {
  expect(Object.fromEntries(triggers.queues.map(({ name, queue }) => [name, queue]))).toEqual({
    scan: SCAN_QUEUE.name,
    'scan-poison': `${SCAN_QUEUE.name}-poison`,
    repair: REPAIR_QUEUE.name,
    'repair-poison': `${REPAIR_QUEUE.name}-poison`,
  });
  expect(triggers.timers).toMatchObject([
    { name: 'nightly', runOnStartup: false, useMonitor: true },
    { name: 'tend', schedule: { text: '0 */5 * * * *' }, runOnStartup: false },
  ]);
  expect(triggers.routes).toMatchObject([
    { name: 'health', methods: ['GET'], authLevel: 'function' },
    { name: 'page', methods: ['GET', 'POST'], authLevel: 'anonymous', route: { text: 'page/{*path}' } },
  ]);
});

test('a night by its functions: a wrong configuration, strangers’ messages, old ones, a run that is given up', async () => {
  // A configuration that cannot be used costs no function: health says what is wrong.
  configure({ ...SETTINGS, ANCHORWATCH_OKTA_URL: 'http://okta.example', ANCHORWATCH_MODE: 'everything' });
  const unconfigured = await health();
  expect(unconfigured.status).toBe(503);
  expect(JSON.parse(unconfigured.text)).toMatchObject({ status: 'red', reds: [{ reason: 'configuration' }] });
  expect(unconfigured.text).toContain('ANCHORWATCH_OKTA_URL');
  expect(unconfigured.text).toContain('ANCHORWATCH_MODE');

  // A message that no queue of ours wrote fails its function, and as poison it reaches a person.
  configure(SETTINGS);
  const today = isoTime(Date.now()).slice(0, 10);
  expect(await call('repair', { string: 'no message' })).toMatchObject({ ok: false });
  expect(await call('scan', { string: '{"version":2}' })).toMatchObject({ ok: false });
  expect(await call('repair-poison', { string: 'no message' })).toMatchObject({ ok: true });
  expect(await call('scan-poison', { string: '{"version":2}' })).toMatchObject({ ok: true });
  expect(await noticesOf(today)).toEqual(Array.from({ length: 2 }, () => expect.stringMatching(/^needs-a-person~/)));

  // An old message finds nothing to do.
  expect(await call('repair', { string: '{"version":1,"repair":"r-unknown"}' })).toMatchObject({ ok: true });
  expect(await call('scan', { string: '{"version":1,"run":"2020-01-01T02-00-00Z"}' })).toMatchObject({ ok: true });

  // With nothing open there is nothing to tend, and that it came by is noted. Its longer round asks the tenants: not this time.
  const { state } = stateTools({ kind: 'connection-string', connectionString }, log);
  await state.marks.put({ name: 'swept', at: Date.now(), run: null, by: 'a test', note: '' });
  expect(await call('tend', { json: '{"schedule":{"adjustForDST":true},"isPastDue":false}' })).toMatchObject({
    ok: true,
  });
  expect(await state.marks.get('mark', 'tended')).not.toBeNull();

  // The timer makes a run, and the watch is kept; given up, the run could not tell, and health says so.
  const timer = { json: '{"schedule":{"adjustForDST":true},"isPastDue":false}' };
  expect(await call('nightly', timer)).toMatchObject({ ok: true });
  const run = await newestRun(stateTools({ kind: 'connection-string', connectionString }, log));
  expect(run).toMatchObject({ state: 'reading', trigger: 'timer', mode: 'observe' });
  expect(await health()).toMatchObject({ status: 200 });
  await call('scan-poison', { string: JSON.stringify({ version: 1, run: run?.id }) });
  const blind = await health();
  expect(blind.status).toBe(503);
  expect(JSON.parse(blind.text)).toMatchObject({ reds: [{ reason: 'could-not-tell' }], lastRun: { id: run?.id } });
});

describe('the pages, over HTTP behind App Service Authentication', () => {
  test('whoever has signed in sees them and decides; what is sent is escaped and said back', async () => {
    const visit = await browser('Anchorwatch.Decide');
    const headers = { origin: 'https://anchorwatch.contoso.com' };
    const form = (fields: Readonly<Record<string, string>>) => ({
      method: 'POST',
      headers,
      body: new URLSearchParams(fields),
    });

    const first = await visit('/api/page');
    expect(first.status).toBe(200);
    expect(first.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await first.text()).toContain('Signed in as ada@contoso.com, who may decide.');
    const answer = await visit('/api/page/decide', form({ does: 'stop' }));
    expect(await answer.text()).toContain('Repairs are stopped');
    const repairs = await (await visit('/api/page/repairs')).text();
    const stopped = /name="stopped" value="(\d+)"/.exec(repairs)?.[1] ?? '';
    expect((await visit('/api/page/decide', form({ does: 'resume', stopped, sure: 'yes' }))).status).toBe(200);
    const nobody = await visit(`/api/page/person?of=${encodeURIComponent('<b>@contoso.com')}`);
    expect(await nobody.text()).toContain('&lt;b>@contoso.com');
    expect((await visit('/api/page/decide', { ...form({ does: 'stop' }), headers: {} })).status).toBe(403);
  });

  test('without a role nobody sees anything, and where it is off nobody at all', async () => {
    const visit = await browser('');
    expect((await visit('/api/page/findings')).status).toBe(403);

    vi.stubEnv('WEBSITE_AUTH_ENABLED', 'False');
    const decider = { 'x-ms-client-principal': principal(claims('Anchorwatch.Decide')) };
    expect((await visit('/api/page', { headers: decider })).status).toBe(403);
  });
});

/** As a browser has signed in, with this role. */
async function browser(role: string): Promise<(path: string, init?: RequestInit) => Promise<Response>> {
  configure({ ...SETTINGS, WEBSITE_AUTH_ENABLED: 'True' });
  const clock = systemClock();
  const signIn = createSignIn(SETTINGS['ANCHORWATCH_TENANT_ID'] ?? '');
  const keys = { master: 'the master key', function: null };
  const parts = { clock, log, invoke, keys, prefix: 'api', signIn, runByHand: () => false };
  const server = httpServer(triggers.routes, parts);
  onTestFinished(() => void server.close());
  const { port } = z.object({ port: z.number() }).parse(await listening(server));
  const url = `http://127.0.0.1:${port}`;
  const body = new URLSearchParams({ name: 'ada@contoso.com', role, to: '/api/page' });
  const { headers } = await fetch(`${url}/.auth/login/aad`, { method: 'POST', redirect: 'manual', body });
  const cookie = (headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  return (path, init = {}) =>
    fetch(`${url}${path}`, {
      redirect: 'manual',
      ...init,
      headers: { cookie, ...Object.fromEntries(new Headers(init.headers)) },
    });
}

async function listening(server: Server): Promise<unknown> {
  await new Promise<void>((listens) => server.listen(0, '127.0.0.1', listens));
  return server.address();
}
