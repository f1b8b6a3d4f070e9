import * as z from 'zod';
import { mayPassStatus, safeWords } from '../answers.ts';
import { AnchorwatchError, type ErrorKind } from '../errors.ts';
import { networkFailure } from '../network.ts';
import { askedDelay, type HeaderReader } from '../retry.ts';
import type { Instant } from '../time.ts';

/** A request as an error names it: method and path, without the query, which may hold a name. */
export interface Asked {
  readonly what: string;
  readonly host: string;
  readonly now: Instant;
}

// OktaApiError and HttpError of the SDK; the latter is not exported, and carries the whole body in its message.
const SdkFailure = z.object({
  status: z.number(),
  errorCode: z.string().optional().catch(undefined),
  errorSummary: z.string().optional().catch(undefined),
  errorCauses: z
    .array(z.object({ errorSummary: z.string() }))
    .optional()
    .catch(undefined),
  headers: z.custom<HeaderReader>((value) => typeof value === 'object' && value !== null && 'get' in value),
});

export type SdkAnswer = z.infer<typeof SdkFailure>;

/** The HTTP answer that the SDK threw, if it was one. */
export function sdkAnswer(error: unknown): SdkAnswer | null {
  return error instanceof Error ? (SdkFailure.safeParse(error).data ?? null) : null;
}

/** Anything thrown by the SDK or beneath it, as the house's error. Bodies are dropped; Okta's code and summary stay. */
export function oktaFailure(error: unknown, asked: Asked): AnchorwatchError {
  if (error instanceof AnchorwatchError) return error;
  const answer = sdkAnswer(error);
  if (answer !== null) return answerFailure(answer, asked);
  return networkFailure(error, 'Okta', asked.host);
}

function answerFailure(answer: SdkAnswer, asked: Asked): AnchorwatchError {
  const { status, errorCode: code } = answer;
  const kind = kindOfAnswer(status, code);
  const words = [answer.errorSummary ?? '', ...(answer.errorCauses ?? []).map((cause) => cause.errorSummary)];
  const said = [code ?? '', safeWords(words.filter((word) => word !== '').join('. '))].filter((text) => text !== '');
  const quote = said.length === 0 ? '' : ` (${said.join(': ')})`;
  const answered = `Okta answered ${status}${quote} to ${asked.what}.`;
  return new AnchorwatchError(kind, `${answered}${wayOut(status, code)}`, {
    retryAfter:
      kind === 'throttled' || kind === 'transient' ? askedDelay(status, answer.headers, asked.now) : undefined,
    fields: { status, code, requestId: answer.headers.get('x-okta-request-id'), request: asked.what },
  });
}

function kindOfAnswer(status: number, code: string | undefined): ErrorKind {
  if (status === 429) return 'throttled';
  if (mayPassStatus(status)) return 'transient';
  // Will not unassign what a group grants; will not write what is mapped, or mastered elsewhere.
  if (code === 'E0000046' || code === 'E0000075' || code === 'E0000076') return 'refused';
  if (status === 401 || status === 403) return 'denied';
  if (status === 409 || status === 412) return 'conflict';
  if (status < 400) return 'refused';
  return 'invalid';
}

function wayOut(status: number, code: string | undefined): string {
  if (status < 400) return ' Redirects are not followed. Is the org address right?';
  if (status === 401)
    return ' Are the client id and key (or the API token, which lapses after 30 days unused) still valid?';
  if (code === 'E0000006' || (status === 403 && code === undefined)) {
    return ' The service app needs the scope for this call and an admin role, such as Read-only Administrator.';
  }
  if (status === 404 && code === undefined) return ' Is the org address that of an Okta org?';
  return '';
}
