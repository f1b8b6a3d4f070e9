import type { AccessToken, TokenCredential } from '@azure/identity';
import { mayPassStatus, safeWords } from '../answers.ts';
import { AnchorwatchError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import { orAborted } from '../retry.ts';
import { MINUTE } from '../time.ts';
import type { EntraCredential } from './settings.ts';

/** Throws AnchorwatchError `invalid` for settings that can never give a token. */
async function createCredential(settings: EntraCredential): Promise<TokenCredential> {
  try {
    return await make(settings);
  } catch (error) {
    const words = error instanceof Error ? safeWords(error.message) : 'unreadable';
    throw new AnchorwatchError('invalid', `The credentials for Entra ID cannot be used: ${words}`);
  }
}

/** One way to a token, and never the long chain of guesses: what works must not depend on what else is installed. */
async function make(settings: EntraCredential): Promise<TokenCredential> {
  const identity = await import('@azure/identity');
  const retryOptions = { maxRetries: 0 };
  switch (settings.kind) {
    case 'managed-identity':
      return settings.clientId === undefined
        ? new identity.ManagedIdentityCredential({ retryOptions })
        : new identity.ManagedIdentityCredential({ clientId: settings.clientId, retryOptions });
    case 'client-secret': {
      const { tenantId, clientId, secret, authorityHost } = settings;
      return new identity.ClientSecretCredential(tenantId, clientId, secret, { authorityHost, retryOptions });
    }
    case 'client-certificate': {
      const { tenantId, clientId, certificate, authorityHost } = settings;
      const options = { authorityHost, retryOptions };
      return 'pem' in certificate
        ? new identity.ClientCertificateCredential(tenantId, clientId, { certificate: certificate.pem }, options)
        : new identity.ClientCertificateCredential(tenantId, clientId, certificate.path, options);
    }
    case 'azure-cli':
      return new identity.AzureCliCredential(settings.tenantId === undefined ? {} : { tenantId: settings.tenantId });
    default:
      return settings satisfies never;
  }
}

export interface TokenSource {
  /** A token that is good for some minutes yet. Throws AnchorwatchError, or the signal's reason. */
  token(signal: AbortSignal): Promise<string>;
  /** Makes the next call begin anew, with credentials that remember nothing. */
  forget(): void;
}

/** A request that waits its turn must not go out with a token that ends meanwhile. */
const MARGIN = 5 * MINUTE;

/**
 * Tokens for `scope`, kept until shortly before they end, and asked for once by all who wait. (`@azure/identity` 4.14 keeps none of a
 * managed identity's, and asks its endpoint, which is rate-limited, for every request.)
 */
export function createTokenSource(settings: EntraCredential, scope: string, clock: Clock): TokenSource {
  let credential: Promise<TokenCredential> | null = null;
  let kept: AccessToken | null = null;
  let flight: Promise<AccessToken> | null = null;

  async function renew(): Promise<AccessToken> {
    credential ??= createCredential(settings);
    kept = await obtainToken(await credential, scope);
    return kept;
  }

  return {
    async token(signal) {
      if (kept !== null && kept.expiresOnTimestamp - clock.now() > MARGIN) return kept.token;
      flight ??= renew().finally(() => {
        flight = null;
      });
      try {
        return (await orAborted(flight, signal)).token;
      } catch (error) {
        // One that never ends must not be waited for by everybody after us.
        if (signal.aborted) flight = null;
        throw error;
      }
    },
    forget() {
      kept = null;
      credential = null;
    },
  };
}

/** `denied` with Entra's code and words, `transient` where the network or the service failed. */
async function obtainToken(credential: TokenCredential, scope: string): Promise<AccessToken> {
  let answer: AccessToken | null;
  try {
    answer = await credential.getToken(scope);
  } catch (error) {
    throw error instanceof Error && 'code' in error && error.code === 'ENOENT' ? lostFile() : tokenFailure(error);
  }
  if (answer !== null) return answer;
  throw new AnchorwatchError('denied', 'Entra ID gave no token, and no reason.');
}

function lostFile(): AnchorwatchError {
  return new AnchorwatchError('invalid', 'The certificate for Entra ID is not at the path that was configured.');
}

/** What MSAL calls a failure that may pass; a web page in place of a token is `unknown_error`. */
const PASSING = /^(network_error|endpoints_resolution_error|server_error|temporarily_unavailable|unknown_error)\b/;

function tokenFailure(error: unknown): AnchorwatchError {
  const chain = causesOf(error);
  const code = chain.map((one) => /AADSTS\d+/.exec(one.message)?.[0]).find((found) => found !== undefined);
  const fields = { code };
  const words = safeWords(wordsOf(chain.map((one) => one.message)));
  if (chain.some(mayPass)) {
    return new AnchorwatchError('transient', `The token service of Entra ID did not answer well: ${words}`, { fields });
  }
  return new AnchorwatchError('denied', `Entra ID gave no token: ${words}`, { fields });
}

function mayPass(error: Error): boolean {
  if (PASSING.test(error.message) || error.message.startsWith('Response had no')) return true;
  const status = 'status' in error ? error.status : 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' && mayPassStatus(status);
}

function causesOf(error: unknown): readonly Error[] {
  const chain: Error[] = [];
  for (let at = error; at instanceof Error && chain.length < 5; at = at.cause) chain.push(at);
  return chain;
}

/** Entra's own sentence where there is one, without the ids and the answer's body that libraries append. */
function wordsOf(messages: readonly string[]): string {
  for (const message of messages) {
    const said = /AADSTS\d+:[^]*?(?=\s*-?\s*(?:Correlation|Trace) ID|$)/.exec(message)?.[0];
    if (said !== undefined) return said;
  }
  return messages[0]?.replaceAll(/\s*\n\s*/g, ' ').split(/: Error\(s\)| - Timestamp/)[0] ?? 'no reason was given';
}
