import { z } from 'zod';
import { AnchorwatchError } from '../../shared/errors.ts';
import { ANCHOR_FORMS } from '../../shared/anchor/forms.ts';
import { IMPACTS, OUTSIDE, RELATIONS, VERDICTS } from '../../shared/compare/verdicts.ts';
import type { AnswerKey } from '../world/generate/key.ts';
import type { Deed } from './deeds.ts';
import type { FaultScriptInput } from './faults/script.ts';
import type { LedgerEntry } from './ledger.ts';
import type { OperationCount } from './meter.ts';
import { ledgerSchema, mailsSchema, truthSchema } from './truth-schema.ts';
import type { MailRecord } from '../world/graph/records.ts';
import type { Truth } from '../world/truth.ts';

const count = z.int().min(0);
const text = z.string().nullable();

const answerKeySchema: z.ZodType<AnswerKey> = z.object({
  entries: z.array(
    z.object({
      kind: z.string(),
      decoy: z.boolean(),
      oktaUser: text,
      objectId: text,
      userName: z.string(),
      verdict: z.enum(VERDICTS),
      outside: z.array(z.enum(OUTSIDE)),
      row: count.nullable(),
      relation: z.enum(RELATIONS).nullable(),
      impact: z.enum(IMPACTS).nullable(),
      encoding: z.enum(ANCHOR_FORMS).nullable(),
      instead: text,
      guard: text,
      optedIn: z.boolean(),
    }),
  ),
  changes: z.array(
    z.object({
      at: z.int(),
      kind: z.enum(['created', 'deleted', 'renamed', 're-anchored', 'drifted', 'healed']),
      oktaUser: z.string(),
      objectId: z.string(),
      verdict: z.enum(VERDICTS).nullable(),
      row: count.nullable(),
    }),
  ),
  causes: z.array(
    z.object({ kind: z.enum(['ou', 'directory', 'encoding', 'attribute']), value: z.string(), people: count }),
  ),
  healthy: count,
  rows: z.object({
    directories: z.record(z.string(), count),
    assignments: z.record(z.string(), count),
    entraUsers: count,
    agents: count,
    deletedUsers: count,
  }),
});

const countsSchema: z.ZodType<readonly OperationCount[]> = z.array(
  z.object({
    side: z.enum(['okta', 'graph', 'identity']),
    operation: z.string(),
    calls: count,
    throttled: count,
    faults: count,
    bytesIn: count,
    bytesOut: count,
  }),
);

/** The control desk of tenants in another process. Every call throws `refused` with the desk's own words when it says no. */
export interface DeskClient {
  /** Sets how many milliseconds the tenants' clock is ahead of the machine's. */
  shift(offset: number): Promise<void>;
  setFaults(script: FaultScriptInput): Promise<void>;
  answerKey(): Promise<AnswerKey>;
  /** What a person does in a console or in Active Directory. */
  does(deed: Deed): Promise<void>;
  /** What is so of everybody at this moment. */
  truth(): Promise<Truth>;
  /** Every write that was asked of a tenant, in order. */
  ledger(): Promise<readonly LedgerEntry[]>;
  /** Every mail in a mailbox, the oldest first. */
  mails(): Promise<readonly MailRecord[]>;
  counts(): Promise<readonly OperationCount[]>;
  resetCounts(): Promise<void>;
}

/** `address` as the tenants announce it under `control`. */
export function deskAt(address: string): DeskClient {
  async function ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(address + path, { method, ...sent });
    const answer: unknown = await response.json();
    if (response.ok) return answer;
    throw new AnchorwatchError('refused', `The control desk refused ${method} ${path}: ${JSON.stringify(answer)}`);
  }

  return {
    shift: async (offset) => void (await ask('POST', '/clock', { offset })),
    setFaults: async (script) => void (await ask('POST', '/faults', script)),
    answerKey: async () => answerKeySchema.parse(await ask('GET', '/answer-key')),
    does: async (deed) => void (await ask('POST', '/hands', deed)),
    truth: async () => truthSchema.parse(await ask('GET', '/truth')),
    ledger: async () => ledgerSchema.parse(await ask('GET', '/ledger')),
    mails: async () => mailsSchema.parse(await ask('GET', '/mails')),
    counts: async () => countsSchema.parse(await ask('GET', '/meter')),
    resetCounts: async () => void (await ask('DELETE', '/meter')),
  };
}
