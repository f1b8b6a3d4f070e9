import type { Instant } from '../../shared/time.ts';
import type { Call } from '../world/call.ts';
import type { Exchange } from './faults/exchange.ts';

/** A write that was asked of a tenant. */
export interface LedgerEntry {
  /** The tenants' time. */
  readonly at: Instant;
  readonly side: 'okta' | 'graph';
  readonly method: string;
  /** Path and query as they came. */
  readonly target: string;
  readonly body: string;
  /** The caller's own id of it, where the side knows one. */
  readonly correlation: string | null;
  readonly status: number;
}

export interface Ledger {
  record(call: Call, exchange: Exchange, at: Instant): void;
  writes(): readonly LedgerEntry[];
}

/** What was written into, or was to be: so that whoever keeps a journal of it can be held to that. Tokens are no writes. */
export function createLedger(): Ledger {
  const entries: LedgerEntry[] = [];
  return {
    record({ side, method, target, body, headers }, { answer }, at) {
      if (side === 'identity' || method === 'GET' || method === 'HEAD' || target.startsWith('/oauth2/')) return;
      const correlation = headers['client-request-id'] ?? null;
      entries.push({ at, side, method, target, body, correlation, status: answer.status });
    },
    writes: () => entries,
  };
}
