import type { Clock } from '../../shared/ports/clock.ts';
import { AnchorwatchError } from '../../shared/errors.ts';
import { type Instant, MINUTE, SECOND } from '../../shared/time.ts';
import type { EffectKind, Fault, FaultPlan } from './faults.ts';

/** One call of a function. It dies alone: what it waits for never comes. */
export interface Worker {
  readonly name: string;
  /** How far its clock is ahead of the true time. */
  offset: number;
  dead: boolean;
}

/** One thing that happened, for histories. */
export interface Happened {
  readonly at: Instant;
  readonly worker: string;
  readonly kind: EffectKind;
  readonly name: string;
  readonly fault: Fault | null;
  readonly failed: string | null;
}

interface Pending {
  readonly worker: Worker;
  readonly ready: Instant;
  readonly order: number;
  readonly run: () => Promise<void>;
}

/** How a port call is carried out under a fault: `perform` with how old the answer may be. */
interface Effect<T> {
  readonly kind: EffectKind;
  readonly name: string;
  readonly perform: (staleness: number) => T | Promise<T>;
  /** The end of the request's time, for writes that have one. */
  readonly until?: Instant | undefined;
}

export interface Watcher {
  before(
    worker: Worker,
    effect: { readonly kind: EffectKind; readonly name: string; readonly arguments: readonly unknown[] },
  ): void;
  after(worker: Worker, happened: Happened, answer: unknown, args: readonly unknown[]): void;
}

/** A side that is down, or that does not allow something for a while; `unheard`: it does all that it is asked, and its answers are lost. */
export interface Trouble {
  readonly kind: 'transient' | 'denied' | 'unheard';
  /** By the name of the call, such as `okta.unassign`. */
  readonly hits: (name: string) => boolean;
  readonly until: Instant;
}

/** Whatever a fault needs done around the worker it hits. */
export interface Doer {
  crash(worker: Worker): void;
  again(worker: Worker): void;
  poison(worker: Worker): void;
  duplicate(): void;
  loseMessage(): void;
}

/**
 * One process, many workers, one virtual time that only this moves. Every port call is a pending effect, and which one happens next
 * follows from the seed alone; at most a few of them happen under a fault that the plan says for them.
 */
export class Scheduler {
  now: Instant;
  readonly history: Happened[] = [];
  readonly #random: () => number;
  readonly #faults: FaultPlan;
  readonly #latency: number;
  readonly #pending: Pending[] = [];
  #order = 0;
  doer: Doer | null = null;
  watcher: Watcher | null = null;
  /** Calls that nobody gets through for a while. */
  trouble: Trouble | null = null;

  /** `latency` is the longest that an effect takes; it takes a tenth of that at least. */
  constructor(start: Instant, random: () => number, faults: FaultPlan = () => null, latency: number = LATENCY) {
    this.now = start;
    this.#random = random;
    this.#faults = faults;
    this.#latency = latency;
  }

  /** The clock as one worker sees it. A deadline is not needed here: writes carry their own end. */
  clockOf(worker: Worker): Clock {
    return {
      now: () => this.now + worker.offset,
      wait: (ms) => this.#later(worker, this.now + ms, async () => undefined),
      deadline: () => ({ signal: new AbortController().signal, end: () => undefined }),
    };
  }

  effect<T>(worker: Worker, effect: Effect<T>, args: readonly unknown[]): Promise<T> {
    const latency = Math.floor(this.#latency * (0.1 + this.#random() * 0.9));
    return this.#later(worker, this.now + latency, () => this.#happen(worker, effect, args));
  }

  get isIdle(): boolean {
    return this.#pending.length === 0;
  }

  /** When the next thing is due; null when nothing is pending. */
  get next(): Instant | null {
    return this.#first()?.ready ?? null;
  }

  /** Lets the next thing happen, and everybody run until all are blocked again. */
  async step(): Promise<void> {
    const first = this.#first();
    if (first === undefined) return;
    this.#pending.splice(this.#pending.indexOf(first), 1);
    if (first.worker.dead) return;
    this.now = Math.max(this.now, first.ready);
    // Never awaited: of a worker that crashes in it nothing comes any more.
    void first.run();
    await drained();
  }

  #first(): Pending | undefined {
    let first: Pending | undefined;
    for (const one of this.#pending) {
      if (first === undefined || one.ready < first.ready || (one.ready === first.ready && one.order < first.order))
        first = one;
    }
    return first;
  }

  #later<T>(worker: Worker, ready: Instant, work: () => Promise<T>): Promise<T> {
    if (worker.dead) return new Promise(() => undefined);
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    this.#order += 1;
    const run = async (): Promise<void> => {
      try {
        const value = await work();
        if (!worker.dead) resolve(value);
      } catch (error) {
        if (!worker.dead) reject(error);
      }
    };
    this.#pending.push({ worker, ready, order: this.#order, run });
    return promise;
  }

  async #happen<T>(worker: Worker, effect: Effect<T>, args: readonly unknown[]): Promise<T> {
    const fault = this.#faults(this.history.length, effect.kind);
    const entry = { at: this.now, worker: worker.name, kind: effect.kind, name: effect.name, fault, failed: null };
    const place = this.history.push(entry) - 1;
    const fail = (error: AnchorwatchError): AnchorwatchError => {
      this.history[place] = { ...entry, failed: error.kind };
      return error;
    };
    const send = (): void => {
      // What comes too late is refused by the port, and nothing is sent.
      const isSent = effect.until === undefined || this.now < effect.until;
      if (isSent) this.watcher?.before(worker, { kind: effect.kind, name: effect.name, arguments: args });
    };
    const land = async (staleness = 0): Promise<T> => {
      try {
        const answer = await effect.perform(staleness);
        this.watcher?.after(worker, entry, answer, args);
        return answer;
      } catch (error) {
        this.watcher?.after(worker, entry, error, args);
        throw error instanceof AnchorwatchError ? fail(error) : error;
      }
    };
    const perform = (staleness = 0): Promise<T> => {
      send();
      return land(staleness);
    };
    const transient = (why: string): AnchorwatchError =>
      fail(new AnchorwatchError('transient', why, { fields: FIELDS }));
    const { trouble } = this;
    if (trouble !== null && this.now < trouble.until && trouble.hits(effect.name)) {
      if (trouble.kind === 'unheard') await perform();
      const { kind, fields } = ANSWERS[trouble.kind];
      throw fail(new AnchorwatchError(kind, 'so it is answered for a while', { fields }));
    }
    switch (fault) {
      case 'crash before':
        this.doer?.crash(worker);
        return new Promise(() => undefined);
      case 'crash after':
        await perform();
        this.doer?.crash(worker);
        return new Promise(() => undefined);
      case 'answer lost':
        await perform();
        throw transient('the answer was lost');
      case 'lands late':
        // The sender gives up at once; the request is still under way, and lands at the very end of its time. It is judged by what was
        // known when it was sent.
        send();
        void this.#later(GHOST, Math.max(this.now, (effect.until ?? this.now) - 1), () => settled(land()));
        throw transient('nothing was heard');
      case '429':
        throw fail(new AnchorwatchError('throttled', 'too many requests', { retryAfter: 40 * SECOND, fields: FIELDS }));
      case '503':
        throw transient('not available');
      case 'stale read':
        return perform(60 * SECOND);
      case 'read goes back in time':
        return perform(110 * SECOND);
      case '412':
        throw fail(new AnchorwatchError('conflict', 'somebody else wrote it'));
      case 'own 412 after a lost answer':
        await perform();
        throw fail(new AnchorwatchError('conflict', 'it changed since it was read'));
      case 'duplicate delivery': {
        const answer = await perform();
        this.doer?.duplicate();
        return answer;
      }
      case 'message lost': {
        const answer = await perform();
        this.doer?.loseMessage();
        return answer;
      }
      case 'second worker':
        this.doer?.again(worker);
        return perform();
      case 'poison':
        this.doer?.poison(worker);
        return perform();
      case 'frozen past the lease':
        return this.#later(worker, this.now + 6 * MINUTE, () => perform());
      case 'clock minutes ahead':
        worker.offset += 4 * MINUTE;
        return perform();
      case 'clock minutes behind':
        worker.offset -= 4 * MINUTE;
        return perform();
      default:
        return perform();
    }
  }
}

/** In milliseconds. */
const LATENCY = 200;

/** What a tenant's own error would carry. */
const FIELDS = { status: 503 };
const ANSWERS = {
  transient: { kind: 'transient', fields: FIELDS },
  unheard: { kind: 'transient', fields: {} },
  denied: { kind: 'denied', fields: { status: 403, code: 'Authorization_RequestDenied' } },
} as const;

/** Sends what a worker that gave up has left under way. */
const GHOST: Worker = { name: 'ghost', offset: 0, dead: false };

async function settled(work: Promise<unknown>): Promise<undefined> {
  await work.catch(() => undefined);
  return undefined;
}

/** All microtasks have run by then: everybody who could go on has, up to the next effect. */
function drained(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
