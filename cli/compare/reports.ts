import type { AnchorValue } from '../../shared/anchor/value.ts';
import { isUnreadable } from '../../shared/anchor/value.ts';
import { shortForm } from '../../shared/anchor/write.ts';
import { compareTwoSides, type TwoSided } from '../../shared/compare/two-sided.ts';
import { CAUSE_WORDS, FORM_WORDS, RECIPE_WORDS, RULE_WORDS } from '../../shared/notify/words.ts';
import { isRule } from '../../shared/plan/rules.ts';
import { order } from '../../shared/compare/pair.ts';
import { JOIN_FIELDS, type JoinKey } from '../../shared/rosters/files/read.ts';
import { besidesOf, differsOf, isDrift, joined, SHORT_IMPACT, worstFirst } from '../report/finding.ts';
import type { Sheet } from '../report/sheet.ts';
import { type Files, remarksOn } from './files.ts';
import { compareFiles, type FileLimits, type ThreeSided } from './three-sided.ts';

export interface Report {
  /** Long forms of the anchors: for files that a program reads. */
  readonly full: Sheet;
  /** Short forms: for people. */
  readonly short: Sheet;
  readonly json: unknown;
  readonly drift: number;
  /** Rows were left out, so that nobody's absence proves anything. */
  readonly incomplete: boolean;
  readonly summary: string;
}

/** The report without Okta: words, and no recommendation. */
export function twoSidedReport(files: Files, join: JoinKey): Report {
  const field = JOIN_FIELDS[join];
  const all = compareTwoSides(files.ad.rows, files.entra.rows, { ad: (row) => row[field], entra: (row) => row[field] });
  const withheldIn = { 'Entra account': files.entra.rejected.length > 0, 'AD account': files.ad.rejected.length > 0 };
  const isWithheld = ({ missing }: TwoSided['rows'][number]): boolean =>
    missing !== null && missing in withheldIn && withheldIn[missing === 'AD account' ? 'AD account' : 'Entra account'];
  const rows = all.rows.filter((row) => !isWithheld(row));
  const withheld = all.rows.length - rows.length;
  const differ = rows.filter(({ word }) => word === 'differs').length;
  const missing = rows.length - differ;
  const incomplete = files.ad.rejected.length + files.entra.rejected.length > 0;
  const tail = incomplete
    ? 'could not tell of everybody'
    : rows.length + all.ambiguous.length > 0
      ? 'drift'
      : 'no drift';
  const summary = `${differ} differ, ${missing} are missing, ${all.same} are the same, ${all.ambiguous.length} ambiguous: ${tail}.`;
  const sheet = (show: (value: AnchorValue) => string): Sheet => ({
    head: [...headOf(files, withheld), 'Without Okta nobody can say who is hurt, or what to do: add --okta.'],
    columns: [join, 'word', 'what', 'AD', 'Entra', 'object id'],
    title: 2,
    rows: rows.map((row) => [row.name, row.word, whatOf(row), show(row.a), show(row.e), row.objectId ?? '']),
    foot: [
      ...ambiguityLines(all.ambiguous.map(({ name, ad, entra }) => `${name} (AD ${ad}, Entra ${entra})`)),
      ...countLines(all.counted),
      summary,
    ],
  });
  const json = {
    version: 1,
    join,
    rows,
    same: all.same,
    ambiguous: all.ambiguous,
    counted: all.counted,
    withheld,
    rejected: rejectedOf(files),
  };
  return {
    full: sheet(longForm),
    short: sheet(shortForm),
    json,
    drift: rows.length + all.ambiguous.length,
    incomplete,
    summary,
  };
}

/** The report with all three sides: verdicts, who is hurt, and what may be done. */
export function threeSidedReport(
  files: Files & { readonly okta: NonNullable<Files['okta']> },
  join: JoinKey,
  limits: FileLimits,
): Report {
  const result = compareFiles(files, join, limits);
  const { comparison, ambiguous, withheld } = result;
  const findings = [...comparison.findings].sort(worstFirst);
  const names = new Map(findings.map(({ key, userName }) => [key, userName]));
  const advice = adviceOf(result);
  const drift = findings.filter(isDrift).length + ambiguous.length;
  const incomplete = [files.ad, files.entra, files.okta].some(({ rejected }) => rejected.length > 0);
  const tail = incomplete ? 'could not tell of everybody' : drift > 0 ? 'drift' : 'no drift';
  const summary = `${findings.filter(isDrift).length} people have drifted, ${comparison.matched.length} match, ${ambiguous.length} ambiguous: ${tail}.`;
  const causes = comparison.causes.map(
    ({ kind, value, people, of }) =>
      `One cause: ${people} of ${of} ${CAUSE_WORDS[kind]} ${value}. Mend the cause, not the people.`,
  );
  const foot = [...ambiguityLines(ambiguous), ...bucketLines(comparison.buckets), summary];
  const head = [
    ...headOf(files, withheld),
    ...causes,
    'Files do not say which domains are federated: all but onmicrosoft.com are taken for it.',
  ];
  const before = ['person', 'verdict', 'hurt'];
  const row = (finding: (typeof findings)[number]): string[] => [
    finding.userName,
    finding.verdict,
    SHORT_IMPACT[finding.impact],
  ];
  const beside = (finding: (typeof findings)[number]): string =>
    besidesOf(finding, (key) => names.get(key) ?? 'another');
  return {
    short: {
      head,
      columns: [...before, 'what differs', 'advice'],
      title: 3,
      rows: findings.map((finding) => [
        ...row(finding),
        joined(differsOf(finding), beside(finding)),
        wordOf(advice.get(finding.key) ?? ''),
      ]),
      foot: [...legend(result), ...foot],
    },
    full: {
      head,
      columns: [...before, 'AD', 'Okta', 'Entra', 'beside', 'advice', 'Okta user', 'object id'],
      title: 3,
      rows: findings.map((finding) => [
        ...row(finding),
        longForm(finding.a),
        longForm(finding.o),
        longForm(finding.e),
        beside(finding),
        advice.get(finding.key) ?? '',
        finding.user ?? '',
        finding.objectId ?? '',
      ]),
      foot,
    },
    json: {
      version: 1,
      join,
      findings: findings.map((finding) => ({ ...finding, advice: advice.get(finding.key) ?? null })),
      matched: comparison.matched.length,
      ambiguous,
      causes: comparison.causes,
      withheld,
      checksum: result.plan.checksum,
      rejected: rejectedOf(files),
    },
    drift,
    incomplete,
    summary,
  };
}

function adviceOf({ plan }: ThreeSided): ReadonlyMap<string, string> {
  return new Map([
    ...plan.repairs.map(({ key, recipe }) => [key, `repair: ${RECIPE_WORDS[recipe]}`] as const),
    ...plan.refusals.map(({ key, rule, reason }) => [key, `${rule}: ${reason}`] as const),
  ]);
}

/** The word before the colon: the rest stands once below the table. */
function wordOf(advice: string): string {
  return advice.startsWith('repair: ') ? 'repair' : advice.replace(/:.*$/s, '');
}

/** What the words of the last column mean. */
function legend({ plan }: ThreeSided): string[] {
  const rules = [...new Set(plan.refusals.map(({ rule }) => rule))].sort(order);
  const recipes = [...new Set(plan.repairs.map(({ recipe }) => recipe))].sort(order);
  return [
    ...recipes.map((recipe) => `repair (${recipe}): ${RECIPE_WORDS[recipe]}.`),
    ...rules.map((rule) => (isRule(rule) ? `${rule}: ${RULE_WORDS[rule].why} ${RULE_WORDS[rule].next}` : rule)),
    '',
  ];
}

function headOf(files: Files, withheld: number): string[] {
  const remarks = remarksOn(files);
  if (withheld === 0) return remarks;
  return [
    ...remarks,
    `${withheld} verdicts are withheld: they rest on somebody’s absence from a file with rows left out.`,
  ];
}

function whatOf({ missing, spelling, instead, elsewhere }: TwoSided['rows'][number]): string {
  const what = [
    missing === null ? '' : `${missing} missing`,
    spelling === null ? '' : `the same GUID, ${FORM_WORDS[spelling]}`,
    instead === null ? '' : `Entra holds AD’s ${instead}`,
    elsewhere === null ? '' : `AD’s anchor is on ${elsewhere}`,
  ];
  return what.filter((part) => part !== '').join('; ');
}

function ambiguityLines(names: readonly string[]): string[] {
  return names.length === 0
    ? []
    : [`${names.length} keys are ambiguous, and nobody behind them is judged:`, ...names.map((name) => `  ${name}`)];
}

function countLines(counted: Readonly<Record<string, number>>): string[] {
  const parts = Object.entries(counted).map(([reason, rows]) => `${rows} ${reason}`);
  return parts.length === 0 ? [] : [`Not compared: ${parts.join(', ')}.`];
}

function bucketLines({ directories, assignments, entra }: ThreeSided['comparison']['buckets']): string[] {
  return [sumLine('AD', directories), sumLine('Okta', assignments), sumLine('Entra', entra)];
}

/** `AD: 14 rows = 10 matched + 4 entra-stale` */
function sumLine(name: string, counts: ReadonlyMap<string, number>): string {
  const parts = [...counts].sort(([one], [other]) => order(one, other)).map(([bucket, rows]) => `${rows} ${bucket}`);
  const total = [...counts.values()].reduce((sum, rows) => sum + rows, 0);
  return `${name}: ${total} rows = ${parts.join(' + ')}`;
}

function rejectedOf(files: Files) {
  return [files.ad, files.entra, ...(files.okta === null ? [] : [files.okta])].flatMap(({ rejected }) => rejected);
}

function longForm(value: AnchorValue): string {
  if (value === null) return '';
  return isUnreadable(value) ? `(unreadable: ${value.unreadable})` : value;
}
