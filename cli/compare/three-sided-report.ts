import type { Finding } from '../../shared/compare/finding.ts';
import { order } from '../../shared/compare/pair.ts';
import { RULE_WORDS } from '../../shared/notify/rule-words.ts';
import { CAUSE_WORDS, RECIPE_WORDS } from '../../shared/notify/words.ts';
import { isRule } from '../../shared/plan/rules.ts';
import { besidesOf, differsOf, isDrift, joined, SHORT_IMPACT, worstFirst } from '../../shared/notify/finding-words.ts';
import { verdictRows } from '../report/verdict-rows.ts';
import type { Sheet } from '../report/sheet.ts';
import { noteRemarks } from './files.ts';
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
import { compareFiles, type FileLimits, type ThreeFiles, type ThreeSided } from './three-sided.ts';

/** A repair is advised where nobody else holds the anchor, and who is not in the files may hold it. */
const NOT_ADVISED =
  'not advised: somebody who is not in these files, or of whom they do not tell, may hold the same anchor or the same name';

/** The report with all three sides: verdicts, who is hurt, and what may be done. */
export function threeSidedReport(question: Question & { readonly files: ThreeFiles }, limits: FileLimits): Report {
  const { files, join, gaps } = question;
  const result = compareFiles(files, join, limits, gaps);
  const { comparison, ambiguous, keyless, withheld } = result;
  const findings = [...comparison.findings].sort(worstFirst);
  const unreadable = findings.filter(({ verdict }) => verdict === 'unreadable').length;
  const drifted = findings.filter(isDrift).length;
  const untold = { ambiguous: ambiguous.length, keyless: keyless.length, unreadable, withheld };
  const outcome = outcomeOf(files, untold, drifted);
  const counts = [
    `${drifted} ${drifted === 1 ? 'person has' : 'people have'} drifted`,
    `${comparison.matched.length} match`,
  ];
  const summary = summaryOf(counts, files, untold, outcome);
  const doubts = doubtsOf(question, keyless, withheld);
  // Whoever is not in the files may hold the anchor that a repair would set.
  const advisable = outcome !== 'could-not-tell' && gaps.size === 0;
  const advice = adviceOf(result, advisable);
  const frame: Pick<Sheet, 'head' | 'title'> = {
    head: [...doubts, ...noteRemarks(files), ...assumptions(question, result)],
    title: 3,
  };
  const foot = [
    ...ambiguityLines(ambiguous.map((one) => `${one.name} (${countsOf(one)})`)),
    sumLine('AD', comparison.buckets.directories, files.ad),
    sumLine('Okta', comparison.buckets.assignments, files.okta),
    sumLine('Entra', comparison.buckets.entra, files.entra),
    summary,
  ];
  const names = new Map(findings.map(({ key, userName }) => [key, userName]));
  const beside = (finding: Finding): string => besidesOf(finding, (key) => names.get(key) ?? 'another');
  const columns = ['person', 'verdict', 'hurt', 'AD', 'Okta', 'Entra', 'beside', 'advice', 'Okta user', 'object id'];
  const unclear = ambiguous.map((one) => [one.name, 'ambiguous', countsOf(one)]);
  return {
    short: {
      ...frame,
      columns: [...columns.slice(0, 3), 'what differs', 'advice'],
      rows: findings.map((finding) => [
        ...titleOf(finding),
        joined(differsOf(finding), beside(finding)),
        wordOf(advice.get(finding.key) ?? ''),
      ]),
      foot: [...legend(result, advisable), ...foot],
    },
    full: {
      ...frame,
      columns,
      rows: [
        ...doubtRows(doubts, columns, 'beside'),
        ...unclear.map((cells) => columns.map((_, at) => cells[at] ?? '')),
        ...findings.map((finding) => [
          ...titleOf(finding),
          longForm(finding.a),
          longForm(finding.o),
          longForm(finding.e),
          beside(finding),
          advice.get(finding.key) ?? '',
          finding.user ?? '',
          finding.objectId ?? '',
        ]),
      ],
      foot,
    },
    json: {
      ...envelope(question, outcome, summary),
      findings: findings.map((finding) => ({ ...finding, advice: advice.get(finding.key) ?? null })),
      matched: comparison.matched.length,
      ambiguous,
      keyless,
      causes: comparison.causes,
      withheld,
      buckets: {
        ad: Object.fromEntries(comparison.buckets.directories),
        okta: Object.fromEntries(comparison.buckets.assignments),
        entra: Object.fromEntries(comparison.buckets.entra),
      },
      checksum: outcome === 'could-not-tell' ? null : result.plan.checksum,
    },
    outcome,
    summary,
  };
}

function countsOf({ ad, okta, entra }: ThreeSided['ambiguous'][number]): string {
  return `AD ${ad}, Okta ${okta}, Entra ${entra}`;
}

function titleOf({ userName, verdict, impact }: Finding): string[] {
  return [userName, verdict, SHORT_IMPACT[impact]];
}

/** What files cannot tell, and what is taken for granted in its place. */
function assumptions({ files, join }: Question & { readonly files: ThreeFiles }, result: ThreeSided): string[] {
  const apps = new Set(files.okta.rows.map(({ app }) => app)).size;
  return [
    ...result.comparison.causes.map(
      ({ kind, value, people, of }) =>
        `One cause: ${people} of ${of} ${CAUSE_WORDS[kind]} ${value}. Mend the cause, not the people.`,
    ),
    ...(result.unfound === 0
      ? []
      : [
          `People with an assignment whose AD account was not found by ${join}: ${result.unfound}. Another --join may find it.`,
        ]),
    ...(apps > 1
      ? [
          `The Okta file holds the assignments of ${apps} apps. Of a person who is assigned in several, the app with the smallest id counts, and no repair is advised.`,
        ]
      : []),
    'Files do not say which domains are federated: all but onmicrosoft.com are taken for it. Nor do they show deleted accounts, which may hold an anchor too.',
  ];
}

function adviceOf({ plan }: ThreeSided, advisable: boolean): ReadonlyMap<string, string> {
  return new Map([
    ...plan.repairs.map(({ key, recipe }) => {
      return [key, advisable ? `repair: ${RECIPE_WORDS[recipe]}` : NOT_ADVISED] as const;
    }),
    ...plan.refusals.map(({ key, rule, reason }) => [key, `${rule}: ${reason}`] as const),
  ]);
}

/** The word before the colon: the rest stands once below the table. */
function wordOf(advice: string): string {
  return advice.replace(/:.*$/s, '');
}

/** What the words of the table mean. */
function legend({ plan, comparison }: ThreeSided, advisable: boolean): string[] {
  const rules = [...new Set(plan.refusals.map(({ rule }) => rule))].sort(order);
  const recipes = [...new Set(plan.repairs.map(({ recipe }) => recipe))].sort(order);
  const repairs = advisable
    ? recipes.map((recipe) => `repair (${recipe}): ${RECIPE_WORDS[recipe]}.`)
    : recipes.slice(0, 1).map(() => `${NOT_ADVISED}.`);
  const verdicts = verdictRows(comparison.findings).map(([, verdict, why, next]) => `${verdict}: ${why} → ${next}`);
  if (verdicts.length === 0) return [];
  return [
    'What the verdicts mean',
    ...verdicts.map((line) => `  ${line}`),
    '',
    'What is advised',
    ...repairs.map((line) => `  ${line}`),
    ...rules.map((rule) => `  ${rule}: ${isRule(rule) ? `${RULE_WORDS[rule].why} ${RULE_WORDS[rule].next}` : ''}`),
    '',
  ];
}
