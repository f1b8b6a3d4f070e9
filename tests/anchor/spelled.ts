import fc from 'fast-check';
import type { AnchorForm } from '../../shared/anchor/forms.ts';

/** Any 16 bytes as a GUID: version 4, as AD makes them, unless asked otherwise. */
export const anyGuid = fc.uuid({ version: 4 });
export const anyOldGuid = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .map((bytes) => dashed(Buffer.from(bytes).toString('hex')));

function dashed(digits: string): string {
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** AD's byte order, written with Buffer's own little-endian writers so as to share nothing with the code under test. */
export function adBytes(guid: string): Buffer {
  const [a = '', b = '', c = '', d = '', e = ''] = guid.split('-');
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32LE(Number.parseInt(a, 16), 0);
  bytes.writeUInt16LE(Number.parseInt(b, 16), 4);
  bytes.writeUInt16LE(Number.parseInt(c, 16), 6);
  bytes.write(d + e, 8, 'hex');
  return bytes;
}

export function writtenBytes(guid: string): Buffer {
  return Buffer.from(guid.replaceAll('-', ''), 'hex');
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The same base64 with other bits behind the last byte, 1 to 15. */
export function withStrayBits(base64: string, bits: number): string {
  return base64.slice(0, 21) + ALPHABET.charAt(ALPHABET.indexOf(base64.charAt(21)) + bits) + base64.slice(22);
}

function octets(bytes: Buffer): string[] {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0'));
}

function encoded(text: string): string {
  return Buffer.from(text).toString('base64');
}

interface Written {
  readonly form: AnchorForm;
  /** How this spelling is described by itself, where a single text cannot show the form. */
  readonly alone?: AnchorForm;
  readonly text: string;
}

/** One GUID in every spelling that the documented table names. */
export function everySpelling(guid: string): readonly Written[] {
  const base64 = adBytes(guid).toString('base64');
  const hex = adBytes(guid).toString('hex');
  const bigEndian = writtenBytes(guid).toString('base64');
  return [
    { form: 'base64', text: base64 },
    { form: 'base64-unpadded', text: base64.slice(0, 22) },
    { form: 'base64-stray-bits', text: withStrayBits(base64, 5) },
    { form: 'guid', text: guid },
    { form: 'guid', text: guid.toUpperCase() },
    { form: 'guid-braces', text: `{${guid}}` },
    { form: 'guid-braces', text: `(${guid.toUpperCase()})` },
    { form: 'hex', text: hex },
    { form: 'hex', text: hex.toUpperCase() },
    {
      form: 'hex-escaped',
      text: octets(adBytes(guid))
        .map((octet) => `\\${octet}`)
        .join(''),
    },
    { form: 'hex-escaped', text: octets(adBytes(guid)).join('-').toUpperCase() },
    { form: 'hex-escaped', text: octets(adBytes(guid)).join(' ') },
    { form: 'guid-digits', alone: 'hex', text: guid.replaceAll('-', '') },
    { form: 'big-endian', alone: 'base64', text: bigEndian },
    { form: 'base64-of-guid-text', text: encoded(guid) },
    { form: 'base64-of-guid-text', text: encoded(`{${guid.toUpperCase()}}`) },
    { form: 'base64-of-guid-text', text: encoded(guid.replaceAll('-', '')) },
    { form: 'base64-of-guid-text', text: encoded(guid.replaceAll('-', '')).replace('=', '') },
    { form: 'base64-of-guid-text', text: encoded(`${guid}\n`) },
    { form: 'base64-of-guid-text', text: encoded(`(${guid})\r\n`) },
    { form: 'connector-dn', text: `CN={${Buffer.from(base64, 'ascii').toString('hex').toUpperCase()}}` },
  ];
}
