import { AnchorwatchError, type ErrorKind } from './errors.ts';

/** Where plain http is allowed, as nothing leaves the machine. */
export function isLoopback(url: URL): boolean {
  return ['localhost', '[::1]'].includes(url.hostname) || /^127(\.\d{1,3}){3}$/.test(url.hostname);
}

interface Sentence {
  readonly kind: ErrorKind;
  readonly codes: RegExp;
  readonly words: (who: string, host: string) => string;
}

// Codes are those of Node (errno, TLS, zlib) and of undici, which is its fetch too.
const SENTENCES: readonly Sentence[] = [
  {
    kind: 'transient',
    codes: /^ECONNREFUSED$/,
    words: (who, host) =>
      `${who} (${host}) refused the connection. Is the address right, and does a firewall allow it?`,
  },
  {
    kind: 'transient',
    codes: /^(ENOTFOUND|EAI_AGAIN|EAI_NONAME|EAI_FAIL)$/,
    words: (who, host) =>
      `The name of ${who} (${host}) could not be looked up. Is the address right, and does DNS work?`,
  },
  {
    kind: 'transient',
    codes: /^(ECONNRESET|EPIPE|ECONNABORTED|UND_ERR_SOCKET|ERR_STREAM_PREMATURE_CLOSE|Z_BUF_ERROR|Z_DATA_ERROR)$/,
    words: (who, host) => `${who} (${host}) broke off in the middle of the answer.`,
  },
  {
    kind: 'transient',
    codes: /^(ETIMEDOUT|ESOCKETTIMEDOUT|UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT)$/,
    words: (who, host) => `${who} (${host}) did not answer in time.`,
  },
  {
    kind: 'transient',
    codes: /^(EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|ENETDOWN)$/,
    words: (who, host) => `There is no way through the network to ${who} (${host}).`,
  },
  {
    kind: 'refused',
    codes: /^(CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|EPROTO$|ERR_SSL_)/,
    words: (who, host) =>
      `The certificate of ${who} (${host}) is not trusted. Does a proxy break TLS open? Nothing was sent.`,
  },
];

/**
 * What happened below HTTP, as a plain sentence. The cause keeps the system's own words, without the address that libraries put
 * beside them: its query may hold a name or an anchor.
 */
export function networkFailure(error: unknown, who: string, host: string): AnchorwatchError {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 6; at = inner(at), depth += 1) {
    const code = codeOf(at);
    const sentence = SENTENCES.find((one) => code !== null && one.codes.test(code));
    if (code === null || sentence === undefined) continue;
    return new AnchorwatchError(sentence.kind, sentence.words(who, host), {
      cause: new Error(systemWords(at.message)),
      fields: { code },
    });
  }
  return new AnchorwatchError('transient', `${who} (${host}) could not be asked.`, {
    cause: new Error(error instanceof Error ? systemWords(error.message) : `something thrown of type ${typeof error}`),
  });
}

function inner(error: Error): unknown {
  return error instanceof AggregateError ? error.errors[0] : error.cause;
}

function codeOf(error: Error): string | null {
  return 'code' in error && typeof error.code === 'string' ? error.code : null;
}

function systemWords(message: string): string {
  return message.replaceAll(/https?:\/\/\S+/g, '[address]');
}
