import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withFaults } from '../../local/http/faults/faulty.ts';
import { parseFaults, type FaultScriptInput } from '../../local/http/faults/script.ts';
import { inProcessFetch } from '../../local/http/in-process.ts';
import { faultScripts, pageFaults, passingFaults, type FaultInput } from './fault-scripts.ts';
import { NOW, serving } from './serving.ts';
import { OKTA_LIST, tinyWorld } from './tiny-world.ts';
import { ids, idsOf, walk } from './walk.ts';

const HOME = 'http://tenants.test';
const clock = { now: () => NOW, wait: async () => undefined };

function inProcess(side: 'okta' | 'graph', script: FaultScriptInput, rows = 10) {
  const faulty = withFaults(tinyWorld(rows), parseFaults(script));
  return inProcessFetch(faulty, {
    clock,
    random: () => 0.5,
    side: (url) => (url.origin === HOME ? side : null),
  });
}

/** Tests know no network but the loopback one. */
async function loopback(address: string): Promise<Response> {
  if (!address.startsWith('http://127.0.0.1:')) throw new TypeError('fetch failed');
  return fetch(address);
}

/** Whatever happens: a walk, or the code of the connection that broke. */
async function outcome(fetched: (input: string) => Promise<Response>, side: 'okta' | 'graph', address: string) {
  try {
    return await walk(fetched, side, address, 20);
  } catch (error) {
    return error instanceof TypeError ? 'broken' : error;
  }
}

test('in process a walk sees what it sees over a socket, under any script', async () => {
  const tenants = await serving(tinyWorld(), [], { clock });
  await fc.assert(
    fc.asyncProperty(
      faultScripts(fc.oneof(pageFaults, passingFaults)),
      fc.constantFrom('okta' as const, 'graph' as const),
      async (script, side) => {
        tenants.setFaults(parseFaults(script));

        const overSocket = await outcome(loopback, side, tenants.addresses[side]);
        const direct = await outcome(inProcess(side, script), side, HOME);

        expect(JSON.parse(JSON.stringify(direct).replaceAll(HOME, tenants.addresses[side]))).toEqual(overSocket);
      },
    ),
    { numRuns: 60 },
  );
});

test('the same script on the same calls gives the same answers', async () => {
  await fc.assert(
    fc.asyncProperty(faultScripts(fc.oneof(pageFaults, passingFaults)), async (script) => {
      const [first, second] = await Promise.all([1, 2].map(() => outcome(inProcess('okta', script), 'okta', HOME)));
      expect(first).toEqual(second);
    }),
  );
});

const harmless: fc.Arbitrary<FaultInput> = fc.constantFrom(
  { kind: 'empty-page-inserted' },
  { kind: 'pages-swapped', links: 'kept' },
  { kind: 'slow', ms: 20 },
  { kind: 'body-endless', bytes: 5_000 },
);

test('faults that lose nothing lose nothing, however many there are', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(harmless, { maxLength: 3 }), fc.integer({ min: 1, max: 8 }), async (faults, ordinal) => {
      const rules = faults.map((fault, index) => ({ when: { ordinals: [ordinal + index] }, fault }));

      const { pages } = await walk(inProcess('graph', { rules }, 20), 'graph', HOME, 30);

      expect(pages.flat().toSorted()).toEqual(ids(0, 19).toSorted());
    }),
  );
});

const losing: fc.Arbitrary<FaultInput> = fc.oneof(
  fc.constantFrom<FaultInput>(
    { kind: 'page-dropped' },
    { kind: 'page-dropped', links: 'kept' },
    { kind: 'page-repeated', links: 'kept' },
    { kind: 'page-emptied' },
    { kind: 'page-shortened', share: 1 },
  ),
  fc.record({ kind: fc.constant('page-shortened' as const), rows: fc.integer({ min: 1, max: 4 }) }),
);

test('faults that lose rows lose them, on any page but where there is none to lose', async () => {
  await fc.assert(
    fc.asyncProperty(losing, fc.integer({ min: 2, max: 6 }), async (fault, page) => {
      const rules = [{ when: { pages: [page], times: 1 }, fault }];

      const { pages } = await walk(inProcess('okta', { rules }, 20), 'okta', HOME, 30);

      expect(new Set(pages.flat()).size).toBeLessThan(20);
    }),
  );
});

test('page numbers follow the walk, also through cursors that a fault made up', async () => {
  const rules = [
    { when: { pages: [2] }, fault: { kind: 'empty-page-inserted' as const } },
    { when: { pages: [3] }, fault: { kind: 'page-emptied' as const } },
  ];

  const { pages } = await walk(inProcess('okta', { rules }), 'okta', HOME);

  expect(pages).toEqual([ids(0, 2), [], ids(3, 5), [], ids(9, 9)]);
});

test('a page asked for again after a fault is the true one', async () => {
  const fetched = inProcess('okta', { rules: [{ when: { ordinals: [2] }, fault: { kind: 'page-dropped' } }] });
  const { links } = await walk(fetched, 'okta', HOME, 1);
  const again = async () => idsOf(await (await fetched(links[0] ?? '')).json());

  expect([await again(), await again()]).toEqual([ids(6, 8), ids(3, 5)]);
});

test('a page is known by its cursor, however a client spells the rest of the link', async () => {
  const rules = [{ when: { pages: [3] }, fault: { kind: 'page-emptied' as const } }];
  const fetched = inProcess('graph', { rules });
  const { links } = await walk(fetched, 'graph', HOME, 2);
  const params = [...new URL(links[1] ?? '').searchParams].toReversed();

  const response = await fetched(`${HOME}/v1.0/users?${new URLSearchParams(params).toString()}`);

  expect(await response.json()).toMatchObject({ value: [] });
});

test('the world is asked once for each page, however many faults look at it', () => {
  const world = tinyWorld(3);
  const notHere = ['page-emptied', 'pages-swapped', 'next-elsewhere', 'page-repeated'] as const;
  const faulty = withFaults(world, parseFaults({ rules: notHere.map((kind) => ({ fault: { kind } })) }));
  const call = { side: 'okta', method: 'GET', target: OKTA_LIST, headers: { host: 'x' }, body: '' } as const;

  const { fault } = faulty.exchange(call, NOW, () => 0.5);

  expect(fault).toBeNull();
  expect(world.calls).toHaveLength(1);
});

test('an address where nobody lives refuses the connection', async () => {
  const fetched = inProcess('okta', { rules: [] });

  await expect(fetched('https://elsewhere.example/x')).rejects.toMatchObject({
    message: 'fetch failed',
    cause: { code: 'ECONNREFUSED' },
  });
});

test('a stalled body ends when the caller has had enough, with the caller’s reason', async () => {
  const fetched = inProcess('graph', { rules: [{ fault: { kind: 'body-cut', ending: 'stalled' } }] });
  const controller = new AbortController();
  const response = await fetched(`${HOME}/v1.0/users`, { signal: controller.signal });
  const read = response.text().catch((reason: unknown) => reason);

  controller.abort(new Error('had enough'));

  expect(await read).toMatchObject({ message: 'had enough' });
});
