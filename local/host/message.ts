import type { DequeuedMessageItem } from '@azure/storage-queue';
import { errorFields } from '../../shared/log.ts';
import { isoTime, SECOND } from '../../shared/time.ts';
import type { TypedData } from './core.ts';
import type { QueueFunction, QueueParts } from './queues.ts';

type About = Pick<
  DequeuedMessageItem,
  'messageId' | 'popReceipt' | 'dequeueCount' | 'expiresOn' | 'insertedOn' | 'nextVisibleOn'
>;

/** What a handler finds in `context.triggerMetadata`, before the library writes the keys with a small first letter. */
export function messageMetadata(text: string, message: About): Record<string, TypedData> {
  return {
    QueueTrigger: { string: text },
    DequeueCount: { json: String(message.dequeueCount) },
    ExpirationTime: time(message.expiresOn),
    Id: { string: message.messageId },
    InsertionTime: time(message.insertedOn),
    NextVisibleTime: time(message.nextVisibleOn),
    PopReceipt: { string: message.popReceipt },
  };
}

function time(date: Date): TypedData {
  return { json: JSON.stringify(isoTime(date.getTime()).replace('Z', '+00:00')) };
}

/**
 * Carries one message to its end: a call under a lock that is renewed, then away with it; after a failure back into the queue, and
 * after maxDequeueCount of them into the poison queue: copied, then deleted. Without a poison queue a failed message stays
 * unseen until its lock runs out, so that it does not spin.
 */
export async function handleMessage(fn: QueueFunction, message: DequeuedMessageItem, parts: QueueParts): Promise<void> {
  const { log, options, queue } = parts;
  const about = { function: fn.name, queue: fn.queue, messageId: message.messageId };
  const text = options.messageEncoding === 'none' ? message.messageText : decode(message.messageText);
  if (text === null) {
    log.warn('Message is not base64, as messageEncoding in host.json says', about);
    return poison(message.popReceipt);
  }
  if (message.dequeueCount > options.maxDequeueCount) return poison(message.popReceipt);

  const lock = keepLock(message, parts);
  const outcome = await parts.invoke({
    function: fn.name,
    // The library makes JSON of it where it can.
    input: { name: fn.input, data: { string: text } },
    triggerMetadata: messageMetadata(text, message),
    reason: `New queue message detected on '${fn.queue}'.`,
  });
  const receipt = await lock.end();
  if (outcome.ok) return remove(receipt);
  if (message.dequeueCount >= options.maxDequeueCount) return poison(receipt);
  if (parts.poison !== null) await release(receipt);

  async function poison(popReceipt: string): Promise<void> {
    if (parts.poison === null) return;
    log.warn(
      `Message has reached MaxDequeueCount of ${options.maxDequeueCount}. Moving message to queue '${parts.poison.name}'.`,
      about,
    );
    await parts.poison.createIfNotExists();
    await parts.poison.sendMessage(message.messageText);
    await remove(popReceipt);
  }

  async function remove(popReceipt: string): Promise<void> {
    await queue.deleteMessage(message.messageId, popReceipt).catch(unlessTaken);
  }

  async function release(popReceipt: string): Promise<void> {
    await queue
      .updateMessage(message.messageId, popReceipt, undefined, seconds(options.visibilityTimeout))
      .catch(unlessTaken);
  }
}

/** Somebody else has the message by now, or it is gone: then it is theirs to finish. */
function isTaken(error: unknown): boolean {
  return ['PopReceiptMismatch', 'MessageNotFound', 'QueueNotFound'].includes(storageCode(error));
}

/** The service's word for what went wrong, empty for an error that is none of storage. */
export function storageCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function unlessTaken(error: unknown): void {
  if (!isTaken(error)) throw error;
}

/** Storage counts in whole seconds. */
export function seconds(ms: number): number {
  return Math.ceil(ms / SECOND);
}

interface Lock {
  /** Stops renewing; resolves with the receipt that is valid now. */
  end(): Promise<string>;
}

/** Every renewal changes the receipt, and only the newest one can delete the message. */
function keepLock(message: DequeuedMessageItem, { clock, lock, log, queue }: QueueParts): Lock {
  const ended = new AbortController();
  let receipt = message.popReceipt;

  async function renew(): Promise<void> {
    for (let pause = lock / 2; ; ) {
      await clock.wait(pause, ended.signal);
      try {
        const renewed = await queue.updateMessage(message.messageId, receipt, undefined, seconds(lock));
        receipt = renewed.popReceipt ?? receipt;
        pause = lock / 2;
      } catch (error) {
        log.warn('Message lock not renewed', { messageId: message.messageId, ...errorFields(error) });
        if (isTaken(error)) return;
        // Asked again sooner, while the lock still holds.
        pause = Math.max(pause / 2, SECOND);
      }
    }
  }

  const renewing = renew().catch((error: unknown) => {
    if (!ended.signal.aborted) throw error;
  });
  return {
    end: async () => {
      ended.abort();
      await renewing;
      return receipt;
    },
  };
}

/** The text inside base64, null when it is none. */
function decode(encoded: string): string | null {
  const compact = encoded.replace(/\s/g, '');
  const isBase64 = compact.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(compact);
  return isBase64 ? Buffer.from(compact, 'base64').toString('utf8') : null;
}
