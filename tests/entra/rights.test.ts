import { expect, test } from 'vitest';
import { rightsIn } from '../../shared/entra/rights.ts';

function token(claims: unknown): string {
  return ['{}', JSON.stringify(claims), 'signature'].map((part) => Buffer.from(part).toString('base64url')).join('.');
}

test.each([
  [
    'an app’s own',
    { appid: 'app', roles: ['User.ReadWrite.All', 'Directory.Read.All'] },
    ['app', 'Directory.Read.All', 'User.ReadWrite.All'],
  ],
  ['an app’s in the other version', { azp: 'app', roles: [] }, ['app']],
  [
    'an administrator’s',
    { appid: 'cli', scp: 'User.Read Directory.Read.All' },
    ['cli', 'Directory.Read.All', 'User.Read'],
  ],
])('a token of %s says what was granted', (_whose, claims, rights) => {
  expect(rightsIn(token(claims))).toEqual(rights);
});

test.each(['opaque', '', 'a.b.c', token('text'), token({ roles: 'all' })])(
  'a token that cannot be read is no error: %s',
  (text) => {
    expect(rightsIn(text)).toEqual(['unreadable']);
  },
);
