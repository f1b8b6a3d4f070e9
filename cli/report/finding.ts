import type { AnchorForm } from '../../shared/anchor/forms.ts';
import type { AnchorValue } from '../../shared/anchor/value.ts';
import { shortForm } from '../../shared/anchor/write.ts';
import type { Finding } from '../../shared/compare/finding.ts';
import { order } from '../../shared/compare/pair.ts';
import { type Impact, IMPACTS, type Verdict } from '../../shared/compare/verdicts.ts';
import { FORM_WORDS, NOTE_WORDS } from '../../shared/notify/words.ts';
import { isoTime } from '../../shared/time.ts';

/** Reported, and no drift: nobody is hurt, and nothing is to be done tonight. */
const QUIET: ReadonlySet<Verdict> = new Set(['unassigned', 'orphan']);

export function isDrift(finding: Finding): boolean {
  return !QUIET.has(finding.verdict);
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

/** `AD and Okta q1w2…Q==; Entra x9y8…w==`: the sides that agree stand together. */
export function differsOf(finding: Finding): string {
  const { a, o, e, encoding, instead } = finding;
  const sides: readonly (readonly [string, AnchorValue, AnchorForm | null])[] = [
    ['AD', a, null],
    ['Okta', o, encoding.okta],
    ['Entra', e, encoding.entra],
  ];
  const groups = new Map<string, { readonly names: string[]; readonly text: string }>();
  for (const [name, value, form] of sides) {
    const spelled = form === null ? '' : ` (${FORM_WORDS[form]})`;
    const text = value === null ? 'nothing' : `${shortForm(value)}${spelled}`;
    const group = groups.get(JSON.stringify(value)) ?? { names: [], text };
    groups.set(JSON.stringify(value), { ...group, names: [...group.names, name] });
  }
  // Two values may well look alike in short.
  const seen = new Set<string>();
  const words = [...groups.values()].map(({ names, text }) => {
    const value = seen.has(text) ? `another ${text}` : text;
    seen.add(text);
    return `${names.length === sides.length ? 'all' : names.join(' and ')} ${value}`;
  });
  return instead === null ? words.join('; ') : `${words.join('; ')}: AD’s ${instead}`;
}

/** The relation with its people and dates, and the notes, in one line; empty when the person stands alone. */
export function besidesOf(finding: Finding, nameOf: (key: string) => string): string {
  const { relation, holder, lastDay, notes } = finding;
  const tie: Record<Finding['relation'], string> = {
    none: '',
    ring: `ring of ${finding.with.length}`,
    chain: `waits for ${nameOf(finding.with[0] ?? '')}`,
    taken: `taken by ${holder ?? 'another account'}`,
    'taken-deleted': `held by the deleted ${holder ?? 'account'}${lastDay === null ? '' : ` until ${isoTime(lastDay).slice(0, 10)}`}`,
  };
  return [tie[relation], ...notes.map((note) => NOTE_WORDS[note])].filter((part) => part !== '').join('; ');
}
