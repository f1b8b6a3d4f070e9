import * as z from 'zod';

/** Who looks at a page. */
export interface Visitor {
  /** User principal name, or the name to sign in with where the token has no other: guests’ is that of their own tenant. */
  readonly name: string;
  readonly mayDecide: boolean;
}

export type Entry =
  | { readonly kind: 'visitor'; readonly visitor: Visitor }
  | { readonly kind: 'sign-in' }
  | { readonly kind: 'refused'; readonly reason: string };

/** App roles of the app registration that people sign in with; whoever has neither sees nothing. */
export const LOOK = 'Anchorwatch.Look';
export const DECIDE = 'Anchorwatch.Decide';

/**
 * Who has signed in, set by App Service Authentication, which takes it out of every request from outside
 * (learn.microsoft.com/azure/app-service/configure-authentication-user-identities). It means something only where that is switched on.
 */
export const PRINCIPAL = 'x-ms-client-principal';

/** The same claim under the name that the token has, and under those that App Service maps it to. */
const NAMES: readonly string[] = [
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn',
  'upn',
  'preferred_username',
];
const TENANTS: ReadonlySet<string> = new Set(['tid', 'http://schemas.microsoft.com/identity/claims/tenantid']);
const ROLES: ReadonlySet<string> = new Set(['roles', 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role']);

const principalSchema = z.object({
  auth_typ: z.string(),
  claims: z.array(z.object({ typ: z.string(), val: z.string() })),
});

/** `principal`: the header as it came; null where there is none. `tenant`: the only one whose people are let in; nobody where it is empty. */
export function entryOf(principal: string | null, tenant: string): Entry {
  if (principal === null || principal === '') return { kind: 'sign-in' };
  const parsed = principalSchema.safeParse(read(principal));
  if (!parsed.success)
    return refused('The sign-in could not be read: it is not what App Service Authentication sends.');
  const { auth_typ: provider, claims } = parsed.data;
  const all = (types: ReadonlySet<string>): string[] =>
    claims.filter(({ typ }) => types.has(typ)).map(({ val }) => val);
  const names = NAMES.flatMap((type) => all(new Set([type])));
  if (provider !== 'aad') return refused(`Only Microsoft Entra ID is believed here, not the provider ${provider}.`);
  const tenants = all(TENANTS);
  if (tenant === '' || tenants.length === 0 || tenants.some((id) => id.toLowerCase() !== tenant.toLowerCase()))
    return refused('Whoever looks here signs in with an account of the tenant that is watched.');
  const name = names.find((one) => one.trim() !== '');
  if (name === undefined) return refused('The sign-in bears no user principal name.');
  const roles = new Set(all(ROLES));
  if (!roles.has(LOOK) && !roles.has(DECIDE))
    return refused(`${name} has neither the app role ${LOOK} nor ${DECIDE}; whoever runs Anchorwatch gives it.`);
  return { kind: 'visitor', visitor: { name, mayDecide: roles.has(DECIDE) } };
}

function refused(reason: string): Entry {
  return { kind: 'refused', reason };
}

function read(principal: string): unknown {
  try {
    return JSON.parse(Buffer.from(principal, 'base64').toString('utf8'));
  } catch {
    return null;
  }
}
