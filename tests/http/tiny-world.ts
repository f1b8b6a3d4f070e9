import type { Answer, Call, World } from '../../local/world/call.ts';

export interface TinyWorld extends World {
  /** Every call that reached it, in order. */
  readonly calls: readonly Call[];
}

export const OKTA_LIST = '/api/v1/apps/0oa1tinyadinstance0/users?limit=3';
export const GRAPH_LIST = '/v1.0/users?$select=id,displayName&$top=3';

/**
 * Ten rows on each side in pages of three or what the call asks for, `r0` to `r9`; `/boom` throws; anything else echoes the call.
 * Just enough of a tenant to lay faults over.
 */
export function tinyWorld(rows = 10): TinyWorld {
  const calls: Call[] = [];
  const all = Array.from({ length: rows }, (_, index) => ({ id: `r${index}` }));
  return {
    calls,
    handle(call) {
      calls.push(call);
      const url = new URL(call.target, 'http://tiny.invalid');
      if (url.pathname === '/boom') throw new Error('a mistake in the world');
      if (call.side === 'okta' && url.pathname.endsWith('/users')) return oktaPage(call, url, all);
      if (call.side === 'graph' && url.pathname === '/v1.0/users') return graphPage(url, all);
      return json({ side: call.side, method: call.method, target: call.target, body: call.body });
    },
  };
}

function oktaPage(call: Call, url: URL, all: readonly unknown[]): Answer {
  const { rows, next } = slice(all, url.searchParams.get('after'), url.searchParams.get('limit'));
  const own = `http://${call.headers['host']}`;
  const links = [`<${own}${call.target}>; rel="self"`];
  if (next !== null) {
    url.searchParams.set('after', next);
    links.push(`<${own}${url.pathname}${url.search}>; rel="next"`);
  }
  const answer = json(rows);
  return { ...answer, headers: { ...answer.headers, Link: links.join(', '), 'x-page': `${rows.length}` } };
}

function graphPage(url: URL, all: readonly unknown[]): Answer {
  const { rows, next } = slice(all, url.searchParams.get('$skiptoken'), url.searchParams.get('$top'));
  const context = { '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#users' };
  if (next === null) return json({ ...context, value: rows });
  url.searchParams.set('$skiptoken', next);
  return json({
    ...context,
    '@odata.nextLink': `https://graph.microsoft.com${url.pathname}${url.search}`,
    value: rows,
  });
}

function slice(all: readonly unknown[], cursor: string | null, size: string | null) {
  const start = cursor === null ? 0 : Number(cursor.replace('at-', ''));
  const end = start + Number(size ?? 3);
  return { rows: all.slice(start, end), next: end < all.length ? `at-${end}` : null };
}

function json(body: unknown): Answer {
  return { status: 200, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}
