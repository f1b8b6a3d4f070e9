import type { Answer, Call } from '../../world/call.ts';
import { SECOND, type Instant } from '../../../shared/time.ts';
import type { FaultOf } from './script.ts';

/** What each tenant says of an error: Okta's code and summary, Graph's code and message, the error of Okta's token endpoint. */
interface Complaint {
  readonly okta: readonly [code: string, summary: string];
  readonly graph: readonly [code: string, message: string];
  readonly oauth: readonly [error: string, description: string];
}

const THROTTLED: Complaint = {
  okta: ['E0000047', 'API call exceeded rate limit due to too many requests.'],
  graph: ['TooManyRequests', 'Too many requests.'],
  oauth: ['temporarily_unavailable', 'Too many requests.'],
};
const OUTAGES: Readonly<Record<FaultOf<'outage'>['status'], Complaint>> = {
  500: outage('InternalServerError', 'Internal Server Error'),
  502: outage('BadGateway', 'Bad Gateway'),
  503: outage('ServiceUnavailable', 'Service Unavailable'),
  504: outage('GatewayTimeout', 'Gateway Timeout'),
};
const TOKEN_REFUSED: Complaint = {
  okta: ['E0000011', 'Invalid token provided'],
  graph: ['InvalidAuthenticationToken', 'Lifetime validation failed, the token is expired.'],
  oauth: ['invalid_client', 'The client assertion is not valid.'],
};
const DENIED: Complaint = {
  okta: ['E0000006', 'You do not have permission to perform the requested action'],
  graph: ['Authorization_RequestDenied', 'Insufficient privileges to complete the operation.'],
  oauth: ['access_denied', 'The policy does not allow it.'],
};
const PAGE =
  '<!DOCTYPE html><html><head><title>Service unavailable</title></head><body><h1>We will be back.</h1></body></html>';

/** The limit announced by a 429 of ours; only that nothing remains of it matters. */
const LIMIT = '600';

/** A 429 as the side that was called writes it: Okta's reset is in UTC seconds, Graph's Retry-After in seconds or a date. */
export function throttled(call: Call, fault: FaultOf<'throttled'>, now: Instant): Answer {
  const answer = complaint(call, 429, THROTTLED);
  const wait = fault.reset === 'past' ? -fault.seconds : fault.seconds;
  if (call.side === 'okta') {
    const limits = { 'x-rate-limit-limit': LIMIT, 'x-rate-limit-remaining': '0' };
    const reset = fault.reset === 'missing' ? {} : { 'x-rate-limit-reset': oktaTime(now, wait) };
    return { ...answer, headers: { ...answer.headers, ...limits, ...reset } };
  }
  if (fault.reset === 'missing') return answer;
  const retryAfter =
    fault.form === 'http-date' ? new Date(now + wait * SECOND).toUTCString() : String(Math.max(0, wait));
  return { ...answer, headers: { ...answer.headers, 'retry-after': retryAfter } };
}

/** Okta's 429 for too many calls in flight: limit and remaining are both 0. Graph makes no such difference. */
export function concurrencyThrottled(call: Call, fault: FaultOf<'concurrency-throttled'>, now: Instant): Answer {
  const answer = complaint(call, 429, THROTTLED);
  const headers =
    call.side === 'okta'
      ? {
          'x-rate-limit-limit': '0',
          'x-rate-limit-remaining': '0',
          'x-rate-limit-reset': oktaTime(now, fault.seconds),
        }
      : { 'retry-after': String(fault.seconds) };
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

export function outageOf(call: Call, fault: FaultOf<'outage'>): Answer {
  return complaint(call, fault.status, OUTAGES[fault.status]);
}

export function html(fault: FaultOf<'html'>): Answer {
  return { status: fault.status, headers: { 'content-type': 'text/html; charset=utf-8' }, body: PAGE };
}

export function tokenRefused(call: Call): Answer {
  const answer = complaint(call, 401, TOKEN_REFUSED);
  const challenge = call.side === 'okta' ? 'Bearer error="invalid_token"' : 'Bearer';
  return { ...answer, headers: { ...answer.headers, 'www-authenticate': challenge } };
}

export function denied(call: Call): Answer {
  return complaint(call, 403, DENIED);
}

/** Okta alone loses a session in the middle of a walk; null for the others. */
export function sessionRefused(call: Call): Answer | null {
  return call.side === 'okta' ? json(403, oktaError('E0000005', 'Invalid session')) : null;
}

function complaint(call: Call, status: number, { okta, graph, oauth }: Complaint): Answer {
  if (call.side === 'identity') return json(status, { statusCode: status, message: graph[1] });
  if (call.side === 'graph') return json(status, { error: { code: graph[0], message: graph[1], innerError: {} } });
  const forToken = call.target.startsWith('/oauth2/');
  return json(status, forToken ? { error: oauth[0], error_description: oauth[1] } : oktaError(...okta));
}

function oktaError(code: string, summary: string): unknown {
  return { errorCode: code, errorSummary: summary, errorLink: code, errorId: 'oaeFault', errorCauses: [] };
}

function json(status: number, body: unknown): Answer {
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
  return { status, headers, body: JSON.stringify(body) };
}

function outage(code: string, text: string): Complaint {
  return { okta: ['E0000009', text], graph: [code, text], oauth: ['server_error', text] };
}

function oktaTime(now: Instant, seconds: number): string {
  return String(Math.floor(now / SECOND) + seconds);
}
