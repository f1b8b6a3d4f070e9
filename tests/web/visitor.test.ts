import fc from 'fast-check';
import { expect, test } from 'vitest';
import { entryOf } from '../../shared/web/visitor.ts';
import { claims, principal, TENANT, TENANT_CLAIM } from './principal.ts';

test.each([
  ['Anchorwatch.Decide', true],
  ['Anchorwatch.Look', false],
])('whoever has the app role %s is let in, and may decide: %s', (role, mayDecide) => {
  const entry = entryOf(principal(claims(role)), TENANT);

  expect(entry).toEqual({ kind: 'visitor', visitor: { name: 'ada@contoso.com', mayDecide } });
});

test('claims count by the names of the token as by those that App Service gives them', () => {
  const named = [
    ['tid', TENANT.toUpperCase()],
    ['upn', 'ada@contoso.com'],
    ['http://schemas.microsoft.com/ws/2008/06/identity/claims/role', 'Anchorwatch.Decide'],
  ] as const;

  expect(entryOf(principal(named), TENANT)).toMatchObject({ kind: 'visitor', visitor: { mayDecide: true } });
});

test.each([null, ''])('whoever has not signed in (%j) is asked to', (header) => {
  expect(entryOf(header, TENANT)).toEqual({ kind: 'sign-in' });
});

test.each([
  [
    'another tenant',
    principal(claims('Anchorwatch.Decide', { tenant: '99999999-0000-0000-0000-000000000000' })),
    'the tenant',
  ],
  ['two tenants', principal([...claims('Anchorwatch.Decide'), [TENANT_CLAIM, 'another']]), 'the tenant'],
  [
    'no tenant',
    principal([
      ['roles', 'Anchorwatch.Decide'],
      ['upn', 'ada@contoso.com'],
    ]),
    'the tenant',
  ],
  [
    'no name',
    principal([
      [TENANT_CLAIM, TENANT],
      ['roles', 'Anchorwatch.Decide'],
    ]),
    'no user principal name',
  ],
  ['no role', principal(claims(null)), 'neither the app role Anchorwatch.Look'],
  ['a role that only begins so', principal(claims('Anchorwatch.Decide2')), 'neither the app role'],
  ['another provider', principal(claims('Anchorwatch.Decide'), 'google'), 'not the provider google'],
  ['what is no JSON', Buffer.from('{').toString('base64'), 'could not be read'],
  ['what is no base64', '💥', 'could not be read'],
])('a sign-in with %s is refused, and says why', (_what, header, reason) => {
  expect(entryOf(header, TENANT)).toEqual({ kind: 'refused', reason: expect.stringContaining(reason) });
});

test('where the tenant that is watched is not known, nobody is let in', () => {
  expect(entryOf(principal([...claims('Anchorwatch.Decide', { tenant: '' })]), '')).toMatchObject({ kind: 'refused' });
});

test('no header whatever lets anybody in who has not both the tenant and a role', () => {
  const some = fc.array(fc.tuple(fc.constantFrom('roles', 'role', 'tid', 'upn', 'name'), fc.string()));
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        some.map((given) => principal(given)),
      ),
      (header) => {
        expect(entryOf(header, TENANT).kind).not.toBe('visitor');
      },
    ),
  );
});
