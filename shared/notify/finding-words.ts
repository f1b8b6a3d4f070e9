import type { AnchorForm } from '../anchor/forms.ts';
import type { AnchorValue } from '../anchor/value.ts';
import { shortForm } from '../anchor/write.ts';
import type { Finding } from '../compare/finding.ts';
import { order } from '../compare/pair.ts';
import { LONGEST_RING } from '../compare/relate.ts';
import { type Impact, IMPACTS, type Verdict } from '../compare/verdicts.ts';
import { FORM_WORDS, NOTE_WORDS } from './words.ts';
import type { Rule } from '../plan/rules.ts';
import type { SeenFinding } from '../state/rows.ts';
import { isoDay } from '../time.ts';

/** Reported, and no drift: nobody is hurt, and nothing is to be done tonight. */
const QUIET: ReadonlySet<Verdict> = new Set(['unassigned', 'orphan']);

export function isDrift(finding: Finding): boolean {
  return !QUIET.has(finding.verdict);
}

/** Rules that lift by themselves: the next runs or another repair see to it, and nobody has to do anything. */
const PASSING: ReadonlySet<Rule> = new Set([
  'in-repair',
  'unconfirmed',
  'seen-once',
  'head-first',
  'head-held',
  'cooling-down',
  // Somebody has decided already.
  'ignored',
  'rejected',
]);

/** Drift that stays until a person does something. */
export function needsPerson({ finding, hold }: Pick<SeenFinding, 'finding' | 'hold'>): boolean {
  return isDrift(finding) && hold !== null && !PASSING.has(hold.rule);
}

export function worstFirst(one: Finding, other: Finding): number {
  return (
    IMPACTS.indexOf(one.impact) - IMPACTS.indexOf(other.impact) ||
    order(one.verdict, other.verdict) ||
    order(one.key, other.key)
  );
}

/** Short, for a column: the long form is in words.ts. */
export const SHORT_IMPACT: Readonly<Record<Impact, string>> = {
  'signs in as another': 'SIGNS IN AS ANOTHER',
  'cannot sign in': 'cannot sign in',
  'groups only': 'out of groups',
  'none yet': 'nobody yet',
  nobody: 'nobody',
};

/** Nobody is assigned, so that there is no copy in Okta. */
const UNASSIGNED: ReadonlySet<Verdict> = new Set(['unassigned', 'orphan']);

/** A blank at which no line is broken. */
const BOUND = '\u00A0';

/** `AD, Okta q1w2…Q==; Entra x9y8…w==`: the sides that agree stand together. */
export function differsOf(finding: Finding): string {
  const { a, o, e, encoding, instead } = finding;
  const sides: readonly (readonly [string, AnchorValue | undefined, AnchorForm | null])[] = [
    ['AD', a === null && finding.directories.length === 0 ? undefined : a, null],
    ['Okta', UNASSIGNED.has(finding.verdict) ? undefined : o, encoding.okta],
    ['Entra', finding.objectId === null ? undefined : e, encoding.entra],
  ];
  const groups = new Map<string, { readonly names: string[]; readonly text: string }>();
  for (const [name, value, form] of sides) {
    const spelled = form === null ? '' : ` (${FORM_WORDS[form]})`;
    const absent = name === 'Okta' ? 'not assigned' : 'no account';
    // A line is broken between the sides, never within one.
    const held = (value === undefined ? absent : value === null ? 'nothing' : shortForm(value)).replaceAll(' ', BOUND);
    const text = `${held}${spelled}`;
    const key = value === undefined ? `${name} absent` : JSON.stringify(value);
    const group = groups.get(key) ?? { names: [], text };
    groups.set(key, { ...group, names: [...group.names, name] });
  }
  // Two values may well look alike in short.
  const seen = new Set<string>();
  const words = [...groups.values()].map(({ names, text }) => {
    const value = seen.has(text) ? `another${BOUND}${text}` : text;
    seen.add(text);
    return `${names.length === sides.length ? 'all' : names.join(`,${BOUND}`)}${BOUND}${value}`;
  });
  return instead === null ? words.join('; ') : `${words.join('; ')}: AD’s ${instead}`;
}

/** The relation with its people and dates, and the notes, in one line; empty when the person stands alone. */
export function besidesOf(finding: Finding, nameOf: (key: string) => string): string {
  const { verdict, objectId, relation, holder, presenter, lastDay, notes } = finding;
  const tie: Record<Finding['relation'], string> = {
    none: '',
    ring: `ring of ${finding.with.length > LONGEST_RING ? `more than ${LONGEST_RING}` : finding.with.length}`,
    chain: `waits for ${nameOf(finding.with[0] ?? '')}`,
    taken: `taken by ${shortId(holder)}`,
    'taken-deleted': `held by the deleted ${shortId(holder)}${lastDay === null ? '' : ` until ${isoDay(lastDay)}`}`,
  };
  const renamed = verdict === 'renamed' ? `the account ${shortId(objectId)} has another name` : '';
  const presented = presenter === null ? '' : `Okta presents AD’s anchor for ${presenter} too`;
  return joined(renamed, tie[relation], presented, ...notes.map((note) => NOTE_WORDS[note].replace(/\.$/, '')));
}

/** The beginning of an object id tells accounts of one report apart; csv and json have it whole. */
function shortId(id: string | null): string {
  return id === null ? 'another account' : `${id.slice(0, 8)}…`;
}

export function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('; ');
}

const OKTA_AND_ENTRA = 'Okta, Entra';
/** Which side a repair changes; where a person decides, no side is wrong for certain. */
const CHANGED_SIDE: Readonly<Partial<Record<Verdict, 'Okta' | 'Entra' | typeof OKTA_AND_ENTRA>>> = {
  'entra-stale': 'Entra',
  'entra-empty': 'Entra',
  'both-stale': OKTA_AND_ENTRA,
  'okta-stale': 'Okta',
  'okta-empty': 'Okta',
};

/** `Entra x9y8…w== → q1w2…Q==`: before and after in short form; where it is open what comes after, what differs now. */
export function beforeAndAfter(finding: Finding): string {
  const { verdict, a, o, e, encoding, instead } = finding;
  const side = CHANGED_SIDE[verdict];
  if (side === undefined) return differsOf(finding);
  const [before, form] = side === 'Okta' ? [o, encoding.okta] : [e, encoding.entra];
  const [from, to] = [shortForm(before), shortForm(a)];
  const spelled = form === null ? '' : ` (${FORM_WORDS[form]})`;
  const attribute = instead === null || side === 'Okta' ? '' : ` (AD’s ${instead})`;
  // Two values may well look alike in short.
  const alike = from === to && spelled === '' ? ' (another value)' : '';
  return `${side} ${from}${spelled}${attribute}${alike} → ${to}`;
}
