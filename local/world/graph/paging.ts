import { readCursor, writeCursor } from '../cursor.ts';
import type { Reply } from '../routes.ts';
import type { GraphCall } from './context.ts';
import { GraphRefusal, unsupported } from './refusal.ts';

const USUAL = 100;
const MOST = 999;

interface List<Row> {
  /** Names the list in its page tokens. */
  readonly name: string;
  /** What the answer says its rows are. */
  readonly context: string;
  rows(after: string | null): Iterable<Row>;
  keyOf(row: Row): string;
  /** All rows together, where the call may ask for it. */
  count?(): number;
}

/**
 * One page, with the link to the next where more follows. `$count=true` without `ConsistencyLevel: eventual` is let pass and gives no
 * count, as Graph does.
 */
export function page<Row>(call: GraphCall, list: List<Row>, render: (row: Row) => unknown): Reply {
  const size = Math.min(topOf(call), call.settings.pageCap);
  const rows: Row[] = [];
  let more = false;
  for (const row of list.rows(afterOf(call, list.name))) {
    more = rows.length === size;
    if (more) break;
    rows.push(row);
  }

  const last = rows.at(-1);
  const body: Record<string, unknown> = { '@odata.context': `${call.origin}/v1.0/$metadata#${list.context}` };
  const wantsCount =
    call.eventual && call.target.query.get('$count') === 'true' && !call.target.query.has('$skiptoken');
  if (wantsCount && list.count !== undefined) body['@odata.count'] = list.count();
  if (more && last !== undefined) {
    body['@odata.nextLink'] = nextLink(call, writeCursor(list.name, list.keyOf(last), call.now));
  }
  return { status: 200, body: { ...body, value: rows.map(render) } };
}

function topOf(call: GraphCall): number {
  const top = call.target.query.get('$top');
  if (top === undefined) return USUAL;
  const size = /^\d{1,6}$/.test(top) ? Number(top) : 0;
  if (size >= 1 && size <= MOST) return size;
  throw unsupported(`Invalid page size specified: '${top}'. Must be between 1 and ${MOST} inclusive.`);
}

function afterOf(call: GraphCall, list: string): string | null {
  const token = call.target.query.get('$skiptoken');
  if (token === undefined) return null;
  const after = readCursor(token, list, call.now, call.settings.cursorLifetime);
  if (after !== null) return after;
  const message = 'The specified page token value has expired and can no longer be included in your request.';
  throw new GraphRefusal(400, 'Directory_ExpiredPageToken', message);
}

function nextLink(call: GraphCall, token: string): string {
  const kept = [...call.target.query].filter(([name]) => name !== '$skiptoken');
  const query = [...kept, ['$skiptoken', token] as const].map(
    ([name, value]) => `${name}=${encodeURIComponent(value)}`,
  );
  return `${call.origin}${call.target.path}?${query.join('&')}`;
}
