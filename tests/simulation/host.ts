import { AnchorwatchError } from '../../shared/errors.ts';
import type { RepairMessage } from '../../shared/ports/messages.ts';
import type { Queue } from '../../shared/ports/queue.ts';
import { type Instant, MINUTE } from '../../shared/time.ts';
import type { Doer, Scheduler, Worker } from './scheduler.ts';

/** A message of the queue, or something that somebody does who says it again when it died. */
interface Message {
  readonly name: string;
  readonly work: (worker: Worker) => Promise<unknown>;
  /** What takes it once it was delivered as often as it may; null for what is said again until it is done. */
  readonly poison: ((worker: Worker) => Promise<unknown>) | null;
  due: Instant;
  delivered: number;
}

/** What the workers run. */
export interface Flows {
  repair(message: RepairMessage, worker: Worker): Promise<unknown>;
  poison(message: RepairMessage, worker: Worker): Promise<unknown>;
  tend(worker: Worker): Promise<unknown>;
}

/** For so long the host hides a message whose worker it believes alive. */
const LOCK = 10 * MINUTE;
/** `visibilityTimeout` and `maxDequeueCount` of host.json. */
const AGAIN = MINUTE;
const DELIVERIES = 5;
const TEND = 5 * MINUTE;
const INSTANCES = 3;

/** The Functions host as far as a repair sees it: a queue trigger on a few instances, its poison queue, and a timer; and people. */
export class Host implements Doer {
  readonly #scheduler: Scheduler;
  readonly #flows: Flows;
  readonly #messages: Message[] = [];
  readonly #running = new Map<Worker, Message | null>();
  readonly errors: unknown[] = [];
  readonly #instances: number;
  #tended: Instant;
  #workers = 0;

  constructor(scheduler: Scheduler, flows: Flows, instances = INSTANCES) {
    this.#scheduler = scheduler;
    this.#flows = flows;
    this.#instances = instances;
    this.#tended = scheduler.now;
    scheduler.doer = this;
  }

  get queue(): Queue<RepairMessage> {
    return {
      send: async (body, delay = 0) => {
        this.#messages.push({
          name: 'repair',
          work: (worker) => this.#flows.repair(body, worker),
          poison: (worker) => this.#flows.poison(body, worker),
          due: this.#scheduler.now + delay,
          delivered: 0,
        });
      },
    };
  }

  /** Somebody does something at that time, and again for as long as it dies. Nothing is at rest before it is done. */
  errand(name: string, work: (worker: Worker) => Promise<unknown>, due: Instant = this.#scheduler.now): void {
    this.#messages.push({ name, work, poison: null, due, delivered: 0 });
  }

  /** Until nothing is left to do, as `isAtRest` sees it, or the time is over. */
  async run(until: Instant, isAtRest: () => boolean, meanwhile: () => void): Promise<void> {
    while (this.#scheduler.now < until) {
      this.#startDue();
      meanwhile();
      if (this.#scheduler.isIdle) {
        const isIdle = this.#running.size === 0 && this.#messages.every(({ poison }) => poison !== null);
        if (isIdle && isAtRest()) return;
        const next = Math.min(this.#tended + TEND, ...this.#messages.map(({ due }) => due));
        this.#scheduler.now = Math.max(this.#scheduler.now, next);
        continue;
      }
      const next = this.#scheduler.next ?? until;
      const alarm = Math.min(this.#tended + TEND, ...this.#waiting().map(({ due }) => due));
      if (alarm < next && alarm > this.#scheduler.now) this.#scheduler.now = alarm;
      else await this.#scheduler.step();
    }
  }

  #waiting(): readonly Message[] {
    return this.#running.size >= this.#instances ? [] : this.#messages;
  }

  #startDue(): void {
    if (this.#tended + TEND <= this.#scheduler.now) {
      this.#tended = this.#scheduler.now;
      this.#start('tend', null, (worker) => this.#flows.tend(worker));
    }
    for (const message of this.#messages.slice()) {
      if (message.due > this.#scheduler.now || this.#running.size >= this.#instances) continue;
      this.#deliver(message);
    }
  }

  #deliver(message: Message): void {
    message.delivered += 1;
    message.due = this.#scheduler.now + LOCK;
    if (message.poison !== null && message.delivered > DELIVERIES) {
      this.#messages.splice(this.#messages.indexOf(message), 1);
      this.#start('poison', null, message.poison);
      return;
    }
    this.#start(message.name, message, message.work);
  }

  #start(name: string, message: Message | null, work: (worker: Worker) => Promise<unknown>): void {
    this.#workers += 1;
    const worker: Worker = { name: `${name}-${this.#workers}`, offset: 0, dead: false };
    this.#running.set(worker, message);
    void this.#end(worker, message, work(worker));
  }

  async #end(worker: Worker, message: Message | null, work: Promise<unknown>): Promise<void> {
    try {
      await work;
      if (message !== null && this.#messages.includes(message))
        this.#messages.splice(this.#messages.indexOf(message), 1);
    } catch (error) {
      if (!(error instanceof AnchorwatchError)) this.errors.push(error);
      if (message !== null) message.due = this.#scheduler.now + AGAIN;
    }
    this.#running.delete(worker);
  }

  crash(worker: Worker): void {
    worker.dead = true;
    this.#running.delete(worker);
  }

  /** The message that this worker is at work on comes a second time. */
  again(worker: Worker): void {
    const message = this.#running.get(worker);
    if (message === null || message === undefined) return;
    this.#messages.push({ ...message, due: this.#scheduler.now, delivered: 0 });
  }

  /** The worker dies once more, and its message has been delivered as often as it may. */
  poison(worker: Worker): void {
    const message = this.#running.get(worker);
    if (message === null || message === undefined) return;
    this.crash(worker);
    message.delivered = DELIVERIES;
    message.due = this.#scheduler.now + LOCK;
  }

  duplicate(): void {
    const last = this.#messages.at(-1);
    if (last !== undefined) this.#messages.push({ ...last });
  }

  loseMessage(): void {
    this.#messages.pop();
  }
}
