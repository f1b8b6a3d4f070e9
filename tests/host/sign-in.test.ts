import { expect, test } from 'vitest';
import { createSignIn, isSwitchedOn } from '../../local/host/sign-in.ts';
import { entryOf } from '../../shared/web/visitor.ts';
import { TENANT } from '../web/principal.ts';

const url = (path: string): URL => new URL(path, 'http://127.0.0.1:7071');

function signedIn(role: string, to = '/api/page') {
  const signIn = createSignIn(TENANT);
  const body = new URLSearchParams({ name: 'ada@contoso.com', role, to }).toString();
  const answer = signIn.answer({ method: 'POST', url: url('/.auth/login/aad'), body });
  const headers = new Map(answer?.headers);
  const cookie = (headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  return { signIn, cookie, location: headers.get('location') };
}

test('whoever signs in is vouched for to the app, with the role and the tenant', () => {
  const { signIn, cookie, location } = signedIn('Anchorwatch.Decide');

  expect(location).toBe('/api/page');
  const header = signIn.vouched({ cookie })['x-ms-client-principal'] ?? null;
  expect(entryOf(header, TENANT)).toEqual({
    kind: 'visitor',
    visitor: { name: 'ada@contoso.com', mayDecide: true },
  });
});

test('what somebody outside says of themselves never reaches the app', () => {
  const { signIn } = signedIn('Anchorwatch.Decide');
  const forged = {
    'x-ms-client-principal': 'e30=',
    'x-ms-client-principal-name': 'ada',
    'x-ms-token-aad-id-token': 'x',
  };

  expect(signIn.vouched({ ...forged, accept: 'text/html' })).toEqual({ accept: 'text/html' });
  expect(signIn.vouched({ ...forged, cookie: 'AppServiceAuthSession=0123' })).toEqual({
    cookie: 'AppServiceAuthSession=0123',
  });
});

test.each([
  ['https://evil.example/x', '/'],
  ['//evil.example/x', '/'],
  ['/.//evil.example/x', '/evil.example/x'],
  ['javascript:alert(1)', '/'],
  ['/api/page/person?of=grace%40contoso.com&x=1', '/api/page/person?of=grace%40contoso.com&x=1'],
])('nobody is led elsewhere after the sign-in: %s', (to, location) => {
  expect(signedIn('', to).location).toBe(location);
});

test('the form asks who one is and keeps where one wanted to go; another path of its own is not there', () => {
  const signIn = createSignIn(TENANT);
  const to = encodeURIComponent('/api/page/person?of="><script>&x=1');
  const form = signIn.answer({ method: 'GET', url: url(`/.auth/login/aad?post_login_redirect_uri=${to}`), body: '' });

  expect(form?.body).toContain('value="/api/page/person?of=%22%3E%3Cscript%3E&amp;x=1"');
  expect(form?.body).not.toContain('<script>');
  expect(signIn.answer({ method: 'GET', url: url('/.auth/me'), body: '' })?.status).toBe(404);
  expect(signIn.answer({ method: 'GET', url: url('/api/page'), body: '' })).toBeNull();
});

test('it stands in where Azure would say that it is on', () => {
  expect(isSwitchedOn({ WEBSITE_AUTH_ENABLED: 'True' })).toBe(true);
  expect(isSwitchedOn({ WEBSITE_AUTH_ENABLED: 'False' })).toBe(false);
  expect(isSwitchedOn({})).toBe(false);
});

test('whoever signs out is nobody any more', () => {
  const signIn = createSignIn(TENANT);
  const headers = new Map(
    signIn.answer({ method: 'GET', url: url('/.auth/logout?post_logout_redirect_uri=/api/page'), body: '' })?.headers,
  );

  expect(headers.get('location')).toBe('/api/page');
  expect(headers.get('set-cookie')).toMatch(/^AppServiceAuthSession=; .*Max-Age=0/);
});
