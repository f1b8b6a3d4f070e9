import { AnchorwatchError } from '../errors.ts';
import { issuesOf } from '../state/issues.ts';
import type { QueueSpec } from '../state/spec.ts';
import { DAY, SECOND } from '../time.ts';

/** 64 KiB of base64: learn.microsoft.com/rest/api/storageservices/put-message */
const MAX_BYTES = 48 * 1024;
const MAX_DELAY = 7 * DAY;

/**
 * A message as the text that the Functions host expects with its default `messageEncoding`: JSON in base64. Throws `invalid` when
 * it does not satisfy the schema or is larger than 48 KiB: messages carry ids, the rows carry the rest.
 */
export function encodeMessage<Message>(spec: QueueSpec<Message>, message: Message): string {
  const checked = spec.schema.safeParse(message);
  if (!checked.success) {
    throw new AnchorwatchError('invalid', `A message for queue "${spec.name}" is not one: ${issuesOf(checked.error)}.`);
  }
  const json = Buffer.from(JSON.stringify(checked.data));
  if (json.length > MAX_BYTES) {
    throw new AnchorwatchError(
      'invalid',
      `A message for queue "${spec.name}" has ${json.length} bytes, ${MAX_BYTES} fit. Send ids, and keep the rest in a row.`,
    );
  }
  return json.toString('base64');
}

/** The delay in whole seconds, never less than asked for. Throws `invalid` beyond seven days. */
export function delaySeconds(queue: string, delay: number): number {
  if (delay >= 0 && delay <= MAX_DELAY) return Math.ceil(delay / SECOND);
  throw new AnchorwatchError(
    'invalid',
    `A message for queue "${queue}" cannot wait ${delay} ms: from 0 to ${MAX_DELAY} ms can. Write the time into the row and wake it later.`,
  );
}
