import { readCursor, writeCursor } from '../cursor.ts';
import type { Reply } from '../routes.ts';
import type { OktaCall } from './context.ts';
import { invalid } from './refusal.ts';

interface List<Row> {
  /** Names the list in its cursors: a cursor of one list is no good in another. */
  readonly name: string;
  readonly usual: number;
  /** The smallest `limit`; 1 unless Okta documents another. */
  readonly least?: number;
  readonly most: number;
  /** What Okta does with a larger `limit`. */
  readonly above: 'refuse' | 'clamp';
  /** A list that is polled for ever has a next page for ever. */
  readonly endless?: boolean;
  rows(after: string | null): Iterable<Row>;
  keyOf(row: Row): string;
}

/**
 * One page with its `Link` headers: `self`, and `next` where more follows. The link to the next page keeps the query but for `expand`,
 * which Okta forgets there (okta-sdk-nodejs#439).
 */
export function page<Row>(call: OktaCall, list: List<Row>, render: (row: Row) => unknown): Reply {
  const limit = limitOf(call, list);
  const after = afterOf(call, list.name);
  const size = Math.min(limit, call.settings.pageCap);

  const rows: Row[] = [];
  let more = false;
  for (const row of list.rows(after)) {
    more = rows.length === size;
    if (more) break;
    rows.push(row);
  }

  const last = rows.at(-1);
  const links = [link(`${call.origin}${call.rawTarget}`, 'self')];
  if (more || list.endless === true) {
    const key = last === undefined ? (after ?? '') : list.keyOf(last);
    links.push(link(nextAddress(call, limit, writeCursor(list.name, key, call.now)), 'next'));
  }
  return { status: 200, body: rows.map(render), headers: { link: links.join(', ') } };
}

/** A list that Okta gives in one piece. */
export function whole(call: OktaCall, body: readonly unknown[]): Reply {
  return { status: 200, body, headers: { link: link(`${call.origin}${call.rawTarget}`, 'self') } };
}

function limitOf<Row>(call: OktaCall, { usual, least = 1, most, above }: List<Row>): number {
  const text = call.target.query.get('limit');
  if (text === undefined) return usual;
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (limit < least || (limit > most && above === 'refuse')) {
    throw invalid('limit', `The limit must be a whole number from ${least} to ${most}.`);
  }
  return Math.min(limit, most);
}

function afterOf(call: OktaCall, list: string): string | null {
  const cursor = call.target.query.get('after');
  if (cursor === undefined) return null;
  const after = readCursor(cursor, list, call.now, call.settings.cursorLifetime);
  if (after === null) throw invalid('after', 'The cursor is not valid.');
  return after;
}

function nextAddress(call: OktaCall, limit: number, cursor: string): string {
  const kept = [...call.target.query].filter(([name]) => !['after', 'limit', 'expand'].includes(name));
  const query: readonly (readonly [string, string])[] = [['after', cursor], ['limit', String(limit)], ...kept];
  return `${call.origin}${call.target.path}?${query.map((pair) => pair.map(encodeURIComponent).join('=')).join('&')}`;
}

function link(address: string, rel: string): string {
  return `<${address}>; rel="${rel}"`;
}
