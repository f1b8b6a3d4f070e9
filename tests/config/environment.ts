import { generateKeyPairSync } from 'node:crypto';
import { AnchorwatchError } from '../../shared/errors.ts';

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });

export const PEM = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
export const JWK = JSON.stringify({ ...pair.privateKey.export({ format: 'jwk' }), kid: 'one' });
export const PUBLIC_JWK = JSON.stringify(pair.publicKey.export({ format: 'jwk' }));

export const TENANT = '11111111-2222-3333-4444-555555555555';
export const CLIENT = '66666666-7777-8888-9999-000000000000';

export const OKTA_BY_KEY = {
  ANCHORWATCH_OKTA_URL: 'https://acme.okta.com',
  ANCHORWATCH_OKTA_CLIENT_ID: '0oa1b2c3d4e5f6g7h8i9',
  ANCHORWATCH_OKTA_PRIVATE_KEY: JWK,
};

/** The least that is complete: one way into Okta, a managed identity, the emulator. */
export const LEAST: Readonly<Record<string, string>> = {
  ...OKTA_BY_KEY,
  AzureWebJobsStorage: 'UseDevelopmentStorage=true',
};

/** The lines of the one error, without the first and the last. Fails when nothing was thrown. */
export function problemsOf(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (!(error instanceof AnchorwatchError)) throw error;
    return error.message
      .split('\n')
      .slice(1, -1)
      .map((line) => line.trim());
  }
  throw new Error('The configuration was accepted.');
}
