import { count } from '../../shared/notify/count.ts';
import {
  besidesOf,
  differsOf,
  isDrift,
  joined,
  needsPerson,
  SHORT_IMPACT,
  worstFirst,
} from '../../shared/notify/finding-words.ts';
import { RULE_WORDS } from '../../shared/notify/rule-words.ts';
import { CAUSE_WORDS, CHANGE_WORDS } from '../../shared/notify/words.ts';
import { wrap } from '../../shared/notify/wrap.ts';
import { isRule } from '../../shared/plan/rules.ts';
import type { RepairRow } from '../../shared/state/repair-rows.ts';
import type { MarkRow, RunRow, RunSummary, SeenFinding } from '../../shared/state/rows.ts';
import { isoDay } from '../../shared/time.ts';
import { bucketLines, certificateLines } from './lists.ts';
import { plain } from './safe.ts';
import { recordLines, type Sheet, tableLines } from './sheet.ts';
import { verdictRows } from './verdict-rows.ts';

/** One run with everything that is shown of it. */
export interface RunView {
  readonly run: RunRow;
  /** The findings of the run `checked`. */
  readonly seen: readonly SeenFinding[];
  /** The last good run: this one, or when it could not tell an earlier one; null when there is none. */
  readonly checked: string | null;
  readonly repairs: readonly RepairRow[];
  /** Who has confirmed which run's counts; null while nobody has. */
  readonly baseline: Pick<MarkRow, 'by' | 'run'> | null;
  /** Whether earlier runs are known: a single look knows none, so everything would be new to it. */
  readonly remembers: boolean;
}

/** The report of a run for a terminal of that width. */
export function renderRun(view: RunView, width: number): string {
  const { run } = view;
  const blocks = [
    wrap(verdictSentence(view), width),
    ...(run.summary === null ? [doubtLines(view, width)] : summaryBlocks(view, run.summary, width)),
    certificateLines(run, width),
  ];
  const last = wrap(lastLine(view), width);
  return [...blocks.filter((block) => block.length > 0), last].map((block) => `${block.join('\n')}\n`).join('\n');
}

/** Said first, and true by itself. */
export function verdictSentence({ run, seen }: RunView): string {
  const when = `Run ${run.id}, mode ${run.mode}`;
  if (run.state === 'reading') return `${when}: still reading, in its call number ${run.slices}.`;
  if (run.state === 'could-not-tell') return `${when}: could not tell. Nothing was compared, queued or changed.`;
  const drifted = seen.filter(({ finding }) => isDrift(finding)).length;
  const endangered = seen.filter(({ finding }) => finding.impact === 'signs in as another').length;
  if (drifted === 0) return `${when}: nobody has drifted.`;
  const alarm = endangered === 0 ? '' : ` ${count(endangered)} of them may sign in as somebody else.`;
  const quiet = seen.length - drifted;
  const more = quiet === 0 ? '' : ` ${count(quiet)} more are listed to be known, and are no drift.`;
  return `${when}: ${count(drifted)} ${drifted === 1 ? 'person has' : 'people have'} drifted.${alarm}${more}`;
}

function summaryBlocks(view: RunView, summary: RunSummary, width: number): string[][] {
  const { seen } = view;
  return [
    wrap(figures(seen, summary), width),
    [...noticesOf(view, summary)].flatMap((line) => wrap(plain(line), width)),
    findingLines(seen, width),
    ruleLines(summary, width),
    repairLines(view, width),
    bucketLines(view.run, summary, width),
  ];
}

function figures(seen: readonly SeenFinding[], { paired, matched, impacts }: RunSummary): string {
  const person = seen.filter(needsPerson).length;
  return [
    `${count(paired)} paired`,
    `${count(matched)} matched`,
    `${count(impacts['cannot sign in'] ?? 0)} cannot sign in`,
    `${count(impacts['groups only'] ?? 0)} out of groups`,
    `${count(person)} need a person`,
  ].join(', ');
}

function* noticesOf({ baseline, remembers }: RunView, summary: RunSummary): Generator<string> {
  if (!remembers)
    yield 'This look knows of no earlier run: who was seen before, and what somebody confirmed, it cannot say.';
  else if (summary.baseline && baseline !== null)
    yield `${baseline.by} has since confirmed the counts of run ${baseline.run ?? ''}: from the next run on repairs are possible.`;
  else if (summary.baseline)
    yield 'Nobody has confirmed the counts of a run yet: nothing is repaired before somebody has.';
  if (summary.freeze !== null) yield `The plan is frozen: ${summary.freeze.reason}.`;
  for (const { kind, value, people, of } of summary.causes) {
    yield `One cause: ${count(people)} of ${count(of)} new findings ${CAUSE_WORDS[kind]} ${value}.`;
  }
  if (summary.unconfirmed > 0) {
    yield `${count(summary.unconfirmed)} new findings were not read again singly, for there are more than a night reads; they are not queued.`;
  }
  const { changes } = summary;
  const told = (['new', 'worse', 'returned', 'resolved', 'gone'] as const).filter(
    (change) => (changes[change] ?? 0) > 0,
  );
  if (remembers && told.length > 0)
    yield `Changes: ${told.map((one) => `${changes[one]} ${CHANGE_WORDS[one]}`).join(', ')}.`;
  yield* summary.warnings;
}

/** The findings as a table, for other formats too. */
export function findingSheet(seen: readonly SeenFinding[]): Pick<Sheet, 'columns' | 'rows'> {
  const names = new Map(seen.map(({ finding }) => [finding.key, finding.userName]));
  const sorted = [...seen].sort((one, other) => worstFirst(one.finding, other.finding));
  return {
    columns: ['person', 'verdict', 'hurt', 'what differs', 'since', 'what next'],
    rows: sorted.map(({ finding, change, firstSeen, hold }) => [
      finding.userName,
      finding.verdict,
      SHORT_IMPACT[finding.impact],
      joined(
        differsOf(finding),
        besidesOf(finding, (key) => names.get(key) ?? 'another'),
      ),
      change === 'new' ? 'new' : isoDay(firstSeen),
      hold?.rule ?? 'queued',
    ]),
  };
}

function findingLines(seen: readonly SeenFinding[], width: number): string[] {
  if (seen.length === 0) return [];
  const { columns, rows } = findingSheet(seen);
  const verdicts = verdictRows(seen.map(({ finding }) => finding));
  return [
    ...recordLines(columns, rows, width, 3),
    '',
    ...recordLines(['people', 'verdict', 'what it means', 'what to do'], verdicts, width, 2),
  ];
}

/** What was queued, and how many each rule keeps from it. */
function ruleLines({ queued, held, refused }: RunSummary, width: number): string[] {
  const rules = [...Object.entries(refused), ...Object.entries(held)];
  const rows = rules
    .sort(([, one], [, other]) => other - one)
    .map(([rule, people]) => [
      count(people),
      rule,
      isRule(rule) ? RULE_WORDS[rule].why : '',
      isRule(rule) ? RULE_WORDS[rule].next : '',
    ]);
  const lines =
    rows.length === 0 ? [] : tableLines(['people', 'not repaired by rule', 'why', 'what next'], rows, width);
  return [`${count(queued)} ${queued === 1 ? 'repair was' : 'repairs were'} queued.`, ...lines];
}

function repairLines({ repairs }: RunView, width: number): string[] {
  if (repairs.length === 0) return [];
  const rows = [...repairs]
    .sort((one, other) => (namesOf(one) < namesOf(other) ? -1 : 1))
    .map((repair) => ({ ...repair, names: namesOf(repair) }))
    .map(({ names, members, state, course, rule, reason }) => [
      names,
      members[0]?.recipe ?? '',
      state === 'ready' ? `ready, ${course?.writes === 'person' ? 'a person is led through it' : 'by the API'}` : state,
      rule === null ? '' : `${rule}: ${reason ?? ''}`,
    ]);
  return [...tableLines(['repair of', 'recipe', 'after the preflight', 'refused by'], rows, width)];
}

function namesOf({ members }: RepairRow): string {
  return members.map(({ userName }) => userName).join(', ');
}

function doubtLines({ run, seen, checked }: RunView, width: number): string[] {
  const doubts = run.doubts.flatMap(({ message }) => wrap(plain(`- ${message}`), width));
  const open = seen.filter(({ finding }) => isDrift(finding)).length;
  if (open === 0 || checked === null) return doubts;
  return [
    ...doubts,
    '',
    ...wrap(`${count(open)} people who had drifted have not been checked since ${checked}.`, width),
  ];
}

function lastLine({ run, seen, repairs }: RunView): string {
  if (run.state !== 'good') return 'Could not tell.';
  const drifted = seen.filter(({ finding }) => isDrift(finding)).length;
  if (drifted === 0) return 'No drift.';
  const queued = run.summary?.queued ?? 0;
  const states = [
    ...Map.groupBy(
      repairs.filter((one) => one.run === run.id),
      ({ state }) => state,
    ),
  ];
  const outcome = states
    .map(([state, rows]) => `${count(rows.length)} ${STATE_WORDS[state]}`)
    .sort()
    .join(', ');
  const came = outcome === '' ? '' : ` (${outcome})`;
  return `Drift: ${count(drifted)} people, ${count(queued)} queued for repair${came}, ${count(drifted - queued)} left to people.`;
}

const STATE_WORDS: Readonly<Record<RepairRow['state'], string>> = {
  queued: 'not looked at yet',
  ready: 'ready',
  working: 'under way',
  done: 'done',
  undone: 'brought back to where they were',
  refused: 'refused by the preflight',
  'needs-a-person': 'given up, to a person',
};
