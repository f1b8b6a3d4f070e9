import { z } from 'zod';
import type { MailRecord } from '../world/graph/records.ts';
import type { Truth } from '../world/truth.ts';
import type { LedgerEntry } from './ledger.ts';

const text = z.string().nullable();
const texts = z.array(z.string());

/** What the control desk tells of the truth, on its way back from another process. */
export const truthSchema: z.ZodType<Truth> = z.object({
  at: z.int(),
  tenant: z.string(),
  office365: z.string(),
  groups: z.object({ everyone: z.string(), granting: z.string(), optIn: z.string(), exclusion: z.string() }),
  deactivate: text,
  people: z.array(
    z.object({
      user: z.string(),
      status: z.string(),
      groups: texts,
      source: text,
      assignment: z
        .object({
          userName: z.string(),
          copy: text,
          account: text,
          scope: z.string(),
          grantedBy: text,
          licenses: texts,
          roles: texts,
        })
        .nullable(),
    }),
  ),
  accounts: z.array(
    z.object({
      id: z.string(),
      userName: z.string(),
      anchor: text,
      enabled: z.boolean(),
      licenses: texts,
      groups: texts,
    }),
  ),
  deleted: texts,
});

export const mailsSchema: z.ZodType<readonly MailRecord[]> = z.array(
  z.object({
    id: z.string(),
    mailbox: z.string(),
    from: z.string(),
    to: texts,
    subject: z.string(),
    content: z.string(),
    importance: z.enum(['low', 'normal', 'high']),
    headers: z.record(z.string(), z.string()),
    internetMessageId: z.string(),
    attachments: z.array(z.object({ name: z.string(), contentType: z.string(), contentBytes: z.string() })),
    created: z.int(),
    sent: z.int().nullable(),
    kept: z.boolean(),
  }),
);

export const ledgerSchema: z.ZodType<readonly LedgerEntry[]> = z.array(
  z.object({
    at: z.int(),
    side: z.enum(['okta', 'graph']),
    method: z.string(),
    target: z.string(),
    body: z.string(),
    correlation: text,
    status: z.int(),
  }),
);
