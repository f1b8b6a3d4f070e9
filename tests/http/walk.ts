import { z } from 'zod';
import { readPage } from '../../local/http/faults/page.ts';
import { GRAPH_LIST, OKTA_LIST } from './tiny-world.ts';

export interface Walked {
  /** Ids of each page, in the order in which they came. */
  readonly pages: readonly (readonly string[])[];
  /** The next links as they came, absolute; the last is null when the list ended. */
  readonly links: readonly (string | null)[];
  readonly statuses: readonly number[];
}

type Fetch = (input: string) => Promise<Response>;

/** Follows next links as a client without any suspicion would, for at most so many pages; Graph's links are brought home to `address`. */
export async function walk(fetch: Fetch, side: 'okta' | 'graph', address: string, most = 12): Promise<Walked> {
  const pages: string[][] = [];
  const links: (string | null)[] = [];
  const statuses: number[] = [];
  let at: string | null = address + (side === 'okta' ? OKTA_LIST : GRAPH_LIST);
  while (at !== null && statuses.length < most) {
    const response: Response = await fetch(at);
    statuses.push(response.status);
    const headers = Object.fromEntries(response.headers);
    const page = readPage(side, { status: response.status, headers, body: await response.text() });
    if (page === null) break;
    pages.push(idsOf(page.rows));
    links.push(page.next);
    at = page.next === null ? null : page.next.replace('https://graph.microsoft.com', address);
  }
  return { pages, links, statuses };
}

const rows = z.array(z.object({ id: z.string() }));

export function idsOf(body: unknown): string[] {
  return rows.parse(body).map(({ id }) => id);
}

/** `r3` to `r5` */
export function ids(from: number, to: number): readonly string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => `r${from + index}`);
}
