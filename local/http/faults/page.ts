import { z } from 'zod';
import type { Answer, Call } from '../../world/call.ts';
import { originOf } from '../../world/origin.ts';

/** One page of a list as the wire shows it: Okta sends an array and a `Link` header, Graph `value` and `@odata.nextLink`. */
export interface ListPage {
  readonly rows: readonly unknown[];
  /** Absolute address of the next page; null on the last. */
  readonly next: string | null;
}

type Side = Call['side'];

const NEXT = '@odata.nextLink';
const oktaBody = z.array(z.unknown());
const graphBody = z.looseObject({ value: z.array(z.unknown()), [NEXT]: z.string().optional() });

/** The page in an answer; null when the answer is no page of a list. Header names are lower case. */
export function readPage(side: Side, answer: Answer): ListPage | null {
  if (answer.status !== 200) return null;
  const body = json(answer.body);
  if (side === 'graph') {
    const parsed = graphBody.safeParse(body);
    return parsed.success ? { rows: parsed.data.value, next: parsed.data[NEXT] ?? null } : null;
  }
  const parsed = oktaBody.safeParse(body);
  return side === 'okta' && parsed.success ? { rows: parsed.data, next: linkOf(answer, 'next') } : null;
}

/** The same answer with other rows; links and everything else stay. */
export function withRows(side: Side, answer: Answer, rows: readonly unknown[]): Answer {
  if (side === 'okta') return { ...answer, body: JSON.stringify(rows) };
  return { ...answer, body: JSON.stringify({ ...graphBody.parse(json(answer.body)), value: rows }) };
}

/** The same answer with another next link, or with none. */
export function withNext(side: Side, answer: Answer, next: string | null): Answer {
  if (side === 'graph') {
    const { [NEXT]: _, ...body } = graphBody.parse(json(answer.body));
    // Graph writes the link before the rows.
    const { value, ...rest } = body;
    return { ...answer, body: JSON.stringify({ ...rest, ...(next === null ? {} : { [NEXT]: next }), value }) };
  }
  const others = linksOf(answer).filter((link) => !isRelation(link, 'next'));
  const links = next === null ? others : [...others, `<${next}>; rel="next"`];
  const { link: _, ...headers } = answer.headers;
  return { ...answer, headers: links.length === 0 ? headers : { ...headers, link: links.join(', ') } };
}

/** The same answer saying of itself that it was asked for at `to`, where it said so of `from` (both path and query). */
export function withSelf(answer: Answer, from: string, to: string): Answer {
  const links = linksOf(answer).map((link) =>
    isRelation(link, 'self') && link.includes(`${from}>`) ? link.replace(`${from}>`, () => `${to}>`) : link,
  );
  return links.length === 0 ? answer : { ...answer, headers: { ...answer.headers, link: links.join(', ') } };
}

/** Where the tenant says it lives, for links it did not give itself: from its own links, or else as it was called. */
export function homeOf(call: Call, answer: Answer): string {
  const context = z.object({ '@odata.context': z.string() }).safeParse(json(answer.body));
  const own =
    readPage(call.side, answer)?.next ??
    linkOf(answer, 'self') ??
    (context.success ? context.data['@odata.context'] : null);
  return own !== null && URL.canParse(own) ? new URL(own).origin : originOf(call, null);
}

function linkOf(answer: Answer, relation: string): string | null {
  const link = linksOf(answer).find((each) => isRelation(each, relation));
  return link === undefined ? null : link.slice(1, link.indexOf('>'));
}

function linksOf(answer: Answer): readonly string[] {
  const header = answer.headers['link'] ?? '';
  return header
    .split(/,\s*(?=<)/)
    .map((link) => link.trim())
    .filter((link) => link.startsWith('<') && link.includes('>'));
}

function isRelation(link: string, relation: string): boolean {
  return link.slice(link.indexOf('>') + 1).includes(`rel="${relation}"`);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
