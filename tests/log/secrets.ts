import fc from 'fast-check';

/** Sixteen bytes in every dress in which they travel; each gives away the whole anchor. */
export const SPELLINGS: Readonly<Record<string, (bytes: Buffer) => string>> = {
  base64: (bytes) => bytes.toString('base64'),
  'base64 without padding': (bytes) => bytes.toString('base64').replaceAll('=', ''),
  base64url: (bytes) => bytes.toString('base64url'),
  'base64url with padding': (bytes) => `${bytes.toString('base64url')}==`,
  'base64 in an address': (bytes) => encodeURIComponent(bytes.toString('base64')),
  'base64 in JSON by .NET': (bytes) => bytes.toString('base64').replaceAll('+', '\\u002B').replaceAll('=', '\\u003D'),
  'base64 in JSON with escaped slashes': (bytes) => bytes.toString('base64').replaceAll('/', '\\/'),
  hex: (bytes) => bytes.toString('hex'),
  'HEX in capitals': (bytes) => bytes.toString('hex').toUpperCase(),
  'hex with 0x': (bytes) => `0x${bytes.toString('hex')}`,
  'octets with blanks': (bytes) => octets(bytes).join(' '),
  'octets with dashes': (bytes) => octets(bytes).join('-'),
  'escaped for LDAP': (bytes) =>
    octets(bytes)
      .map((octet) => `\\${octet}`)
      .join(''),
  'escaped for LDAP, in JSON': (bytes) =>
    octets(bytes)
      .map((octet) => `\\\\${octet}`)
      .join(''),
  'escaped for a shell': (bytes) =>
    octets(bytes)
      .map((octet) => `\\x${octet}`)
      .join(''),
  'base64 of the GUID as text': (bytes) => Buffer.from(guidText(bytes)).toString('base64'),
  'base64 of the GUID in braces': (bytes) => Buffer.from(`{${guidText(bytes)}}`).toString('base64'),
  'hex of the base64': (bytes) => Buffer.from(bytes.toString('base64')).toString('hex').toUpperCase(),
};

export const bytes16 = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes));

/** What may stand beside a value in a sentence, an address, a filter, JSON or a distinguished name. */
export const BESIDE: readonly (readonly [before: string, after: string])[] = [
  ['', ''],
  ['anchor of jdoe is ', ', not that of Entra'],
  ["onPremisesImmutableId eq '", "'"],
  ['%27', '%27'],
  ['\\u0027', '\\u0027'],
  ['{"externalId":"', '","id":"00u1a2b3c4d5e6f7g8h9"}'],
  ['{\\"externalId\\":\\"', '\\"}'],
  ['line one\\n', '\\nline three'],
  ['line one\n', '\nline three'],
  ['(', ')'],
  ['id=', '&x=1'],
  ['<', '>'],
  ['CN={', '}'],
];

function octets(bytes: Buffer): readonly string[] {
  return [...bytes].map((octet) => octet.toString(16).padStart(2, '0'));
}

export function guidText(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const base64url = (length: number): fc.Arbitrary<string> =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => Buffer.from(bytes).toString('base64url'));

/** Tokens that are known by their own shape: of Okta, and JSON Web Tokens. */
export const bareToken: fc.Arbitrary<string> = fc.oneof(
  base64url(30).map((random) => `00${random}`),
  fc.tuple(base64url(20), base64url(60), base64url(64)).map((parts) => `eyJ${parts.join('.')}`),
);

/** Secrets as they look in the wild: the text that carries one, and the part that must not be seen. */
export const carriedSecret: fc.Arbitrary<{ readonly text: string; readonly secret: string }> = fc.oneof(
  fc.tuple(fc.constantFrom('Bearer', 'bearer', 'SSWS', 'DPoP'), base64url(24)).map(([scheme, secret]) => ({
    text: `Authorization: ${scheme} ${secret}`,
    secret,
  })),
  base64url(30)
    .map((random) => `00${random}`)
    .map((secret) => ({ text: `the token ${secret} expired`, secret })),
  fc.tuple(base64url(20), base64url(60), base64url(64)).map(([header, payload, signature]) => {
    const secret = `${payload}.${signature}`;
    return { text: `token eyJ${header}.${secret} refused`, secret };
  }),
  base64url(64).map((secret) => ({ text: `grant_type=client_credentials&client_assertion=${secret}&scope=x`, secret })),
  base64url(24).map((secret) => ({ text: `{"access_token":"${secret}","expires_in":3600}`, secret })),
  base64url(24).map((secret) => ({ text: `{ client_secret: '${secret}' }`, secret })),
  base64url(300).map((secret) => ({
    text: `key -----BEGIN PRIVATE KEY-----\n${secret}\n-----END PRIVATE KEY----- end`,
    secret,
  })),
  base64url(300).map((secret) => ({ text: `cut off: -----BEGIN RSA PRIVATE KEY-----\\n${secret}`, secret })),
  base64url(64).map((secret) => ({ text: `{"kty":"RSA","n":"AQAB","d":"${secret}","e":"AQAB"}`, secret })),
  base64url(64).map((secret) => ({ text: `"{\\"kty\\":\\"RSA\\",\\"d\\":\\"${secret}\\"}"`, secret })),
  fc.uint8Array({ minLength: 64, maxLength: 64 }).map((bytes) => {
    const secret = Buffer.from(bytes).toString('base64');
    return { text: `AccountName=st;AccountKey=${secret};EndpointSuffix=core.windows.net`, secret };
  }),
  fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => {
    const secret = encodeURIComponent(Buffer.from(bytes).toString('base64'));
    return { text: `https://st.queue.core.windows.net/q?sv=2026-01-01&sig=${secret}&se=x`, secret };
  }),
  base64url(24).map((secret) => ({ text: `https://me:${secret}@example.com/path`, secret })),
  base64url(24).map((secret) => ({ text: `GET /api/health?code=${secret}`, secret })),
);
