import { type Ask, received } from '../../shared/http.ts';

/** Asks by a `fetch`, where a test has its own. */
export function askingBy(fetching: (url: string, init: RequestInit) => Promise<Response>): Ask {
  return async ({ url, method, headers, body, signal }) => {
    const {
      status,
      headers: said,
      body: coming,
    } = await fetching(url, {
      method,
      headers,
      redirect: 'manual',
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
    });
    return received({ status, headers: said, body: coming ?? nothing() }, `${method} ${new URL(url).pathname}`);
  };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
