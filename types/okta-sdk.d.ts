/**
 * The parts of Okta's SDK that are used: its HTTP, and its way to a token. The package's own types describe them as parts of the whole client,
 * with which come a thousand models that nobody here asks for.
 */
declare module '@okta/okta-sdk-nodejs/src/http.js' {
  import type { OAuth } from '@okta/okta-sdk-nodejs/src/oauth.js';

  interface Headers {
    get(name: string): string | null;
  }

  interface Answer {
    readonly url: string;
    readonly ok: boolean;
    readonly status: number;
    readonly headers: Headers;
    /** As the executor gave it: of successful answers the SDK looks at nothing. */
    readonly body: Uint8Array<ArrayBuffer>;
    text(): Promise<string>;
  }

  interface Request {
    readonly url: string;
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string | undefined;
    readonly signal?: AbortSignal | undefined;
  }

  export interface Executor {
    fetch(request: Request): Promise<Answer>;
  }

  export class Http {
    constructor(settings: {
      readonly requestExecutor: Executor;
      /** Null for none; left out it is one. */
      readonly cacheMiddleware: null;
      readonly oauth?: OAuth;
    });
    defaultHeaders: Record<string, string>;
    /** Throws the SDK's own errors for answers that are not 2xx. */
    http(url: string, request: Request): Promise<Answer>;
  }
}

declare module '@okta/okta-sdk-nodejs/src/oauth.js' {
  import type { Executor } from '@okta/okta-sdk-nodejs/src/http.js';

  export class OAuth {
    constructor(client: {
      readonly baseUrl: string;
      readonly clientId: string;
      readonly scopes: readonly string[];
      /** A JWK as JSON, or PEM. */
      readonly privateKey: string;
      readonly keyId: string;
      readonly requestExecutor: Executor;
    });
    accessToken: object | null;
    getAccessToken(nonce?: string | null): Promise<object>;
  }
}
