import { z } from 'zod';
import { AnchorwatchError } from '../errors.ts';
import { type Instant, parseTime } from '../time.ts';

/** What a person may send from a page. The names stand in its forms. */
export const DOES = [
  'confirm',
  'approve',
  'approve-all',
  'reject',
  'reject-all',
  'ignore',
  'unignore',
  'here',
  'done',
  'undo',
  'stop',
  'resume',
] as const;
export type Does = (typeof DOES)[number];

const id = z.string().regex(/^[\w.~-]{1,128}$/, 'an id: letters, digits and . _ ~ - alone');
const person = z.string().min(1).max(256);
/** What cannot be taken back by one more click has to be ticked. */
const sure = z.literal('yes', 'Tick the box above the button: without it nothing is done.');
const checksum = z.string().regex(/^[0-9a-f]{64}$/, 'a checksum of 64 hexadecimal digits');
/** A browser sends nothing at all for boxes that nobody ticked. */
const who = z.array(person).min(1, 'Tick whom it is about: nothing was decided.').max(1_000);
const day = z.string().transform((text, context): Instant => {
  const time = parseTime(`${text}T00:00:00Z`);
  if (time === null) context.addIssue('a day such as 2027-01-31');
  return time ?? 0;
});

const deedSchema = z.discriminatedUnion('does', [
  z.object({ does: z.literal('confirm'), run: id, sure }),
  z.object({ does: z.literal('approve'), checksum, who, sure }),
  z.object({ does: z.literal('approve-all'), checksum, sure }),
  z.object({ does: z.literal('reject'), checksum, who, sure }),
  z.object({ does: z.literal('reject-all'), checksum, sure }),
  z.object({ does: z.literal('ignore'), person, userName: person, reason: z.string().max(500), until: day }),
  z.object({ does: z.literal('unignore'), person }),
  z.object({ does: z.literal('here'), repair: id }),
  z.object({ does: z.literal('done'), repair: id }),
  z.object({ does: z.literal('undo'), repair: id, sure }),
  z.object({ does: z.literal('stop') }),
  z.object({ does: z.literal('resume'), sure }),
]);

/** One decision, as a form sends it. */
export type Deed = z.infer<typeof deedSchema>;

/** Throws `invalid` with what is wrong with each field, and never its value. */
export function readDeed(body: string): Deed {
  const sent = new URLSearchParams(body);
  const fields = Object.fromEntries([...sent].filter(([name]) => name !== 'who'));
  const parsed = deedSchema.safeParse({ ...fields, who: sent.getAll('who') });
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new AnchorwatchError('invalid', `The form cannot be taken as it came. ${[...new Set(faults)].join(' ')}`);
}
