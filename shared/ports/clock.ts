import type { Instant } from '../time.ts';

/** The only source of time, and the only thing that waits. */
export interface Clock {
  now(): Instant;
  /** Resolves after `ms`; rejects with the signal's reason as soon as it is aborted. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
  /** A signal that aborts after `ms`. Call `end` when the work is done, so that nothing is left ticking. */
  deadline(ms: number): { readonly signal: AbortSignal; end(): void };
}
