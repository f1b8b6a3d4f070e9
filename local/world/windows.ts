import type { Instant } from '../../shared/time.ts';

/** What a window has left after one call, or what it lacked. */
export interface Room {
  readonly allowed: boolean;
  readonly used: number;
  readonly remaining: number;
  /** When the window ends and the whole limit is there again. */
  readonly reset: Instant;
}

/** Fixed windows that begin at multiples of their length: how much of each limit is used follows from `now` and the calls alone. */
export class Windows {
  readonly #used = new Map<string, { readonly window: number; readonly used: number }>();

  /** Takes `cost` out of the window that is open now; takes nothing where the window has no room left. */
  take(name: string, now: Instant, length: number, limit: number, cost = 1): Room {
    const window = Math.floor(now / length);
    const reset = (window + 1) * length;
    const entry = this.#used.get(name);
    const before = entry?.window === window ? entry.used : 0;
    if (before >= limit) return { allowed: false, used: before, remaining: 0, reset };
    const used = before + cost;
    this.#used.set(name, { window, used });
    return { allowed: true, used, remaining: Math.max(0, limit - used), reset };
  }
}
