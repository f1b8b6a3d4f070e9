import type { Instant } from '../time.ts';

/** How a write is sent. */
export interface Effect {
  /**
   * Nothing is sent after this instant, and no answer is waited for beyond it: it lies before the end of the sender's lease, so that
   * whoever takes the lease over need wait only this long for what is still under way. Too late is `transient`, and nothing was sent.
   */
  readonly until: Instant;
  /** Ours, a GUID: it stands in the journal before the write, and goes out as Graph's `client-request-id`. */
  readonly correlation: string;
}

/** What a tenant said to a write that it took. */
export interface Receipt {
  /** `x-okta-request-id`, or Graph's `request-id`: what their support asks for. */
  readonly requestId: string | null;
}
