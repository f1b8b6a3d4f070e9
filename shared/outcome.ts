import { AnchorwatchError, explain } from './errors.ts';
import type { Refused, Unknown } from './ports/channel.ts';

/** Codes of Node and undici for a connection that never was: not a byte of the request has left. */
const NEVER_CONNECTED =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EAI_NONAME|EAI_FAIL|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|ENETDOWN|UND_ERR_CONNECT_TIMEOUT)$/;

/**
 * What became of a message whose sending failed: refused where it surely was not taken, and unknown wherever it may have been. A server
 * that fails (5xx) may have failed after it had taken it.
 */
export function outcomeOf(error: unknown): Refused | Unknown {
  if (!(error instanceof AnchorwatchError)) return { kind: 'unknown', reason: explain(error), status: null };
  const { status: said, code, unsent, requestId } = error.fields;
  const status = typeof said === 'number' ? said : null;
  const reason = explain(error);
  const isUnsent = unsent === true || (typeof code === 'string' && NEVER_CONNECTED.test(code));
  if (error.kind === 'transient' && !isUnsent) return { kind: 'unknown', reason, status };
  return {
    kind: 'refused',
    why: error.kind === 'conflict' ? 'invalid' : error.kind,
    reason,
    status,
    retryAfter: error.retryAfter ?? null,
    id: typeof requestId === 'string' ? requestId : null,
  };
}

/** The same for what comes before the request, such as asking for a token: whatever fails there, nothing was sent. */
export function unsentOutcome(error: unknown): Refused {
  const outcome = outcomeOf(error);
  if (outcome.kind === 'refused') return outcome;
  const { reason, status } = outcome;
  return { kind: 'refused', why: 'transient', reason, status, retryAfter: null, id: null };
}
