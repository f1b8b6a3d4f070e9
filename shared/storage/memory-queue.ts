import type { Clock } from '../ports/clock.ts';
import type { Queue } from '../ports/queue.ts';
import { decodeMessage } from '../state/messages.ts';
import { checkQueueName, type QueueSpec } from '../state/spec.ts';
import { SECOND, type Instant } from '../time.ts';
import { delaySeconds, encodeMessage } from './message.ts';

export interface Waiting<Message> {
  readonly message: Message;
  /** When it can be taken. */
  readonly due: Instant;
}

/** A queue that lives as long as the process. */
export interface MemoryQueue<Message> extends Queue<Message> {
  /** Every message that nobody took yet, the first due first. */
  waiting(): readonly Waiting<Message>[];
  /** Takes the message that is due first; null when none is due. A taken message does not come back. */
  take(): Message | null;
}

/** Messages go through the same encoding as in Queue Storage, so that it shares no object with its callers. */
export function memoryQueue<Message>(spec: QueueSpec<Message>, clock: Pick<Clock, 'now'>): MemoryQueue<Message> {
  checkQueueName(spec.name);
  const texts: { readonly text: string; readonly due: Instant }[] = [];

  function read(text: string): Message {
    return decodeMessage(spec.schema, Buffer.from(text, 'base64').toString());
  }

  return {
    async send(message, delay = 0): Promise<void> {
      const text = encodeMessage(spec, message);
      const due = clock.now() + delaySeconds(spec.name, delay) * SECOND;
      const later = texts.findIndex((other) => other.due > due);
      texts.splice(later < 0 ? texts.length : later, 0, { text, due });
    },
    waiting: () => texts.map(({ text, due }) => ({ message: read(text), due })),
    take(): Message | null {
      const [first] = texts;
      if (first === undefined || first.due > clock.now()) return null;
      texts.shift();
      return read(first.text);
    },
  };
}
