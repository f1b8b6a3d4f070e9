import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { AnchorwatchError } from '../../shared/errors.ts';
import { readAdFile } from '../../shared/rosters/files/ad.ts';
import { readEntraFile } from '../../shared/rosters/files/entra.ts';
import { readOktaFile } from '../../shared/rosters/files/okta.ts';
import type { FileRead } from '../../shared/rosters/files/read.ts';
import { AD_ACCOUNT, ASSIGNMENT, ENTRA_USER } from '../../shared/rosters/lists.ts';
import { spoilt } from '../spoilt.ts';
import { anyLayout, csvFile, GUIDS, jsonFile } from './written.ts';

const [[guid, base64], [otherGuid, otherBase64]] = GUIDS;

/** Two people of one export: as its CSV and its JSON have them, flat and nested. */
interface Kind {
  readonly read: (bytes: Uint8Array, name: string) => FileRead<unknown>;
  readonly shape: z.ZodType;
  readonly entries: readonly Readonly<Record<string, unknown>>[];
  readonly cells: readonly Readonly<Record<string, string>>[];
}

const ad = (id: string, name: string): Record<string, string> => ({
  ObjectGUID: id,
  UserPrincipalName: `${name}@contoso.com`,
  SamAccountName: name,
  mail: `${name}@contoso.com`,
  DistinguishedName: `CN=${name},OU=Sales,DC=contoso,DC=com`,
  SID: 'S-1-5-21-1',
  EmployeeID: 'E1',
  Enabled: 'True',
  ObjectClass: 'user',
});
const entra = (id: string, name: string, anchor: string): Record<string, string> => ({
  Id: id,
  UserPrincipalName: `${name}@contoso.com`,
  OnPremisesImmutableId: anchor,
  AccountEnabled: 'True',
  UserType: 'Member',
  Mail: `${name}@contoso.com`,
  OnPremisesSyncEnabled: 'True',
  DisplayName: name,
});
const okta = (id: string, anchor: string): Record<string, unknown> => ({
  id,
  externalId: guid,
  created: '2024-01-02T03:04:05.000Z',
  scope: 'GROUP',
  status: 'ACTIVE',
  syncState: 'SYNCHRONIZED',
  credentials: { userName: 'ada@contoso.com' },
  profile: { immutableId: anchor },
  _links: { app: { href: 'https://org.okta.com/api/v1/apps/0oaoffice36500000001' } },
});

const adRows = [ad(guid, 'ada'), ad(otherGuid, 'bob')];
const entraRows = [entra(guid, 'ada', base64), entra(otherGuid, 'bob', otherBase64)];
const oktaRows = [okta('00u11z6WHMYCGPCHCRFK', base64), okta('00u11z6WHMYCGPCHCRFL', otherBase64)];
const KINDS: Readonly<Record<string, Kind>> = {
  'Active Directory': { read: readAdFile, shape: AD_ACCOUNT, entries: adRows, cells: adRows },
  Entra: { read: readEntraFile, shape: ENTRA_USER, entries: entraRows, cells: entraRows },
  Okta: {
    read: readOktaFile,
    shape: ASSIGNMENT,
    entries: oktaRows,
    cells: ['00u1', '00u2'].map((id) => ({ id, userName: `${id}@contoso.com`, status: 'ACTIVE', immutableId: base64 })),
  },
};

/** Reads it, and holds what came of it against the rule: every row is somewhere, and what is refused is refused by its place. */
function holds({ read, shape }: Kind, bytes: Uint8Array, name: string): FileRead<unknown> | null {
  let found: FileRead<unknown>;
  try {
    found = read(bytes, name);
  } catch (error) {
    expect(error).toBeInstanceOf(AnchorwatchError);
    expect(error).toMatchObject({ kind: 'invalid', message: expect.stringContaining(name) });
    return null;
  }
  const { rows, rejected, leftOut, total } = found;
  expect(rows.length + rejected.length + leftOut).toBe(total);
  expect(z.array(shape).safeParse(rows).error).toBeUndefined();
  for (const one of rejected) {
    expect(one).toMatchObject({ file: name, row: expect.any(Number), reason: expect.stringMatching(/./) });
    expect(one.reason.length).toBeLessThan(1_000);
  }
  return found;
}

const cell = fc.oneof(
  fc.constantFrom('', ' ', '=1+1', '\u202E', '\u0007', '@{a=b}', 'System.Object[]', 'null', 'x'.repeat(50_000)),
  fc.string({ unit: 'grapheme' }),
);
const column = fc.constantFrom('__proto__', 'constructor', 'toString', 'Id', 'ID', 'objectguid', '', ' ', 'mail');

describe.each(Object.entries(KINDS))('an export of %s', (_name, kind) => {
  test('as JSON, whatever is wrong in it, is read by place or refused by name', () => {
    fc.assert(
      fc.property(fc.oneof(spoilt(kind.entries), spoilt({ value: kind.entries })), (value) => {
        holds(kind, jsonFile(value ?? null), 'rows.json');
        expect(Reflect.get({}, 'polluted')).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });

  test('as CSV, whatever cells and columns hold, is read by place or refused by name', () => {
    const header = Object.keys(kind.cells[0] ?? {});
    const changes = fc.record({
      layout: anyLayout,
      cells: fc.array(fc.tuple(fc.nat(1), fc.nat(header.length - 1), cell), { maxLength: 3 }),
      columns: fc.array(fc.tuple(fc.nat(header.length - 1), column), { maxLength: 2 }),
      cut: fc.option(fc.tuple(fc.nat(2), fc.nat(header.length))),
    });
    fc.assert(
      fc.property(changes, ({ layout, cells, columns, cut }) => {
        const table = [header, ...kind.cells.map((row) => header.map((name) => row[name] ?? ''))];
        for (const [row, at, text] of cells) table[row + 1] = table[row + 1]!.with(at, text);
        for (const [at, text] of columns) table[0] = table[0]!.with(at, text);
        if (cut !== null) table[cut[0]] = table[cut[0]]!.slice(0, cut[1]);
        const found = holds(kind, csvFile(table, layout), 'rows.csv');
        // What is cut may be an empty line, which is no row.
        expect(cut === null && found !== null ? found.total : 2).toBe(2);
      }),
      { numRuns: 200 },
    );
  });
});

const ENDLESS = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;

test.each(Object.entries(KINDS))(
  'an export of %s that lacks its columns is refused by name, whatever else stands in it',
  (_name, kind) => {
    for (const value of ['{"toString":"no function"}', ENDLESS])
      expect(holds(kind, Buffer.from(`[{"mail":${value}}]`), 'rows.json')).toBeNull();
  },
);
