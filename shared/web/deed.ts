import * as z from 'zod';
import { AnchorwatchError } from '../errors.ts';
import { type Instant, parseTime } from '../time.ts';

/** What a person may send from a page. The names stand in its forms. */
export const DOES = [
  'confirm',
  'approve',
  'approve-all',
  'reject',
  'reject-all',
  'unreject',
  'ignore',
  'unignore',
  'here',
  'done',
  'undo',
  'stop',
  'resume',
] as const;
export type Does = (typeof DOES)[number];

const id = z.string('is missing').regex(/^[\w.~-]{1,128}$/, 'an id: letters, digits and . _ ~ - alone');
/** What the page has shown, so that an old one decides nothing of what came after it. */
const instant = z
  .string('is missing')
  .regex(/^\d{1,15}$/, 'a time in milliseconds')
  .transform(Number);
const person = z.string('is missing').min(1, 'is empty').max(256, 'at most 256 letters');
/** What cannot be taken back by one more click has to be ticked. */
const sure = z.literal('yes', 'Tick the box above the button: without it nothing is done.');
const reason = z.string('is missing').max(500, 'at most 500 letters');
const checksum = z.string('is missing').regex(/^[0-9a-f]{64}$/, 'a checksum of 64 hexadecimal digits');
/** A browser sends nothing at all for boxes that nobody ticked. */
const who = z.array(person).min(1, 'Tick whom it is about: nothing was decided.').max(1_000, 'at most 1,000 at once');
const day = z.string('is missing').transform((text, context): Instant => {
  const time = parseTime(`${text}T00:00:00Z`);
  if (time === null) context.addIssue('a day such as 2027-01-31');
  return time ?? 0;
});

const deedSchema = z.discriminatedUnion(
  'does',
  [
    z.object({ does: z.literal('confirm'), run: id, baseline: id.or(z.literal('')), sure }),
    z.object({ does: z.literal('approve'), checksum, run: id, who, sure }),
    z.object({ does: z.literal('approve-all'), checksum, run: id, sure }),
    z.object({ does: z.literal('reject'), checksum, run: id, who, sure }),
    z.object({ does: z.literal('reject-all'), checksum, run: id, sure }),
    z.object({ does: z.literal('unreject'), person }),
    z.object({ does: z.literal('ignore'), person, reason, until: day }),
    z.object({ does: z.literal('unignore'), person }),
    z.object({ does: z.literal('here'), repair: id }),
    z.object({ does: z.literal('done'), repair: id, asked: instant }),
    z.object({ does: z.literal('undo'), repair: id, sure }),
    z.object({ does: z.literal('stop') }),
    z.object({ does: z.literal('resume'), stopped: instant, sure }),
  ],
  'nothing that these pages send',
);

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
