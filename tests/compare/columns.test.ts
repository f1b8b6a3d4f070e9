import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  accountColumns,
  assignmentColumns,
  type Columns,
  deletedColumns,
  joined,
  partOf,
  type Unit,
  userColumns,
} from '../../shared/compare/columns.ts';
import { type Digests, digestsOf } from '../../shared/compare/digest.ts';
import { isGuest, isLinked, isLive } from '../../shared/compare/standing.ts';
import { adAccount, assignment, deletedUser, entraUser } from './people.ts';

function texts(...some: readonly (string | null)[]): Digests {
  return digestsOf(some, (text) => text);
}

/** Where each row stands. */
function unitsIn({ unit, units }: Columns): readonly (Unit | undefined)[] {
  return Array.from(unit, (number) => units[number]);
}

const EMPTY = { name: texts(), evidence: texts(), created: new Float64Array(), unit: new Uint32Array(), units: [] };

describe('the columns', () => {
  test('of AD accounts', () => {
    const rows = [
      adAccount('u1', { anchor: 'k1', employeeId: '7' }),
      adAccount('u2', { anchor: null, dn: 'CN=two,OU=Law,DC=com', instance: '0oaAD2' }),
      adAccount('u1', { anchor: { unreadable: 'a list' }, dn: null }),
      adAccount('u3', { anchor: '', employeeId: '' }),
    ];
    const columns = accountColumns(rows);
    const sales = { app: '0oaAD1', ou: 'OU=Sales,DC=contoso,DC=com' };
    expect(columns).toEqual({
      ...EMPTY,
      id: texts('u1', 'u2', 'u1', 'u3'),
      anchor: texts('k1', null, null, ''),
      evidence: texts('7', null, null, ''),
      unit: Uint32Array.of(0, 1, 2, 0),
      units: [sales, { app: '0oaAD2', ou: 'OU=Law,DC=com' }, { app: '0oaAD1', ou: null }],
      plain: Uint8Array.of(1, 1, 1, 1),
    });
  });

  test('of assignments', () => {
    const rows = [
      assignment('u1', { userName: 'IDA@Contoso.com', anchor: 'k1', externalId: 'id-1' }),
      assignment('u2', { userName: null, anchor: null, app: '0oaOther' }),
      assignment('u3', { userName: '\u212Aim@contoso.com', anchor: { unreadable: 'a list' } }),
    ];
    expect(assignmentColumns(rows)).toEqual({
      ...EMPTY,
      id: texts('u1', 'u2', 'u3'),
      name: texts('ida@contoso.com', null, 'kim@contoso.com'),
      anchor: texts('k1', null, null),
      evidence: texts('id-1', null, null),
      unit: Uint32Array.of(0, 1, 0),
      units: [
        { app: '0oaO365', ou: null },
        { app: '0oaOther', ou: null },
      ],
      plain: Uint8Array.of(1, 1, 1),
    });
  });

  test('of Entra users', () => {
    const rows = [
      entraUser('ann', { userName: 'ANN@contoso.com', anchor: 'k1', employeeId: '7', created: 5 }),
      entraUser('bob', { anchor: null, created: null, userType: 'Guest' }),
      entraUser('cid', { anchor: 'k3', created: 0 }),
    ];
    expect(userColumns(rows)).toEqual({
      ...EMPTY,
      id: texts('id-ann', 'id-bob', 'id-cid'),
      name: texts('ann@contoso.com', 'bob@contoso.com', 'cid@contoso.com'),
      anchor: texts('k1', null, 'k3'),
      evidence: texts('7', null, null),
      created: Float64Array.of(5, Number.NaN, 0),
      plain: Uint8Array.of(1, 0, 1),
    });
  });

  test('of those who were deleted', () => {
    expect(deletedColumns([deletedUser('gone', 'k1'), { ...deletedUser('left', ''), anchor: null }])).toEqual({
      ...EMPTY,
      id: texts('gone', 'left'),
      anchor: texts('k1', null),
      plain: Uint8Array.of(0, 0),
    });
  });
});

const STATUSES =
  'ACTIVE PROVISIONED SUSPENDED STAGED IMPORTED MATCHED UNASSIGNED DEPROVISIONED INACTIVE DELETED REVOKED PENDING';

test.each(STATUSES.split(' '))('only who is linked, live and not suspended may be plain: %s', (status) => {
  const [account, assigned] = [adAccount('ann', { status }), assignment('ann', { status })];
  const isSuspended = status === 'SUSPENDED';
  expect([...accountColumns([account]).plain]).toEqual([isLinked(account) && !isSuspended ? 1 : 0]);
  expect([...assignmentColumns([assigned]).plain]).toEqual([isLive(assigned) && !isSuspended ? 1 : 0]);
});

test.each([{ userType: 'Guest' }, { creationType: 'Invitation' }, { externalUserState: 'Accepted' }, {}])(
  'only who is no guest may be plain: %j',
  (over) => {
    const user = entraUser('ann', over);
    expect([...userColumns([user]).plain]).toEqual([isGuest(user) ? 0 : 1]);
  },
);

const somebody = fc
  .record({
    instance: fc.constantFrom('0oaAD1', '0oaAD2'),
    dn: fc.constantFrom(
      null,
      'CN=one',
      'CN=one,OU=Law,DC=com',
      'CN=one,OU=Sales,DC=com',
      'CN=one\\, two,OU=Law,DC=com',
    ),
    anchor: fc.constantFrom('k1', 'k2', null),
    status: fc.constantFrom('ACTIVE', 'STAGED'),
  })
  .map((over) => adAccount('ann', over));
const pagesOfSome = fc.array(fc.array(somebody, { maxLength: 4 }), { maxLength: 5 });

/** Where rows stand is told by the units, whatever their numbers. */
function told(columns: Columns) {
  const { unit: _numbers, units: _units, ...others } = columns;
  return { ...others, standing: unitsIn(columns) };
}

describe('joined pages', () => {
  test('are the columns of one list, and every row stands where it stood', () => {
    fc.assert(
      fc.property(pagesOfSome, (pages) => {
        expect(told(joined(pages.map(accountColumns)))).toEqual(told(accountColumns(pages.flat())));
      }),
    );
  });

  test('are so again when they are parts of what was joined before, beside pages that are not', () => {
    fc.assert(
      fc.property(pagesOfSome, pagesOfSome, pagesOfSome, (first, second, apart) => {
        const cut = (pages: typeof first): readonly Columns[] => {
          const whole = joined(pages.map(accountColumns));
          let from = 0;
          return pages.map(({ length }) => partOf(whole, (from += length) - length, length));
        };
        const [one, other] = [cut(first), cut(second)];
        expect(one.map(told)).toEqual(first.map((page) => told(accountColumns(page))));
        const again = joined([...one.slice(1), ...apart.map(accountColumns), ...other, ...one.slice(0, 1)]);
        const rows = [...first.slice(1), ...apart, ...second, ...first.slice(0, 1)].flat();
        expect(told(again)).toEqual(told(accountColumns(rows)));
      }),
    );
  });

  test('hold the units of what was joined before once, however many parts come of it', () => {
    const pages = Array.from({ length: 20 }, (_, at) => [adAccount('ann', { dn: `CN=ann,OU=${at},DC=com` })]);
    const whole = joined(pages.map(accountColumns));
    const again = joined(pages.map((_, at) => partOf(whole, at, 1)));
    expect(again.units).toEqual(whole.units);
    expect(unitsIn(again)).toEqual(pages.map((_, at) => ({ app: '0oaAD1', ou: `OU=${at},DC=com` })));
  });

  test('of other kinds of rows keep their names, evidence and times', () => {
    const users = [
      entraUser('ann', { created: 1, employeeId: '7' }),
      entraUser('bob', { created: null }),
      entraUser('cid'),
    ];
    expect(joined([userColumns(users.slice(0, 1)), userColumns([]), userColumns(users.slice(1))])).toEqual(
      userColumns(users),
    );
    const assigned = [assignment('ann', { externalId: 'id-ann' }), assignment('bob', { userName: null })];
    expect(told(joined([assignmentColumns(assigned.slice(0, 1)), assignmentColumns(assigned.slice(1))]))).toEqual(
      told(assignmentColumns(assigned)),
    );
  });

  test('are nothing where there are none', () => {
    expect(joined([])).toEqual(accountColumns([]));
  });
});

test('a part lies in the memory of the whole', () => {
  const whole = userColumns([entraUser('ann'), entraUser('bob'), entraUser('cid')]);
  const part = partOf(whole, 1, 2);
  expect(part).toEqual(userColumns([entraUser('bob'), entraUser('cid')]));
  for (const column of ['id', 'name', 'anchor', 'evidence', 'created', 'plain'] as const)
    expect(part[column].buffer).toBe(whole[column].buffer);
});

test('hundreds of thousands of units are joined, and joined again', () => {
  const pages = Array.from({ length: 400 }, (_, page) =>
    accountColumns(
      Array.from({ length: 500 }, (_row, at) =>
        adAccount(`u${at}`, { dn: `CN=x,OU=${500 * page + at},DC=contoso,DC=com` }),
      ),
    ),
  );
  const once = joined(pages);
  const again = joined([partOf(once, 0, 1_000), partOf(once, 1_000, 199_000)]);
  expect([once.units.length, again.units.length]).toEqual([200_000, 200_000]);
  expect(again.units[again.unit[199_999] ?? 0]?.ou).toBe('OU=199999,DC=contoso,DC=com');
});
