import { randomBytes } from 'node:crypto';
import { z } from 'zod';

/**
 * App Service Authentication, as far as an app sees it: it takes the headers that it sets out of every request from outside, and puts in who has
 * signed in (learn.microsoft.com/azure/app-service/overview-authentication-authorization). It stands in with a form where Microsoft asks for a
 * password: whoever reaches this machine's loopback may be whoever they like. Nobody is kept away by it; the app does that.
 */
export interface SignIn {
  /** Null for what is not its own. */
  answer(request: SignInRequest): SignInAnswer | null;
  /** The headers of a request as they reach the app. */
  vouched(headers: Readonly<Record<string, string>>): Record<string, string>;
}

export interface SignInRequest {
  readonly method: string;
  readonly url: URL;
  readonly body: string;
}

export interface SignInAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

const COOKIE = 'AppServiceAuthSession';
const ROOT = '/.auth/';
const LOGIN = '/.auth/login/aad';
const LOGOUT = '/.auth/logout';
const OURS = /^x-ms-(?:client-principal|token-)/;

const formSchema = z.object({ name: z.string().min(1).max(256), role: z.string().max(100), to: z.string() });

/** What Azure sets for an app behind it. */
export function isSwitchedOn(settings: Readonly<Record<string, string>>): boolean {
  return settings['WEBSITE_AUTH_ENABLED']?.toLowerCase() === 'true';
}

/** `tenant`: whose people sign in. Sessions live as long as the host. */
export function createSignIn(tenant: string): SignIn {
  const sessions = new Map<string, string>();

  function enter(body: string): SignInAnswer {
    const form = formSchema.safeParse(Object.fromEntries(new URLSearchParams(body)));
    if (!form.success) return { status: 400, headers: [], body: 'A name, a role and where to go are expected.' };
    const { name, role, to } = form.data;
    const session = randomBytes(16).toString('hex');
    sessions.set(session, principalOf(name, role, tenant));
    return {
      status: 302,
      headers: [
        ['location', inside(to)],
        ['set-cookie', `${COOKIE}=${session}; Path=/; HttpOnly`],
      ],
      body: '',
    };
  }

  return {
    answer({ method, url, body }) {
      if (!url.pathname.startsWith(ROOT)) return null;
      if (url.pathname === LOGIN && method === 'POST') return enter(body);
      if (url.pathname === LOGOUT) return leave(url.searchParams.get('post_logout_redirect_uri') ?? '/');
      if (url.pathname === LOGIN) return asking(url.searchParams.get('post_login_redirect_uri') ?? '/');
      return { status: 404, headers: [], body: '' };
    },
    vouched(headers) {
      const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => !OURS.test(name)));
      const session = new RegExp(`(?:^|; )${COOKIE}=([0-9a-f]+)`).exec(headers['cookie'] ?? '')?.[1];
      const principal = sessions.get(session ?? '');
      return principal === undefined ? kept : { ...kept, 'x-ms-client-principal': principal };
    },
  };
}

/** The browser forgets the session; nobody else knows its name. */
function leave(to: string): SignInAnswer {
  const gone = `${COOKIE}=; Path=/; HttpOnly; Max-Age=0`;
  return {
    status: 302,
    headers: [
      ['location', inside(to)],
      ['set-cookie', gone],
    ],
    body: '',
  };
}

/** Nowhere but on this host. */
function inside(to: string): string {
  const url = URL.parse(to, 'http://127.0.0.1');
  // Two slashes at its beginning would name another host.
  return url === null || url.host !== '127.0.0.1' ? '/' : `${url.pathname.replace(/^\/+/, '/')}${url.search}`;
}

/** Claims under the names that App Service gives them. */
function principalOf(name: string, role: string, tenant: string): string {
  const claims = [
    ['http://schemas.microsoft.com/identity/claims/tenantid', tenant],
    ['preferred_username', name],
    ...(role === '' ? [] : [['roles', role]]),
  ].map(([typ, val]) => ({ typ, val }));
  const kinds = {
    name_typ: 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name',
    role_typ: 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role',
  };
  return Buffer.from(JSON.stringify({ auth_typ: 'aad', claims, ...kinds })).toString('base64');
}

function asking(to: string): SignInAnswer {
  const roles = ['Anchorwatch.Decide', 'Anchorwatch.Look', ''].map(
    (role) => `<option value="${role}">${role === '' ? 'neither' : role}</option>`,
  );
  const body = `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Sign in</title>
<h1>Who are you?</h1><p>On this machine this form stands in for the sign-in at Microsoft.</p>
<form method="post" action="${LOGIN}"><input type="hidden" name="to" value="${inside(to).replaceAll('&', '&amp;').replaceAll('"', '&quot;')}">
<p><label>User principal name <input name="name" required value="ada@contoso.com"></label>
<p><label>App role <select name="role">${roles.join('')}</select></label><p><button>Sign in</button></form></html>`;
  return { status: 200, headers: [['content-type', 'text/html; charset=utf-8']], body };
}
