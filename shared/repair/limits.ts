/** UPNs: local part up to 64, domain up to 48, 113 in all; letters, digits and a few signs (Graph, user: update). */
const LOCAL = 64;
const DOMAIN = 48;
const WHOLE = 113;

export function nameFault(userPrincipalName: string): string | null {
  const [local = '', domain = '', ...rest] = userPrincipalName.split('@');
  if (rest.length > 0 || local === '' || domain === '') return 'the name is no address';
  if (local.length > LOCAL) return `the part before @ has ${local.length} characters, ${LOCAL} are allowed`;
  if (domain.length > DOMAIN) return `the domain has ${domain.length} characters, ${DOMAIN} are allowed`;
  if (userPrincipalName.length > WHOLE)
    return `the name has ${userPrincipalName.length} characters, ${WHOLE} are allowed`;
  return /^[A-Za-z0-9'.\-_!#^~]+$/.test(local) ? null : 'the part before @ has a character that Entra does not allow';
}

/** A source anchor is shorter than 60 characters, a SAML NameID has at most 64, and Graph refuses `$` and `_` in it. */
const LONGEST = 59;

export function anchorFault(anchor: string): string | null {
  if (anchor.length > LONGEST) return `the anchor has ${anchor.length} characters, ${LONGEST} are allowed`;
  return /[$_\s]/.test(anchor) ? 'the anchor has a character that Entra does not allow ($, _ or a space)' : null;
}
