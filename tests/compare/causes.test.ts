import { describe, expect, test } from 'vitest';
import { compareRosters } from '../../shared/compare/compare.ts';
import type { Rosters } from '../../shared/compare/rows.ts';
import { adAccount, anchor, assignment, BACKGROUND, entraUser, rosters, together } from './people.ts';

/** `count` people in an OU, of whom `drifted` hold an old anchor in Entra. */
function inOu(ou: string, count: number, drifted: number, from: number, instance = '0oaAD1'): Rosters {
  const people = Array.from({ length: count }, (_, at) => {
    const user = `u${from + at}`;
    const own = anchor(from + at);
    return rosters({
      ad: [adAccount(user, { anchor: own, dn: `CN=Smith\\, ${user},${ou},DC=contoso,DC=com`, instance })],
      assignments: [assignment(user, { anchor: own })],
      entra: [entraUser(user, { anchor: at < drifted ? anchor(1_000_000 + from + at) : own })],
    });
  });
  return together(...people);
}

function causesOf(is: Rosters, known: (key: string) => boolean = () => false) {
  return compareRosters(is, { ...BACKGROUND, known }).causes;
}

describe('a mass cause', () => {
  test('is an OU in which drift is clearly likelier than outside', () => {
    const causes = causesOf(together(inOu('OU=Sales,OU=People', 40, 30, 0), inOu('OU=Ops,OU=People', 400, 10, 1_000)));

    expect(causes).toEqual([{ kind: 'ou', value: 'OU=Sales,OU=People,DC=contoso,DC=com', people: 30, of: 40 }]);
  });

  test('is not the OU that holds most people anyway', () => {
    const causes = causesOf(together(inOu('OU=Everyone', 400, 40, 0), inOu('OU=Few', 40, 4, 1_000)));

    expect(causes).toEqual([]);
  });

  test('is not named for a handful of people, however much they have in common', () => {
    expect(causesOf(together(inOu('OU=Sales', 5, 5, 0), inOu('OU=Ops', 400, 0, 1_000)))).toEqual([]);
  });

  test('explains new drift only: what the last run knew already is left out', () => {
    const is = together(inOu('OU=Sales', 40, 30, 0), inOu('OU=Ops', 400, 0, 1_000));

    expect(causesOf(is)).toHaveLength(1);
    expect(causesOf(is, () => true)).toEqual([]);
  });

  test('is an AD instance among several', () => {
    const is = together(inOu('OU=People', 200, 40, 0, '0oaAD2'), inOu('OU=People', 400, 0, 1_000, '0oaAD1'));

    expect(causesOf(is)).toContainEqual({ kind: 'directory', value: '0oaAD2', people: 40, of: 40 });
  });

  test('is not the AD instance around an OU that explains all but a few of its people', () => {
    const acquired = inOu('OU=Acquired', 60, 40, 0, '0oaAD1');
    const rest = inOu('OU=Ops', 400, 5, 1_000, '0oaAD1');
    const other = inOu('OU=People', 150, 0, 2_000, '0oaAD2');

    expect(causesOf(together(acquired, rest, other))).toEqual([
      { kind: 'ou', value: 'OU=Acquired,DC=contoso,DC=com', people: 40, of: 45 },
    ]);
  });

  test('is the AD instance too, when drift is as likely in the rest of it as in its worst OU', () => {
    const acquired = inOu('OU=Acquired', 60, 40, 0, '0oaAD2');
    const rest = inOu('OU=Ops', 30, 20, 1_000, '0oaAD2');
    const other = inOu('OU=People', 400, 0, 2_000, '0oaAD1');

    expect(causesOf(together(acquired, rest, other))).toEqual([
      { kind: 'directory', value: '0oaAD2', people: 60, of: 60 },
      { kind: 'ou', value: 'OU=Acquired,DC=contoso,DC=com', people: 40, of: 60 },
    ]);
  });

  test('is a spelling', () => {
    const spelled = Array.from({ length: 25 }, (_, at) => {
      const own = anchor(at);
      return rosters({
        ad: [adAccount(`s${at}`, { anchor: own })],
        assignments: [assignment(`s${at}`, { anchor: own })],
        entra: [entraUser(`s${at}`, { anchor: Buffer.from(own, 'base64').toString('hex') })],
      });
    });

    expect(causesOf(together(...spelled))).toEqual([{ kind: 'encoding', value: 'hex', people: 25, of: 25 }]);
  });

  test.each([
    ['custom anchors', (at: number) => `EMP-${at}`, undefined],
    ['Okta ids', (at: number) => `00u${String(at).padStart(17, 'x')}`, null],
    ['GUIDs as text', (at: number) => `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`, undefined],
  ])('is not the form in which an organisation with %s anchors everybody', (_what, held, source) => {
    const drifted = Array.from({ length: 25 }, (_, at) =>
      rosters({
        ad: [adAccount(`s${at}`, { anchor: source === undefined ? held(at) : source })],
        assignments: [assignment(`s${at}`, { anchor: held(at) })],
        entra: [entraUser(`s${at}`, { anchor: held(1_000 + at) })],
      }),
    );

    const { causes, findings } = compareRosters(together(...drifted), BACKGROUND);

    expect(findings).toHaveLength(25);
    expect(new Set(findings.map(({ encoding }) => JSON.stringify(encoding)))).toEqual(
      new Set(['{"okta":null,"entra":null}']),
    );
    expect(causes).toEqual([]);
  });

  test('is a custom value where everybody else is anchored by a GUID', () => {
    const odd = Array.from({ length: 25 }, (_, at) =>
      rosters({
        ad: [adAccount(`s${at}`, { anchor: anchor(at) })],
        assignments: [assignment(`s${at}`, { anchor: anchor(at) })],
        entra: [entraUser(`s${at}`, { anchor: `EMP-${at}` })],
      }),
    );

    expect(causesOf(together(...odd))).toEqual([{ kind: 'encoding', value: 'custom', people: 25, of: 25 }]);
  });

  test('is another attribute of AD that Entra holds in the anchor’s place', () => {
    const switched = Array.from({ length: 25 }, (_, at) => {
      const consistency = anchor(5_000 + at);
      return rosters({
        ad: [adAccount(`s${at}`, { anchor: anchor(at), others: { 'mS-DS-ConsistencyGuid': consistency } })],
        assignments: [assignment(`s${at}`, { anchor: anchor(at) })],
        entra: [entraUser(`s${at}`, { anchor: consistency })],
      });
    });

    const causes = causesOf(together(...switched));

    expect(causes).toEqual([{ kind: 'attribute', value: 'mS-DS-ConsistencyGuid', people: 25, of: 25 }]);
  });
});
