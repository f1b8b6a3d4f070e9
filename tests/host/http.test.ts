import type { Server } from 'node:http';
import { request } from 'node:http';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { HttpRequest } from '@azure/functions';
import type { App } from '../../local/host/core.ts';
import { httpServer } from '../../local/host/http.ts';
import { createInvoker } from '../../local/host/invoke.ts';
import type { Triggers } from '../../local/host/triggers.ts';
import { createSignIn, type SignIn } from '../../local/host/sign-in.ts';
import { type ManualClock, manualClock } from './clock.ts';
import { behave, eventually, loadRecorder, type RecordedCall, recordingLog } from './recorder.ts';

let app: App;
let triggers: Triggers;
const servers: Server[] = [];

beforeAll(async () => {
  ({ app, triggers } = await loadRecorder('UseDevelopmentStorage=true', recordingLog().log));
});

afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

interface Bench {
  readonly url: string;
  readonly clock: ManualClock;
  readonly runs: readonly (readonly [name: string, input: string | null])[];
  readonly server: Server;
}

async function bench(prefix = 'api', signIn: SignIn | null = null): Promise<Bench> {
  const clock = manualClock(Date.parse('2026-11-23T10:00:00Z'));
  const { log } = recordingLog();
  const { invoke } = createInvoker(app, { clock, log, functionTimeout: null, overrun: () => undefined });
  const runs: (readonly [string, string | null])[] = [];
  const server = httpServer(triggers.routes, {
    clock,
    log,
    invoke,
    prefix,
    signIn,
    keys: { master: 'the master key', function: 'the function key' },
    runByHand: (name, input) => {
      runs.push([name, input]);
      return name === 'nightly';
    },
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return { url: `http://127.0.0.1:${port}`, clock, runs, server };
}

const httpRequest = z.custom<HttpRequest>((value) => typeof value === 'object' && value !== null && 'query' in value);

function requestOf(call: RecordedCall | undefined): HttpRequest {
  return httpRequest.parse(call?.input);
}

test.each([
  ['GET', '/api/open/7', 200, 'open'],
  ['GET', '/api/open/7/x', 200, 'open'],
  ['GET', '/API/Open/7', 200, 'open'],
  ['GET', '/api/open/special', 200, 'special'],
  ['GET', '/api/files', 200, 'rest'],
  ['GET', '/api/files/a/b', 200, 'rest'],
  ['GET', '/api/open', 404, null],
  ['GET', '/api/open/7/x/y', 404, null],
  ['GET', '/open/7', 404, null],
  ['GET', '/', 404, null],
  ['HEAD', '/api/open/7', 404, null],
  ['POST', '/api/open/7', 404, null],
  ['OPTIONS', '/api/open/7', 404, null],
  ['GET', '/api/open/%E0%A4%A', 400, null],
])('%s %s is %i by %s', async (method, path, status, name) => {
  const { url } = await bench();
  const calls = behave(() => ({ body: 'yes' }));

  const response = await fetch(`${url}${path}`, { method });

  expect(response.status).toBe(status);
  expect(calls.map((call) => call.name)).toEqual(name === null ? [] : [name]);
});

test('without a prefix the routes begin at the root', async () => {
  const { url } = await bench('');
  behave(() => ({ body: 'yes' }));

  expect((await fetch(`${url}/open/7`)).status).toBe(200);
});

test.each([
  ['POST', '/api/keyed', null, 401],
  ['POST', '/api/keyed', 'wrong', 401],
  ['POST', '/api/keyed', 'the function key', 200],
  ['POST', '/api/keyed', 'the master key', 200],
  ['GET', '/api/guarded', null, 401],
  ['GET', '/api/guarded', 'the function key', 401],
  ['GET', '/api/guarded', 'the master key', 200],
  ['GET', '/api/open/7', 'wrong', 200],
])('%s %s with the key %j is %i, in the header and in the address', async (method, path, key, status) => {
  const { url } = await bench();
  behave(() => ({ body: 'yes' }));

  const byHeader = await fetch(`${url}${path}`, { method, headers: key === null ? {} : { 'x-functions-key': key } });
  const byQuery = await fetch(`${url}${path}${key === null ? '' : `?code=${encodeURIComponent(key)}`}`, { method });

  expect([byHeader.status, byQuery.status]).toEqual([status, status]);
});

test('the request arrives whole', async () => {
  const { url } = await bench();
  const bodies: string[] = [];
  const calls = behave(async (call) => {
    bodies.push(await requestOf(call).text());
    return {};
  });

  await fetch(`${url}/api/keyed?code=the+function+key&a=1&a=2&b=%C3%A9`, {
    method: 'POST',
    headers: { 'x-extra': 'one', 'content-type': 'application/json' },
    body: '{"é":1}',
  });

  const arrived = requestOf(calls[0]);
  expect(arrived.method).toBe('POST');
  expect(arrived.url).toBe(`${url}/api/keyed?code=the+function+key&a=1&a=2&b=%C3%A9`);
  expect([arrived.query.get('a'), arrived.query.get('b')]).toEqual(['1,2', 'é']);
  expect([arrived.headers.get('x-extra'), arrived.headers.get('content-type')]).toEqual(['one', 'application/json']);
  expect(bodies).toEqual(['{"é":1}']);
});

test('parameters of the route are decoded, and the rest of a path keeps its slashes', async () => {
  const { url } = await bench();
  const calls = behave(() => ({}));

  await fetch(`${url}/api/open/a%20b`);
  await fetch(`${url}/api/files/one/two`);

  expect(calls.map((call) => requestOf(call).params)).toEqual([{ id: 'a b' }, { path: 'one/two' }]);
});

test('the answer goes out with status, headers, cookies and bytes', async () => {
  const { url } = await bench();
  behave(() => ({
    status: 201,
    headers: { 'x-extra': 'one', 'content-type': 'text/plain; charset=utf-8' },
    cookies: [
      { name: 'a', value: '1 2', httpOnly: true, secure: true, sameSite: 'Strict', path: '/', maxAge: 60 },
      { name: 'b', value: '3', expires: new Date('2026-11-24T00:00:00Z') },
    ],
    body: 'grüße',
  }));

  const response = await fetch(`${url}/api/open/7`);

  expect(response.status).toBe(201);
  expect(response.headers.get('x-extra')).toBe('one');
  expect(response.headers.getSetCookie()).toEqual([
    'a=1%202; Max-Age=60; Path=/; Secure; HttpOnly; SameSite=Strict',
    'b=3; Expires=Tue, 24 Nov 2026 00:00:00 GMT',
  ]);
  expect(await response.text()).toBe('grüße');
});

test.each([
  ['nothing', () => undefined, 204],
  ['an error', () => Promise.reject(new Error('a secret reason')), 500],
  ['something that is no answer', () => 'text', 500],
])('a handler that ends with %s is answered without a body', async (_, behaviour, status) => {
  const { url } = await bench();
  behave(behaviour);

  const response = await fetch(`${url}/api/open/7`);

  expect(response.status).toBe(status);
  expect(await response.text()).toBe('');
});

test('after 230 seconds the caller gets 502 and the function goes on', async () => {
  const { url, clock } = await bench();
  const began = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  behave(async () => {
    began.resolve();
    await release.promise;
    ended.resolve();
  });
  const response = fetch(`${url}/api/open/7`);
  await began.promise;
  clock.advance(229_999);
  const isEarly = await Promise.race([response.then(() => true), Promise.resolve(false)]);

  clock.advance(1);

  expect(isEarly).toBe(false);
  expect((await response).status).toBe(502);
  release.resolve();
  await ended.promise;
});

test('a body over 100 MiB is refused before it is sent', async () => {
  const { url } = await bench();
  const calls = behave(() => ({}));

  const status = await new Promise((resolve, reject) => {
    const headers = { 'content-length': 100 * 1024 * 1024 + 1, 'x-functions-key': 'the function key' };
    const call = request(`${url}/api/keyed`, { method: 'POST', headers }, (response) => {
      resolve(response.statusCode);
      call.destroy();
    });
    call.on('error', reject);
    call.flushHeaders();
  });

  expect(status).toBe(413);
  expect(calls).toEqual([]);
});

test.each([
  ['nightly', 'the master key', '{"input":"x"}', 202],
  ['nightly', 'the master key', '{}', 202],
  ['nightly', 'the function key', '{"input":"x"}', 401],
  ['nightly', null, '{"input":"x"}', 401],
  ['nightly', 'the master key', '', 400],
  ['nightly', 'the master key', '{"input":7}', 400],
  ['nobody', 'the master key', '{"input":"x"}', 404],
])('POST /admin/functions/%s with the key %j and the body %s is %i', async (name, key, body, status) => {
  const { url, runs } = await bench();
  const headers: Record<string, string> = key === null ? {} : { 'x-functions-key': key };

  const response = await fetch(`${url}/admin/functions/${name}`, { method: 'POST', headers, body });

  expect(response.status).toBe(status);
  expect(runs).toHaveLength(status === 202 || status === 404 ? 1 : 0);
});

test.each([
  ['GET', '/admin/functions/nightly'],
  ['POST', '/admin/functions'],
  ['POST', '/admin/host/status'],
])('%s %s is not there', async (method, path) => {
  const { url } = await bench();

  expect((await fetch(`${url}${path}`, { method, headers: { 'x-functions-key': 'the master key' } })).status).toBe(404);
});

test('a host that is stopping answers what it has begun and keeps no connection', async () => {
  const { url, server } = await bench();
  const release = Promise.withResolvers<void>();
  const calls = behave(() => release.promise.then(() => ({ body: 'yes' })));
  const response = fetch(`${url}/api/open/7`);
  await eventually(() => expect(calls).toHaveLength(1));

  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  release.resolve();

  const answer = await response;
  expect(await answer.text()).toBe('yes');
  expect(answer.headers.get('connection')).toBe('close');
  await closed;
});

test('behind App Service Authentication an app is told who has signed in, and by nobody else', async () => {
  const { url } = await bench('api', createSignIn('a tenant'));
  const login = {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ name: 'ada', role: '', to: '/' }),
  } as const;
  const cookie = (await fetch(`${url}/.auth/login/aad`, login)).headers.get('set-cookie') ?? '';
  const recorded = behave(() => ({}));

  await fetch(`${url}/api/open/7`, { headers: { 'x-ms-client-principal': 'forged' } });
  await fetch(`${url}/api/open/7`, { headers: { cookie, 'x-ms-client-principal': 'forged' } });

  const principals = recorded.map((call) => requestOf(call).headers.get('x-ms-client-principal'));
  expect(principals).toEqual([null, expect.stringMatching(/^[\w+/=]{40,}$/)]);
});
