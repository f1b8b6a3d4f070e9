import type { AnchorValue } from '../../shared/anchor/value.ts';
import { shortForm } from '../../shared/anchor/write.ts';
import { compareTwoSides } from '../../shared/compare/two-sided.ts';
import type { TwoSidedRow } from '../../shared/compare/two-sided-row.ts';
import { FORM_WORDS } from '../../shared/notify/words.ts';
import { JOIN_FIELDS } from '../../shared/rosters/files/read.ts';
import { joined } from '../../shared/notify/finding-words.ts';
import type { Sheet } from '../report/sheet.ts';
import {
  ambiguityLines,
  doubtRows,
  doubtsOf,
  envelope,
  longForm,
  outcomeOf,
  type Question,
  type Report,
  sumLine,
  summaryOf,
} from './report.ts';
import { noteRemarks } from './files.ts';

/** The report without Okta: words, and no recommendation. */
export function twoSidedReport(question: Question): Report {
  const { files, join, gaps } = question;
  const field = JOIN_FIELDS[join];
  const sides = new Set((['ad', 'entra'] as const).filter((side) => gaps.has(side)));
  const keys = { ad: (row: (typeof files.ad.rows)[number]) => row[field], entra: entraKey };
  const result = compareTwoSides(files.ad.rows, files.entra.rows, keys, sides);
  const { rows, same, ambiguous, keyless, withheld, buckets } = result;
  function entraKey(row: (typeof files.entra.rows)[number]): string | null {
    return row[field];
  }

  const numberOf = (word: TwoSidedRow['word']): number => rows.filter((row) => row.word === word).length;
  const untold = {
    ambiguous: ambiguous.length,
    keyless: keyless.length,
    unreadable: numberOf('unreadable'),
    withheld,
  };
  const outcome = outcomeOf(files, untold, rows.length);
  const sharing = numberOf('same');
  const counts = [
    differ(numberOf('differs')),
    `${numberOf('missing')} are missing`,
    `${same} are the same${sharing === 0 ? '' : ` (${sharing} share the anchor with somebody)`}`,
  ];
  const summary = summaryOf(counts, files, untold, outcome);
  const doubts = doubtsOf(question, keyless, withheld);
  const columns = [join, 'word', 'what', 'AD', 'Entra', 'object id'];
  const frame: Pick<Sheet, 'head' | 'title' | 'foot'> = {
    head: [...doubts, ...noteRemarks(files), 'Without Okta nobody can say who is hurt, or what to do: add --okta.'],
    title: 2,
    foot: [
      ...ambiguityLines(ambiguous.map(({ name, ad, entra }) => `${name} (AD ${ad}, Entra ${entra})`)),
      sumLine('AD', Object.entries(buckets.ad), files.ad),
      sumLine('Entra', Object.entries(buckets.entra), files.entra),
      summary,
    ],
  };
  const unclear = ambiguous.map(({ name, ad, entra }) => [name, 'ambiguous', `AD ${ad}, Entra ${entra}`, '', '', '']);
  return {
    short: {
      ...frame,
      columns: [join, 'word', 'what'],
      rows: rows.map((row) => [row.name, row.word, joined(valuesOf(row), besideOf(row))]),
    },
    full: {
      ...frame,
      columns,
      rows: [
        ...doubtRows(doubts, columns, 'what'),
        ...unclear,
        ...rows.map((row) => [
          row.name,
          row.word,
          joined(row.missing === null ? '' : `${row.missing} missing`, besideOf(row)),
          longForm(row.a),
          longForm(row.e),
          row.objectId ?? '',
        ]),
      ],
    },
    json: { ...envelope(question, outcome, summary), rows, same, ambiguous, keyless, withheld, buckets },
    outcome,
    summary,
  };
}

/** `AD q1w2…Q==; Entra nothing` */
function valuesOf({ missing, a, e }: TwoSidedRow): string {
  const side = (name: string, value: AnchorValue): string =>
    `${name} ${missing === `${name} account` ? 'no account' : value === null ? 'nothing' : shortForm(value)}`;
  // A line is broken between the sides, never within one.
  return [side('AD', a), side('Entra', e)].map((part) => part.replaceAll(' ', '\u00A0')).join('; ');
}

function besideOf({ spelling, instead, elsewhere, owner, shared }: TwoSidedRow): string {
  const exchanged = owner !== null && owner === elsewhere;
  return joined(
    spelling === null ? '' : `the same GUID, ${FORM_WORDS[spelling]}`,
    instead === null ? '' : `Entra holds AD’s ${instead}`,
    exchanged ? `exchanged with ${owner}` : '',
    owner === null || exchanged ? '' : `Entra holds the anchor of ${owner}`,
    elsewhere === null || exchanged ? '' : `AD’s anchor is on ${elsewhere}`,
    shared.length === 0 ? '' : `shared with ${shared.join(', ')}`,
  );
}

function differ(number: number): string {
  return number === 1 ? '1 person differs' : `${number} people differ`;
}
