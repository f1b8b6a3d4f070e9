import { inShape } from '../answers.ts';
import { AnchorwatchError } from '../errors.ts';
import { readWhole, type RawPage } from '../pages.ts';
import type { Page } from '../ports/okta.ts';
import type { Body, GraphPage } from '../ports/parsing.ts';
import type { GraphBodies, GraphClient, GraphOptions } from './client.ts';
import { PageSchema } from './schemas.ts';

/**
 * One page of the list at `list` (path and query). `cursor` is the `next` of the page before, which may have been stored meanwhile.
 * Throws `refused` where a link leaves the host or v1.0, and `invalid` with `status` 400 or 410 in its fields where Graph no longer
 * takes the cursor.
 */
export async function readPage(
  client: GraphClient,
  list: string,
  cursor: string | null,
  options: GraphOptions = {},
): Promise<RawPage> {
  const what = nameOf(list);
  const path = cursor === null ? list : checkLink(client.origin + cursor, client.origin, what);
  const page = inShape(PageSchema, await client.json(path, options), what);
  const next = page['@odata.nextLink'];
  return { rows: page.value, next: next === undefined ? null : checkLink(next, client.origin, what) };
}

/** Such a page that was made by others, with what else they say of it. */
export async function readMade<Row>(
  client: GraphBodies,
  list: string,
  cursor: string | null,
  make: (body: Body) => Promise<GraphPage<Row>>,
  signal: AbortSignal,
): Promise<Page<Row>> {
  const what = nameOf(list);
  const path = cursor === null ? list : checkLink(client.origin + cursor, client.origin, what);
  const { rows, next, leftOut } = await client.read(path, make, { signal });
  return { rows, next: next === null ? null : checkLink(next, client.origin, what), leftOut };
}

/** Every page is asked for with the same options: a next link does not carry the header of an advanced query. */
export function readAll(
  client: GraphClient,
  list: string,
  options: Pick<GraphOptions, 'eventual'> = {},
): Promise<readonly unknown[]> {
  return readWhole((cursor) => readPage(client, list, cursor, options), nameOf(list));
}

function nameOf(list: string): string {
  return `GET ${list.replace(/\?.*$/s, '')}`;
}

function checkLink(link: string, origin: string, what: string): string {
  const url = URL.parse(link);
  const stays =
    url?.origin === origin && url.pathname.startsWith('/v1.0/') && url.username === '' && link.startsWith(`${origin}/`);
  if (stays) return link.slice(origin.length);
  throw new AnchorwatchError(
    'refused',
    `The link to the next page of ${what} leads to ${url?.host ?? 'nowhere'}, which is not followed. Expected is ${origin}/v1.0/.`,
  );
}
