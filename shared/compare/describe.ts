import { compareAnchors } from '../anchor/compare.ts';
import { type AnchorForm, describeAnchor } from '../anchor/forms.ts';
import type { AnchorValue } from '../anchor/value.ts';
import type { AdAccount } from './rows.ts';

/**
 * The form a side should hold is AD's own, else plain base64, else the other side's; any other is worth naming, for it tells which script
 * wrote it.
 */
export function encodingOf(
  a: AnchorValue,
  o: AnchorValue,
  e: AnchorValue,
): { readonly okta: AnchorForm | null; readonly entra: AnchorForm | null } {
  const named = (form: AnchorForm | null): AnchorForm | null => (a === null && form === 'base64' ? null : form);
  return { okta: named(unusual(o, a ?? e)), entra: named(unusual(e, a ?? o)) };
}

/** Byte order shows only beside the other side, so the comparison is asked first. */
function unusual(value: AnchorValue, beside: AnchorValue): AnchorForm | null {
  if (typeof value !== 'string') return null;
  if (typeof beside === 'string') {
    const comparison = compareAnchors(value, beside);
    if (comparison.kind === 'equal') return null;
    if (comparison.kind === 'respelled') return comparison.left;
  }
  const { form } = describeAnchor(value);
  // An organisation may anchor everybody by values of its own or by Okta ids: then it is the value that differs, not its form.
  if (typeof beside === 'string' && form === describeAnchor(beside).form) return null;
  return form === 'base64' ? null : form;
}

/** The AD attribute whose value Entra holds where the anchor should be, in whatever spelling. */
export function insteadOf(accounts: readonly AdAccount[], a: AnchorValue, e: AnchorValue): string | null {
  if (typeof e !== 'string' || a === e) return null;
  for (const account of accounts) {
    for (const [name, value] of candidates(account)) {
      const same = value === e || (value !== a && compareAnchors(value, e).kind !== 'different');
      if (same) return name;
    }
  }
  return null;
}

function candidates(account: AdAccount): readonly (readonly [string, string])[] {
  const { userName, mail, samAccountName, sid, employeeId, others } = account;
  const own = {
    userPrincipalName: userName,
    mail,
    sAMAccountName: samAccountName,
    objectSid: sid,
    employeeID: employeeId,
  };
  return [...Object.entries(others), ...Object.entries(own)].flatMap(([name, value]) =>
    value === null || value === '' ? [] : [[name, value] as const],
  );
}

/** The DN without the person: `OU=Sales,DC=contoso,DC=com`. A comma inside a name is escaped by a backslash (RFC 4514). */
export function organisationalUnit(dn: string | null): string | null {
  if (dn === null) return null;
  // Of every person in the tenant this is asked, and hardly a name has a backslash.
  const person = dn.includes('\\') ? (/^(?:[^\\,]|\\.)*,/s.exec(dn)?.[0].length ?? 0) : dn.indexOf(',') + 1;
  return person === 0 || person === dn.length ? null : dn.slice(person);
}
