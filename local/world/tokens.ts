import { createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject, sign, verify } from 'node:crypto';
import { z } from 'zod';

const headerShape = z.object({ alg: z.literal('RS256'), kid: z.string().optional() });
const claimsShape = z.looseObject({
  iss: z.string().optional(),
  sub: z.string().optional(),
  aud: z.union([z.string(), z.array(z.string())]).optional(),
  exp: z.number().optional(),
  iat: z.number().optional(),
  nbf: z.number().optional(),
  jti: z.string().optional(),
});

/** The registered claims of a JSON Web Token, and whatever else it carries. Times are in seconds. */
export type Claims = z.infer<typeof claimsShape>;

export interface Token {
  readonly kid: string | undefined;
  readonly claims: Claims;
}

export function privateKeyOf(jwk: JsonWebKey): KeyObject {
  return createPrivateKey({ key: jwk, format: 'jwk' });
}

export function publicKeyOf(jwk: JsonWebKey): KeyObject {
  return createPublicKey({ key: jwk, format: 'jwk' });
}

/** A JSON Web Token signed RS256: the same claims and key give the same text. */
export function signToken(kid: string, claims: Claims, key: KeyObject): string {
  const signed = `${encode({ alg: 'RS256', typ: 'JWT', kid })}.${encode(claims)}`;
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), key).toString('base64url')}`;
}

/** The claims of a token whose signature is good; null for anything else. Says nothing about expiry or audience. */
export function readToken(text: string, key: KeyObject): Token | null {
  const [head, body, signature, ...more] = text.split('.');
  if (head === undefined || body === undefined || signature === undefined || more.length > 0) return null;
  const header = headerShape.safeParse(decode(head));
  const claims = claimsShape.safeParse(decode(body));
  if (!header.success || !claims.success) return null;
  const good = verify('RSA-SHA256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url'));
  return good ? { kid: header.data.kid, claims: claims.data } : null;
}

export function hasAudience(claims: Claims, wanted: string): boolean {
  return typeof claims.aud === 'string' ? claims.aud === wanted : (claims.aud ?? []).includes(wanted);
}

function encode(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

function decode(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString());
  } catch {
    return null;
  }
}
