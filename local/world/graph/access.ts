import type { Instant } from '../../../shared/time.ts';
import { hasAudience, readToken } from '../tokens.ts';
import type { GraphRoute, GraphSettings } from './context.ts';
import { GraphRefusal } from './refusal.ts';

export interface Caller {
  readonly application: string;
  /** Object id of its service principal. */
  readonly principal: string;
  readonly roles: ReadonlySet<string>;
}

/** The caller by its bearer token; 401 InvalidAuthenticationToken for any that is not good here and now. */
export function authenticate(header: string, settings: GraphSettings, now: Instant): Caller {
  const [scheme = '', credential = ''] = header.split(' ', 2);
  if (scheme !== 'Bearer' || credential === '') throw unauthorized('Access token is empty.');
  const claims = readToken(credential, settings.verifyingKey)?.claims;
  if (claims === undefined) throw unauthorized('Access token validation failure. Invalid signature.');
  if (!hasAudience(claims, settings.audience)) throw unauthorized('Access token validation failure. Invalid audience.');
  if ((claims.exp ?? 0) * 1_000 <= now) throw unauthorized('Lifetime validation failed, the token is expired.');
  if ((claims.nbf ?? 0) * 1_000 > now) throw unauthorized('Lifetime validation failed, the token is not yet valid.');
  const roles: unknown = claims['roles'];
  return {
    application: claims.sub ?? '',
    principal: typeof claims['oid'] === 'string' ? claims['oid'] : '',
    roles: new Set(Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : []),
  };
}

/** Refuses an application that was granted none of the permissions which open the route. */
export function authorise(caller: Caller, route: GraphRoute): void {
  if (route.needs.some((role) => caller.roles.has(role))) return;
  if (route.needs.includes(READS_AUDIT)) throw auditRightMissing();
  const message = 'Insufficient privileges to complete the operation.';
  throw new GraphRefusal(403, 'Authorization_RequestDenied', message);
}

/** What opens the audit log and what is known of sign-ins. */
export const READS_AUDIT = 'AuditLog.Read.All';

/** The reporting service behind these has words of its own (microsoftgraph/microsoft-graph-explorer-v4#2731). */
export function auditRightMissing(): GraphRefusal {
  const message = `Calling principal does not have required MSGraph permissions ${READS_AUDIT}`;
  return new GraphRefusal(403, 'Authentication_MSGraphPermissionMissing', message);
}

function unauthorized(message: string): GraphRefusal {
  return new GraphRefusal(401, 'InvalidAuthenticationToken', message, {
    'www-authenticate':
      'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize"',
  });
}
