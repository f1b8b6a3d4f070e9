import type { QueueClient } from '@azure/storage-queue';
import type { Queue } from '../ports/queue.ts';
import { checkQueueName, type QueueSpec } from '../state/spec.ts';
import { queueClient, type StorageSettings } from './clients.ts';
import { Connection, type StorageDeps } from './connection.ts';
import { delaySeconds, encodeMessage } from './message.ts';

/** Seconds; the service's word for "never expires". By default it drops a message after seven days: a repair may wait longer. */
const NEVER = -1;

/**
 * A queue of Azure Queue Storage, created on first use. A send whose answer was lost is repeated, so that a message may be there
 * twice: receivers look at the row first. Throws `invalid` for a name that the service would refuse.
 */
export function openQueue<Message>(
  settings: StorageSettings,
  spec: QueueSpec<Message>,
  deps: StorageDeps,
): Queue<Message> {
  checkQueueName(spec.name);
  const connection = new Connection<QueueClient>(deps, {
    open: () => queueClient(settings, spec.name),
    make: (client, signal) => client.createIfNotExists({ abortSignal: signal }),
  });
  return {
    async send(message, delay = 0): Promise<void> {
      const text = encodeMessage(spec, message);
      const visibilityTimeout = delaySeconds(spec.name, delay);
      await connection.write(`Sending to queue "${spec.name}"`, (client, { signal }) =>
        client.sendMessage(text, { visibilityTimeout, messageTimeToLive: NEVER, abortSignal: signal }),
      );
    },
  };
}
