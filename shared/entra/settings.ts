import { AnchorwatchError } from '../errors.ts';
import { isLoopback } from '../network.ts';

export type EntraCredential =
  /** In Azure: no secret at all. `clientId` for a user-assigned identity. */
  | { readonly kind: 'managed-identity'; readonly clientId?: string }
  | {
      readonly kind: 'client-secret';
      readonly tenantId: string;
      readonly clientId: string;
      readonly secret: string;
      /** `https://login.microsoftonline.com`, or that of a sovereign cloud. */
      readonly authorityHost: string;
    }
  | {
      readonly kind: 'client-certificate';
      readonly tenantId: string;
      readonly clientId: string;
      readonly authorityHost: string;
      /** The certificate with its private key, as PEM or as the path of a PEM file. */
      readonly certificate: { readonly pem: string } | { readonly path: string };
    }
  /** Whoever is signed in to the `az` command line. */
  | { readonly kind: 'azure-cli'; readonly tenantId?: string };

export interface GraphSettings {
  /** `https://graph.microsoft.com`, or that of a sovereign cloud; plain http for loopback alone. */
  readonly graphUrl: string;
  readonly credential: EntraCredential;
  /** The share of the announced throttling limit from which on requests are spaced out, 0 to 1. */
  readonly rateShare: number;
}

export const GRAPH_URL = 'https://graph.microsoft.com';

export interface GraphAddress {
  /** Where requests go. */
  readonly origin: string;
  /**
   * What the SDK believes: it adds a token to https addresses alone, and mangles links that begin with http. For loopback it is
   * told the public address, and the last step sends the request where it belongs.
   */
  readonly believed: string;
  /** Of the token. A sovereign cloud's Graph wants a token for itself. */
  readonly scope: string;
}

/** Throws AnchorwatchError `invalid` for what can be no address of Graph. */
export function readGraphUrl(settings: GraphSettings): GraphAddress {
  const url = URL.parse(settings.graphUrl);
  const problem = url === null ? 'is no URL' : problemOf(url);
  if (url !== null && problem === null && settings.rateShare > 0 && settings.rateShare <= 1) {
    const believed = url.protocol === 'https:' ? url.origin : GRAPH_URL;
    return { origin: url.origin, believed, scope: `${believed}/.default` };
  }
  const why = problem === null ? 'comes with a share of the rate limit outside 0 to 1' : problem;
  throw new AnchorwatchError('invalid', `The address of Microsoft Graph ${why}. The usual one is ${GRAPH_URL}.`);
}

function problemOf(url: URL): string | null {
  if (url.username !== '' || url.password !== '') return 'holds a user name or a password';
  if (url.pathname !== '/' || url.search !== '') return 'must be the bare address, without /v1.0 or any other path';
  if (url.protocol === 'https:') return null;
  return url.protocol === 'http:' && isLoopback(url) ? null : 'must begin with https://, as a token is sent to it';
}
