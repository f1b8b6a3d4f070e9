import type { Certificate } from '../state/certificate.ts';
import type { Counts, RunSummary } from '../state/rows.ts';
import { redact } from '../redact.ts';
import { brief } from './brief.ts';
import { count } from './count.ts';
import type { DigestInput } from './digest.ts';
import { CELL } from './digest-people.ts';
import { isDrift } from './finding-words.ts';
import { moment, people } from './phrases.ts';
import { OUTSIDE_WORDS } from './words.ts';

/** Lines of a kind of which a tenant may have any number. */
const MOST_LINES = 12;

/** Characters of a warning: it says what is wrong, with whom, and the way out, and is longer than a value in a table. */
const WARNING = 2 * CELL;

const ROSTERS: readonly (readonly [keyof RunSummary['buckets'], string])[] = [
  ['directories', 'AD accounts'],
  ['assignments', 'Okta assignments'],
  ['entra', 'Entra users'],
  ['deleted', 'Deleted Entra users'],
];

/** What no verdict was given on, and why: silence about it would look like a clean bill. */
export function notLookedAt({ run, seen, checked }: DigestInput): readonly string[] {
  const { summary, doubts, certificates } = run;
  if (summary === null) {
    const open = seen.filter(({ finding }) => isDrift(finding)).length;
    const since = checked === null ? 'No run was good yet.' : `The last good run is ${checked.id}.`;
    const left = open === 0 || checked === null ? [] : [`${people(open)} who had drifted then: not checked since.`];
    return [...few(doubts.map(({ message }) => free(message))), since, ...left];
  }
  const agents = certificates.reduce((sum, { leftOut }) => sum + leftOut, 0);
  return [
    ...ROSTERS.flatMap(([roster, words]) => outsideLine(words, summary.buckets[roster])),
    ...(agents === 0 ? [] : [`${count(agents)} agents, which are no people, were left out of the lists.`]),
    ...(summary.unconfirmed === 0
      ? []
      : [`${count(summary.unconfirmed)} new findings were not read again singly; they are not queued.`]),
    ...few(summary.warnings.map((text) => brief(redact(text), WARNING))),
  ];
}

/** `Entra users not judged: 40 guests, 12 cloud-only accounts.` */
function outsideLine(roster: string, buckets: Counts): string[] {
  const parts = Object.entries(OUTSIDE_WORDS).flatMap(([reason, words]) => {
    const rows = buckets[`outside: ${reason}`] ?? 0;
    return rows === 0 ? [] : [`${count(rows)} ${words}`];
  });
  return parts.length === 0 ? [] : [`${roster} not judged: ${parts.join(', ')}.`];
}

/** What proves that everybody was read, one list a line. */
export function certificateLines(certificates: readonly Certificate[]): readonly string[] {
  return few(certificates.map(certificateLine));
}

function certificateLine({ label, complete, distinct, pages, expected, filled, freshAsOf }: Certificate): string {
  const read = `${count(distinct)} rows in ${count(pages)} ${pages === 1 ? 'page' : 'pages'}`;
  const counts =
    expected === null ? 'no count given' : `counted ${count(expected.before)} before, ${count(expected.after)} after`;
  const fresh = freshAsOf === null ? '' : `, as of ${moment(freshAsOf)}`;
  const whole = complete ? 'complete' : 'NOT complete';
  return free(`${label}: ${whole}, ${read}, ${counts}, ${count(filled)} with an anchor${fresh}.`);
}

function few(lines: readonly string[]): string[] {
  const more = lines.length - MOST_LINES;
  return more > 0 ? [...lines.slice(0, MOST_LINES), `… and ${count(more)} more.`] : [...lines];
}

function free(text: string): string {
  return brief(redact(text), CELL);
}
