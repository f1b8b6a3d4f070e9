import { isoDay } from '../time.ts';
import { isRule } from '../plan/rules.ts';
import type { Capped } from './brief.ts';
import { brief } from './brief.ts';
import { count } from './count.ts';
import type { Digest } from './digest.ts';
import type { NewCase } from './digest-people.ts';
import { FATE_WORDS, type RepairEnd, STATE_WORDS } from './digest-repairs.ts';
import { joined, SHORT_IMPACT } from './finding-words.ts';
import type { Letter, Part, Sheet } from './letter.ts';
import { linkTo } from './pages.ts';
import { moment } from './phrases.ts';
import { RULE_WORDS } from './rule-words.ts';
import { subjectOf } from './subject.ts';
import { CHANGE_WORDS, VERDICT_WORDS } from './words.ts';

/** The digest as a letter: the parts that have something to say, in the order of their urgency. */
export function letterOfDigest(digest: Digest): Letter {
  const { tenant, headline, severity, verdict, figures, next, pageUrl } = digest;
  return {
    subject: subjectOf(tenant, headline),
    severity,
    verdict,
    figures,
    next,
    action: pageUrl === null ? null : { label: 'See everything', url: linkTo(pageUrl, '') },
    parts: partsOf(digest),
    footer: footerOf(digest),
  };
}

function partsOf(digest: Digest): readonly Part[] {
  const { fresh, open, closed, repaired, underWay, refused, unassigned, notLookedAt, kind } = digest;
  const cannotTell = kind === 'could-not-tell';
  return [
    ...(cannotTell ? linesPart('Why it could not tell', notLookedAt) : []),
    ...tablePart(kind === 'first' ? 'Who has drifted' : 'New cases', NEW_HEAD, fresh, newRow),
    ...linesPart('What the verdicts mean', meanings(fresh.shown)),
    ...tablePart('Lost Office 365 while Deactivate Users was off', ['person', 'when', 'how'], unassigned, (one) => [
      one.userName,
      moment(one.at),
      FATE_WORDS[one.fate],
    ]),
    ...tablePart('Not repaired, and why', REPAIR_HEAD, refused, repairRow),
    ...tablePart('Repairs under way', REPAIR_HEAD, underWay, repairRow),
    ...tablePart('Repaired', REPAIR_HEAD, repaired, repairRow),
    ...tablePart('Over without a repair', ['person', 'how', 'since'], closed, (one) => [
      one.userName,
      `${CHANGE_WORDS[one.change]}, was ${one.verdict}`,
      isoDay(one.firstSeen),
    ]),
    ...tablePart('Still open', OPEN_HEAD, { shown: open, more: 0 }, (one) => [
      one.age,
      count(one.people),
      count(one.endangered),
      count(one.lockedOut),
    ]),
    ...tablePart('What keeps people from being repaired', RULE_HEAD, { shown: digest.held, more: 0 }, ruleRow),
    ...(cannotTell ? [] : linesPart('What was not looked at', notLookedAt)),
  ];
}

const NEW_HEAD = ['person', 'who is hurt', 'before → after', 'what next'];
const REPAIR_HEAD = ['person', 'came to', 'what'];
const OPEN_HEAD = ['open for', 'people', 'may sign in as another', 'cannot sign in'];
const RULE_HEAD = ['people', 'rule', 'what next'];

function newRow({ userName, impact, change, verdict, values, besides, rule }: NewCase): string[] {
  const again = change === 'new' ? '' : ` (${CHANGE_WORDS[change]})`;
  return [userName, `${SHORT_IMPACT[impact]}${again}`, joined(`${verdict}: ${values}`, besides), rule ?? 'queued'];
}

function repairRow({ userNames, state, what, changed }: RepairEnd): string[] {
  return [userNames, `${STATE_WORDS[state]}, ${moment(changed)}`, what];
}

function ruleRow({ rule, people }: Digest['held'][number]): string[] {
  if (!isRule(rule)) return [count(people), brief(rule, 40), ''];
  return [count(people), `${rule}: ${RULE_WORDS[rule].why}`, RULE_WORDS[rule].next];
}

/** Each verdict of the table once, so that a reader needs no manual beside the mail. */
function meanings(shown: readonly NewCase[]): string[] {
  return [...new Set(shown.map(({ verdict }) => verdict))].map(
    (verdict) => `${verdict}: ${VERDICT_WORDS[verdict].when} ${VERDICT_WORDS[verdict].next}`,
  );
}

function footerOf({ run, tenant, certificates, recipients }: Digest): readonly string[] {
  return [
    `Run ${run.id} of ${brief(tenant, 60)}, due at ${moment(run.scheduled)}, in the mode ${run.mode}.`,
    ...certificates,
    recipients,
  ];
}

function linesPart(title: string, lines: readonly string[]): Part[] {
  return lines.length === 0 ? [] : [{ title, lines, table: null }];
}

function tablePart<Row>(
  title: string,
  head: readonly string[],
  { shown, more }: Capped<Row>,
  cells: (row: Row) => readonly string[],
): Part[] {
  const table: Sheet = { head, rows: shown.map(cells), more };
  return shown.length === 0 ? [] : [{ title, lines: [], table }];
}
