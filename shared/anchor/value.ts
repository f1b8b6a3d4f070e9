/** A field that holds something no anchor can be; `why` describes its shape, never its content. */
export interface Unreadable {
  readonly unreadable: string;
}

/** What a directory holds in an anchor's field: the exact text, nothing (null), or something unreadable. */
export type AnchorValue = string | null | Unreadable;

/** Entra Connect allows fewer than 60 characters and a SAML NameID 64; anything far beyond is not an anchor. */
const LONGEST = 256;

/** Takes any value of an API answer, a file or a row as an anchor. Nothing is trimmed: Entra compares exact text. */
export function anchorValue(value: unknown): AnchorValue {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value !== 'string')
    return { unreadable: `not text but ${Array.isArray(value) ? 'a list' : typeof value}` };
  if (value.length > LONGEST) return { unreadable: `${value.length} characters long` };
  if (/\p{Cc}/u.test(value)) return { unreadable: 'text with control characters' };
  return value;
}

export function isUnreadable(value: AnchorValue): value is Unreadable {
  return typeof value === 'object' && value !== null;
}
