import { expect, test } from 'vitest';
import type { FaultScriptInput } from '../../local/http/faults/script.ts';
import { NOW, serving } from './serving.ts';
import { GRAPH_LIST, OKTA_LIST, tinyWorld } from './tiny-world.ts';

type Fault = FaultScriptInput['rules'][number]['fault'];

const TARGETS = { okta: OKTA_LIST, graph: GRAPH_LIST, identity: '/token' };

async function refused(side: 'okta' | 'graph' | 'identity', fault: Fault, target = TARGETS[side]) {
  const world = tinyWorld();
  const tenants = await serving(world, [{ when: { times: 1 }, fault }]);
  const response = await fetch(tenants.addresses[side] + target);
  return { response, body: await response.text(), reached: world.calls.length, tenants };
}

test.each([
  ['past', NOW / 1000 - 45],
  ['future', NOW / 1000 + 45],
] as const)(
  'Okta is throttled until a reset in the %s, in seconds of the tenants’ own time',
  async (reset, expected) => {
    const { response, body, reached } = await refused('okta', { kind: 'throttled', reset, seconds: 45 });

    expect(response.status).toBe(429);
    expect(response.headers.get('x-rate-limit-limit')).toBe('600');
    expect(response.headers.get('x-rate-limit-remaining')).toBe('0');
    expect(response.headers.get('x-rate-limit-reset')).toBe(String(expected));
    expect(response.headers.get('date')).toBe('Mon, 23 Nov 2026 02:00:00 GMT');
    expect(JSON.parse(body)).toMatchObject({ errorCode: 'E0000047', errorCauses: [] });
    expect(reached).toBe(0);
  },
);

test('Okta is throttled without a word about the reset', async () => {
  const { response } = await refused('okta', { kind: 'throttled', reset: 'missing' });

  expect(response.status).toBe(429);
  expect(response.headers.get('x-rate-limit-remaining')).toBe('0');
  expect(response.headers.has('x-rate-limit-reset')).toBe(false);
});

test.each([
  ['past', 'seconds', '0'],
  ['future', 'seconds', '45'],
  ['past', 'http-date', 'Mon, 23 Nov 2026 01:59:15 GMT'],
  ['future', 'http-date', 'Mon, 23 Nov 2026 02:00:45 GMT'],
  ['missing', 'seconds', null],
] as const)('Graph is throttled with a Retry-After in the %s, as %s: %s', async (reset, form, expected) => {
  const { response, body } = await refused('graph', { kind: 'throttled', reset, form, seconds: 45 });

  expect(response.status).toBe(429);
  expect(response.headers.get('retry-after')).toBe(expected);
  expect(JSON.parse(body)).toMatchObject({ error: { code: 'TooManyRequests' } });
});

test('too many calls at once have limit and remaining 0 at Okta', async () => {
  const { response } = await refused('okta', { kind: 'concurrency-throttled', seconds: 3 });

  expect(response.status).toBe(429);
  expect(response.headers.get('x-rate-limit-limit')).toBe('0');
  expect(response.headers.get('x-rate-limit-remaining')).toBe('0');
  expect(response.headers.get('x-rate-limit-reset')).toBe(String(NOW / 1000 + 3));
});

test('too many calls at once are an ordinary 429 at Graph', async () => {
  const { response } = await refused('graph', { kind: 'concurrency-throttled', seconds: 3 });

  expect([response.status, response.headers.get('retry-after')]).toEqual([429, '3']);
});

test.each([500, 502, 503, 504] as const)('a %d comes in each tenant’s own words', async (status) => {
  const okta = await refused('okta', { kind: 'outage', status });
  const graph = await refused('graph', { kind: 'outage', status });
  const identity = await refused('identity', { kind: 'outage', status });

  expect([okta, graph, identity].map(({ response }) => response.status)).toEqual([status, status, status]);
  expect(JSON.parse(okta.body)).toMatchObject({ errorCode: 'E0000009' });
  expect(JSON.parse(graph.body)).toMatchObject({ error: { code: expect.any(String) } });
  expect(JSON.parse(identity.body)).toEqual({ statusCode: status, message: expect.any(String) });
});

test('an outage may strike after the call had its effect', async () => {
  expect((await refused('graph', { kind: 'outage', status: 504 })).reached).toBe(0);
  expect((await refused('graph', { kind: 'outage', status: 504, reached: true })).reached).toBe(1);
});

test.each([200, 502] as const)('HTML comes instead of JSON, with a %d', async (status) => {
  const { response, body } = await refused('okta', { kind: 'html', status });

  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(body).toMatch(/^<!DOCTYPE html>/);
});

test('a token is refused midway, and taken again afterwards', async () => {
  const { response, body, tenants } = await refused('okta', { kind: 'token-refused' });
  const again = await fetch(tenants.addresses.okta + OKTA_LIST);

  expect(response.status).toBe(401);
  expect(response.headers.get('www-authenticate')).toContain('Bearer');
  expect(JSON.parse(body)).toMatchObject({ errorCode: 'E0000011' });
  expect(again.status).toBe(200);
});

test('Graph and Okta’s token endpoint refuse a token in their own words', async () => {
  const graph = await refused('graph', { kind: 'token-refused' });
  const token = await refused('okta', { kind: 'token-refused' }, '/oauth2/v1/token');

  expect(JSON.parse(graph.body)).toMatchObject({ error: { code: 'InvalidAuthenticationToken' } });
  expect(JSON.parse(token.body)).toMatchObject({ error: 'invalid_client' });
});

test('a caller is denied one person, in the words of the side that denies', async () => {
  const okta = await refused('okta', { kind: 'denied' });
  const graph = await refused('graph', { kind: 'denied' });

  expect([okta.response.status, graph.response.status]).toEqual([403, 403]);
  expect(JSON.parse(okta.body)).toMatchObject({ errorCode: 'E0000006' });
  expect(JSON.parse(graph.body)).toMatchObject({ error: { code: 'Authorization_RequestDenied' } });
  expect([okta.reached, graph.reached]).toEqual([0, 0]);
});

test('a session that Okta lost is a 403 E0000005, which Graph never gives', async () => {
  const okta = await refused('okta', { kind: 'session-refused' });
  const graph = await refused('graph', { kind: 'session-refused' });

  expect(okta.response.status).toBe(403);
  expect(JSON.parse(okta.body)).toMatchObject({ errorCode: 'E0000005' });
  expect(graph.response.status).toBe(200);
});
