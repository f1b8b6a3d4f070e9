import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AD_EXPORT, readAdFile } from '../../shared/rosters/files/ad.ts';
import { anyLayout, csvFile, GUIDS, jsonFile } from './written.ts';

const [[guid, base64], [otherGuid, otherBase64]] = GUIDS;
const HEADER = [
  'ObjectGUID',
  'UserPrincipalName',
  'SamAccountName',
  'mail',
  'DistinguishedName',
  'SID',
  'EmployeeID',
  'Enabled',
  'ObjectClass',
  'mS-DS-ConsistencyGuid',
];
const ADA = [
  guid,
  'ada@contoso.com',
  'ada',
  'ada@mail.com',
  'CN=Ada,OU=Sales,DC=corp,DC=contoso,DC=com',
  'S-1-5-21-1',
  'E1',
  'True',
  'user',
  '',
];

function ada(changes: Record<string, string>): string[] {
  return HEADER.map((name, at) => changes[name] ?? ADA[at]!);
}

describe('an export of Active Directory', () => {
  test('becomes accounts whose anchor is what Okta’s externalId would be', () => {
    const read = readAdFile(csvFile([HEADER, ADA]), 'ad.csv');

    expect(read).toEqual({
      file: 'ad.csv',
      rows: [
        {
          user: guid,
          instance: 'corp.contoso.com',
          anchor: base64,
          userName: 'ada@contoso.com',
          samAccountName: 'ada',
          mail: 'ada@mail.com',
          dn: 'CN=Ada,OU=Sales,DC=corp,DC=contoso,DC=com',
          sid: 'S-1-5-21-1',
          employeeId: 'E1',
          others: {},
          status: 'ACTIVE',
          created: null,
        },
      ],
      rejected: [],
      leftOut: 0,
      total: 1,
      columns: HEADER,
      notes: [],
      onePage: false,
    });
  });

  test('reads the same in every layout that a tool writes', () => {
    const rows = [HEADER, ADA, ada({ ObjectGUID: otherGuid, mail: '', DistinguishedName: 'CN="Ö, B",OU=A\nB' })];
    const plain = readAdFile(csvFile(rows), 'ad.csv');
    fc.assert(
      fc.property(anyLayout, (layout) => {
        expect(readAdFile(csvFile(rows, layout), 'ad.csv')).toEqual(plain);
      }),
    );
  });

  test('reads columns in any order and case, and takes EmailAddress where mail is empty', () => {
    const read = readAdFile(
      csvFile([
        ['EMAILADDRESS', 'userprincipalname', 'mail', 'objectguid'],
        ['a@b.c', 'ada@contoso.com', '', `{${guid.toUpperCase()}}`],
      ]),
      'ad.csv',
    );

    expect(read.rows[0]).toMatchObject({ anchor: base64, mail: 'a@b.c', instance: 'file', user: guid });
  });

  test('names all missing columns at once, what was found, and the command that exports them', () => {
    const file = csvFile([
      ['Name', 'SID\u001B[31m'],
      ['Ada', 'S'],
    ]);
    const read = () => readAdFile(file, 'ad.csv');

    expect(read).toThrow(
      /^ad\.csv lacks the columns ObjectGUID or externalId, UserPrincipalName or .*\. Found: Name, SID\?\[31m\. /,
    );
    expect(read).toThrow(expect.objectContaining({ message: expect.stringContaining(AD_EXPORT) }));
  });

  test('needs the column that people are joined by', () => {
    const file = csvFile([
      ['ObjectGUID', 'SamAccountName'],
      [guid, 'ada'],
    ]);

    expect(readAdFile(file, 'ad.csv', { join: 'samAccountName' }).rows).toHaveLength(1);
    expect(() => readAdFile(file, 'ad.csv', { join: 'mail' })).toThrow(/lacks the column mail or EmailAddress\./);
  });

  test.each([
    ['disabled accounts are what Okta makes of them', { Enabled: 'False' }, { status: 'DEPROVISIONED' }],
    ['accounts without a UPN are kept: they are joined by nothing', { UserPrincipalName: '' }, { userName: null }],
    ['bytes of 2 to 38 letters are taken in any spelling without doubt', { ObjectGUID: base64 }, { anchor: base64 }],
    [
      'lists show as nothing',
      {
        mail: 'System.Collections.ArrayList',
        EmployeeID: 'Microsoft.ActiveDirectory.Management.ADPropertyValueCollection',
      },
      { mail: null, employeeId: null },
    ],
    [
      'a second attribute is kept to explain a mass change',
      { 'mS-DS-ConsistencyGuid': otherBase64 },
      { others: { 'mS-DS-ConsistencyGuid': otherBase64 } },
    ],
  ])('%s', (_, changes, expected) => {
    const bob = ada({ ObjectGUID: otherGuid, UserPrincipalName: 'bob@contoso.com' });

    expect(readAdFile(csvFile([HEADER, ada(changes), bob]), 'ad.csv').rows[0]).toMatchObject(expected);
  });

  test.each([
    [
      'ObjectGUID',
      guid.replaceAll('-', ''),
      '32 digits could be in either of two byte orders: export the GUID with its dashes',
    ],
    ['ObjectGUID', 'S3cret', 'no GUID but 6 other characters'],
    ['ObjectGUID', '', 'empty, though every object of AD has one'],
    ['Enabled', 'maybe', 'neither True nor False'],
    [
      'UserPrincipalName',
      'j?rgen@contoso.com',
      'letters outside ASCII were lost when it was written: export again with -Encoding UTF8',
    ],
    ['DistinguishedName', 'x'.repeat(5000), '5000 characters long, at most 2048 are read'],
  ])('a row whose %s is %j is rejected by line, column and reason', (column, value, reason) => {
    const read = readAdFile(csvFile([HEADER, ADA, ada({ ObjectGUID: otherGuid, [column]: value })]), 'ad.csv');

    expect(read.rows).toHaveLength(1);
    expect(read.rejected).toEqual([{ file: 'ad.csv', row: 3, unit: 'line', column, reason }]);
  });

  test('a row with several faults is one rejected row that names them all', () => {
    const read = readAdFile(csvFile([HEADER, ADA, ada({ ObjectGUID: 'x', Enabled: 'x' })]), 'ad.csv');

    expect(read.rejected).toHaveLength(1);
    expect(read.rejected[0]!.reason).toBe('no GUID but 1 other characters; Enabled: neither True nor False');
  });

  test('computers, groups and service accounts are left out and counted', () => {
    const rows = ['computer', 'group', 'msDS-GroupManagedServiceAccount', 'top;person;user;computer', 'contact'];
    const read = readAdFile(csvFile([HEADER, ADA, ...rows.map((ObjectClass) => ada({ ObjectClass }))]), 'ad.csv');

    expect(read).toMatchObject({ leftOut: 5, total: 6, rejected: [] });
    expect(read.rows).toHaveLength(1);
  });

  test('a row that stands there twice is named with the line of the first', () => {
    const read = readAdFile(csvFile([HEADER, ADA, ada({ ObjectGUID: guid.toUpperCase() })]), 'ad.csv');

    expect(read.rejected).toEqual([
      { file: 'ad.csv', row: 3, unit: 'line', column: 'ObjectGUID', reason: 'the same as in line 2' },
    ]);
  });

  test('of two rows that say different things of one object neither is believed, and both are named', () => {
    const other = ada({ UserPrincipalName: 'somebody.else@contoso.com' });

    const read = readAdFile(csvFile([HEADER, other, ada({ ObjectGUID: otherGuid }), ADA, ADA]), 'ad.csv');

    expect(read.rows.map(({ anchor }) => anchor)).toEqual([otherBase64]);
    expect(read).toMatchObject({ total: 4 });
    expect(read.rejected.map(({ row, reason }) => [row, reason])).toEqual([
      [2, 'the same as in line 5, which says otherwise'],
      [4, 'the same as in line 2, which says otherwise'],
      [5, 'the same as in line 2, which says otherwise'],
    ]);
  });

  test('rows, rejected rows and those left out are the total, and rejected rows stand in the file’s order', () => {
    const kinds = fc.constantFrom<Record<string, string>>(
      {},
      { ObjectClass: 'group' },
      { Enabled: 'x' },
      { ObjectGUID: guid },
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(kinds, fc.uuid(), fc.boolean()), { minLength: 1 }), (made) => {
        const rows = made.map(([kind, id, short]) => ada({ ObjectGUID: id, ...kind }).slice(0, short ? 4 : undefined));
        const read = readAdFile(csvFile([HEADER, ...rows]), 'ad.csv');
        expect(read.rows.length + read.rejected.length + read.leftOut).toBe(rows.length);
        expect(read.total).toBe(rows.length);
        const lines = read.rejected.map(({ row }) => row);
        expect(lines).toEqual([...lines].sort((one, other) => one - other));
      }),
    );
  });
});

describe('mS-DS-ConsistencyGuid as the anchor', () => {
  const options = { anchor: 'mS-DS-ConsistencyGuid' } as const;
  const bytes = [...Buffer.from(otherBase64, 'base64')];
  const anchorOf = (cell: string): unknown =>
    readAdFile(
      csvFile([
        HEADER,
        ADA,
        ada({ ObjectGUID: otherGuid, 'mS-DS-ConsistencyGuid': cell }),
        ada({ ObjectGUID: GUIDS[2][0], 'mS-DS-ConsistencyGuid': base64 }),
      ]),
      'ad.csv',
      options,
    ).rows[1]!.anchor;

  test.each([
    ['base64', otherBase64],
    ['a GUID', otherGuid],
    ['hex in byte order', Buffer.from(bytes).toString('hex')],
    ['octets', bytes.map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join('-')],
    ['decimal bytes', bytes.join(' ')],
    ['decimal bytes with commas', bytes.join(', ')],
  ])('is read from %s', (_, cell) => {
    expect(anchorOf(cell)).toBe(otherBase64);
  });

  test('may be empty, or somebody’s own text', () => {
    expect(anchorOf('')).toBeNull();
    expect(anchorOf('E0012345')).toBe('E0012345');
    expect(anchorOf('300 1')).toEqual({ unreadable: 'a list of 2 values that are not all bytes' });
  });

  test('is unreadable where PowerShell printed its type, and keeps objectGUID to explain a mass change', () => {
    const rows = [
      ada({ 'mS-DS-ConsistencyGuid': 'System.Byte[]' }),
      ada({ ObjectGUID: otherGuid, 'mS-DS-ConsistencyGuid': base64 }),
    ];
    const read = readAdFile(csvFile([HEADER, ...rows]), 'ad.csv', options);

    expect(read.rows[0]).toMatchObject({
      anchor: { unreadable: 'System.Byte[] where the bytes should be (PowerShell did not convert them)' },
      others: { objectGUID: base64 },
    });
  });

  test.each([
    [
      'prints its type in all rows',
      'System.Byte[]',
      /holds nothing but System\.Byte\[\] .*in all 1 rows.*\[Convert\]::ToBase64String/s,
    ],
    ['is empty in all rows', '', /the column mS-DS-ConsistencyGuid is empty in all 1 rows/],
  ])('is an error when it %s, with the command that exports it', (_, cell, message) => {
    const file = csvFile([HEADER, ada({ 'mS-DS-ConsistencyGuid': cell })]);

    expect(() => readAdFile(file, 'ad.csv', options)).toThrow(message);
    expect(readAdFile(file, 'ad.csv').rows).toHaveLength(1);
  });

  test('needs no objectGUID: the account name is the key then', () => {
    const read = readAdFile(
      csvFile([
        ['SamAccountName', 'UserPrincipalName', 'msDS-ConsistencyGuid'],
        ['Ada', 'ada@contoso.com', base64],
      ]),
      'ad.csv',
      options,
    );

    expect(read.rows[0]).toMatchObject({ user: 'ada', anchor: base64, others: {} });
  });
});

test('ConvertTo-Json of Get-ADUser is read too, with its SID object and its list of bytes', () => {
  const [first] = GUIDS;
  const row = {
    ObjectGUID: otherGuid,
    UserPrincipalName: 'ada@contoso.com',
    SID: { BinaryLength: 28, Value: 'S-1-5-21-1' },
    Enabled: true,
    ObjectClass: 'user',
    'mS-DS-ConsistencyGuid': [...Buffer.from(first[1], 'base64')],
  };

  const read = readAdFile(jsonFile(row), 'ad.json', { anchor: 'mS-DS-ConsistencyGuid' });

  expect(read.rows[0]).toMatchObject({ anchor: first[1], sid: 'S-1-5-21-1', status: 'ACTIVE' });
});

function directoryUser(id: string, externalId: string | null, status: string): unknown {
  return {
    id,
    externalId,
    status,
    created: '2024-01-02T03:04:05.000Z',
    credentials: { userName: 'login' },
    profile: { userName: `${id}@contoso.com`, samAccountName: 'ada', dn: 'CN=Ada,DC=contoso,DC=com', objectSid: 'S-1' },
    _links: { app: { href: 'https://org.okta.com/api/v1/apps/0oad1rectory00000001' } },
  };
}

test('the users of Okta’s AD app are read with their Okta ids, and those not linked yet have no anchor', () => {
  const read = readAdFile(
    jsonFile([directoryUser('00u1', base64, 'ACTIVE'), directoryUser('00u2', null, 'STAGED')]),
    'okta-ad.json',
  );

  expect(read.rejected).toEqual([]);
  expect(read.rows).toMatchObject([
    {
      user: '00u1',
      instance: '0oad1rectory00000001',
      anchor: base64,
      userName: '00u1@contoso.com',
      status: 'ACTIVE',
      created: Date.UTC(2024, 0, 2, 3, 4, 5),
    },
    { user: '00u2', anchor: null, status: 'STAGED', samAccountName: 'ada', sid: 'S-1' },
  ]);
});
