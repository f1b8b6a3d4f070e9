/** The tenant that is watched. */
export const TENANT = '11111111-2222-3333-4444-555555555555';
export const TENANT_CLAIM = 'http://schemas.microsoft.com/identity/claims/tenantid';

type Claim = readonly [type: string, value: string];

export function claims(
  role: string | null,
  over: { readonly tenant?: string; readonly name?: string } = {},
): readonly Claim[] {
  const { tenant = TENANT, name = 'ada@contoso.com' } = over;
  return [[TENANT_CLAIM, tenant], ['preferred_username', name], ...(role === null ? [] : [['roles', role] as const])];
}

/** The header that App Service sets, as its documentation shows it. */
export function principal(given: readonly Claim[], provider = 'aad'): string {
  const value = {
    auth_typ: provider,
    claims: given.map(([typ, val]) => ({ typ, val })),
    name_typ: 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name',
    role_typ: 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role',
  };
  return Buffer.from(JSON.stringify(value)).toString('base64');
}
