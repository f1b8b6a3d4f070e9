import type { HttpCookie, TypedData } from './core.ts';

/** What goes back over the wire. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array | string;
}

/** What a handler returned, as the host sends it: nothing returned is 204. */
export function readAnswer(returned: TypedData | null | undefined): HttpAnswer {
  const http = returned?.http;
  if (http === undefined) return { status: 204, headers: [], body: '' };
  const cookies = (http.cookies ?? []).map((cookie) => ['set-cookie', cookieText(cookie)] as const);
  return {
    status: Number(http.statusCode ?? '200'),
    headers: [...Object.entries(http.headers ?? {}), ...cookies],
    body: http.body?.bytes ?? http.body?.string ?? '',
  };
}

const SAME_SITE = { none: null, lax: 'Lax', strict: 'Strict', explicitNone: 'None' } as const;

function cookieText(cookie: HttpCookie): string {
  const expires = cookie.expires?.value;
  const sameSite = SAME_SITE[cookie.sameSite ?? 'none'];
  return [
    `${cookie.name}=${encodeURIComponent(cookie.value)}`,
    expires === undefined || expires === null ? null : `Expires=${new Date(expires.seconds * 1_000).toUTCString()}`,
    option('Max-Age', cookie.maxAge?.value),
    option('Domain', cookie.domain?.value),
    option('Path', cookie.path?.value),
    cookie.secure?.value === true ? 'Secure' : null,
    cookie.httpOnly?.value === true ? 'HttpOnly' : null,
    option('SameSite', sameSite),
  ]
    .filter((part) => part !== null)
    .join('; ');
}

function option(name: string, value: string | number | null | undefined): string | null {
  return value === undefined || value === null ? null : `${name}=${value}`;
}
