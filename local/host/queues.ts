import type { DequeuedMessageItem, QueueClient } from '@azure/storage-queue';
import { errorFields } from '../../shared/log.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Log } from '../../shared/ports/log.ts';
import { SHORTEST_POLL, type QueueOptions } from './hostfile.ts';
import type { Invoke } from './invoke.ts';
import { handleMessage, seconds, storageCode } from './message.ts';

export interface QueueFunction {
  readonly name: string;
  /** The name of the trigger's binding. */
  readonly input: string;
  readonly queue: string;
  /** A connection string. */
  readonly connection: string;
}

export interface QueueParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly invoke: Invoke;
  readonly options: QueueOptions;
  /** How long a message is unseen by others while it is worked on, in milliseconds; renewed at half that time. Azure: ten minutes. */
  readonly lock: number;
  readonly queue: QueueClient;
  /** Null for a queue that is itself a poison queue. */
  readonly poison: QueueClient | null;
}

export interface QueueListener {
  /** One look at the queue. Takes up to a batch of messages and begins a call for each; says how many it took. */
  poll(): Promise<number>;
  /** Resolves when at most `left` messages are being worked on. */
  settle(left?: number): Promise<void>;
  /** Looks again and again until the signal is aborted: at once after a find, then at growing intervals. */
  run(signal: AbortSignal): Promise<void>;
}

/**
 * Listens to one queue as the host does: up to batchSize messages at a time, more only when newBatchThreshold or fewer are
 * left. A queue that does not exist is looked for again: the host creates none but the poison queue.
 */
export function listenToQueue(fn: QueueFunction, parts: QueueParts): QueueListener {
  const { clock, log, options, queue } = parts;
  const working = new Set<Promise<void>>();
  let isAway = false;

  async function poll(): Promise<number> {
    const messages = await receive();
    for (const message of messages) {
      const work = handleMessage(fn, message, parts).catch((error: unknown) => {
        log.error('Queue message not completed', {
          function: fn.name,
          messageId: message.messageId,
          ...errorFields(error),
        });
      });
      const done = work.finally(() => working.delete(done));
      working.add(done);
    }
    return messages.length;
  }

  async function receive(): Promise<readonly DequeuedMessageItem[]> {
    try {
      const { receivedMessageItems } = await queue.receiveMessages({
        numberOfMessages: options.batchSize,
        visibilityTimeout: seconds(parts.lock),
      });
      return receivedMessageItems;
    } catch (error) {
      if (storageCode(error) === 'QueueNotFound') return [];
      throw error;
    }
  }

  async function settle(left = 0): Promise<void> {
    while (working.size > left) await Promise.race(working);
  }

  /** Storage that is away is said once, not at every look. */
  async function look(): Promise<number> {
    const about = { function: fn.name, queue: fn.queue };
    try {
      const found = await poll();
      if (isAway) log.info('Queue read again', about);
      isAway = false;
      return found;
    } catch (error) {
      if (!isAway) log.error('Queue not read', { ...about, ...errorFields(error) });
      isAway = true;
      return 0;
    }
  }

  async function run(signal: AbortSignal): Promise<void> {
    for (let pause = 0; !signal.aborted; ) {
      const found = await look();
      if (found > 0) await settle(options.newBatchThreshold);
      pause = found > 0 ? 0 : Math.min(Math.max(pause * 2, SHORTEST_POLL), options.maxPollingInterval);
      if (pause > 0) await clock.wait(pause, signal).catch((error: unknown) => rethrowUnless(signal.aborted, error));
    }
  }

  return { poll, settle, run };
}

function rethrowUnless(expected: boolean, error: unknown): void {
  if (!expected) throw error;
}
