import * as z from 'zod';
import { mayPassStatus, parseJson, safeWords } from '../answers.ts';
import { AnchorwatchError } from '../errors.ts';
import type { Body } from '../ports/parsing.ts';
import { askedDelay, type HeaderReader } from '../retry.ts';
import type { Instant } from '../time.ts';

export const TOKEN_PATH = '/oauth2/v1/token';
const WHAT = `POST ${TOKEN_PATH}`;

/** As much of an answer as the SDK and we look at. */
export interface HttpAnswer {
  readonly url: string;
  readonly ok: boolean;
  readonly status: number;
  readonly headers: HeaderReader;
  readonly body: Body;
  text(): Promise<string>;
}

/** What the SDK takes for the answer of the token endpoint. */
export interface TokenAnswer extends HttpAnswer {
  json(): Promise<unknown>;
}

const Token = z.looseObject({ access_token: z.string().min(1) });
// OAuth's form of an error, and Okta's own.
const Refusal = z.object({
  error: z.string().optional().catch(undefined),
  error_description: z.string().optional().catch(undefined),
  errorCode: z.string().optional().catch(undefined),
  errorSummary: z.string().optional().catch(undefined),
});

/**
 * Looks at the answer of the token endpoint before the SDK does. The SDK takes any JSON for a token, sends `Bearer undefined`, and
 * then reports the 401 that this earns. Only a token, or the demand for a DPoP nonce, is handed on; all else is thrown as what it is.
 */
export async function checkTokenAnswer(
  answer: HttpAnswer,
  asked: { readonly scopes: readonly string[]; readonly now: Instant },
): Promise<TokenAnswer> {
  const text = await answer.text();
  if (answer.ok) {
    const body = parseJson(text, WHAT);
    if (Token.safeParse(body).success) return { ...whole(answer, text), json: async () => body };
    throw new AnchorwatchError('transient', `The answer to ${WHAT} holds no access token.`);
  }
  if (mayPassStatus(answer.status)) {
    throw new AnchorwatchError(
      answer.status === 429 ? 'throttled' : 'transient',
      `Okta answered ${answer.status} to ${WHAT}.`,
      { retryAfter: askedDelay(answer.status, answer.headers, asked.now), fields: fieldsOf(answer) },
    );
  }
  const refusal = readRefusal(text);
  if (refusal === null) {
    throw new AnchorwatchError(
      'invalid',
      `Okta answered ${answer.status} to ${WHAT}, and not in the manner of Okta. Is the org address that of an Okta org?`,
      { fields: fieldsOf(answer) },
    );
  }
  if (refusal.error === 'use_dpop_nonce') return { ...whole(answer, text), json: async () => refusal };
  throw denied(answer, refusal, asked.scopes);
}

function whole(answer: HttpAnswer, text: string): HttpAnswer {
  return { ...answer, text: async () => text };
}

function readRefusal(text: string): z.infer<typeof Refusal> | null {
  try {
    return Refusal.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function denied(answer: HttpAnswer, refusal: z.infer<typeof Refusal>, scopes: readonly string[]): AnchorwatchError {
  const code = refusal.error ?? refusal.errorCode ?? 'no code';
  const words = safeWords(refusal.error_description ?? refusal.errorSummary ?? '');
  const said = words === '' ? code : `${code}: ${words}`;
  return new AnchorwatchError('denied', `Okta gave no access token (${said}). ${wayOut(code, scopes)}`, {
    fields: { ...fieldsOf(answer), code },
  });
}

function wayOut(code: string, scopes: readonly string[]): string {
  if (code === 'invalid_scope') {
    return `Grant the service app every one of these under Okta API Scopes: ${scopes.join(' ')}; one that is missing refuses all.`;
  }
  if (code === 'invalid_client') {
    return "Check the client id, that the key's public half is registered with the service app, its kid, and this machine's clock.";
  }
  return 'Check the service app in the Okta Admin Console: is it active, with Public key / Private key as its authentication?';
}

function fieldsOf(answer: HttpAnswer): { status: number; requestId: string | null; request: string } {
  return { status: answer.status, requestId: answer.headers.get('x-okta-request-id'), request: WHAT };
}
