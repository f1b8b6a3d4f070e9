import type { Instant } from '../../../shared/time.ts';
import { hasAudience, readToken } from '../tokens.ts';
import type { OktaLimits, OktaRoute, OktaSettings } from './context.ts';
import { OktaRefusal } from './refusal.ts';

/** Whom a call comes from: an API token has every right of its owner, an access token its scopes. */
export interface Caller {
  readonly name: string;
  readonly scopes: ReadonlySet<string> | 'all';
}

/** The caller by its `Authorization` header; 401 E0000011 for any token that is not good here and now. */
export function authenticate(header: string, origin: string, settings: OktaSettings, now: Instant): Caller {
  const [scheme = '', credential = ''] = header.split(' ', 2);
  if (scheme === 'SSWS' && settings.apiTokens.has(credential)) return { name: credential, scopes: 'all' };
  if (scheme === 'Bearer') {
    const claims = readToken(credential, settings.verifyingKey)?.claims;
    const good = claims !== undefined && hasAudience(claims, origin) && (claims.exp ?? 0) * 1_000 > now;
    const scopes = claims?.['scp'];
    if (good && Array.isArray(scopes)) {
      return { name: claims.sub ?? '', scopes: new Set(scopes.filter((scope) => typeof scope === 'string')) };
    }
  }
  throw new OktaRefusal(401, 'E0000011', 'Invalid token provided');
}

/**
 * Refuses a caller without one of the route's scopes or without an administrator role. A missing scope is told in the header
 * `www-authenticate` alone, with no body (okta-sdk-golang#145); a missing role is E0000006.
 */
export function authorise(caller: Caller, route: OktaRoute, path: string, settings: OktaSettings): void {
  if (caller.scopes === 'all') {
    if (route.oauthOnly !== true) return;
    throw new OktaRefusal(403, 'E0000006', 'You do not have permission to perform the requested action');
  }
  const { scopes } = caller;
  if (!route.needs.some((scope) => scopes.has(scope))) {
    const problem = [
      'Bearer error="insufficient_scope"',
      'error_description="The access token provided does not contain the required scopes."',
      `scope="${route.needs.join(' ')}"`,
      `resource="${path}"`,
    ];
    throw new OktaRefusal(403, 'E0000006', 'insufficient_scope', {
      withBody: false,
      headers: { 'www-authenticate': problem.join(', ') },
    });
  }
  if (!settings.hasAdminRole) {
    throw new OktaRefusal(403, 'E0000006', 'You do not have permission to perform the requested action');
  }
}

/** Which bucket of the org's limits a path is counted in. Lists under one app share the bucket of the app list. */
export function bucketOf(segments: readonly string[]): keyof OktaLimits {
  const [, , area, ...rest] = segments;
  if (segments[0] === 'oauth2') return 'token';
  if (area === 'apps') return rest.length === 1 ? 'app' : 'apps';
  if (area === 'groups' || area === 'users' || area === 'logs') return area;
  return 'other';
}
