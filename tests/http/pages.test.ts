import { describe, expect, test } from 'vitest';
import type { FaultScriptInput } from '../../local/http/faults/script.ts';
import { serving } from './serving.ts';
import { tinyWorld } from './tiny-world.ts';
import { ids, walk } from './walk.ts';

const FIRST = ids(0, 2);
const SECOND = ids(3, 5);
const THIRD = ids(6, 8);
const LAST = ids(9, 9);

type Fault = FaultScriptInput['rules'][number]['fault'];

describe.each(['okta', 'graph'] as const)('%s, a page walk over the socket', (side) => {
  async function walked(pages: number[] | undefined, fault: Fault, times?: number) {
    const when = { side, ...(pages && { pages }), ...(times && { times }) };
    const tenants = await serving(tinyWorld(), [{ when, fault }]);
    return walk(fetch, side, tenants.addresses[side]);
  }

  test('without a fault every row comes once', async () => {
    const tenants = await serving(tinyWorld());

    const { pages, links } = await walk(fetch, side, tenants.addresses[side]);

    expect(pages).toEqual([FIRST, SECOND, THIRD, LAST]);
    expect(links.at(-1)).toBeNull();
  });

  test.each<[string, number[] | undefined, Fault, unknown]>([
    [
      'a dropped page is answered with the next page, links and all',
      [2],
      { kind: 'page-dropped' },
      [FIRST, THIRD, LAST],
    ],
    [
      'a dropped page with its own links loses its rows and repeats the next page',
      [2],
      { kind: 'page-dropped', links: 'kept' },
      [FIRST, THIRD, THIRD, LAST],
    ],
    ['a dropped last page comes empty', [4], { kind: 'page-dropped' }, [FIRST, SECOND, THIRD, []]],
    [
      'a page repeated with its own links costs the rows of the page in its place',
      [3],
      { kind: 'page-repeated', links: 'kept' },
      [FIRST, SECOND, SECOND, LAST],
    ],
    ['there is no page before the first to repeat', [1], { kind: 'page-repeated' }, [FIRST, SECOND, THIRD, LAST]],
    [
      'pages swapped with their links kept lose no row',
      [2],
      { kind: 'pages-swapped', links: 'kept' },
      [FIRST, THIRD, SECOND, LAST],
    ],
    [
      'a shortened page keeps its links, and by default loses half its rows, rounded up',
      [2],
      { kind: 'page-shortened' },
      [FIRST, ids(3, 3), THIRD, LAST],
    ],
    [
      'a page is shortened by a number of rows',
      [3],
      { kind: 'page-shortened', rows: 1 },
      [FIRST, SECOND, ids(6, 7), LAST],
    ],
    [
      'a page shortened by more rows than it has comes empty',
      [2],
      { kind: 'page-shortened', rows: 9 },
      [FIRST, [], THIRD, LAST],
    ],
    ['an emptied page keeps its next link', [2], { kind: 'page-emptied' }, [FIRST, [], THIRD, LAST]],
    ['the last page has no next link to keep', [4], { kind: 'page-emptied' }, [FIRST, SECOND, THIRD, LAST]],
    ['an inserted empty page loses no row', [2], { kind: 'empty-page-inserted' }, [FIRST, [], SECOND, THIRD, LAST]],
    [
      'empty pages inserted before every page lose no row either',
      undefined,
      { kind: 'empty-page-inserted' },
      [[], FIRST, [], SECOND, [], THIRD, [], LAST],
    ],
  ])('%s', async (_, pages, fault, expected) => {
    expect((await walked(pages, fault)).pages).toEqual(expected);
  });

  test('a page repeated with its links leads to the page that was asked for, which then comes', async () => {
    const { pages } = await walked([3], { kind: 'page-repeated' }, 1);

    expect(pages).toEqual([FIRST, SECOND, SECOND, THIRD, LAST]);
  });

  test('a page repeated for ever never ends', async () => {
    const { pages, links } = await walked([3], { kind: 'page-repeated' });

    expect(pages).toHaveLength(12);
    expect(new Set(links).size).toBe(2);
  });

  test('answers that change places skip a page, give it late, and give one twice', async () => {
    const { pages } = await walked([2], { kind: 'pages-swapped' }, 1);

    expect(pages).toEqual([FIRST, THIRD, SECOND, THIRD, LAST]);
  });

  test('a next link leads to another host, with the same path and cursor', async () => {
    const elsewhere = await serving(tinyWorld());
    const origin = elsewhere.addresses[side];

    const { links, pages } = await walked([2], { kind: 'next-elsewhere', origin });
    const [first, second] = links.slice(0, 2).map((link) => new URL(link ?? ''));

    expect(second?.origin).toBe(origin);
    expect(second?.origin).not.toBe(first?.origin);
    expect(second?.pathname).toBe(first?.pathname);
    expect(pages).toEqual([FIRST, SECOND, THIRD, LAST]);
    // Okta's links lead on to wherever it was called; Graph's lead home again.
    expect(elsewhere.meter.counts()).toMatchObject([{ side, calls: side === 'okta' ? 2 : 1 }]);
  });

  test('a page that has lost its next link calls itself the last', async () => {
    const { pages, links } = await walked([2], { kind: 'next-lost' });

    expect(pages).toEqual([FIRST, SECOND]);
    expect(links.at(-1)).toBeNull();
  });

  test('a cursor that cycles for ever shows the same pages again and again', async () => {
    const { pages } = await walked([3], { kind: 'cursor-cycles', back: 1 });

    expect(pages.slice(0, 6)).toEqual([FIRST, SECOND, THIRD, SECOND, THIRD, SECOND]);
    expect(pages).toHaveLength(12);
  });

  test('a cursor that leads to its own page does so as well from the last page', async () => {
    const { pages, links } = await walked([4], { kind: 'cursor-cycles', back: 0 }, 1);

    expect(pages).toEqual([FIRST, SECOND, THIRD, LAST, LAST]);
    expect(links[3]).toBe(links[2]);
  });

  test('a cursor that cycles back beyond the first page begins the list again', async () => {
    const { pages } = await walked([2], { kind: 'cursor-cycles', back: 7 }, 1);

    expect(pages).toEqual([FIRST, SECOND, FIRST, SECOND, THIRD, LAST]);
  });

  test('an endless list has a cursor never seen before on every page', async () => {
    const { pages, links } = await walked(undefined, { kind: 'list-endless' });

    expect(pages).toHaveLength(12);
    expect(pages.slice(3)).toEqual(Array.from({ length: 9 }, () => LAST));
    expect(new Set(links).size).toBe(12);
  });

  test('an endless list of empty pages ends at its bound', async () => {
    const { pages, links } = await walked(undefined, { kind: 'list-endless', rows: 'none', pages: 3 });

    expect(pages).toEqual([FIRST, SECOND, THIRD, LAST, [], [], []]);
    expect(links.at(-1)).toBeNull();
  });
});

test('a dropped page brings the headers of the page that came in its place', async () => {
  const tenants = await serving(tinyWorld(), [{ when: { pages: [1] }, fault: { kind: 'page-dropped' } }]);

  const response = await fetch(`${tenants.addresses.okta}/api/v1/apps/0oa1tinyadinstance0/users?limit=5`);

  expect(response.headers.get('x-page')).toBe('5');
  expect(response.headers.get('link')).toMatch(/^<[^>]*after=at-5[^>]*>; rel="self"$/);
});

test('a made-up cursor is the one that its page says it was asked for with', async () => {
  const tenants = await serving(tinyWorld(), [{ when: { times: 1 }, fault: { kind: 'empty-page-inserted' } }]);
  const { links } = await walk(fetch, 'okta', tenants.addresses.okta, 1);

  const response = await fetch(links[0] ?? '');

  expect(response.headers.get('link')).toContain(`<${links[0]}>; rel="self"`);
  expect(await response.json()).toHaveLength(3);
});

test('links other than the next one stay as they were', async () => {
  const tenants = await serving(tinyWorld(), [{ fault: { kind: 'next-elsewhere' } }]);

  const response = await fetch(`${tenants.addresses.okta}/api/v1/apps/0oa1tinyadinstance0/users?limit=5`);

  expect(response.headers.get('link')).toMatch(
    /^<http:\/\/127\.0\.0\.1:\d+\/api[^>]*>; rel="self", <https:\/\/elsewhere\.example\/api[^>]*after=at-5>; rel="next"$/,
  );
});

test('page faults leave answers alone that are no page of a list', async () => {
  const tenants = await serving(tinyWorld(), [
    { fault: { kind: 'page-emptied' } },
    { fault: { kind: 'page-dropped' } },
  ]);

  const response = await fetch(`${tenants.addresses.graph}/v1.0/organization`);

  expect(await response.json()).toMatchObject({ target: '/v1.0/organization' });
});
