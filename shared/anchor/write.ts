import { AnchorwatchError } from '../errors.ts';
import { bracedDigits, guidDigits, swapOrder } from './spellings.ts';
import { type AnchorValue, isUnreadable } from './value.ts';

/**
 * The Immutable ID of a GUID as PowerShell and AD tools write it, in any case, with or without braces: padded base64 of the bytes
 * in AD's order, which is what Okta writes. Throws `invalid` for anything else; 32 bare digits are refused, for they may be in
 * either order.
 */
export function immutableIdOf(guid: string): string {
  const digits = guidDigits(guid) ?? bracedDigits(guid);
  if (digits === null) {
    throw new AnchorwatchError(
      'invalid',
      `A text of ${guid.length} characters is not a GUID. Expected 8-4-4-4-12 hex digits, as Get-ADUser prints objectGUID.`,
    );
  }
  return Buffer.from(swapOrder(digits), 'hex').toString('base64');
}

/**
 * A short form by which people recognise a value: `q1w2…Q==`. At most a quarter of it in front and an eighth behind are shown, so
 * that neither an anchor nor a name nor a short value of the organisation's own can be rebuilt.
 */
export function shortForm(value: AnchorValue): string {
  if (value === null) return '(empty)';
  if (isUnreadable(value)) return `(unreadable: ${value.unreadable})`;
  const letters = Array.from(value);
  const head = Math.min(4, Math.floor(letters.length / 4));
  const tail = Math.min(3, Math.floor(letters.length / 8));
  return `${letters.slice(0, head).join('')}…${letters.slice(letters.length - tail).join('')}`;
}
