import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const Sent = z.object({
  /** The product through its clients, or a test that asks what it likes, wrong things among them. */
  by: z.enum(['product', 'test']),
  side: z.enum(['okta', 'graph']),
  method: z.string(),
  /** Path and query as the tenant received them. */
  target: z.string(),
  contentType: z.string().nullable(),
  body: z.string(),
  status: z.int(),
  answerType: z.string().nullable(),
  /** `WWW-Authenticate`: why a token is not enough. */
  challenge: z.string().nullable(),
  answer: z.string(),
});

/** A request as a tenant received it, and what the tenant answered. */
export type Exchange = Readonly<z.output<typeof Sent>>;

/** Where the recorder writes and the check reads: one file of JSON lines for each file of tests. */
export const RECORD_FOLDER = 'RECORD_FOLDER';

/** Everything that was recorded into the folder. */
export function* readExchanges(folder: string): Generator<Exchange> {
  for (const file of readdirSync(folder)) {
    for (const line of readFileSync(join(folder, file), 'utf8').split('\n')) {
      if (line !== '') yield Sent.parse(JSON.parse(line));
    }
  }
}
