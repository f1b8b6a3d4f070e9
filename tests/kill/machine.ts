import { paced, type Pace } from '../../local/host/pace.ts';
import type { RunningHost, Stack } from '../../local/stack.ts';
import { systemClock } from '../../shared/clock.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Instant } from '../../shared/time.ts';
import { QUEUE_LOCK } from './settings.ts';

/**
 * One host on one machine, started again and again, with storage and tenants that live on. All of them have one time, which goes
 * faster than the machine's, and leaps when it is told to.
 */
export class Machine {
  /** What time it is for all of them; waits take the real time of this machine. */
  readonly clock: Clock;
  readonly #stack: Stack;
  readonly #pace: Pace;
  readonly #settings: Readonly<Record<string, string>>;
  #host: RunningHost | null = null;
  #offset = 0;

  constructor(stack: Stack, pace: Pace, settings: Readonly<Record<string, string>>) {
    this.#stack = stack;
    this.#pace = pace;
    this.#settings = settings;
    this.clock = { ...systemClock(), now: () => this.now() };
  }

  now(): Instant {
    return paced(Date.now(), this.#pace) + this.#offset;
  }

  async start(): Promise<RunningHost> {
    const choices = { port: 0, settings: this.#settings, clockOffset: this.#offset, queueLock: QUEUE_LOCK };
    this.#host = await this.#stack.startHost(choices);
    return this.#host;
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

  /** How many calls the tenants have answered so far. */
  async calls(): Promise<number> {
    return (await this.#stack.desk.counts()).reduce((sum, { calls }) => sum + calls, 0);
  }
}
