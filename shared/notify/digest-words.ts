import type { RepairRow } from '../state/repair-rows.ts';
import type { SeenFinding } from '../state/rows.ts';
import type { Impact } from '../compare/verdicts.ts';
import { redact } from '../redact.ts';
import { brief, capped } from './brief.ts';
import { count } from './count.ts';
import type { DigestKind } from './digest.ts';
import type { Facts } from './digest-facts.ts';
import { freezeClause, freezeHeadline, freezeLines, isDecided } from './digest-freeze.ts';
import { CELL, NAME } from './digest-people.ts';
import { needsPerson } from './finding-words.ts';
import type { Figure, Severity } from './letter.ts';
import { listed, moment, people } from './phrases.ts';
import { CAUSE_WORDS } from './words.ts';

const MOST_CAUSES = 4;
const MOST_FIGHTS = 4;
/** Counts in a subject: a mailbox shows some sixty letters of it. */
const MOST_COUNTS = 4;

/** The most urgent word that is true of the run. */
export function severityOf({ kind, fresh, ends, input }: Facts): Severity {
  if (hurt(fresh, 'signs in as another') > 0) return 'alarm';
  if (kind === 'could-not-tell' || kind === 'first') return 'decision';
  if (kind === 'frozen' && !isDecided(input.plan)) return 'decision';
  const waits = [...ends.underWay, ...ends.refused].some(
    ({ state }) => state === 'ready' || state === 'needs-a-person',
  );
  const left = input.unassigned.some(({ fate }) => fate === 'left');
  if (waits || left || fresh.some(needsPerson)) return 'decision';
  return kind === 'quiet' ? 'quiet' : 'news';
}

/** The subject without its prefix: counts alone. A subject is shown on locked screens, and kept in logs of mail servers. */
export function headlineOf(facts: Facts): string {
  const { kind, fresh, open, ends, input } = facts;
  const parts = [
    ...counted(fresh.length, kind === 'first' ? 'have drifted' : 'new'),
    ...counted(hurt(fresh, 'signs in as another'), 'may sign in as another'),
    ...counted(hurt(fresh, 'cannot sign in'), 'cannot sign in'),
    ...counted(membersOf(ends.repaired), 'repaired'),
    ...counted(membersOf(ends.refused), 'not repaired'),
    ...counted(input.closed.length, 'over'),
    ...counted(input.unassigned.length, 'unassigned meanwhile'),
  ].slice(0, MOST_COUNTS);
  const words: Readonly<Record<DigestKind, readonly string[]>> = {
    'could-not-tell': ['could not tell', changedClause(facts)],
    first: ['first look', ...(parts.length === 0 ? ['nobody has drifted'] : parts)],
    frozen: [freezeHeadline(input.plan), ...parts],
    news: parts,
    quiet: open.length === 0 ? ['all quiet', 'still watching'] : ['nothing new', `${count(open.length)} still open`],
  };
  return words[kind].join(', ');
}

/** One sentence that is true by itself. It always says whether anything was changed. */
export function verdictOf(facts: Facts): string {
  const { kind, fresh, open, input } = facts;
  const locked = hurt(fresh, 'cannot sign in');
  const endangered = hurt(fresh, 'signs in as another');
  const ofThem = [
    ...counted(endangered, 'of them may sign in as somebody else'),
    ...counted(locked, 'of them cannot sign in'),
  ].map((part) => `, ${part}`);
  const drifted = `${people(fresh.length)} ${fresh.length === 1 ? 'has' : 'have'}`;
  const are = open.length === 1 ? 'is' : 'are';
  const newly = fresh.length === 0 ? 'Nobody has newly drifted' : `${drifted} newly drifted`;
  const still = open.length === 0 ? '' : `, and ${count(open.length)} ${are} still open`;
  const told = `${newly}${ofThem.join('')}${still}`;
  const said: Readonly<Record<DigestKind, string>> = {
    'could-not-tell': 'The scan could not tell, so that nothing was compared or queued',
    first: fresh.length === 0 ? 'First look: nobody has drifted' : `First look: ${drifted} drifted${ofThem.join('')}`,
    frozen: `${told}, and ${freezeClause(input.plan)}`,
    news: told,
    quiet:
      open.length === 0
        ? 'Nobody has drifted'
        : `Nothing is new, and ${count(open.length)} who had drifted ${are} still open`,
  };
  return `${said[kind]}; ${changedClause(facts)}.`;
}

/** What was written to a tenant since somebody was told last, or that nothing was. */
function changedClause({ ends }: Facts): string {
  const touched = (state: RepairRow['state']): number =>
    membersOf([...ends.refused, ...ends.underWay].filter((row) => row.touched && row.state === state));
  const clauses = [
    ...were(membersOf(ends.repaired), 'repaired'),
    ...were(touched('undone'), 'begun and brought back to where it was'),
    ...were(touched('working') + touched('ready'), 'begun and not finished yet'),
    ...were(touched('needs-a-person'), 'begun and left to a person'),
  ];
  return clauses.length === 0 ? 'nothing was changed' : listed(clauses);
}

export function figuresOf({ input, needPerson }: Facts): readonly Figure[] {
  const { summary } = input.run;
  if (summary === null) return [];
  const { paired, matched, impacts } = summary;
  return [
    { label: 'people paired', value: paired },
    { label: 'matched', value: matched },
    { label: 'cannot sign in', value: impacts['cannot sign in'] ?? 0 },
    { label: 'out of groups only', value: impacts['groups only'] ?? 0 },
    { label: 'need a person', value: needPerson },
  ];
}

/** What happens next and when, in the order in which it matters to somebody who may have to act. */
export function nextOf(facts: Facts): readonly string[] {
  const { input, ends } = facts;
  const { run, baseline, nextRun } = input;
  const ready = ends.underWay.filter(({ state }) => state === 'ready').length;
  const given = ends.refused.filter(({ state }) => state === 'needs-a-person').length;
  const scan = nextRun === null ? 'No further scan is planned.' : `The next scan begins at ${moment(nextRun)}.`;
  return [
    ...(run.summary === null ? ['Nothing is queued before a scan can tell.'] : planned(facts, run.summary)),
    ...(run.summary?.baseline === true && baseline === null
      ? [
          `Nothing is repaired before somebody has confirmed these counts: anchorwatch confirm ${run.id} --by <your name>`,
        ]
      : []),
    ...(ready === 0
      ? []
      : [`${repairs(ready)} ready and ${ready === 1 ? 'waits' : 'wait'} for a person: anchorwatch tasks`]),
    ...(given === 0 ? [] : [`${repairs(given)} left to a person: anchorwatch journal <person> says what was done.`]),
    scan,
    ...(facts.kind === 'quiet' ? ['The next mail comes when something changes, and after a week at the latest.'] : []),
  ];
}

function* planned({ input }: Facts, summary: NonNullable<Facts['input']['run']['summary']>): Generator<string> {
  const { freeze, causes, queued } = summary;
  if (freeze !== null) yield* freezeLines(freeze, input.plan, input.now);
  // A freeze for a common cause names that cause.
  const others = freeze?.rule === 'mass-cause' ? [] : causes.slice(0, MOST_CAUSES);
  for (const { kind, value, people: number, of } of others) {
    yield `One cause: ${count(number)} of ${count(of)} new findings ${CAUSE_WORDS[kind]} ${brief(redact(value), NAME)}.`;
  }
  yield* fights(input.seen);
  if (input.run.mode === 'observe') yield 'Anchorwatch runs in observe mode: it changes nothing in any tenant.';
  else if (queued > 0)
    yield `${repairs(queued)} queued and ${queued === 1 ? 'begins' : 'begin'} without further asking.`;
  const passing = input.seen.filter((one) => one.hold?.rule === 'seen-once').length;
  if (passing > 0)
    yield `${people(passing)} ${passing === 1 ? 'was' : 'were'} seen once only: the next good run decides.`;
}

/** Whom somebody changes back after a repair, and who that is, for as long as it lasts. */
function* fights(seen: readonly SeenFinding[]): Generator<string> {
  const { shown, more } = capped(
    seen.filter(({ hold }) => hold?.rule === 'fight'),
    MOST_FIGHTS,
  );
  for (const { finding, hold } of shown)
    yield `A repair is fought: ${brief(finding.userName, NAME)} was ${brief(redact(hold?.reason ?? ''), CELL).replace(/\.$/, '')}.`;
  if (more > 0) yield `Repairs of ${people(more)} more are fought: anchorwatch explain <person> says by whom.`;
}

function repairs(number: number): string {
  return number === 1 ? '1 repair is' : `${count(number)} repairs are`;
}

function counted(number: number, words: string): string[] {
  return number === 0 ? [] : [`${count(number)} ${words}`];
}

function were(number: number, done: string): string[] {
  return counted(number, `${number === 1 ? 'was' : 'were'} ${done}`);
}

function hurt(seen: readonly SeenFinding[], impact: Impact): number {
  return seen.filter(({ finding }) => finding.impact === impact).length;
}

function membersOf(rows: readonly RepairRow[]): number {
  return rows.reduce((sum, { members }) => sum + members.length, 0);
}
