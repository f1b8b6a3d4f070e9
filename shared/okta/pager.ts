import { AnchorwatchError } from '../errors.ts';
import { readWhole, type RawPage } from '../pages.ts';
import { onceMore } from '../retry.ts';
import type { OktaAnswer, OktaClient } from './client.ts';

/** What a page was made into, and the cursor of the page behind it. */
export interface Linked<Made> {
  readonly body: Made;
  readonly next: string | null;
}

/**
 * One page of the list at `list` (path and query). `cursor` is the `next` of the page before, which may have been stored meanwhile; it
 * must lie on the same path. Throws `refused` where a link leaves the host or the list, or where Okta serves another page than the one
 * asked for, twice; `invalid` with `status` 400, 404 or 410 in its fields where Okta no longer takes the cursor.
 */
export async function readLinked<Made>(
  origin: string,
  list: string,
  cursor: string | null,
  ask: (path: string) => Promise<OktaAnswer<Made>>,
): Promise<Linked<Made>> {
  const asked = new URL(cursor ?? list, origin);
  const path = new URL(list, origin).pathname;
  if (asked.origin !== origin || asked.pathname !== path) {
    throw new AnchorwatchError('refused', `A stored cursor does not belong to ${path} and is not followed.`);
  }
  const read = async (): Promise<Linked<Made>> => linked(await ask(asked.pathname + asked.search), asked);
  return onceMore(read, servedAnother, (error) => new AnchorwatchError('refused', `${error.message} Twice.`));
}

/** Such a page as it came. Throws `invalid` besides where it is no list. */
export async function readPage(
  client: OktaClient,
  list: string,
  cursor: string | null,
  signal?: AbortSignal,
): Promise<RawPage> {
  const { body, next } = await readLinked(client.origin, list, cursor, (path) => client.get(path, signal));
  return { rows: listIn(body, nameOf(list)), next };
}

/** Throws `invalid` for anything that is no list. */
export function listIn(body: unknown, what: string): readonly unknown[] {
  if (Array.isArray(body)) return body;
  throw new AnchorwatchError('invalid', `The answer to ${what} is no list.`);
}

export function readAll(client: OktaClient, list: string, signal?: AbortSignal): Promise<readonly unknown[]> {
  return readWhole((cursor) => readPage(client, list, cursor, signal), nameOf(list));
}

function nameOf(list: string): string {
  return `GET ${list.replace(/\?.*$/s, '')}`;
}

function linked<Made>({ body, link }: OktaAnswer<Made>, asked: URL): Linked<Made> {
  const links = readLinks(link);
  const self = links.get('self');
  if (self !== undefined && afterOf(URL.parse(self, asked.href)) !== afterOf(asked)) {
    throw new AnchorwatchError('transient', `Okta served another page of ${asked.pathname} than the one asked for.`, {
      fields: { page: 'another' },
    });
  }
  const next = links.get('next');
  return { body, next: next === undefined ? null : checkNext(next, asked) };
}

function checkNext(link: string, asked: URL): string {
  const next = URL.parse(link, asked.href);
  if (next?.origin === asked.origin && next.pathname === asked.pathname && next.username === '') {
    return next.pathname + next.search;
  }
  throw new AnchorwatchError(
    'refused',
    `Okta's link to the next page of ${asked.pathname} leads to ${next?.host ?? 'nowhere'}${next?.pathname ?? ''}, which is not followed. Is ${asked.host} the address of the org itself?`,
  );
}

function afterOf(url: URL | null): string | null {
  return url?.searchParams.get('after') ?? null;
}

function servedAnother(error: AnchorwatchError): boolean {
  return error.fields['page'] === 'another';
}

/** RFC 8288, as far as Okta goes: `<https://…>; rel="next", <https://…>; rel="self"`. The first of each relation counts. */
function readLinks(header: string | null): ReadonlyMap<string, string> {
  const links = new Map<string, string>();
  for (const [, target = '', parameters = ''] of (header ?? '').matchAll(/<([^>]*)>([^,<]*)/g)) {
    const relation = /rel="?([^";\s]+)"?/.exec(parameters)?.[1];
    if (relation !== undefined && !links.has(relation)) links.set(relation, target);
  }
  return links;
}
