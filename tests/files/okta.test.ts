import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readOktaFile } from '../../shared/rosters/files/okta.ts';
import { anyLayout, csvFile, encoded, GUIDS, jsonFile } from './written.ts';

const [[objectId, base64], [, otherBase64]] = GUIDS;
const USER = {
  id: '00u11z6WHMYCGPCHCRFK',
  externalId: objectId,
  created: '2024-01-02T03:04:05.000Z',
  scope: 'GROUP',
  status: 'ACTIVE',
  syncState: 'SYNCHRONIZED',
  credentials: { userName: 'ada@contoso.com' },
  profile: { immutableId: base64, licenses: ['E5'] },
  _links: { app: { href: 'https://org.okta.com/api/v1/apps/0oaoffice36500000001' } },
};
const ROW = {
  user: '00u11z6WHMYCGPCHCRFK',
  app: '0oaoffice36500000001',
  userName: 'ada@contoso.com',
  anchor: base64,
  externalId: objectId,
  scope: 'GROUP',
  status: 'ACTIVE',
  syncState: 'SYNCHRONIZED',
  created: Date.UTC(2024, 0, 2, 3, 4, 5),
};

describe('the users of the Office 365 app', () => {
  test('are read from API JSON', () => {
    expect(readOktaFile(jsonFile([USER]), 'okta.json')).toMatchObject({
      rows: [ROW],
      rejected: [],
      leftOut: 0,
      total: 1,
      notes: [],
    });
  });

  test('are read from several pages one behind the other', () => {
    const second = { ...USER, id: '00u2', profile: { immutableId: otherBase64 } };

    const read = readOktaFile(encoded(`${JSON.stringify([USER])}\n${JSON.stringify([second])}`), 'okta.json');

    expect(read.rows.map(({ anchor }) => anchor)).toEqual([base64, otherBase64]);
  });

  test.each([
    [['id', 'externalId', 'userName', 'status', 'scope', 'syncState', 'immutableId', 'created']],
    [['ID', 'externalid', 'credentials.userName', 'status', 'scope', 'syncState', 'profile.immutableId', 'created']],
  ])('are read from CSV with the columns %j, in every layout', (header) => {
    const row = [USER.id, objectId, 'ada@contoso.com', 'ACTIVE', 'GROUP', 'SYNCHRONIZED', base64, USER.created];
    fc.assert(
      fc.property(anyLayout, (layout) => {
        expect(readOktaFile(csvFile([header, row], layout), 'okta.csv').rows).toEqual([{ ...ROW, app: 'file' }]);
      }),
    );
  });

  test('may have no copy at all: that is a finding, not a fault of the file', () => {
    const read = readOktaFile(jsonFile([{ ...USER, profile: { immutableId: null } }]), 'okta.json');

    expect(read.rows[0]!.anchor).toBeNull();
  });

  test('default to ACTIVE, and to no scope where none is known', () => {
    const read = readOktaFile(
      csvFile([
        ['id', 'userName', 'immutableId', 'scope'],
        ['00u1', 'a@b', base64, 'odd'],
      ]),
      'okta.csv',
    );

    expect(read.rows[0]).toMatchObject({ status: 'ACTIVE', scope: null, externalId: null, created: null });
  });

  test('with externalId alone are refused, saying what is needed instead', () => {
    const { immutableId: _, ...profile } = USER.profile;

    expect(() => readOktaFile(jsonFile([{ ...USER, profile }]), 'okta-ad.json')).toThrow(
      /has externalId but not immutableId\..*is not that copy.*Active Directory app is the source anchor.*\/api\/v1\/apps\//s,
    );
  });

  test('as CSV without immutableId are refused too, for externalId is another value', () => {
    const csv = csvFile([
      ['id', 'externalId', 'userName', 'status'],
      [USER.id, objectId, 'ada@contoso.com', 'ACTIVE'],
    ]);

    expect(() => readOktaFile(csv, 'okta.csv')).toThrow(/externalId of an Office 365 user is not that copy/);
  });

  test.each([
    ['JSON', jsonFile([{ ...USER, profile: `@{immutableId=${base64}; licenses=System.Object[]}` }])],
    [
      'JSON without externalId',
      jsonFile([{ id: USER.id, credentials: '@{userName=ada@contoso.com}', profile: `@{immutableId=${base64}}` }]),
    ],
    [
      'CSV',
      csvFile([
        ['id', 'externalId', 'credentials', 'profile'],
        [USER.id, objectId, '@{userName=ada@contoso.com}', `@{immutableId=${base64}}`],
      ]),
    ],
  ])('whose profile PowerShell wrote as text, in %s, are refused with the way to write them', (_, file) => {
    expect(() => readOktaFile(file, 'okta.json')).toThrow(/wrote as text: .*ConvertTo-Json -Depth 10/);
    expect(() => readOktaFile(file, 'okta.json')).toThrow(expect.not.stringContaining(base64));
  });

  test('lacking several columns are told all of them', () => {
    expect(() => readOktaFile(csvFile([['login'], ['x']]), 'okta.csv')).toThrow(
      /lacks the columns id or userId, credentials\.userName or userName, profile\.immutableId or immutableId\. Found: login\./,
    );
  });

  test('who have no id are rejected, and so is one who stands there twice in one app', () => {
    const elsewhere = { ...USER, _links: { app: { href: 'https://org.okta.com/api/v1/apps/0oaoffice36500000002' } } };
    const read = readOktaFile(jsonFile([USER, { ...USER, id: null }, USER, elsewhere]), 'okta.json');

    expect(read.rows.map(({ app }) => app)).toEqual(['0oaoffice36500000001', '0oaoffice36500000002']);
    expect(read.rejected).toMatchObject([
      { row: 2, unit: 'entry', column: 'id', reason: 'empty' },
      { row: 3, unit: 'entry', column: 'id', reason: 'the same as in entry 1' },
    ]);
  });

  test('of exactly one page are doubted', () => {
    const users = Array.from({ length: 500 }, (_, at) => ({ ...USER, id: `00u${at}` }));

    expect(readOktaFile(jsonFile(users), 'okta.json').notes).toEqual([
      expect.stringMatching(/exactly 500 rows.*every page/),
    ]);
    expect(readOktaFile(jsonFile(users.slice(1)), 'okta.json').notes).toEqual([]);
  });

  test('whose fields hold anything at all never end in an error', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(USER)), fc.jsonValue(), (key, value) => {
        const read = readOktaFile(jsonFile([USER, { ...USER, id: '00u2', [key]: value }]), 'okta.json');
        expect(read.rows.length + read.rejected.length).toBe(2);
      }),
    );
  });
});
