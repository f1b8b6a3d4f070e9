import { describe, expect, test } from 'vitest';
import { adAccount, assignment } from '../../shared/okta/rows.ts';
import { AppUserSchema, type AppUser } from '../../shared/okta/schemas.ts';
import { appUser } from './org.ts';

function row(more: Readonly<Record<string, unknown>>): AppUser {
  return AppUserSchema.parse(JSON.parse(JSON.stringify(appUser('00u1', more))));
}

const AD_PROFILE = {
  dn: 'CN=Jane,OU=Sales,DC=example,DC=com',
  objectSid: 'S-1-5-21-1',
  samAccountName: 'jane',
  userName: 'jane@ad.example.com',
  email: 'jane@example.com',
  employeeID: 'E1',
  'mS-DS-ConsistencyGuid': 'kX==',
  department: 'Sales',
};

describe('an AD account', () => {
  test('is read from the app user and its profile', () => {
    expect(adAccount(row({ profile: AD_PROFILE }), '0oaad', 'externalId')).toEqual({
      user: '00u1',
      instance: '0oaad',
      anchor: 'VKzYZ1C+IkSZxIWlrW5ITg==',
      userName: 'jane@ad.example.com',
      samAccountName: 'jane',
      mail: 'jane@example.com',
      dn: 'CN=Jane,OU=Sales,DC=example,DC=com',
      sid: 'S-1-5-21-1',
      employeeId: 'E1',
      others: { 'mS-DS-ConsistencyGuid': 'kX==' },
      status: 'ACTIVE',
      created: Date.parse('2024-01-31T18:25:01Z'),
    });
  });

  test.each([
    ['sAMAccountName', { sAMAccountName: 'jane' }, 'samAccountName', 'jane'],
    ['distinguishedName', { distinguishedName: 'CN=Jane' }, 'dn', 'CN=Jane'],
    ['objectSID', { objectSID: 'S-1' }, 'sid', 'S-1'],
    ['employeeid', { employeeid: 'E1' }, 'employeeId', 'E1'],
    ['userPrincipalName', { userPrincipalName: 'j@x' }, 'userName', 'j@x'],
  ] as const)('is read whatever way Okta spells %s', (_, profile, field, expected) => {
    expect(adAccount(row({ profile }), '0oaad', 'externalId')[field]).toBe(expected);
  });

  test('brings along what else may have been the anchor, where it has no field of its own', () => {
    const profile = { ...AD_PROFILE, employeeNumber: '4711', userPrincipalName: 'j@ad.example.com' };
    const own = { ...AD_PROFILE, userPrincipalName: AD_PROFILE.userName };

    expect(adAccount(row({ profile }), '0oaad', 'externalId').others).toEqual({
      'mS-DS-ConsistencyGuid': 'kX==',
      employeeNumber: '4711',
      userName: AD_PROFILE.userName,
      userPrincipalName: 'j@ad.example.com',
    });
    expect(adAccount(row({ profile }), '0oaad', 'userPrincipalName').others).toMatchObject({
      userName: AD_PROFILE.userName,
    });
    expect(adAccount(row({ profile: own }), '0oaad', 'externalId').others).toEqual({ 'mS-DS-ConsistencyGuid': 'kX==' });
  });

  test.each([
    ['mS-DS-ConsistencyGuid', { 'mS-DS-ConsistencyGuid': 'guid' }],
    ['ms-ds-consistencyguid', { 'mS-DS-ConsistencyGuid': 'guid' }],
    ['mS-DS-ConsistencyGuid', { mSDSConsistencyGuid: 'guid' }],
    ['employeeID', { EMPLOYEEID: 'guid' }],
  ])('takes its anchor from the attribute %s that was configured', (name, profile) => {
    const account = adAccount(row({ profile }), '0oaad', name);

    expect(account.anchor).toBe('guid');
    expect(account.others).toMatchObject({ externalId: 'VKzYZ1C+IkSZxIWlrW5ITg==' });
    expect(Object.values(account.others)).not.toContain('guid');
  });

  test('prefers the attribute spelled exactly as configured where two differ in case alone', () => {
    const profile = { EmployeeID: 'wrong', employeeID: 'right' };

    expect(adAccount(row({ profile }), '0oaad', 'employeeID').anchor).toBe('right');
  });

  test.each([
    [null, null],
    [undefined, null],
    ['', null],
    [42, { unreadable: 'not text but number' }],
    [['a'], { unreadable: 'not text but a list' }],
    ['a\u0000b', { unreadable: 'text with control characters' }],
  ])('keeps an anchor of %j as %j, and never fails on it', (externalId, anchor) => {
    expect(adAccount(row({ externalId }), '0oaad', 'externalId').anchor).toEqual(anchor);
    expect(adAccount(row({ profile: { custom: externalId } }), '0oaad', 'custom').anchor).toEqual(anchor);
  });

  test('is not changed by keys that mean something to JavaScript', () => {
    const hostile = AppUserSchema.parse(
      JSON.parse(
        '{"id":"00u1","status":"ACTIVE","profile":{"__proto__":{"dn":"evil"},"constructor":"x","hasOwnProperty":"y"}}',
      ),
    );

    const account = adAccount(hostile, '0oaad', 'toString');
    expect(account).toMatchObject({ dn: null, anchor: null, sid: null });
    expect(Reflect.get({}, 'dn')).toBeUndefined();
  });

  test('may have neither profile nor externalId', () => {
    expect(adAccount(row({ profile: null, externalId: null, credentials: null }), '0oaad', 'externalId')).toMatchObject(
      {
        anchor: null,
        userName: null,
        others: {},
      },
    );
  });
});

describe('an assignment', () => {
  test('is read from the app user and its profile', () => {
    expect(assignment(row({ externalId: 'object-id', profile: { immutableId: 'anchor' } }), '0oa365')).toEqual({
      user: '00u1',
      app: '0oa365',
      userName: '00u1@example.com',
      anchor: 'anchor',
      externalId: 'object-id',
      scope: 'USER',
      status: 'ACTIVE',
      syncState: 'SYNCHRONIZED',
      created: Date.parse('2024-01-31T18:25:01Z'),
    });
  });

  test.each([
    ['GROUP', 'GROUP'],
    [undefined, null],
    ['EVERYONE', null],
  ])('of scope %s has the scope %s', (scope, expected) => {
    expect(assignment(row({ scope }), '0oa365').scope).toBe(expected);
  });

  test('without a copy of the anchor has none, and one that is no text is unreadable', () => {
    expect(assignment(row({ profile: {} }), '0oa365').anchor).toBeNull();
    expect(assignment(row({ profile: { immutableId: { a: 1 } } }), '0oa365').anchor).toEqual({
      unreadable: 'not text but object',
    });
  });
});
