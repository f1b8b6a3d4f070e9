import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ENTRA_EXPORT, readEntraFile } from '../../shared/rosters/files/entra.ts';
import { anyLayout, csvFile, encoded, GUIDS, jsonFile } from './written.ts';

const [[id, base64], [otherId, otherBase64], [thirdId]] = GUIDS;
const HEADER = [
  'Id',
  'UserPrincipalName',
  'OnPremisesImmutableId',
  'AccountEnabled',
  'UserType',
  'Mail',
  'OnPremisesSyncEnabled',
  'AssignedLicenses',
  'DisplayName',
];
const ADA = [
  id,
  'ada@contoso.com',
  base64,
  'True',
  'Member',
  'ada@mail.com',
  'True',
  'Microsoft.Graph.PowerShell.Models.MicrosoftGraphAssignedLicense[]',
  'Ada',
];

/** PowerShell prints the list of licences as its type, filled or not. */
const UNTOLD = 'Licences cannot be read from the file, so no account counts as licensed.';

function ada(changes: Record<string, string>): string[] {
  return HEADER.map((name, at) => changes[name] ?? ADA[at]!);
}

describe('an export of Entra', () => {
  test('becomes users with the Immutable ID as exact text', () => {
    const read = readEntraFile(csvFile([HEADER, ADA]), 'entra.csv');

    expect(read.rows).toEqual([
      {
        id,
        userName: 'ada@contoso.com',
        anchor: base64,
        displayName: 'Ada',
        mail: 'ada@mail.com',
        enabled: true,
        licensed: false,
        userType: 'Member',
        creationType: null,
        externalUserState: null,
        employeeId: null,
        samAccountName: null,
        sid: null,
        synced: true,
        lastSync: null,
        created: null,
      },
    ]);
    expect(read).toMatchObject({ rejected: [], total: 1, notes: [UNTOLD] });
  });

  test('reads the same in every layout that a tool writes', () => {
    const rows = [HEADER, ADA, ada({ Id: otherId, OnPremisesImmutableId: '', DisplayName: 'Ö "B"\r\nC;D,E' })];
    const plain = readEntraFile(csvFile(rows), 'entra.csv').rows;
    fc.assert(
      fc.property(anyLayout, (layout) => {
        expect(readEntraFile(csvFile(rows, layout), 'entra.csv').rows).toEqual(plain);
      }),
    );
  });

  test.each([
    ['an anchor is not trimmed', { OnPremisesImmutableId: ` ${otherBase64}` }, { anchor: ` ${otherBase64}` }],
    ['an anchor of the organisation’s own is kept', { OnPremisesImmutableId: 'E0012345' }, { anchor: 'E0012345' }],
    ['no anchor is null', { OnPremisesImmutableId: '' }, { anchor: null }],
    [
      'what no anchor can be is unreadable',
      { OnPremisesImmutableId: 'x'.repeat(300) },
      { anchor: { unreadable: '300 characters long' } },
    ],
    [
      'what a spreadsheet made of + is unreadable',
      { OnPremisesImmutableId: '#NAME?' },
      { anchor: { unreadable: 'an error of a spreadsheet' } },
    ],
    ['out of sync is not the same as never synced', { OnPremisesSyncEnabled: 'False' }, { synced: false }],
    ['never synced is null', { OnPremisesSyncEnabled: '' }, { synced: null }],
    ['a licence that somebody spelled out counts', { AssignedLicenses: 'ENTERPRISEPACK' }, { licensed: true }],
    ['a disabled account is disabled', { AccountEnabled: 'FALSE' }, { enabled: false }],
  ])('%s', (_, changes, expected) => {
    const read = readEntraFile(csvFile([HEADER, ada({ Id: thirdId, ...changes }), ADA]), 'entra.csv');

    expect(read.rows[0]).toMatchObject(expected);
    expect(read.rejected).toEqual([]);
  });

  test.each([
    ['Id', '', 'empty'],
    ['Id', '17', 'no object id but 2 other characters'],
    ['UserPrincipalName', '', 'empty'],
    [
      'UserPrincipalName',
      'j\uFFFDrgen@contoso.com',
      'letters outside ASCII were lost when it was written: export again with -Encoding UTF8',
    ],
    ['AccountEnabled', 'Wahr', 'neither True nor False'],
  ])('a row whose %s is %j is rejected', (column, value, reason) => {
    const read = readEntraFile(csvFile([HEADER, ADA, ada({ Id: otherId, [column]: value })]), 'entra.csv');

    expect(read.rejected).toEqual([{ file: 'entra.csv', row: 3, unit: 'line', column, reason }]);
  });

  test('a user who stands there twice is named', () => {
    const read = readEntraFile(csvFile([HEADER, ADA, ADA]), 'entra.csv');

    expect(read.rejected).toMatchObject([{ row: 3, column: 'Id', reason: 'the same as in line 2' }]);
  });

  test('without OnPremisesImmutableId teaches that Graph must be asked for it', () => {
    const file = csvFile([
      ['Id', 'UserPrincipalName'],
      [id, 'ada@contoso.com'],
    ]);
    const read = () => readEntraFile(file, 'entra.csv');

    expect(read).toThrow(
      /^entra\.csv lacks the column OnPremisesImmutableId or ImmutableId\. Found: Id, UserPrincipalName\. .*only when it is asked for/,
    );
    expect(read).toThrow(expect.objectContaining({ message: expect.stringContaining(ENTRA_EXPORT) }));
  });

  test('with the column empty throughout teaches the same: Get-MgUser writes it so unless asked', () => {
    const file = csvFile([HEADER, ada({ OnPremisesImmutableId: '' }), ada({ Id: otherId, OnPremisesImmutableId: '' })]);

    expect(() => readEntraFile(file, 'entra.csv')).toThrow(/is empty in all 2 rows\. .*only when it is asked for/);
  });

  test('says what it had to assume', () => {
    const read = readEntraFile(csvFile([HEADER.slice(0, 3), ADA.slice(0, 3)]), 'entra.csv');

    expect(read.rows[0]).toMatchObject({ enabled: true, licensed: false });
    expect(read.notes).toEqual(['AccountEnabled is not in the file, so every account counts as enabled.', UNTOLD]);
  });

  test('of exactly one page is doubted', () => {
    const rows = fc.sample(fc.uuid(), 100).map((each) => ada({ Id: each, AssignedLicenses: '' }));

    expect(readEntraFile(csvFile([HEADER, ...rows]), 'entra.csv').notes).toEqual([
      expect.stringMatching(/exactly 100 rows.*-All/),
    ]);
    expect(readEntraFile(csvFile([HEADER, ...rows.slice(1)]), 'entra.csv').notes).toEqual([]);
  });

  test('needs the attribute that people are joined by', () => {
    const file = csvFile([HEADER, ADA]);

    expect(readEntraFile(file, 'entra.csv', { join: 'mail' }).rows).toHaveLength(1);
    expect(() => readEntraFile(file, 'entra.csv', { join: 'samAccountName' })).toThrow(
      /lacks the column OnPremisesSamAccountName/,
    );
  });
});

describe('JSON of Entra', () => {
  const user = {
    id,
    userPrincipalName: 'ada@contoso.com',
    onPremisesImmutableId: base64,
    accountEnabled: true,
    assignedLicenses: [{ skuId: 'x' }],
    createdDateTime: '2024-01-02T03:04:05Z',
    onPremisesSamAccountName: 'ada',
  };

  test('is read as Graph’s page, and as ConvertTo-Json of PowerShell', () => {
    const expected = {
      id,
      userName: 'ada@contoso.com',
      anchor: base64,
      enabled: true,
      licensed: true,
      samAccountName: 'ada',
      created: Date.UTC(2024, 0, 2, 3, 4, 5),
    };
    const pascal = Object.fromEntries(
      Object.entries(user).map(([key, value]) => [key[0]!.toUpperCase() + key.slice(1), value]),
    );

    expect(readEntraFile(jsonFile({ value: [user] }), 'entra.json').rows).toMatchObject([expected]);
    expect(readEntraFile(jsonFile([pascal]), 'entra.json').rows).toMatchObject([expected]);
    expect(readEntraFile(encoded(JSON.stringify(pascal), 'utf-16le'), 'entra.json').rows).toMatchObject([expected]);
  });

  test('leaves agents’ accounts out and counts them', () => {
    const agent = { ...user, id: otherId, '@odata.type': '#microsoft.graph.agentUser' };

    expect(readEntraFile(jsonFile([user, agent]), 'entra.json')).toMatchObject({
      leftOut: 1,
      total: 2,
      rows: [{ id }],
    });
  });

  test('rejects an entry that lacks what the others have, for absent is not empty', () => {
    const { onPremisesImmutableId: _, ...without } = { ...user, id: otherId };
    const empty = { ...user, id: thirdId, onPremisesImmutableId: null };

    const read = readEntraFile(jsonFile([user, without, empty]), 'entra.json');

    expect(read.rows.map(({ anchor }) => anchor)).toEqual([base64, null]);
    expect(read.rejected).toMatchObject([
      { row: 2, unit: 'entry', column: 'onPremisesImmutableId', reason: 'not there: Graph was not asked for it' },
    ]);
  });

  test('takes what is no text for unreadable or rejects it, and never throws', () => {
    expect(
      readEntraFile(jsonFile([user, { ...user, id: otherId, onPremisesImmutableId: 7 }]), 'e.json').rows[1]!.anchor,
    ).toEqual({ unreadable: 'not text but number' });
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(user)), fc.jsonValue(), (key, value) => {
        const read = readEntraFile(jsonFile([user, { ...user, id: otherId, [key]: value }]), 'e.json');
        expect(read.rows.length + read.rejected.length).toBe(2);
      }),
    );
  });
});
