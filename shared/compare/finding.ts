import * as z from 'zod';
import { ANCHOR_FORMS, type AnchorForm } from '../anchor/forms.ts';
import type { AnchorValue } from '../anchor/value.ts';
import { instantSchema } from '../instant.ts';
import type { Instant } from '../time.ts';
import { type Impact, IMPACTS, type Relation, RELATIONS, type Verdict, VERDICTS } from './verdicts.ts';
import { COUNTER_WITNESSES, type CounterWitness, type Witness, WITNESSES } from './witness.ts';

/** What else an admin wants to know about a finding, in fixed words. */
export const NOTES = [
  'name-disputed',
  'assigned-twice',
  'would-drift',
  'pending',
  'provisioning-failed',
  'sign-in-broken',
  'source-unreadable',
  'in-two-directories',
  'outside-app-domains',
] as const;
export type Note = (typeof NOTES)[number];

/** One person and one verdict, with everything that was looked at to reach it. Plain data: it is stored and shown. */
export interface Finding {
  /** Okta id and object id: a rename is not a new person. */
  readonly key: string;
  readonly user: string | null;
  readonly objectId: string | null;
  /** The name to show: the one Okta pushes, else Entra's, else AD's. */
  readonly userName: string;
  readonly verdict: Verdict;
  /** Row of the truth table. */
  readonly row: number;
  readonly impact: Impact;
  readonly relation: Relation;
  /**
   * Keys of the people of the same ring, in ring order beginning with the smallest; of the head for a chain. Of a ring that is too long
   * for a repair the first alone, one more than `LONGEST_RING`: rows of before have all of it.
   */
  readonly with: readonly string[];
  /** Object id of the account that holds the wanted anchor, live or deleted. */
  readonly holder: string | null;
  /** Name of another Okta user whose live assignment carries the source anchor: whose account holds it, this user signs in to. */
  readonly presenter: string | null;
  /** `taken-deleted`: when Entra forgets the holder, 30 days after its deletion. */
  readonly lastDay: Instant | null;
  /** The unusual spelling in which a side holds the anchor; null when it is the usual one. */
  readonly encoding: { readonly okta: AnchorForm | null; readonly entra: AnchorForm | null };
  /** Name of the AD attribute whose value Entra holds in the anchor's place. */
  readonly instead: string | null;
  readonly a: AnchorValue;
  readonly o: AnchorValue;
  readonly e: AnchorValue;
  readonly witness: Witness | null;
  readonly counterWitness: CounterWitness | null;
  readonly federated: boolean;
  readonly synced: boolean | null;
  readonly directories: readonly string[];
  /** Organisational unit, the part of the DN above the person. */
  readonly ou: string | null;
  readonly notes: readonly Note[];
}

/** `00u1.4f9c…`; a side that is not there is a dash. */
export function findingKey(user: string | null, objectId: string | null): string {
  return `${user ?? '-'}.${objectId ?? '-'}`;
}

const text = z.string().nullable();
const held = z.union([z.string(), z.null(), z.object({ unreadable: z.string() })]);
const form = z.enum(ANCHOR_FORMS).nullable();

/** For findings that come back from a row. */
export const findingSchema = z.object({
  key: z.string(),
  user: text,
  objectId: text,
  userName: z.string(),
  verdict: z.enum(VERDICTS),
  row: z.int(),
  impact: z.enum(IMPACTS),
  relation: z.enum(RELATIONS),
  with: z.array(z.string()),
  holder: text,
  // Rows of before it was looked at do not have it.
  presenter: text.default(null),
  lastDay: instantSchema.nullable(),
  encoding: z.object({ okta: form, entra: form }),
  instead: text,
  a: held,
  o: held,
  e: held,
  witness: z.enum(WITNESSES).nullable(),
  counterWitness: z.enum(COUNTER_WITNESSES).nullable(),
  federated: z.boolean(),
  synced: z.boolean().nullable(),
  directories: z.array(z.string()),
  ou: text,
  notes: z.array(z.enum(NOTES)),
}) satisfies z.ZodType<Finding>;
