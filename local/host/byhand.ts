import { errorFields } from '../../shared/log.ts';
import type { Instant } from '../../shared/time.ts';
import type { Call } from './invoke.ts';
import { messageMetadata } from './message.ts';
import type { QueueFunction } from './queues.ts';
import { storedStatus, type TimerFunction, type TimerParts, timerData } from './timers.ts';
import type { Triggers } from './triggers.ts';

const REASON = 'This function was programmatically called via the host APIs.';

/** .NET's last second, the expiry of a message that is in no queue. */
const ALWAYS = new Date('9999-12-31T23:59:59Z');

/**
 * What stands behind `POST /admin/functions/<name>`: begins one call now, beside whatever the schedule or the queue does. A timer is
 * given its stored status and keeps its schedule; a queue's function is given the input as the text of a message that is in no queue.
 * The returned function says whether there is a function of that name.
 */
export function byHand(triggers: Triggers, parts: TimerParts): (name: string, input: string | null) => boolean {
  async function begin(name: string, call: Promise<Call>): Promise<void> {
    try {
      await parts.invoke(await call);
    } catch (error) {
      parts.log.error('Call by hand not made', { function: name, ...errorFields(error) });
    }
  }

  return (name, input) => {
    const timer = triggers.timers.find((fn) => fn.name === name);
    const queue = triggers.queues.find((fn) => fn.name === name);
    if (timer !== undefined) void begin(name, timerCall(timer, parts));
    if (queue !== undefined) void begin(name, queueCall(queue, input ?? '', parts.clock.now()));
    return timer !== undefined || queue !== undefined;
  };
}

async function timerCall(timer: TimerFunction, parts: TimerParts): Promise<Call> {
  const data = timerData(await storedStatus(timer, parts), false);
  return { function: timer.name, input: { name: timer.input, data }, reason: REASON };
}

async function queueCall(queue: QueueFunction, text: string, now: Instant): Promise<Call> {
  const times = { expiresOn: ALWAYS, insertedOn: new Date(now), nextVisibleOn: ALWAYS };
  return {
    function: queue.name,
    input: { name: queue.input, data: { string: text } },
    triggerMetadata: messageMetadata(text, { messageId: '', popReceipt: '', dequeueCount: 0, ...times }),
    reason: REASON,
  };
}
