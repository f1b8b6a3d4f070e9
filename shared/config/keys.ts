import { createPrivateKey, type KeyObject } from 'node:crypto';
import * as z from 'zod';
import type { Kind } from './setting.ts';

const Jwk = z.object({ kty: z.string() });

/** RFC 7518, section 6.3. */
const RsaPrivateJwk = z.object({
  kty: z.literal('RSA'),
  n: z.string(),
  e: z.string(),
  d: z.string(),
  p: z.string(),
  q: z.string(),
  dp: z.string(),
  dq: z.string(),
  qi: z.string(),
});

/** Okta takes nothing shorter for a service app. */
const LEAST_BITS = 2_048;

/**
 * The private key of an Okta service app, as a JSON Web Key or as PEM. App settings hold one line, so a PEM may have `\n` for
 * its line breaks. RSA alone: Okta's library signs with RS256 whatever the key
 * (github.com/okta/okta-sdk-nodejs/issues/496), which an EC key cannot.
 */
export function rsaPrivateKey(): Kind<string> {
  return {
    schema: z.string().transform((text, context) => {
      const key = text.startsWith('{') ? text : text.replaceAll('\\n', '\n');
      const fault = text.startsWith('{') ? jwkFault(key) : pemFault(key);
      if (fault === null) return key;
      context.addIssue(fault);
      return z.NEVER;
    }),
    expected: 'an RSA private key as a JSON Web Key or as PEM',
  };
}

function jwkFault(text: string): string | null {
  const json = parseJson(text);
  const jwk = Jwk.safeParse(json);
  if (!jwk.success) return 'braces, but no JSON Web Key between them';
  if (jwk.data.kty !== 'RSA') return `a key of kind ${kindName(jwk.data.kty)}; Okta's library signs with RSA only`;
  const rsa = RsaPrivateJwk.safeParse(json);
  if (rsa.success) return keyFault(() => createPrivateKey({ key: rsa.data, format: 'jwk' }));
  const missing = rsa.error.issues.map((issue) => issue.path.join('.'));
  return missing.includes('d') ? 'a public key; the private one has a member "d"' : `no text for ${missing.join(', ')}`;
}

function pemFault(text: string): string | null {
  const label = /^-----BEGIN ([A-Z0-9 ]{1,40})-----/.exec(text)?.[1];
  if (label === undefined) return 'neither JSON nor PEM';
  if (label.includes('ENCRYPTED') || text.includes('Proc-Type: 4,ENCRYPTED')) return 'a key behind a passphrase';
  if (!label.endsWith('PRIVATE KEY')) return `a ${label.toLowerCase()}`;
  return keyFault(() => createPrivateKey(text));
}

function keyFault(read: () => KeyObject): string | null {
  let key: KeyObject;
  try {
    key = read();
  } catch {
    return 'a private key that cannot be read; perhaps a piece of it is missing';
  }
  if (key.asymmetricKeyType !== 'rsa') {
    return `a key of kind ${kindName(key.asymmetricKeyType)}; Okta's library signs with RSA only`;
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  return bits < LEAST_BITS ? `an RSA key of ${bits} bits; Okta wants ${LEAST_BITS} or more` : null;
}

/** The kind of a key as people call it. Text from the setting is repeated only where it is one of the known words. */
function kindName(kind: string | undefined): string {
  switch (kind?.toLowerCase()) {
    case 'ec':
      return 'EC';
    case 'okp':
    case 'ed25519':
    case 'ed448':
      return 'EdDSA';
    case 'oct':
      return 'oct';
    case 'rsa-pss':
      return 'RSA-PSS';
    default:
      return 'unknown';
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
