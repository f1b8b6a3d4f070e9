import type { Instant } from '../../../shared/time.ts';
import type { Reply } from '../routes.ts';
import { type Claims, hasAudience, readToken, signToken } from '../tokens.ts';
import type { OktaSettings } from './context.ts';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const FIELDS = ['grant_type', 'scope', 'client_id', 'client_assertion_type', 'client_assertion'];
const LONGEST_ASSERTION = 3_600;

/** Assertions that were used, until they would have expired anyway. */
export type UsedAssertions = Map<string, Instant>;

interface TokenRequest {
  readonly body: string;
  readonly contentType: string;
  readonly origin: string;
  readonly now: Instant;
  readonly random: () => number;
}

/**
 * `POST /oauth2/v1/token` for a service app: client credentials proven by a signed assertion. The whole token is refused where one
 * scope of those asked for is not granted. A DPoP proof is let pass unread: these apps do not require one.
 */
export function token(request: TokenRequest, settings: OktaSettings, used: UsedAssertions): Reply {
  if (!request.contentType.startsWith('application/x-www-form-urlencoded')) {
    return refuse(400, 'invalid_request', 'The content type must be application/x-www-form-urlencoded.');
  }
  const form = new URLSearchParams(request.body);
  const unknown = [...form.keys()].find((name) => !FIELDS.includes(name));
  if (unknown !== undefined) return refuse(400, 'invalid_request', `The form field ${unknown} is not known.`);
  if (form.get('grant_type') !== 'client_credentials') {
    return refuse(400, 'unsupported_grant_type', 'The authorization grant type is not supported.');
  }
  if (form.get('client_assertion_type') !== ASSERTION_TYPE) {
    return refuse(401, 'invalid_client', 'The client must prove itself by a signed assertion.');
  }
  if ((form.get('client_id') ?? settings.clientId) !== settings.clientId) {
    return refuse(401, 'invalid_client', 'The client_id is not that of the client_assertion.');
  }
  const wrong = assertionProblem(form.get('client_assertion') ?? '', request, settings, used);
  if (wrong !== null) return refuse(401, 'invalid_client', wrong);

  const scopes = (form.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
  if (scopes.length === 0 || scopes.some((scope) => !settings.grantedScopes.has(scope))) {
    return refuse(400, 'invalid_scope', 'One or more scopes are not configured for the authorization server resource.');
  }
  return { status: 200, body: { ...grant(scopes, request, settings), scope: scopes.join(' ') } };
}

function assertionProblem(
  assertion: string,
  { origin, now }: TokenRequest,
  settings: OktaSettings,
  used: UsedAssertions,
): string | null {
  const read = readToken(assertion, settings.clientKey);
  if (read === null) return 'The client_assertion signature is invalid.';
  const { claims, kid } = read;
  if (kid !== undefined && kid !== settings.clientKeyId) return 'The client_assertion key is not registered.';
  if (claims.iss !== settings.clientId || claims.sub !== settings.clientId) {
    return 'The client_assertion issuer and subject must be the client_id.';
  }
  if (!hasAudience(claims, `${origin}/oauth2/v1/token`)) return 'The client_assertion audience is invalid.';
  const seconds = now / 1_000;
  if (claims.exp === undefined || claims.exp <= seconds) return 'The client_assertion token is expired.';
  if (claims.exp > seconds + LONGEST_ASSERTION) return 'The client_assertion expires too late.';
  return isReplay(claims, now, used) ? 'The client_assertion token has already been used.' : null;
}

/** An assertion without `jti` can be sent again: Okta checks only those that carry one. */
function isReplay(claims: Claims, now: Instant, used: UsedAssertions): boolean {
  for (const [id, until] of used) if (until <= now) used.delete(id);
  if (claims.jti === undefined) return false;
  if (used.has(claims.jti)) return true;
  used.set(claims.jti, (claims.exp ?? 0) * 1_000);
  return false;
}

function grant(scopes: readonly string[], { origin, now, random }: TokenRequest, settings: OktaSettings) {
  const issued = Math.floor(now / 1_000);
  const claims = {
    ver: 1,
    jti: `AT.${random().toString(36).slice(2)}`,
    iss: origin,
    aud: origin,
    sub: settings.clientId,
    cid: settings.clientId,
    iat: issued,
    exp: issued + settings.tokenLifetime / 1_000,
    scp: scopes,
  };
  return {
    token_type: 'Bearer',
    expires_in: settings.tokenLifetime / 1_000,
    access_token: signToken('okta', claims, settings.signingKey),
  };
}

function refuse(status: number, error: string, description: string): Reply {
  return { status, body: { error, error_description: description } };
}
