import { z } from 'zod';
import { AnchorwatchError } from '../../../shared/errors.ts';

/** Whether a page that took another's place came with that page's links (`moved`), or kept its own (`kept`). */
const links = z.enum(['moved', 'kept']).default('moved');
/** Whether the call reached the tenant, and had its effect, before the answer was spoilt. */
const reached = z.boolean();
const seconds = z.int().min(0).max(86_400);
const ordinal = z.int().min(1);
const origin = z
  .url()
  .refine((text) => new URL(text).origin === text, 'expected an origin, such as https://elsewhere.example');

const faults = [
  /** Over the rate limit. Okta says when in `x-rate-limit-reset` (UTC seconds), Graph in `Retry-After` (seconds or a date). */
  z.strictObject({
    kind: z.literal('throttled'),
    reset: z.enum(['past', 'future', 'missing']),
    seconds: seconds.default(30),
    form: z.enum(['seconds', 'http-date']).default('seconds'),
  }),
  /** Too many calls at once: Okta answers 429 with limit and remaining 0 and a reset that is only a suggestion. */
  z.strictObject({ kind: z.literal('concurrency-throttled'), seconds: seconds.default(1) }),
  z.strictObject({
    kind: z.literal('outage'),
    status: z.union([z.literal(500), z.literal(502), z.literal(503), z.literal(504)]),
    reached: reached.default(false),
  }),
  z.strictObject({
    kind: z.literal('html'),
    status: z.union([z.literal(200), z.literal(502)]),
    reached: reached.default(false),
  }),
  z.strictObject({ kind: z.literal('token-refused') }),
  /** Okta's 403 E0000005 in the middle of a walk; the next try of the same page works. */
  z.strictObject({ kind: z.literal('session-refused') }),
  /** The caller has the right, and not over this one: somebody who is protected in a way that no read shows. */
  z.strictObject({ kind: z.literal('denied') }),
  z.strictObject({ kind: z.literal('slow'), ms: z.int().min(1).max(600_000) }),

  z.strictObject({
    kind: z.literal('body-cut'),
    share: z.number().min(0).max(1).default(0.5),
    /**
     * `clean`: a complete message, content-length of the part, broken JSON. `closed`: content-length of the whole, then the socket
     * closes. `chunk-closed`: chunked, then the socket closes. `stalled`: content-length of the whole, then silence.
     */
    ending: z.enum(['clean', 'closed', 'chunk-closed', 'stalled']),
  }),
  z.strictObject({
    kind: z.literal('socket-closed'),
    when: z.enum(['before-headers', 'after-headers']),
    reached: reached.default(true),
  }),
  /** The body goes on, in blanks, for so many bytes; then it ends as it should have, so that no test runs for ever. */
  z.strictObject({
    kind: z.literal('body-endless'),
    bytes: z
      .int()
      .min(1)
      .max(2 ** 32)
      .default(64 * 2 ** 20),
  }),

  z.strictObject({ kind: z.literal('page-dropped'), links }),
  z.strictObject({ kind: z.literal('page-repeated'), links }),
  z.strictObject({ kind: z.literal('pages-swapped'), links }),
  /** Rows taken from the end of a page: `rows` of them, or a share of the page (rounded up). Links are kept. */
  z.strictObject({
    kind: z.literal('page-shortened'),
    rows: ordinal.optional(),
    share: z.number().gt(0).max(1).default(0.5),
  }),
  z.strictObject({ kind: z.literal('page-emptied') }),
  z.strictObject({ kind: z.literal('empty-page-inserted') }),
  /** The page calls itself the last. */
  z.strictObject({ kind: z.literal('next-lost') }),
  z.strictObject({ kind: z.literal('next-elsewhere'), origin: origin.default('https://elsewhere.example') }),
  /** The next link leads `back` pages back: 0 to this very page, 1 to the one before. */
  z.strictObject({ kind: z.literal('cursor-cycles'), back: z.int().min(0).max(1_000).default(1) }),
  /** The last page gets a next link, and so does every page after it, each with a cursor never seen before. */
  z.strictObject({
    kind: z.literal('list-endless'),
    rows: z.enum(['repeated', 'none']).default('repeated'),
    pages: z.int().min(1).max(1_000_000).default(1_000),
  }),
] as const;

const faultSchema = z.discriminatedUnion('kind', faults);

const selectionSchema = z.strictObject({
  side: z.enum(['okta', 'graph', 'identity']).optional(),
  method: z
    .string()
    .regex(/^[A-Z]+$/)
    .optional(),
  /** The path without the query, decoded; `*` stands for anything but a slash, `**` for anything. */
  path: z.string().startsWith('/').or(z.literal('**')).optional(),
  /** Text that must occur in the decoded query. */
  query: z.string().min(1).optional(),
  /** Texts of which none may occur in the decoded query. */
  without: z.array(z.string().min(1)).min(1).optional(),
  /** Text that must occur in the body. */
  body: z.string().min(1).optional(),
  /** Which page of the walk through a list, from 1. A call that belongs to no known walk has no page. */
  pages: z.array(ordinal).min(1).optional(),
  /** Which of the calls that fit all of the above, from 1. */
  ordinals: z.array(ordinal).min(1).optional(),
  /** The first of those calls, from 1. */
  from: ordinal.default(1),
  /** How often the rule strikes at most. */
  times: ordinal.optional(),
  probability: z.number().min(0).max(1).default(1),
});

const ruleSchema = z.strictObject({ when: selectionSchema.prefault({}), fault: faultSchema });

export const faultScriptSchema = z.strictObject({
  /** Chance in this script comes from here alone: the same script and the same calls give the same faults. */
  seed: z.int().min(0).default(1),
  /** For each call the first rule that selects it and can be applied to its answer strikes. */
  rules: z.array(ruleSchema).max(1_000),
});

export type Fault = z.output<typeof faultSchema>;
export type FaultOf<Kind extends Fault['kind']> = Extract<Fault, { kind: Kind }>;
export interface Selection extends z.output<typeof selectionSchema> {}
export interface FaultRule extends z.output<typeof ruleSchema> {}
export interface FaultScript extends z.output<typeof faultScriptSchema> {}
/** A script as it is written by hand: what has a default may be left out. */
export interface FaultScriptInput extends z.input<typeof faultScriptSchema> {}

/** Reads a fault script from plain data. Throws `invalid` with every error in it at once. */
export function parseFaults(input: unknown): FaultScript {
  const parsed = faultScriptSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new AnchorwatchError('invalid', `The fault script cannot be read:\n${z.prettifyError(parsed.error)}`);
}
