import { describe, expect, test } from 'vitest';
import type { AnchorValue } from '../../shared/anchor/value.ts';
import { part } from '../../shared/compare/part.ts';
import { encodingOf, insteadOf, organisationalUnit } from '../../shared/compare/describe.ts';
import type { Person } from '../../shared/compare/pair.ts';
import { presented, presenterBeside } from '../../shared/compare/presented.ts';
import type { AdAccount, Assignment } from '../../shared/compare/rows.ts';
import { populationOf } from '../../shared/compare/tally.ts';
import { adAccount, anchor, assignment, person } from './people.ts';

const BAD = { unreadable: 'a list' };

function respelled(number: number): string {
  return Buffer.from(anchor(number), 'base64').toString('hex');
}

test.each<[string | null, string | null, Parameters<typeof encodingOf>]>([
  [null, null, [anchor(1), anchor(1), anchor(1)]],
  [null, 'hex', [anchor(1), anchor(1), respelled(1)]],
  ['hex', null, [anchor(1), respelled(1), anchor(2)]],
  [null, null, [null, respelled(1), respelled(1)]],
  [null, null, [null, respelled(1), respelled(2)]],
  ['hex', null, [null, respelled(1), anchor(1)]],
  [null, 'hex', [null, anchor(1), respelled(1)]],
  ['base64', 'base64', [respelled(1), anchor(1), anchor(1)]],
  ['custom', null, [BAD, 'EMP-1', null]],
  [null, null, ['EMP-2', 'EMP-1', BAD]],
])('the unusual spelling of Okta is %s and that of Entra %s: %j', (okta, entra, anchors) => {
  expect(encodingOf(...anchors)).toEqual({ okta, entra });
});

function instead(over: Partial<AdAccount>, e: AnchorValue, a: string | null = anchor(1)): string | null {
  return insteadOf([adAccount('ada', { anchor: a, ...over })], a, e);
}

describe('an attribute stands in the anchor’s place', () => {
  test('in the very text, or in another spelling', () => {
    expect(instead({ others: { guid: anchor(7) } }, anchor(7))).toBe('guid');
    expect(instead({ others: { guid: anchor(7) } }, respelled(7))).toBe('guid');
    expect(instead({ employeeId: 'EMP-7' }, 'EMP-7', null)).toBe('employeeID');
    expect(instead({}, 'ada@contoso.com')).toBe('userPrincipalName');
  });

  test('but none where Entra holds the anchor itself, in whatever spelling, or nothing that can be read', () => {
    expect(instead({ others: { guid: anchor(1) } }, respelled(1))).toBeNull();
    expect(instead({ others: { guid: anchor(1) } }, anchor(1))).toBeNull();
    expect(instead({ others: { guid: anchor(7) } }, anchor(8))).toBeNull();
    expect(instead({ others: { guid: '' } }, BAD)).toBeNull();
  });
});

test('the unit is what stands above the person', () => {
  expect(organisationalUnit('CN=ada,OU=Sales,DC=com')).toBe('OU=Sales,DC=com');
  expect(organisationalUnit('CN=Byron\\, Ada,OU=Sales')).toBe('OU=Sales');
  expect(organisationalUnit('CN=Byron\\, Ada')).toBeNull();
  expect(organisationalUnit('CN=ada')).toBeNull();
  expect(organisationalUnit('CN=ada,')).toBeNull();
  expect(organisationalUnit('CN=Byron\\, Ada,')).toBeNull();
  expect(organisationalUnit(null)).toBeNull();
});

test('an anchor is presented by live assignments that have it, of others, and the first by id is named', () => {
  const rows: readonly Assignment[] = [
    assignment('zoe'),
    assignment('eve', { userName: null }),
    assignment('bob', { status: 'DEPROVISIONED' }),
    assignment('ada', { anchor: anchor(2) }),
    assignment('cid', { anchor: null }),
    assignment('dan', { anchor: anchor(3), app: '0oaB' }),
    assignment('dan', { anchor: anchor(3), app: '0oaA', userName: 'first@contoso.com' }),
  ];
  const by = presented(rows, new Set([anchor(1), anchor(3), anchor(9), null, undefined]));
  expect(presenterBeside('ada', anchor(1), by)).toBe('eve');
  expect(presenterBeside('eve', anchor(1), by)).toBe('zoe@contoso.com');
  expect(presenterBeside(null, anchor(3), by)).toBe('first@contoso.com');
  expect(presenterBeside('dan', anchor(3), by)).toBeNull();
  expect(presenterBeside('ada', anchor(9), by)).toBeNull();
});

function standing(...accounts: readonly Partial<AdAccount>[]): Person {
  const directory = accounts.map((over) => adAccount('ada', over));
  return { user: 'ada', directory, assignment: null, further: [], entra: null, pairedBy: null, nameDisputed: false };
}

test('everybody with a live link is counted once, in each of their directories and in every OU around them', () => {
  const gone = { status: 'DEPROVISIONED', instance: '0oaAD3', dn: 'CN=ada,OU=Left,DC=com' };
  const people = [
    standing({ dn: 'CN=ada,OU=Sales,OU=All,DC=com' }),
    standing({ dn: 'CN=bob,OU=Sales,OU=All,DC=com' }, gone),
    standing({ dn: null }, { instance: '0oaAD2', dn: 'CN=cid,OU=All,DC=com' }),
    standing({ dn: null }, { dn: null }),
    standing(gone),
    standing(),
  ];
  const { plain } = part(person('eva', anchor(5), anchor(5), anchor(5)), null);
  expect(populationOf(people, plain)).toEqual({
    total: 5,
    ous: new Map([
      ['OU=Sales,DC=contoso,DC=com', 1],
      ['OU=Sales,OU=All,DC=com', 2],
      ['OU=All,DC=com', 3],
    ]),
    directories: new Map([
      ['0oaAD1', 5],
      ['0oaAD2', 1],
    ]),
  });
});
