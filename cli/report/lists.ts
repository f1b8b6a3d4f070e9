import { count } from '../../shared/notify/count.ts';
import { wrap } from '../../shared/notify/wrap.ts';
import type { Counts, RunRow, RunSummary } from '../../shared/state/rows.ts';
import { isoTime } from '../../shared/time.ts';
import { tableLines } from './sheet.ts';

const ROSTERS = ['directories', 'assignments', 'entra', 'deleted'] as const;

const LISTS: Readonly<Record<(typeof ROSTERS)[number], RegExp>> = {
  directories: /^directory:/,
  assignments: /^(?:assignments$|further:)/,
  entra: /^users$/,
  deleted: /^deleted$/,
};

const CHANGED =
  'The sums are not the rows read: people came or went between the lists and the second, single look at them.';

/** Every row of every roster is in exactly one bucket, and the sums show it. */
export function bucketLines({ certificates }: RunRow, { buckets }: RunSummary, width: number): string[] {
  const names = [...new Set(ROSTERS.flatMap((roster) => Object.keys(buckets[roster])))].sort();
  const cells = (name: string): string[] => ROSTERS.map((roster) => blank(buckets[roster][name] ?? 0));
  const totals = ROSTERS.map((roster) => count(sumOf(buckets[roster])));
  const read = ROSTERS.map((roster) => {
    const lists = certificates.filter(({ list }) => LISTS[roster].test(list));
    return lists.reduce((sum, { distinct }) => sum + distinct, 0);
  });
  const rows = [...names.map((name) => [name, ...cells(name)]), ['sum', ...totals], ['rows read', ...read.map(count)]];
  const lines = tableLines(['rows by bucket', 'AD', 'Okta assignments', 'Entra users', 'Entra deleted'], rows, width);
  const agree = ROSTERS.every((roster, at) => sumOf(buckets[roster]) === read[at]);
  return agree ? [...lines] : [...lines, ...wrap(CHANGED, width)];
}

export function certificateLines({ certificates }: RunRow, width: number): string[] {
  if (certificates.length === 0) return [];
  const rows = certificates.map(({ label, distinct, pages, expected, filled, freshAsOf, leftOut }) => [
    label,
    count(distinct),
    count(pages),
    expected === null ? 'no count given' : `${count(expected.before)} before, ${count(expected.after)} after`,
    count(filled),
    [
      freshAsOf === null ? '' : `as of ${isoTime(freshAsOf).slice(0, 16)}Z`,
      leftOut === 0 ? '' : `${leftOut} agents left out`,
    ]
      .filter((part) => part !== '')
      .join(', '),
  ]);
  return [...tableLines(['list read', 'rows', 'pages', 'counts of the other side', 'anchors', ''], rows, width)];
}

function sumOf(counts: Counts): number {
  return Object.values(counts).reduce((total, one) => total + one, 0);
}

function blank(number: number): string {
  return number === 0 ? '' : count(number);
}
