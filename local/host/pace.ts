/** A clock that has gone faster than the machine's own since an instant, so that a long night passes in minutes. */
export interface Pace {
  /** So many times as fast. */
  readonly times: number;
  /** The machine's time from which on it does; the same for all processes that are to have one time. */
  readonly since: number;
}

/** What such a clock shows when the machine's own shows `real`. */
export function paced(real: number, { times, since }: Pace): number {
  return Math.floor(since + (real - since) * times);
}
