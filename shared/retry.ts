import { AnchorwatchError } from './errors.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import { MINUTE, SECOND, type Instant } from './time.ts';

/** The bounds of one call, all in milliseconds but `attempts`. */
export interface RetryRules {
  readonly attempts: number;
  /** The sum of all waits between attempts. */
  readonly totalWait: number;
  /** For one attempt, from the first byte sent to the last byte read. */
  readonly deadline: number;
}

/** Outlasts one-minute rate windows a few times over, and ends well within a function's own time limit. */
export const RETRY_RULES: RetryRules = { attempts: 6, totalWait: 6 * MINUTE, deadline: MINUTE };

export interface RetryDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
}

export interface Call {
  /** Who is asked, for messages: `Okta`, `Microsoft Graph`. */
  readonly who: string;
  /** Only GET and HEAD are repeated: of anything else nobody knows whether the lost answer said that it was done. */
  readonly method: string;
  /** A request that may be repeated although its method says otherwise: asking for a token changes nothing. */
  readonly harmless?: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly rules?: RetryRules;
}

/**
 * The rules of a write that must not outlast its sender's lease: one attempt, over at `until`. Throws `transient` when that has
 * passed: nothing is sent then.
 */
export function rulesUntil(until: Instant, who: string, { clock }: Pick<RetryDeps, 'clock'>): RetryRules {
  const left = until - clock.now();
  if (left <= 0)
    throw new AnchorwatchError('transient', `It is too late for this request to ${who}: nothing was sent.`, {
      fields: { unsent: true },
    });
  return { attempts: 1, totalWait: 0, deadline: Math.min(left, RETRY_RULES.deadline) };
}

export interface HeaderReader {
  get(name: string): string | null;
}

/**
 * The one retry of the house; the SDKs' own are switched off. An attempt that fails with a `throttled` or `transient`
 * AnchorwatchError is repeated after what the other side asked for (`retryAfter`), else after a jittered, doubling pause. Throws
 * that error, with `retryAfter`, when attempts or waiting are used up; the caller's own reason when its signal is aborted; and
 * anything else at once.
 */
export async function retry<T>(attempt: (signal: AbortSignal) => Promise<T>, call: Call, deps: RetryDeps): Promise<T> {
  const rules = call.rules ?? RETRY_RULES;
  const repeatable = call.harmless === true || call.method === 'GET' || call.method === 'HEAD';
  let waited = 0;
  for (let tried = 1; ; tried += 1) {
    const failure = await once(attempt, call, rules, deps.clock);
    if (failure.kind === 'answer') return failure.value;
    const { error } = failure;
    if (!repeatable || !(error instanceof AnchorwatchError) || !mayPass(error)) throw error;
    const pause = pauseAfter(error, tried, deps.random);
    if (tried >= rules.attempts || waited + pause > rules.totalWait) throw givenUp(error, tried, waited, pause);
    deps.log.debug('A request is repeated', { who: call.who, attempt: tried, pause, why: error.kind, ...error.fields });
    await deps.clock.wait(pause, call.signal);
    waited += pause;
  }
}

type Outcome<T> =
  | { readonly kind: 'answer'; readonly value: T }
  | { readonly kind: 'failure'; readonly error: unknown };

async function once<T>(
  attempt: (signal: AbortSignal) => Promise<T>,
  call: Call,
  rules: RetryRules,
  clock: Clock,
): Promise<Outcome<T>> {
  call.signal?.throwIfAborted();
  const deadline = clock.deadline(rules.deadline);
  const signal = call.signal === undefined ? deadline.signal : AbortSignal.any([call.signal, deadline.signal]);
  try {
    return { kind: 'answer', value: await orAborted(attempt(signal), signal) };
  } catch (error) {
    call.signal?.throwIfAborted();
    if (!deadline.signal.aborted) return { kind: 'failure', error };
    const seconds = rules.deadline / SECOND;
    return {
      kind: 'failure',
      error: new AnchorwatchError('transient', `${call.who} did not answer within ${seconds} seconds.`),
    };
  } finally {
    deadline.end();
  }
}

/** The work's outcome, or the signal's reason as soon as it is aborted, even where a library ignores the signal. */
export async function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/**
 * Does a thing again, one time, when it failed in a way that `again` knows to pass. Throws the second failure as `final` words it.
 */
export async function onceMore<T>(
  work: () => Promise<T>,
  again: (error: AnchorwatchError) => boolean,
  final: (error: AnchorwatchError) => AnchorwatchError = (error) => error,
): Promise<T> {
  const passes = (error: unknown): error is AnchorwatchError => error instanceof AnchorwatchError && again(error);
  try {
    return await work();
  } catch (error) {
    if (!passes(error)) throw error;
  }
  try {
    return await work();
  } catch (error) {
    throw passes(error) ? final(error) : error;
  }
}

/**
 * An error answer without a code that can be read: cut in half, or somebody else's in between. What it means stands in the half
 * that is missing: whoever is not there, or a session that passes. What a retry has given up is not such an answer.
 */
export function isCutRefusal({ kind, fields }: AnchorwatchError): boolean {
  const { status, code } = fields;
  if (kind === 'throttled' || kind === 'transient') return false;
  return typeof status === 'number' && status >= 400 && typeof code !== 'string';
}

/** What a retry within has already given up is not tried as often again. */
function mayPass(error: AnchorwatchError): boolean {
  return (error.kind === 'throttled' || error.kind === 'transient') && error.fields['attempts'] === undefined;
}

function pauseAfter(error: AnchorwatchError, tried: number, random: () => number): number {
  if (error.retryAfter !== undefined) return Math.round(error.retryAfter + random() * SECOND);
  const ceiling = Math.min(30 * SECOND, SECOND * 2 ** (tried - 1));
  return Math.round(ceiling / 2 + (random() * ceiling) / 2);
}

function givenUp(error: AnchorwatchError, tried: number, waited: number, pause: number): AnchorwatchError {
  const effort = `Given up after ${tried} attempts and ${Math.round(waited / SECOND)} seconds of waiting.`;
  return new AnchorwatchError(error.kind, `${error.message} ${effort}`, {
    cause: error.cause,
    retryAfter: pause,
    fields: { ...error.fields, attempts: tried },
  });
}

/**
 * Milliseconds that an answer asks us to wait, or undefined when it does not say, or says a time that has passed: then the usual
 * pause applies. `Retry-After` (RFC 9110, seconds or a date) goes before Okta's `x-rate-limit-reset` (seconds since 1970), which counts
 * on a 429 alone. Times are compared with the answer's own `date`, for two clocks never agree. When limit and remaining are both 0,
 * Okta has too many requests in flight at once, and its reset time means nothing (developer.okta.com, rate limits, concurrency).
 */
export function askedDelay(status: number, headers: HeaderReader, now: Instant): number | undefined {
  const at = httpDate(headers.get('date')) ?? now;
  const after = headers.get('retry-after')?.trim() ?? '';
  const asked = /^\d+(\.\d+)?$/.test(after) ? Number(after) * SECOND : (httpDate(after) ?? at) - at;
  if (asked > 0) return asked;
  if (status !== 429) return undefined;
  const reset = count(headers.get('x-rate-limit-reset'));
  const crowded = count(headers.get('x-rate-limit-limit')) === 0 && count(headers.get('x-rate-limit-remaining')) === 0;
  if (reset === null || crowded || reset * SECOND < at) return undefined;
  return reset * SECOND - at + SECOND;
}

/** A header that is one whole number; a header sent twice arrives as `1, 2` and is none. */
export function count(text: string | null): number | null {
  return text !== null && /^\d{1,15}$/.test(text.trim()) ? Number(text) : null;
}

/** The instant of an HTTP date such as `Mon, 23 Nov 2026 02:00:00 GMT`. */
export function httpDate(text: string | null): Instant | null {
  if (text === null || !/^\w{3}, \d{2} \w{3} \d{4} [\d:]{8} GMT$/.test(text)) return null;
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? null : instant;
}
