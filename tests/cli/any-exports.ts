import { type Dice, diceOf } from '../../local/world/dice.ts';
import { csvFile, encoded, ENCODINGS } from '../files/written.ts';
import { adRow, anchorOf, type Cells, entraRow, guidOf, oktaRow } from './exports.ts';

/** What a person has on each side: nobody there (undefined), nothing in the anchor's place, or the anchor of so manieth person. */
export interface Person {
  readonly name: string;
  readonly ad: number | undefined;
  readonly okta: number | null | undefined;
  readonly entra: number | null | undefined;
}

const SIDES = ['ad', 'okta', 'entra'] as const;
type Side = (typeof SIDES)[number];

/** What was done to a file on its way. `cut`: in the middle of its last rows; `shorter`: exactly behind a row, where nothing shows it. */
const DAMAGES = [
  'column missing',
  'row twice',
  'row contradicted',
  'cut',
  'shorter',
  'windows-1252',
  'bare quote',
] as const;
export type Damage = (typeof DAMAGES)[number];

export interface AnyExports {
  /** As the company is, without whoever is not in a file that became shorter. */
  readonly people: readonly Person[];
  readonly files: Readonly<Record<Side, Uint8Array>>;
  readonly damage: Damage | null;
  /** Whose row is the last of a file that was cut. */
  readonly cutShort: string | null;
}

/** Three exports of one company, written in any manner, and at times damaged. The seed alone decides. */
export function anyExports(seed: string): AnyExports {
  const dice = diceOf(`exports ${seed}`);
  const whole = Array.from({ length: 4 + dice.below(16) }, (_, at) => personOf(dice, at + 1));
  const damage = dice.chance(0.5) ? dice.pick(DAMAGES) : null;
  const hurt = dice.pick(SIDES);
  const tables = { ad: tableOf(whole, 'ad'), okta: tableOf(whole, 'okta'), entra: tableOf(whole, 'entra') };
  const { rows, lost = new Set() } = spoilt(tables[hurt], damage, dice);
  const people = whole.map((person) => (lost.has(person.name) ? { ...person, [hurt]: undefined } : person));
  const file = (side: Side) => fileOf(side === hurt ? rows : tables[side], side === hurt ? damage : null, side, dice);
  return {
    people,
    files: { ad: file('ad'), okta: file('okta'), entra: file('entra') },
    damage,
    cutShort: damage === 'cut' ? (rows.at(-1)?.name ?? null) : null,
  };
}

/** The letters that one byte of Windows-1252 holds and UTF-8 does not, and others. */
const LETTERS = ['e', 'é', 'ü', 'ß', 'Ø', 'ł', '中', "'"] as const;

function personOf(dice: Dice, number: number): Person {
  const name = `p${number}${dice.pick(LETTERS)}n@contoso.com`;
  const [own, other, third] = [number, number + 1_000, number + 2_000];
  const cases: readonly [Omit<Person, 'name'>, ...Omit<Person, 'name'>[]] = [
    { ad: own, okta: own, entra: own },
    { ad: own, okta: own, entra: own },
    { ad: own, okta: own, entra: other },
    { ad: own, okta: other, entra: other },
    { ad: own, okta: other, entra: own },
    { ad: own, okta: other, entra: third },
    { ad: own, okta: own, entra: null },
    { ad: own, okta: null, entra: own },
    { ad: own, okta: null, entra: other },
    { ad: own, okta: own, entra: undefined },
    { ad: own, okta: undefined, entra: own },
    { ad: own, okta: undefined, entra: other },
    { ad: undefined, okta: own, entra: own },
    { ad: undefined, okta: undefined, entra: own },
    { ad: undefined, okta: undefined, entra: null },
  ];
  // The first three are in good order, so that no file is empty, and no column.
  return { name, ...(number <= 3 ? cases[0] : dice.pick(cases)) };
}

interface NamedRow {
  readonly name: string;
  readonly cells: Cells;
}

function tableOf(people: readonly Person[], side: Side): readonly NamedRow[] {
  return people.flatMap((person) => {
    const cells = cellsOf(person, side);
    return cells === null ? [] : [{ name: person.name, cells }];
  });
}

function anchorCell(of: number | null): string {
  return of === null ? '' : anchorOf(of);
}

function cellsOf({ name, ad, okta, entra }: Person, side: Side): Cells | null {
  const number = Number(/\d+/.exec(name)?.[0]);
  const employee = `E${number}`;
  if (side === 'ad') {
    if (ad === undefined) return null;
    return { ...adRow(number), ObjectGUID: guidOf(ad), UserPrincipalName: name, mail: name, EmployeeID: employee };
  }
  if (side === 'okta')
    return okta === undefined ? null : oktaRow(number, { userName: name, immutableId: anchorCell(okta) });
  if (entra === undefined) return null;
  const named = { UserPrincipalName: name, Mail: name, EmployeeId: employee };
  return entraRow(number, { ...named, OnPremisesImmutableId: anchorCell(entra) });
}

const ANCHOR = { ad: 'ObjectGUID', okta: 'immutableId', entra: 'OnPremisesImmutableId' } as const;

interface Spoilt {
  readonly rows: readonly NamedRow[];
  /** Who is not in the file any more. */
  readonly lost?: ReadonlySet<string>;
}

function spoilt(rows: readonly NamedRow[], damage: Damage | null, dice: Dice): Spoilt {
  const one = rows[dice.below(rows.length)];
  if (one === undefined) throw new Error('a file has no rows');
  const place = dice.below(rows.length + 1);
  if (damage === 'row twice') return { rows: rows.toSpliced(place, 0, one) };
  // The same object under another name, or with another anchor: of whom it is nobody can tell.
  if (damage === 'row contradicted') {
    return { rows: rows.toSpliced(place, 0, { ...one, cells: contradicting(one.cells) }) };
  }
  if (damage !== 'shorter') return { rows };
  const kept = rows.slice(0, 3 + dice.below(rows.length - 2));
  return { rows: kept, lost: new Set(rows.slice(kept.length).map(({ name }) => name)) };
}

/** AD's anchor is the object itself. */
function contradicting(cells: Cells): Cells {
  if (ANCHOR.ad in cells) return { ...cells, UserPrincipalName: 'somebody.else@contoso.com' };
  return { ...cells, [ANCHOR.okta in cells ? ANCHOR.okta : ANCHOR.entra]: anchorOf(9_999) };
}

const REQUIRED = {
  ad: ['ObjectGUID', 'UserPrincipalName'],
  okta: ['id', 'userName', 'immutableId'],
  entra: ['Id', 'UserPrincipalName', 'OnPremisesImmutableId'],
} as const;

/** What may stand in columns that nobody asked for. */
const RUBBISH = ['', 'a;b', 'x,y', 'two\r\nlines', 'say "no"', '\t', '=1+1', '{', "'", '   ', 'ünïcödé'] as const;

function fileOf(rows: readonly NamedRow[], damage: Damage | null, side: Side, dice: Dice): Uint8Array {
  const names = shuffled(Object.keys(rows[0]?.cells ?? {}), dice);
  const gone: string | null = damage === 'column missing' ? dice.pick(REQUIRED[side]) : null;
  const kept = names.filter((name) => name !== gone);
  const cells = rows.map((row) => kept.map((name) => [name, row.cells[name] ?? ''] as const));
  if (dice.chance(0.2) && damage !== 'windows-1252' && damage !== 'bare quote') return jsonOf(cells, damage, dice);
  const extra = Array.from({ length: dice.below(4) }, (_, at) => `extra ${at}`);
  const spell = dice.pick([
    (name: string) => name,
    (name: string) => name.toUpperCase(),
    (name: string) => ` ${name} `,
  ]);
  const table = [
    [...kept.map(spell), ...extra],
    ...cells.map((row) => [...row.map(([, text]) => text), ...extra.map(() => dice.pick(RUBBISH))]),
  ];
  const text = Buffer.from(
    csvFile(table, {
      delimiter: dice.pick([',', ';', '\t']),
      lineEnd: dice.pick(['\r\n', '\n', '\r']),
      quotes: dice.pick(['always', 'where needed']),
      typeLine: dice.chance(0.2),
      sepLine: dice.chance(0.2),
      lastLineEnd: dice.chance(0.8),
    }),
  ).toString();
  if (damage === 'windows-1252') return Buffer.from(text.replaceAll(/[^\0-\u00FF]/g, '?'), 'latin1');
  return encoded(damaged(text, damage, dice), dice.pick(ENCODINGS));
}

/** A cut takes some of the last row and leaves some; a bare quote stands anywhere. */
function damaged(text: string, damage: Damage | null, dice: Dice): string {
  if (damage === 'bare quote') {
    const at = dice.below(text.length);
    return `${text.slice(0, at)}"${text.slice(at)}`;
  }
  return damage === 'cut' ? text.slice(0, -1 - dice.below(60)) : text;
}

/** As the APIs and ConvertTo-Json write it: dotted names as objects, a list or a page. */
function jsonOf(
  rows: readonly (readonly (readonly [string, string])[])[],
  damage: Damage | null,
  dice: Dice,
): Uint8Array {
  const entries = rows.map((cells) =>
    Object.fromEntries(cells.map(([name, text]) => [name, text === '' ? null : text])),
  );
  const list = dice.chance(0.5) ? entries : { value: entries };
  const text = dice.chance(0.3) ? entries.map((entry) => JSON.stringify(entry)).join('\n') : JSON.stringify(list);
  return encoded(damaged(text, damage, dice), dice.pick(ENCODINGS));
}

function shuffled<Item>(items: readonly Item[], dice: Dice): readonly Item[] {
  return items
    .map((item) => ({ item, place: dice.next() }))
    .sort((one, other) => one.place - other.place)
    .map(({ item }) => item);
}
