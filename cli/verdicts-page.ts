import { type Held, type Holding, judge } from '../shared/compare/judge.ts';
import { IMPACTS, RELATIONS, VERDICTS } from '../shared/compare/verdicts.ts';
import {
  COUNTER_WITNESS_WORDS,
  IMPACT_WORDS,
  RECIPE_WORDS,
  RELATION_WORDS,
  VERDICT_WORDS,
  WITNESS_WORDS,
} from '../shared/notify/words.ts';
import { RULE_WORDS } from '../shared/notify/rule-words.ts';
import { RECIPES } from '../shared/plan/recipe.ts';
import { RULES } from '../shared/plan/rules.ts';

/** `docs/verdicts.md`, whole. The truth table is not written here but asked of the code that judges. */
export function verdictsPage(): string {
  return `${[
    '<!-- Written by `npm run docs` from shared/notify and shared/compare/judge.ts. Change it there. -->',
    '# Verdicts',
    'Three sides hold a value: **A**, the source anchor in Active Directory as Okta holds it; **O**, Okta’s copy on the Office 365 assignment; **E**, Entra ID’s `onPremisesImmutableId`. They are compared as exact text, as Entra ID does: the same GUID in another spelling is another anchor, and the spelling is named beside the verdict.',
    'Every person has exactly one verdict. First that fits: a side cannot be read; two people with one source anchor; two AD instances; name and anchor point at different accounts; then the row of the truth table.',
    '## The verdicts',
    table(
      ['verdict', 'when', 'what it means', 'what to do'],
      VERDICTS.map((verdict) => {
        const { when, why, next } = VERDICT_WORDS[verdict];
        return [`\`${verdict}\``, when, why, next];
      }),
    ),
    '## The truth table',
    'a is the source anchor, x and y are other values, ∅ is empty, – is absent (no assignment, or nobody in Entra ID has the user name).',
    table(['row', 'A', 'O', 'E', 'verdict'], truthTable()),
    'Further rows: 22 and 23, a person in two AD instances, are `matched` where O = E is one of the two and `two-directories` otherwise. 25: where O, or A after the next push, is the anchor of another live account, the impact is *signs in as another*, whatever the verdict.',
    '## Who is hurt',
    table(
      ['impact', 'means'],
      IMPACTS.map((impact) => [impact, IMPACT_WORDS[impact]]),
    ),
    '## How findings hang together',
    table(
      ['relation', 'means'],
      RELATIONS.map((relation) => [relation, RELATION_WORDS[relation]]),
    ),
    '## Evidence',
    'Equal names are not identity. A repair needs one of these:',
    list(Object.values(WITNESS_WORDS)),
    'Either of these makes it `maybe-another-person`; the second only where there is no evidence of the first kind:',
    list(Object.values(COUNTER_WITNESS_WORDS)),
    '## Repairs',
    table(
      ['recipe', 'does'],
      RECIPES.map((recipe) => [`\`${recipe}\``, RECIPE_WORDS[recipe]]),
    ),
    '## Why somebody is not repaired',
    table(
      ['rule', 'why', 'what next'],
      RULES.map((rule) => [`\`${rule}\``, RULE_WORDS[rule].why, RULE_WORDS[rule].next]),
    ),
  ].join('\n\n')}\n`;
}

const SYMBOLS: Readonly<Record<string, Held>> = { a: 'a', x: 'x', y: 'y', '∅': null, '–': undefined };

/** A, O and E of each row, and whether the anchor is on an account of another name. */
const ROWS: readonly (readonly [string, string, string, ('free' | 'claimed' | 'once from AD')?])[] = [
  ['a', 'a', 'a'],
  ['a', 'a', 'x'],
  ['a', 'x', 'x'],
  ['a', 'x', 'a'],
  ['a', 'x', 'y'],
  ['a', 'a', '∅'],
  ['a', 'x', '∅'],
  ['a', '∅', 'a'],
  ['a', '∅', 'x'],
  ['a', '∅', '∅'],
  ['a', 'a', '–'],
  ['a', 'a', '–', 'free'],
  ['a', 'x', '–', 'claimed'],
  ['a', '–', 'a'],
  ['a', '–', 'x'],
  ['a', '–', '∅'],
  ['∅', 'x', 'x'],
  ['∅', 'x', 'x', 'once from AD'],
  ['∅', 'x', 'y'],
  ['∅', '∅', 'x'],
  ['∅', '–', 'x'],
  ['∅', '–', '∅'],
];

function truthTable(): string[][] {
  return ROWS.map(([a, o, e, beside]) => {
    const where = beside === 'free' || beside === 'claimed' ? beside : 'nowhere';
    const holding: Holding = {
      a: SYMBOLS[a],
      o: SYMBOLS[o],
      e: SYMBOLS[e],
      elsewhere: { a: where, o: where },
      onceFromAd: beside === 'once from AD',
    };
    const { verdict, row } = judge(holding);
    return [String(row), a, o, e + besideWords(beside), `\`${verdict}\``];
  });
}

function besideWords(beside: (typeof ROWS)[number][3]): string {
  if (beside === undefined) return '';
  if (beside === 'once from AD') return ', once read from AD';
  return beside === 'free' ? ', the anchor is on one account of another name' : ', the anchors are elsewhere';
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  return [columns, columns.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}
