import { type Figures, sum } from './figures.ts';
import { leastByCall } from './least.ts';
import type { Target } from '../target.ts';
import { minutes } from './targets.ts';

type Row = readonly [name: string, engine: string, naive: string, ratio: string];

/** Both ways side by side, the calls by kind beside the least number, the targets: in Markdown, so that it goes into the docs as it is. */
export function reportOf(engine: Figures, naive: Figures, targets: readonly Target[]): string {
  const calls = [...engine.calls].sort(([, one], [, other]) => other - one);
  const least = leastByCall();
  return [
    ...table(['', 'Anchorwatch', 'naive', 'ratio'], comparison(engine, naive)),
    '',
    ...table(
      ['calls a person', 'Anchorwatch', 'least', 'naive'],
      calls.map(([call, count]) => [
        call,
        aPerson(count, engine),
        String(least.get(call) ?? 0),
        aPerson(naive.calls.get(call), naive),
      ]),
    ),
    '',
    ...table(
      ['target', 'found', 'wanted', ''],
      targets.map(({ name, found, wanted, isMet }) => [name, found, wanted, isMet ? 'met' : 'not met']),
    ),
  ].join('\n');
}

function comparison(engine: Figures, naive: Figures): readonly Row[] {
  const row = (name: string, value: (one: Figures) => number, show: (value: number) => string): Row => {
    const [ours, theirs] = [value(engine), value(naive)];
    return [name, show(ours), show(theirs), theirs === 0 ? '' : (ours / theirs).toFixed(3)];
  };
  return [
    row('API calls a person', callsOf, (value) => value.toFixed(1)),
    row('hold open to the last settled unassignment', (one) => one.unsettled, minutes),
    row('the calls in it, by the bucket', (one) => one.bound, minutes),
    row('*Deactivate Users* off, in all', (one) => one.off, minutes),
    row('holds', (one) => one.holds, String),
    row('longest unassigned', (one) => one.longestUnassigned, minutes),
    row('longest parked', (one) => one.longestParked, minutes),
    row('distinct imports an instance waited for', (one) => one.imports, String),
    row('calls throttled', (one) => one.throttled, String),
    row('leavers exposed', (one) => one.exposed, String),
    row('of them named in an alarm', (one) => one.named, String),
    row('people whole in the end', (one) => one.whole, String),
    row('from the first call to the last', (one) => one.lasted, minutes),
  ];
}

function table(head: Row, rows: readonly Row[]): readonly string[] {
  const widths = head.map((_, at) => Math.max(3, ...[head, ...rows].map((row) => (row[at] ?? '').length)));
  const line = (row: Row): string => `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  const [first = 0, ...others] = widths;
  const rule = `| ${['-'.repeat(first), ...others.map((width) => `${'-'.repeat(width - 1)}:`)].join(' | ')} |`;
  return [line(head), rule, ...rows.map(line)];
}

function callsOf({ calls, people }: Figures): number {
  return sum([...calls.values()]) / people;
}

function aPerson(count: number | undefined, { people }: Figures): string {
  return ((count ?? 0) / people).toFixed(1);
}
