import { expect, test } from 'vitest';
import { parseFaults } from '../../local/http/faults/script.ts';
import { NOW, serving } from './serving.ts';
import { GRAPH_LIST, OKTA_LIST, tinyWorld } from './tiny-world.ts';
import { walk } from './walk.ts';

test('a call reaches the world as it was sent, undecoded, and its answer comes back', async () => {
  const world = tinyWorld();
  const tenants = await serving(world);

  const response = await fetch(`${tenants.addresses.identity}/a%2Fb?x=1%2B1+2`, {
    method: 'POST',
    headers: { 'X-Mark': 'Kept' },
    body: 'grüße',
  });

  expect(await response.json()).toEqual({
    side: 'identity',
    method: 'POST',
    target: '/a%2Fb?x=1%2B1+2',
    body: 'grüße',
  });
  expect(world.calls[0]?.headers).toMatchObject({ 'x-mark': 'Kept', host: new URL(tenants.addresses.identity).host });
});

test('the three tenants listen side by side on the loopback address alone, each on its own port', async () => {
  const tenants = await serving(tinyWorld());

  const sides = await Promise.all(
    Object.values(tenants.addresses).map(async (address) => {
      expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
      const response = await fetch(`${address}/who`);
      return response.json();
    }),
  );

  expect(sides).toMatchObject([{ side: 'okta' }, { side: 'graph' }, { side: 'identity' }]);
});

test('two sets of tenants serve side by side, each with faults of its own', async () => {
  const good = await serving(tinyWorld());
  const bad = await serving(tinyWorld(), [{ fault: { kind: 'page-emptied' } }]);

  const [fromGood, fromBad] = await Promise.all([
    walk(fetch, 'okta', good.addresses.okta),
    walk(fetch, 'okta', bad.addresses.okta),
  ]);

  expect(fromGood.pages.flat()).toHaveLength(10);
  expect(fromBad.pages.flat()).toHaveLength(1);
});

test('answers bear the tenants’ own time', async () => {
  const tenants = await serving(tinyWorld());

  const response = await fetch(`${tenants.addresses.graph}/who`);

  expect(response.headers.get('date')).toBe(new Date(NOW).toUTCString());
});

test('a body over the bound is answered with 413 and never reaches the world', async () => {
  const world = tinyWorld();
  const tenants = await serving(world, [], { maxBody: 10 });

  const [fits, over] = await Promise.all(
    [10, 11].map((length) => fetch(`${tenants.addresses.graph}/x`, { method: 'POST', body: 'x'.repeat(length) })),
  );

  expect([fits?.status, over?.status]).toEqual([200, 413]);
  expect(world.calls).toHaveLength(1);
});

test('what the world throws is told to the owner and answered with a 500 that says what happened', async () => {
  const told: unknown[] = [];
  const tenants = await serving(tinyWorld(), [], { onError: (error) => told.push(error) });

  const response = await fetch(`${tenants.addresses.graph}/boom`);

  expect(response.status).toBe(500);
  expect(await response.text()).toBe('The simulated tenants failed at GET /boom: a mistake in the world\n');
  expect(told).toEqual([expect.objectContaining({ message: 'a mistake in the world' })]);
});

test('latency, and a slow answer on top of it, wait by the clock that was passed in', async () => {
  const waits: number[] = [];
  const tenants = await serving(tinyWorld(), [{ when: { ordinals: [2] }, fault: { kind: 'slow', ms: 5_000 } }], {
    latency: 40,
    clock: {
      now: () => NOW,
      wait: async (ms) => {
        waits.push(ms);
      },
    },
  });

  await fetch(`${tenants.addresses.okta}/a`);
  await fetch(`${tenants.addresses.okta}/b`);

  expect(waits).toEqual([40, 5_040]);
});

test('other faults apply from the next call on, and count anew', async () => {
  const tenants = await serving(tinyWorld(), [{ when: { from: 2 }, fault: { kind: 'outage', status: 503 } }]);
  const ask = async () => (await fetch(tenants.addresses.okta + OKTA_LIST)).status;

  const before = [await ask(), await ask()];
  tenants.setFaults(parseFaults({ rules: [{ when: { from: 2 }, fault: { kind: 'outage', status: 500 } }] }));
  const after = [await ask(), await ask()];

  expect([before, after]).toEqual([
    [200, 503],
    [200, 500],
  ]);
});

test('calls, 429s, faults and bytes are counted for each operation, ids aside', async () => {
  const tenants = await serving(tinyWorld(), [
    { when: { side: 'okta', ordinals: [2] }, fault: { kind: 'throttled', reset: 'missing' } },
  ]);
  const { okta, graph } = tenants.addresses;

  const bodies = [
    await fetch(okta + OKTA_LIST),
    await fetch(okta + OKTA_LIST.replace('0oa1tinyadinstance0', '0oa2tinyadinstance0')),
    await fetch(okta + OKTA_LIST),
  ];
  const bytes = (await Promise.all(bodies.map((each) => each.text()))).join('').length;
  await fetch(graph + GRAPH_LIST);
  await fetch(`${graph}/v1.0/users/ada%40contoso.com`, { method: 'PATCH', body: '{}' });

  const counts = tenants.meter.counts();
  expect(counts.map(({ side, operation }) => `${side} ${operation}`)).toEqual([
    'graph GET /v1.0/users',
    'graph PATCH /v1.0/users/{id}',
    'okta GET /api/v1/apps/{id}/users',
  ]);
  expect(counts[1]).toMatchObject({ calls: 1, throttled: 0, bytesIn: 2 });
  expect(counts[2]).toMatchObject({ calls: 3, throttled: 1, faults: 1, bytesIn: 0, bytesOut: bytes });
  tenants.meter.reset();
  expect(tenants.meter.counts()).toEqual([]);
});
