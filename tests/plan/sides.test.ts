import { describe, expect, test } from 'vitest';
import { accountIndex, type Beside, type Evidence, type Looked, sidesOf } from '../../shared/plan/sides.ts';
import { adAccount, anchor, entraUser, person, rosters } from '../compare/people.ts';

const NOTHING: Evidence = { logins: new Map(), signIns: new Map(), holdings: new Map(), licenseNames: new Map() };
const AT = Date.parse('2026-11-20T08:00:00Z');
const OWN: Beside = { userName: 'ada@contoso.com', user: 'ada', objectId: 'id-ada' };

describe('side by side', () => {
  const ad = { mail: 'ada@mail.test', sid: 'S-1', employeeId: '7', dn: 'CN=Ada', created: 0, anchor: anchor(1) };
  const entra = { mail: 'ada@entra.test', sid: 'S-2', employeeId: '8', displayName: 'Ada', licensed: false };
  const is = rosters({
    ad: [adAccount('ada', ad), adAccount('ada', { ...ad, instance: '0oaAD2', mail: 'second' })],
    entra: [entraUser('ada', { ...entra, created: 0, anchor: anchor(3) })],
  });

  test('stands all that is known of both accounts', () => {
    const sides = sidesOf([OWN], accountIndex(is), NOTHING);

    expect(sides.map(({ what, directory, entra: there }) => [what, directory, there])).toEqual([
      ['name', 'ada@contoso.com', 'ada@contoso.com'],
      ['shown as', 'CN=Ada', 'Ada'],
      ['mail', 'ada@mail.test', 'ada@entra.test'],
      ['made', '1970-01-01', '1970-01-01'],
      ['last sign-in', 'not looked up', 'not looked up'],
      ['employee id', '7', '8'],
      ['SID', 'S-1', 'S-2'],
      ['licensed', '', 'no'],
      ['licences', '', 'not looked up'],
      ['mailbox', '', 'not looked up'],
      ['enabled', 'ACTIVE', 'yes'],
      ['anchor', 'AQAA…g==', 'AwAA…g=='],
    ]);
  });

  test('stands nothing of an account that is not there, and no day where none is known', () => {
    const nobody = sidesOf([{ userName: 'x', user: null, objectId: null }], accountIndex(is), NOTHING);
    const undated = rosters({
      ad: [adAccount('ada', { created: null })],
      entra: [entraUser('ada', { created: null })],
    });
    const made = sidesOf([OWN], accountIndex(undated), NOTHING).find(({ what }) => what === 'made');

    expect(nobody.every(({ directory, entra: there }) => directory === '' && there === '')).toBe(true);
    expect(made).toMatchObject({ directory: '', entra: '' });
  });
});

function of<Value>(id: string, looked: Looked<Value>): ReadonlyMap<string, Looked<Value>> {
  return new Map([[id, looked]]);
}

describe('what was looked up', () => {
  const is = person('ada', anchor(1), anchor(2), anchor(3));

  function cells(evidence: Partial<Evidence>, who: Beside = OWN) {
    const sides = sidesOf([who], accountIndex(is), { ...NOTHING, ...evidence });
    const cell = (name: string) => sides.find(({ what }) => what === name);
    return [
      cell('last sign-in')?.directory,
      cell('last sign-in')?.entra,
      cell('licences')?.entra,
      cell('mailbox')?.entra,
    ];
  }
  const unread = { unread: 'not readable: AuditLog.Read.All is not granted' };
  const holds = (licenses: readonly string[], mailbox: boolean) => of('id-ada', { found: { licenses, mailbox } });

  test.each<[Partial<Evidence>, number, string]>([
    [{ logins: of('ada', { found: AT }) }, 0, 'to Okta: 2026-11-20'],
    [{ logins: of('ada', { found: null }) }, 0, 'to Okta: never'],
    [{ logins: of('ada', unread) }, 0, unread.unread],
    [{ signIns: of('id-ada', { found: { at: AT, attempt: false } }) }, 1, '2026-11-20'],
    [{ signIns: of('id-ada', { found: { at: AT, attempt: true } }) }, 1, '2026-11-20, or an attempt'],
    [{ signIns: of('id-ada', { found: null }) }, 1, 'never'],
    [{ signIns: of('id-ada', unread) }, 1, unread.unread],
    [{ holdings: holds(['a', 'b'], true), licenseNames: new Map([['a', 'SPE_E3']]) }, 2, 'SPE_E3, b'],
    [{ holdings: holds([], false) }, 2, 'none'],
    [{ holdings: holds(['a'], true) }, 3, 'yes, by an Exchange plan'],
    [{ holdings: holds([], false) }, 3, 'no: no Exchange plan gives one'],
    [{ holdings: of('id-ada', unread) }, 3, unread.unread],
  ])('%j is in cell %i as: %s', (evidence, at, text) => {
    expect(cells(evidence)[at]).toBe(text);
  });

  test('is said not to have been where it was not, and nothing is said of what is not there', () => {
    expect(cells({})).toEqual(Array(4).fill('not looked up'));
    expect(cells({}, { userName: 'x', user: null, objectId: null })).toEqual(['', '', '', '']);
  });
});
