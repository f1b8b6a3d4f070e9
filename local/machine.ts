import { systemClock } from '../shared/clock.ts';
import type { Clock } from '../shared/ports/clock.ts';
import type { Instant } from '../shared/time.ts';
import { paced, type Pace } from './host/pace.ts';
import type { HostChoices, RunningHost, Stack } from './stack.ts';

/**
 * One host on one machine, started again and again, with storage and tenants that live on. All of them have one time, which goes
 * faster than the machine's, and leaps when it is told to.
 */
export class Machine {
  /** Their time. A wait ends at its instant, also when time leaps there. */
  readonly clock: Clock;
  readonly #stack: Stack;
  readonly #pace: Pace;
  readonly #choices: Pick<HostChoices, 'settings' | 'queueLock'>;
  readonly #real = systemClock();
  #host: RunningHost | null = null;
  #offset = 0;

  constructor(stack: Stack, pace: Pace, choices: Pick<HostChoices, 'settings' | 'queueLock'>) {
    this.#stack = stack;
    this.#pace = pace;
    this.#choices = choices;
    this.clock = {
      now: () => this.now(),
      wait: (ms, signal) => this.#waitUntil(this.now() + ms, signal),
      deadline: (ms) => this.#real.deadline(ms / pace.times),
    };
  }

  now(): Instant {
    return paced(this.#real.now(), this.#pace) + this.#offset;
  }

  async start(): Promise<void> {
    this.#host = await this.#stack.startHost({ ...this.#choices, port: 0, clockOffset: this.#offset });
  }

  /** Starts a function by hand. */
  async trigger(name: string): Promise<void> {
    if (this.#host === null) throw new Error(`No host is up that could start ${name}.`);
    await this.#host.trigger(name);
  }

  /** SIGKILL. */
  async kill(): Promise<void> {
    await this.#host?.kill();
    this.#host = null;
  }

  async stop(): Promise<void> {
    await this.#host?.stop();
    this.#host = null;
  }

  /** Time passes for all of them at once. */
  async leap(by: number): Promise<void> {
    this.#offset += Math.round(by);
    await Promise.all([this.#stack.shift(this.#offset), this.#host?.shift(this.#offset)]);
  }

  /** So many milliseconds of whoever looks on. */
  async pause(ms: number): Promise<void> {
    await this.#real.wait(ms);
  }

  /** How many calls the tenants have answered so far. */
  async calls(): Promise<number> {
    return (await this.#stack.desk.counts()).reduce((sum, { calls }) => sum + calls, 0);
  }

  async #waitUntil(instant: Instant, signal?: AbortSignal): Promise<void> {
    for (let left = instant - this.now(); left > 0; left = instant - this.now())
      await this.#real.wait(Math.min(left / this.#pace.times, GLANCE), signal);
  }
}

/** So often whoever waits looks whether time has leapt, in the machine's own milliseconds. */
const GLANCE = 50;
