import * as z from 'zod';
import { AnchorwatchError } from '../errors.ts';
import type { RepairMessage, ScanMessage } from '../ports/messages.ts';
import { issuesOf } from './issues.ts';
import { REPAIRS, SCANS } from './queues.ts';
import type { QueueSpec } from './spec.ts';

export type { RepairMessage, ScanMessage } from '../ports/messages.ts';

/** Both ends check the shape; a message of another version is refused, and ends in the poison queue where a person sees it. */
export const SCAN_QUEUE: QueueSpec<ScanMessage> = {
  name: SCANS,
  schema: z.strictObject({ version: z.literal(1), run: z.string().min(1).max(64) }),
};

export const REPAIR_QUEUE: QueueSpec<RepairMessage> = {
  name: REPAIRS,
  schema: z.strictObject({ version: z.literal(1), repair: z.string().min(1).max(64) }),
};

/**
 * A message as a trigger gets it: the host has undone base64 and parses what is JSON, so that text, a number or an object arrives.
 * Throws `invalid`, with what is wrong where, and without the message itself.
 */
export function decodeMessage<Message>(schema: z.ZodType<Message>, value: unknown): Message {
  const direct = schema.safeParse(value);
  if (direct.success) return direct.data;
  const checked = typeof value === 'string' ? schema.safeParse(parseJson(value)) : direct;
  if (checked.success) return checked.data;
  throw new AnchorwatchError('invalid', `This queue message cannot be read: ${issuesOf(checked.error)}.`);
}

function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return text;
  }
}
