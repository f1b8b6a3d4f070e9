import {
  bareHex,
  base64Bytes,
  bracedDigits,
  connectorBytes,
  encodedTextDigits,
  guidDigits,
  guidText,
  octetBytes,
  swapOrder,
} from './spellings.ts';

/** The spellings in which an anchor is met, by the names used in reports. */
export const ANCHOR_FORMS = [
  'base64',
  'base64-unpadded',
  'base64url',
  'base64-stray-bits',
  'guid',
  'guid-braces',
  'hex',
  'hex-escaped',
  'guid-digits',
  'big-endian',
  'base64-of-guid-text',
  'connector-dn',
  'okta-user-id',
  'okta-app-user-id',
  'name',
  'custom',
] as const;
export type AnchorForm = (typeof ANCHOR_FORMS)[number];

/**
 * One way to read a text as a GUID. `digits` are its 32 lower-case hex digits in the order in which a GUID is written.
 * `doubt` 0: the text says so by itself. Above 0 it takes another value to make the reading credible, the more the higher.
 */
export interface Reading {
  readonly form: AnchorForm;
  readonly digits: string;
  readonly doubt: number;
}

export interface Description {
  readonly form: AnchorForm;
  /** The GUID as written, lower case; null when the value holds none. */
  readonly guid: string | null;
}

interface Spelling {
  readonly form: AnchorForm;
  readonly doubt: number;
  readonly read: (text: string) => string | null;
}

/**
 * The documented order of forms. A text takes the first form that fits without doubt; the comparison with another value may
 * overrule it with a later one. AD keeps the first three groups of a GUID little-endian (.NET `ToByteArray`), and every form
 * of bytes means that order unless it is `big-endian`.
 *
 * | form | what it looks like | doubt |
 * | --- | --- | --- |
 * | `guid` | `67d8ac54-be50-4422-99c4-85a5ad6e484e`, any case | 0 |
 * | `guid-braces` | the same in `{}` or `()` | 0 |
 * | `base64` | 24 characters, `+` and `/`, ending `==`, the last four bits zero: what Okta writes | 0 |
 * | `base64-unpadded` | the same without `==` | 0 |
 * | `base64url` | with `-` or `_`, padded or not | 0 |
 * | `base64-stray-bits` | any of these with the last four bits not zero: the same bytes, another text | 0 |
 * | `hex` | 32 digits, byte order (LDAP) | 0 |
 * | `hex-escaped` | 16 octets as `\54\ac…` (LDAP filter), or parted by `-`, `:` or a space (`BitConverter`) | 0 |
 * | `connector-dn` | `CN={…}`: hex of the ASCII of the base64 (Entra Connect's connector space) | 0 |
 * | `base64-of-guid-text` | base64 of a GUID's 32 to 38 letters, perhaps with a line end | 0 |
 * | `base64-stray-bits` | 22 letters and digits with neither `==` nor a symbol: nearly always somebody's own value | 1 |
 * | `guid-digits` | 32 digits in the order of a written GUID (.NET `N`): the shape of `hex` | 1 |
 * | `big-endian` | base64 or octets of the bytes in written order | 2 |
 *
 * What holds no GUID: `okta-user-id`, `okta-app-user-id`, `name` (a UPN or mail address), and `custom`, which is legal.
 */
const SPELLINGS: readonly Spelling[] = [
  { form: 'guid', doubt: 0, read: guidDigits },
  { form: 'guid-braces', doubt: 0, read: bracedDigits },
  { form: 'base64', doubt: 0, read: (text) => inWrittenOrder(base64Bytes(text, 'padded')) },
  { form: 'base64-unpadded', doubt: 0, read: (text) => inWrittenOrder(base64Bytes(text, 'unpadded')) },
  { form: 'base64url', doubt: 0, read: (text) => inWrittenOrder(base64Bytes(text, 'url-safe')) },
  { form: 'base64-stray-bits', doubt: 0, read: (text) => inWrittenOrder(base64Bytes(text, 'stray-bits')) },
  { form: 'hex', doubt: 0, read: (text) => inWrittenOrder(bareHex(text)) },
  { form: 'hex-escaped', doubt: 0, read: (text) => inWrittenOrder(octetBytes(text)) },
  { form: 'connector-dn', doubt: 0, read: (text) => inWrittenOrder(connectorBytes(text)) },
  { form: 'base64-of-guid-text', doubt: 0, read: encodedTextDigits },
  { form: 'base64-stray-bits', doubt: 1, read: (text) => inWrittenOrder(base64Bytes(text, 'bare-stray-bits')) },
  { form: 'guid-digits', doubt: 1, read: bareHex },
  { form: 'big-endian', doubt: 2, read: (text) => base64Bytes(text) ?? octetBytes(text) },
];

/** The forms that hold no GUID, in the order in which they are tried; what fits none is `custom`. */
const OTHER_SHAPES: readonly (readonly [AnchorForm, RegExp])[] = [
  ['okta-user-id', /^00u[0-9A-Za-z]{17}$/],
  ['okta-app-user-id', /^0ua[0-9A-Za-z]{17}$/],
  ['name', /^[^\s@]+@[^\s@]+$/u],
];

/** Every reading of a text as a GUID, in the documented order; none when it cannot be one. */
export function readings(text: string): readonly Reading[] {
  if (!isSpellable(text)) return [];
  const found: Reading[] = [];
  for (const spelling of SPELLINGS) {
    const digits = spelling.read(text);
    if (digits !== null) found.push({ form: spelling.form, digits, doubt: spelling.doubt });
  }
  return found;
}

/** The shortest and the longest of all spellings. */
function isSpellable(text: string): boolean {
  return text.length >= 22 && text.length <= 56;
}

/** The form of a value by itself: the first that fits without doubt. */
export function describeAnchor(text: string): Description {
  for (const { form, doubt, read } of isSpellable(text) ? SPELLINGS : []) {
    const digits = doubt === 0 ? read(text) : null;
    if (digits !== null) return { form, guid: guidText(digits) };
  }
  return { form: OTHER_SHAPES.find(([, shape]) => shape.test(text))?.[0] ?? 'custom', guid: null };
}

/** The GUID that a value holds, lower case with dashes, or null. */
export function guidOf(text: string): string | null {
  return describeAnchor(text).guid;
}

function inWrittenOrder(bytes: string | null): string | null {
  return bytes === null ? null : swapOrder(bytes);
}
