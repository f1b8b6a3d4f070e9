import { Worker } from 'node:worker_threads';
import type { Asked, Told } from './worker.ts';

/**
 * A test that takes longer, of which none takes a second, is one that a mistake keeps from ending: in milliseconds of this process, so
 * that it matters little what else the machine does; and of the clock for one that waits for what never comes.
 */
const LONGEST = { work: 5_000, wait: 30_000 };

/** Tries mistakes in a thread of its own, which can be ended whatever it does. */
export class Tester {
  readonly #tests: readonly string[];
  readonly #longest: typeof LONGEST;
  #worker: Worker;

  constructor(tests: readonly string[], longest = LONGEST) {
    this.#tests = tests;
    this.#longest = longest;
    this.#worker = this.#begin();
  }

  #begin(): Worker {
    const worker = new Worker(new URL('worker.ts', import.meta.url), { workerData: { tests: this.#tests } });
    worker.setMaxListeners(0);
    return worker;
  }

  /** Which test fails first; null when all of them pass. */
  async firstFailed(asked: Asked): Promise<string | null> {
    const worker = this.#worker;
    const { promise, resolve } = Promise.withResolvers<string | null>();
    let begun = 'loading';
    const lost = (why: string): void => resolve(`! ${begun}: ${why}`);
    let since = { clock: performance.now(), cpu: process.cpuUsage() };
    const timer = setInterval(() => {
      const { user, system } = process.cpuUsage(since.cpu);
      if ((user + system) / 1_000 > this.#longest.work || performance.now() - since.clock > this.#longest.wait)
        lost('does not end');
    }, 250);
    const onMessage = (told: Told): void => {
      if ('failed' in told) return resolve(told.failed);
      begun = told.begun;
      since = { clock: performance.now(), cpu: process.cpuUsage() };
    };
    worker.on('message', onMessage);
    worker.once('error', (error) => lost(String(error)));
    worker.postMessage(asked);
    const failed = await promise;
    clearInterval(timer);
    worker.off('message', onMessage);
    worker.removeAllListeners('error');
    if (failed?.startsWith('!') !== true) return failed;
    await worker.terminate();
    this.#worker = this.#begin();
    return failed;
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}
