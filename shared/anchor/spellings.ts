/**
 * Pure readers of single spellings. Each takes a text and answers 32 lower-case hex digits, or null when the text is not spelled
 * so; `…Digits` in the order of a written GUID, `…Bytes` in AD's byte order.
 */

export type Base64Shape = 'padded' | 'unpadded' | 'url-safe' | 'stray-bits' | 'bare-stray-bits';

/** 16 bytes are 22 symbols of either alphabet. */
const BASE64 = /^(?:[A-Za-z0-9+/]{22}|[A-Za-z0-9_-]{22})(?:==)?$/;
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const OCTETS = /^(?:(?:\\[0-9a-f]{2}){16}|[0-9a-f]{2}([-: ])(?:[0-9a-f]{2}\1){14}[0-9a-f]{2})$/i;

/** `67d8ac54-be50-4422-99c4-85a5ad6e484e` */
export function guidDigits(text: string): string | null {
  return GUID.test(text) ? text.replaceAll('-', '').toLowerCase() : null;
}

/** The same in `{}` or `()`. */
export function bracedDigits(text: string): string | null {
  const braced = (text.startsWith('{') && text.endsWith('}')) || (text.startsWith('(') && text.endsWith(')'));
  return braced ? guidDigits(text.slice(1, -1)) : null;
}

/** The bytes of a base64 text, when it has that shape. Node's decoder skips what it does not know, so the shape is tested first. */
export function base64Bytes(text: string, shape?: Base64Shape): string | null {
  const found = base64Shape(text);
  return found === null || (shape !== undefined && found !== shape)
    ? null
    : Buffer.from(text, 'base64').toString('hex');
}

/** The last symbol carries two bits of the sixteenth byte and four that an encoder leaves zero: then it is A, Q, g or w. */
function base64Shape(text: string): Base64Shape | null {
  if (!BASE64.test(text)) return null;
  const padded = text.length === 24;
  if (!'AQgw'.includes(text.charAt(21))) return /[^A-Za-z0-9]/.test(text) ? 'stray-bits' : 'bare-stray-bits';
  if (/[-_]/.test(text)) return 'url-safe';
  return padded ? 'padded' : 'unpadded';
}

/** 32 digits and nothing else. Which order they are in, they do not say. */
export function bareHex(text: string): string | null {
  return /^[0-9a-f]{32}$/i.test(text) ? text.toLowerCase() : null;
}

/** `\54\ac…` as in an LDAP filter, or octets parted by `-`, `:` or a space. */
export function octetBytes(text: string): string | null {
  return OCTETS.test(text) ? text.replaceAll(/[^0-9a-f]/gi, '').toLowerCase() : null;
}

/** `CN={…}`, hex of the ASCII of the base64. */
export function connectorBytes(text: string): string | null {
  const hex = /^CN=\{([0-9a-f]{48})\}$/i.exec(text)?.[1];
  if (hex === undefined) return null;
  const inner = Buffer.from(hex, 'hex').toString('latin1');
  return base64Bytes(inner);
}

/** Base64 of a GUID's 32 to 38 letters, and at most a line end behind them: 43 to 56 symbols. */
export function encodedTextDigits(text: string): string | null {
  const bytes = Buffer.from(text, 'base64');
  const canonical = bytes.toString('base64');
  if (text !== canonical && text !== canonical.replaceAll('=', '')) return null;
  const inner = bytes.toString('latin1').replace(/\r?\n$/, '');
  return guidDigits(inner) ?? bracedDigits(inner) ?? bareHex(inner);
}

/** Swaps 32 hex digits between the written order of a GUID and AD's byte order; its own inverse. */
export function swapOrder(hex: string): string {
  const octet = (at: number): string => hex.slice(2 * at, 2 * at + 2);
  return `${octet(3)}${octet(2)}${octet(1)}${octet(0)}${octet(5)}${octet(4)}${octet(7)}${octet(6)}${hex.slice(16)}`;
}

/** `67d8ac54be50442299c485a5ad6e484e` → `67d8ac54-be50-4422-99c4-85a5ad6e484e` */
export function guidText(digits: string): string {
  const part = (from: number, to?: number): string => digits.slice(from, to);
  return `${part(0, 8)}-${part(8, 12)}-${part(12, 16)}-${part(16, 20)}-${part(20)}`;
}
