import { generateKeyPairSync, type JsonWebKey } from 'node:crypto';

/** RSA keys as JSON Web Keys, so that a process that starts again can be given the same ones. */
export interface SigningKey {
  readonly publicJwk: JsonWebKey;
  readonly privateJwk: JsonWebKey;
}

export interface WorldKeys {
  /** The service app's key in Okta: the world knows its public half, the product signs with the private one. */
  readonly client: SigningKey;
  /** Signs Okta's access tokens. */
  readonly okta: SigningKey;
  /** Signs Entra's access tokens. */
  readonly entra: SigningKey;
}

/** New keys by the chance of the machine: the one thing that a world does not make from its seed. */
export function newKeys(): WorldKeys {
  return { client: newKey(), okta: newKey(), entra: newKey() };
}

function newKey(): SigningKey {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { publicJwk: publicKey.export({ format: 'jwk' }), privateJwk: privateKey.export({ format: 'jwk' }) };
}
