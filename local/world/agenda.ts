import type { Instant } from '../../shared/time.ts';

/** What is still to happen in the world, by itself or because somebody asked for it: it happens when the time is asked for. */
export class Agenda {
  readonly #due: { readonly at: Instant; readonly happen: (at: Instant) => void }[] = [];

  /** What is put down for the same instant happens in the order in which it was put down. */
  add(at: Instant, happen: (at: Instant) => void): void {
    let place = this.#due.length;
    while (place > 0 && (this.#due[place - 1]?.at ?? 0) > at) place -= 1;
    this.#due.splice(place, 0, { at, happen });
  }

  /** Lets happen whatever is due by `now`, and what follows from it by then. */
  runUpTo(now: Instant): void {
    for (let [next] = this.#due; next !== undefined && next.at <= now; [next] = this.#due) {
      this.#due.shift();
      next.happen(next.at);
    }
  }
}
