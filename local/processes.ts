import { systemClock } from '../shared/clock.ts';
import { AnchorwatchError } from '../shared/errors.ts';
import type { Clock } from '../shared/ports/clock.ts';
import { SECOND } from '../shared/time.ts';
import { describeEnding, type Ending, type Launched, launch, type ProcessSpec } from './host/child.ts';

export type { Ending, ProcessSpec } from './host/child.ts';

export interface Child<Ready> {
  readonly name: string;
  readonly pid: number;
  readonly ready: Ready;
  /** Moves the clock of a child that was started with a pace or an offset. */
  readonly shift: (offset: number) => Promise<void>;
  /** SIGTERM, and SIGKILL when that takes too long. */
  readonly stop: () => Promise<Ending>;
  /** SIGKILL: the child gets no chance to do anything. */
  readonly kill: () => Promise<Ending>;
}

export interface ProcessSet {
  /** Resolves when the child is ready. Throws AnchorwatchError (`invalid`) with its last words when it ends before, or takes too long. */
  start<Ready>(spec: ProcessSpec<Ready>): Promise<Child<Ready>>;
}

export interface ProcessOptions {
  /** Every line that a child writes. */
  readonly onLine?: (name: string, line: string) => void;
  readonly clock?: Clock;
  /** Milliseconds a child may take to be ready, and to end. */
  readonly startLimit?: number;
  readonly stopLimit?: number;
}

/** Somebody asked us to end: Ctrl-C, a closed terminal, a supervisor. */
export class Interrupted extends Error {
  readonly signal: NodeJS.Signals;

  constructor(signal: NodeJS.Signals) {
    super(`ended by ${signal}`);
    this.name = 'Interrupted';
    this.signal = signal;
  }
}

/**
 * Does `work` with a set of child processes, none of which outlives it. Whatever ends the work (its own end, an error, Ctrl-C, a child
 * that ended unasked) ends the children, the youngest first; and should this process be killed, they notice and end themselves.
 * Throws what `work` throws, `Interrupted`, or AnchorwatchError (`transient`) for a child that crashed.
 */
export async function withProcesses<Result>(
  work: (set: ProcessSet, signal: AbortSignal) => Promise<Result>,
  options: ProcessOptions = {},
): Promise<Result> {
  const { clock = systemClock(), startLimit = 60 * SECOND, stopLimit = 15 * SECOND, onLine } = options;
  const ending = new AbortController();
  const stack: Launched[] = [];

  async function start<Ready>(spec: ProcessSpec<Ready>): Promise<Child<Ready>> {
    ending.signal.throwIfAborted();
    const child = launch(spec, { clock, stopLimit, onLine });
    stack.push(child);
    const ready = await becomesReady(spec, child, clock.deadline(startLimit));
    void child.ended.then((end) => {
      if (!child.isAskedToEnd()) ending.abort(new AnchorwatchError('transient', describeEnding(end)));
    });
    return { name: spec.name, pid: child.pid, ready, shift: child.shift, stop: child.stop, kill: child.kill };
  }

  const restore = onSignals((signal) => ending.abort(new Interrupted(signal)));
  try {
    return await Promise.race([work({ start }, ending.signal), aborted(ending.signal)]);
  } finally {
    // What still runs of the work can start no more.
    ending.abort();
    for (const child of stack.toReversed()) await child.stop();
    restore();
  }
}

async function becomesReady<Ready>(
  spec: ProcessSpec<Ready>,
  child: Launched,
  limit: ReturnType<Clock['deadline']>,
): Promise<Ready> {
  const announced = Promise.withResolvers<Ready>();
  const unlisten = child.onLine(() => {
    try {
      const ready = spec.ready(child.lines);
      if (ready !== null) announced.resolve(ready);
    } catch (error) {
      announced.reject(error);
    }
  });
  const dead = child.ended.then((end) => {
    throw new AnchorwatchError('invalid', `${spec.name} did not become ready: ${describeEnding(end)}`);
  });
  try {
    return await Promise.race([announced.promise, dead, aborted(limit.signal)]);
  } catch (error) {
    await child.stop();
    throw error;
  } finally {
    unlisten();
    limit.end();
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

function onSignals(act: (signal: NodeJS.Signals) => void): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const handlers = signals.map((signal) => [signal, () => act(signal)] as const);
  for (const [signal, handler] of handlers) process.on(signal, handler);
  return () => {
    for (const [signal, handler] of handlers) process.off(signal, handler);
  };
}
