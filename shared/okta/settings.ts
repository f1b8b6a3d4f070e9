import { createPrivateKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import * as z from 'zod';
import { AnchorwatchError } from '../errors.ts';
import { isLoopback } from '../network.ts';

export type OktaCredential =
  | {
      readonly kind: 'private-key';
      readonly clientId: string;
      /** RSA: a JWK as JSON, or PEM (PKCS#1, PKCS#8). */
      readonly privateKey: string;
      /** Where the key itself does not carry its `kid`. */
      readonly keyId?: string;
      /** Default `OKTA_SCOPES`. All must be granted, or Okta gives no token at all. */
      readonly scopes?: readonly string[];
    }
  | { readonly kind: 'ssws'; readonly token: string };

export interface OktaSettings {
  /** `https://example.okta.com`; plain http for loopback alone. */
  readonly orgUrl: string;
  readonly credential: OktaCredential;
  /** Id or label of the Office 365 app; null where there is but one. */
  readonly office365App: string | null;
  /** Domains of the Office 365 app, lower case; empty for those that the app names. */
  readonly appDomains: readonly string[];
  /** Ids or labels of the AD instances to read; empty for every active one. */
  readonly directories: readonly string[];
  /** `externalId`, or a profile attribute of the AD app user. */
  readonly anchorAttribute: string;
  /** The share of each announced rate limit that we use, 0 to 1. */
  readonly rateShare: number;
}

/** What the scan and the preflight read; see each method of the reader for the scope it needs. */
export const OKTA_SCOPES: readonly string[] = [
  'okta.apps.read',
  'okta.users.read',
  'okta.groups.read',
  'okta.logs.read',
  'okta.profileMappings.read',
  'okta.roles.read',
];

/**
 * Whether people may edit what a group rule asks for is read with a token of its own: a scope that was not granted keeps the whole
 * token away, and no scan must stop for want of this one.
 */
export const SCHEMA_SCOPES: readonly string[] = ['okta.schemas.read'];

/** What every repair reads and writes besides. */
const REPAIR_SCOPES: readonly string[] = [...OKTA_SCOPES, ...SCHEMA_SCOPES, 'okta.apps.manage'];

/** The same settings for a token with other scopes; an API token has none to choose. */
export function withScopes(settings: OktaSettings, scopes: readonly string[]): OktaSettings {
  const { credential } = settings;
  return credential.kind === 'ssws' ? settings : { ...settings, credential: { ...credential, scopes } };
}

/** The scopes that repairs need as they are configured: each is asked for only where something is done with it. */
export function repairScopes(repair: {
  readonly exclusionGroup: string | null;
  readonly directoryGroups: 'operator' | 'directories-api';
}): readonly string[] {
  return [
    ...REPAIR_SCOPES,
    ...(repair.exclusionGroup === null ? [] : ['okta.groups.manage']),
    ...(repair.directoryGroups === 'operator' ? [] : ['okta.directories.groups.manage']),
  ];
}

export type ReadyCredential =
  | {
      readonly kind: 'private-key';
      readonly clientId: string;
      readonly key: string;
      readonly scopes: readonly string[];
    }
  | { readonly kind: 'ssws'; readonly token: string };

export interface ReadySettings {
  /** Without a trailing slash: the SDK would ask for `//api/v1/…`. */
  readonly origin: string;
  readonly credential: ReadyCredential;
}

/** Throws one AnchorwatchError `invalid` that names everything wrong with the address and the credentials. */
export function readSettings(settings: OktaSettings): ReadySettings {
  const problems: string[] = [];
  const attempt = <T>(read: () => T): T | null => {
    try {
      return read();
    } catch (error) {
      problems.push(error instanceof Error ? error.message : 'unreadable');
      return null;
    }
  };
  const origin = attempt(() => orgOrigin(settings.orgUrl));
  const credential = attempt(() => readCredential(settings.credential));
  if (!(settings.rateShare > 0 && settings.rateShare <= 1)) {
    problems.push(`the share of the rate limit must lie above 0 and not above 1, not at ${settings.rateShare}`);
  }
  if (settings.anchorAttribute.trim() === '')
    problems.push('the anchor attribute is empty; the usual one is externalId');
  if (origin === null || credential === null || problems.length > 0) {
    throw new AnchorwatchError('invalid', `The settings for Okta cannot be used: ${problems.join('; ')}.`);
  }
  return { origin, credential };
}

function orgOrigin(text: string): string {
  const url = URL.parse(text);
  if (url === null) throw new Error('the org address is no URL; it looks like https://example.okta.com');
  if (!/^\/+$/.test(url.pathname) || url.search !== '' || url.username !== '' || url.password !== '') {
    throw new Error('the org address must be the bare address, https://example.okta.com, without path or user');
  }
  if (/-admin\.(okta|oktapreview|okta-emea)\.com$/.test(url.hostname)) {
    throw new Error('the org address is that of the Admin Console; leave out -admin');
  }
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url))) return url.origin;
  throw new Error('the org address must begin with https://, as a token is sent to it');
}

function readCredential(credential: OktaCredential): ReadyCredential {
  if (credential.kind === 'ssws') {
    if (credential.token.trim() === '') throw new Error('the API token is empty');
    return { kind: 'ssws', token: credential.token };
  }
  if (credential.clientId.trim() === '') throw new Error('the client id of the service app is empty');
  const scopes = credential.scopes ?? OKTA_SCOPES;
  return {
    kind: 'private-key',
    clientId: credential.clientId,
    key: rsaJwk(credential.privateKey, credential.keyId),
    scopes,
  };
}

const Jwk = z.looseObject({ kty: z.string(), kid: z.string().optional(), alg: z.string().optional() });

/**
 * The key as JSON of a JWK, the one form that needs no guessing. RSA alone: the SDK signs a DPoP proof with RS256 on every token
 * request, also where DPoP is off, and fails on EC keys with "unsupported algorithm" (okta/okta-sdk-nodejs#496).
 */
function rsaJwk(text: string, keyId: string | undefined): string {
  const { key, kid, alg } = parseKey(text.trim());
  if (key.asymmetricKeyType !== 'rsa') {
    const found = key.asymmetricKeyType?.toUpperCase() ?? 'unknown';
    throw new Error(
      `the private key is of type ${found}; Okta's SDK signs with RSA keys only, so make an RSA key of 2048 bits or more`,
    );
  }
  const named = kid ?? keyId;
  const jwk = { ...key.export({ format: 'jwk' }), alg: alg ?? 'RS256' };
  return JSON.stringify(named === undefined ? jwk : { ...jwk, kid: named });
}

function parseKey(text: string): { key: KeyObject; kid?: string | undefined; alg?: string | undefined } {
  if (!text.startsWith('{')) {
    return { key: attemptKey(() => createPrivateKey(text)) };
  }
  const jwk = attemptKey(() => Jwk.parse(JSON.parse(text)));
  const key = attemptKey(() => createPrivateKey({ key: jwk satisfies JsonWebKey, format: 'jwk' }));
  return { key, kid: jwk.kid, alg: jwk.alg };
}

/** The library's own message is dropped: it may quote the key. */
function attemptKey<T>(read: () => T): T {
  try {
    return read();
  } catch {
    throw new Error('the private key cannot be read; expected is an RSA private key, as a JWK in JSON or as PEM');
  }
}
