import type { Call } from '../world/call.ts';
import { bodyBytes, type Exchange } from './faults/exchange.ts';

/** What one operation of one tenant was asked, and what it cost. */
export interface OperationCount {
  readonly side: Call['side'];
  /** Method and path, ids replaced: `GET /api/v1/apps/{id}/users`. */
  readonly operation: string;
  readonly calls: number;
  /** Answers with status 429, the tenant's own and those of faults. */
  readonly throttled: number;
  /** Calls that a fault struck. */
  readonly faults: number;
  /** Bytes of request bodies. */
  readonly bytesIn: number;
  /** Bytes of answer bodies. */
  readonly bytesOut: number;
}

export interface Meter {
  record(call: Call, exchange: Exchange): void;
  /** In order of side and operation. */
  counts(): readonly OperationCount[];
  reset(): void;
}

export function createMeter(): Meter {
  const counts = new Map<string, OperationCount>();
  return {
    record(call, exchange) {
      const operation = `${call.method} ${pathPattern(call.target)}`;
      const key = `${call.side} ${operation}`;
      const before = counts.get(key);
      counts.set(key, {
        side: call.side,
        operation,
        calls: (before?.calls ?? 0) + 1,
        throttled: (before?.throttled ?? 0) + (exchange.answer.status === 429 ? 1 : 0),
        faults: (before?.faults ?? 0) + (exchange.fault === null ? 0 : 1),
        bytesIn: (before?.bytesIn ?? 0) + Buffer.byteLength(call.body),
        bytesOut: (before?.bytesOut ?? 0) + bodyBytes(exchange),
      });
    },
    counts: () => [...counts.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count),
    reset: () => counts.clear(),
  };
}

/** The path with ids, names and addresses replaced, so that calls of one operation count together. */
export function pathPattern(target: string): string {
  const [path = ''] = target.split('?');
  return path
    .split('/')
    .map((segment) => (isId(segment) ? '{id}' : segment))
    .join('/');
}

/** A GUID, an address, a domain, or a long opaque id such as Okta's: 17 or more letters and digits, with at least one digit. */
function isId(segment: string): boolean {
  if (/^v\d+\.\d+$/.test(segment) || segment.startsWith('microsoft.graph.')) return false;
  return /@|%40/i.test(segment) || /\.[a-z]{2,}$/i.test(segment) || /^(?=.*\d)[\w-]{17,}$/.test(segment);
}
