import { describe, expect, test } from 'vitest';
import type { Effect } from '../../shared/ports/effect.ts';
import { SECOND } from '../../shared/time.ts';
import type { Reply } from '../loopback.ts';
import { graphError, type Tenant, tenant } from './tenant.ts';

const ID = '11111111-2222-4333-8444-555555555555';
const USER = `/v1.0/users/${ID}`;
const DONE: Reply = { status: 204, body: '', headers: { 'request-id': 'graph-1' } };

function effectOf({ tools }: Tenant): Effect {
  return { until: tools.clock.now() + 5 * SECOND, correlation: '3f0c1f0e-7a44-4d6b-9a53-0d3f6c1f2b11' };
}

describe('a write to Graph', () => {
  test.each([
    ['userPrincipalName', 'ada@contoso.onmicrosoft.com'],
    ['onPremisesImmutableId', '+/+/+/+/+/+/+/+/+/+/+w=='],
  ] as const)('of %s carries that alone, never a password, under the id of its intent', async (property, value) => {
    const graph = await tenant({ [USER]: DONE });
    const { entra, server } = graph;
    const write = property === 'userPrincipalName' ? 'setUserName' : 'setAnchor';

    await expect(entra[write](ID, value, effectOf(graph))).resolves.toEqual({ requestId: 'graph-1' });

    const [request, ...more] = server.seen;
    expect(more).toEqual([]);
    expect(request).toMatchObject({
      method: 'PATCH',
      url: USER,
      headers: {
        authorization: 'Bearer token-1',
        'content-type': 'application/json',
        'client-request-id': effectOf(graph).correlation,
      },
    });
    expect(JSON.parse(request?.body ?? '')).toEqual({ [property]: value });
    // Reads step back where Graph throttles; whoever is parked must not.
    expect(request?.headers['x-ms-throttle-priority']).toBeUndefined();
  });

  test.each<readonly [string, Reply, string]>([
    ['408', { status: 408 }, 'transient'],
    ['429', graphError(429, 'TooManyRequests', 'Too many requests'), 'throttled'],
    ['500', graphError(500, 'InternalServerError', 'words'), 'transient'],
    ['503', graphError(503, 'ServiceNotAvailable', 'words'), 'transient'],
    ['half a body', { body: { id: ID }, cut: 'body' }, 'transient'],
    ['a closed socket', { cut: 'before' }, 'transient'],
    ['a redirect', { status: 307, headers: { location: 'https://elsewhere.example/' } }, 'refused'],
  ])('is sent once, whatever is answered: %s', async (_, reply, kind) => {
    const graph = await tenant({ [USER]: [reply, DONE] });

    await expect(graph.entra.setAnchor(ID, 'value', effectOf(graph))).rejects.toMatchObject({ kind });
    expect(graph.server.seen).toHaveLength(1);
    expect(graph.tools.clock.waits).toEqual([]);
    expect(graph.tools.clock.ticking()).toBe(0);
  });

  test('is not waited for beyond its last instant', async () => {
    const graph = await tenant({
      [USER]: () => {
        graph.tools.clock.expire();
        return { silent: true };
      },
    });

    await expect(graph.entra.setAnchor(ID, 'value', effectOf(graph))).rejects.toMatchObject({
      kind: 'transient',
      message: 'Microsoft Graph did not answer within 5 seconds.',
    });
    expect(graph.server.seen).toHaveLength(1);
  });

  test('that a withdrawn token ended is denied, and the next one comes with another', async () => {
    const graph = await tenant({ [USER]: [graphError(401, 'InvalidAuthenticationToken', 'words'), DONE] });

    await expect(graph.entra.setAnchor(ID, 'value', effectOf(graph))).rejects.toMatchObject({ kind: 'denied' });
    await graph.entra.setAnchor(ID, 'value', effectOf(graph));

    const tokens = graph.server.seen.map(({ headers }) => headers.authorization);
    expect(tokens).toEqual(['Bearer token-1', 'Bearer token-2']);
  });
});
