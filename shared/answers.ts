import type * as z from 'zod';
import { AnchorwatchError } from './errors.ts';
import { redact } from './redact.ts';

/** No page of any list we ask for comes near this; what is larger is a mistake or an attack. */
export const LARGEST_ANSWER = 64 * 1024 * 1024;

/** Statuses after which the same request may well succeed. */
export function mayPassStatus(status: number): boolean {
  return [408, 425, 429, 500, 502, 503, 504, 509].includes(status);
}

export function textOf(body: Uint8Array): string {
  return new TextDecoder().decode(body);
}

/** Throws `transient`: a page of HTML, or half a body, comes from a proxy or from a bad moment, and is asked for again. */
export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const found = /^\s*</.test(text) ? 'a web page' : text === '' ? 'nothing' : 'something else, or cut in half';
    throw new AnchorwatchError('transient', `The answer to ${what} is not JSON but ${found}.`);
  }
}

/** Throws `invalid` with the place and the shape of what was found, never its content. */
export function inShape<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const places = read.error.issues.slice(0, 3).map((issue) => {
    const place = issue.path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
    const expected = issue.code === 'invalid_type' ? issue.expected : issue.message;
    return `${place === '' ? 'the whole' : place} is ${shapeOf(value, issue.path)}, expected ${expected}`;
  });
  throw new AnchorwatchError('invalid', `The answer to ${what} has not the expected shape: ${places.join('; ')}.`, {
    fields: { issues: read.error.issues.length },
  });
}

function shapeOf(value: unknown, path: readonly PropertyKey[]): string {
  let at = value;
  for (const step of path) {
    if (typeof at !== 'object' || at === null) return 'absent';
    if (!Object.hasOwn(at, step)) return 'absent';
    at = Reflect.get(at, step);
  }
  if (at === null) return 'null';
  if (Array.isArray(at)) return `a list of ${at.length}`;
  if (typeof at === 'string') return `text of ${at.length} characters`;
  return typeof at;
}

/** Somebody else's words, fit for a message of ours: one short line, redacted. */
export function safeWords(text: string): string {
  const line = redact(text.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim());
  return line.length > 240 ? `${line.slice(0, 240)}…` : line;
}
