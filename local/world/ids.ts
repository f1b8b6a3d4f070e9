const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/**
 * Okta's ids are 20 characters: a prefix that names the kind (`00u` user, `00g` group, `0oa` app), then letters and digits. Made from
 * bytes, for a large tenant keeps hundreds of thousands, and text joined letter by letter takes several times the room.
 */
export function oktaId(prefix: string, random: () => number): string {
  const bytes = Buffer.allocUnsafe(20);
  for (let at = bytes.write(prefix, 'latin1'); at < bytes.length; at++) {
    bytes.writeUInt8(ALPHABET.charCodeAt(Math.floor(random() * ALPHABET.length)), at);
  }
  return bytes.toString('latin1');
}

/** A random GUID as Entra and request ids spell it. */
export function guid(random: () => number): string {
  return dashed(guidBytes(random).toString('hex'));
}

/** Sixteen bytes of a version 4 GUID in the order in which Active Directory stores `objectGUID`: the first three groups turned round. */
export function guidBytes(random: () => number): Buffer {
  const bytes = Buffer.allocUnsafe(16);
  for (let at = 0; at < 16; at += 4) bytes.writeUInt32LE(Math.floor(random() * 0x1_0000_0000), at);
  bytes.writeUInt8((bytes.readUInt8(7) & 0x0f) | 0x40, 7);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes;
}

/** The GUID that those sixteen bytes stand for. */
export function guidText(bytes: Buffer): string {
  return dashed(bigEndian(bytes).toString('hex'));
}

/** The same GUID in the byte order of tools written outside .NET. */
export function bigEndian(bytes: Buffer): Buffer {
  const turned = Buffer.from(bytes);
  turned.subarray(0, 4).reverse();
  turned.subarray(4, 6).reverse();
  turned.subarray(6, 8).reverse();
  return turned;
}

function dashed(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
