import { compareRosters, type Comparison } from '../../shared/compare/compare.ts';
import { order } from '../../shared/compare/pair.ts';
import type { AdAccount, Assignment, Domain, Rosters } from '../../shared/compare/rows.ts';
import type { Verdict } from '../../shared/compare/verdicts.ts';
import { makePlan, type Plan } from '../../shared/plan/plan.ts';
import { JOIN_FIELDS, type JoinKey } from '../../shared/rosters/files/read.ts';
import type { Files } from './files.ts';

export interface ThreeSided {
  readonly comparison: Comparison;
  readonly plan: Plan;
  /** Keys that several AD accounts or several assignments share: who is who is not guessed, and none of them is judged. */
  readonly ambiguous: readonly string[];
  /** Findings that rest on somebody's absence from a file with rows left out. */
  readonly withheld: number;
}

export interface FileLimits {
  readonly causes: { readonly people: number; readonly percent: number };
}

/** Verdicts that say that somebody is *not* in a file. */
const ABSENT: Readonly<Record<'ad' | 'entra' | 'okta', readonly Verdict[]>> = {
  ad: ['unlinked', 'orphan'],
  entra: ['not-provisioned', 'renamed', 'crossed'],
  okta: ['unassigned', 'orphan'],
};

export function compareFiles(
  files: Files & { readonly okta: NonNullable<Files['okta']> },
  join: JoinKey,
  limits: FileLimits,
): ThreeSided {
  const joined = joinOkta(files.ad.rows, files.okta.rows, join);
  const entra = files.entra.rows.filter(({ userName }) => !joined.names.has(userName.toLowerCase()));
  const rosters: Rosters = {
    ad: joined.ad,
    assignments: joined.assignments,
    entra,
    deleted: [],
    domains: domainsOf(files),
  };
  const comparison = compareRosters(rosters, {
    office365App: null,
    appDomains: [],
    seenMatched: () => false,
    onceFromAd: () => false,
    known: () => false,
    causes: limits.causes,
  });
  const kinds = (['ad', 'entra', 'okta'] as const).filter((kind) => files[kind].rejected.length > 0);
  const doubtful = new Set(kinds.flatMap((kind) => ABSENT[kind]));
  const findings = comparison.findings.filter(({ verdict }) => !doubtful.has(verdict));
  return {
    comparison: { ...comparison, findings },
    plan: makePlan(findings),
    ambiguous: joined.ambiguous,
    withheld: comparison.findings.length - findings.length,
  };
}

interface Joined {
  readonly ad: readonly AdAccount[];
  readonly assignments: readonly Assignment[];
  readonly ambiguous: readonly string[];
  /** User names of the assignments that were set aside, in small letters. */
  readonly names: ReadonlySet<string>;
}

/** Gives every AD account the Okta user of the assignment with the same key; exports of AD know no Okta ids. */
function joinOkta(ad: readonly AdAccount[], assignments: readonly Assignment[], join: JoinKey): Joined {
  const known = new Set(assignments.map(({ user }) => user));
  const accounts = groupBy(
    ad.filter(({ user }) => !known.has(user)),
    (account) => account[JOIN_FIELDS[join]],
  );
  const named = groupBy(assignments, ({ userName }) => (join === 'samAccountName' ? localPart(userName) : userName));
  const ambiguous = [...new Set([...named.keys(), ...accounts.keys()])].filter((key) => {
    return (named.get(key)?.length ?? 0) > 1 || (accounts.get(key)?.length ?? 0) > 1;
  });
  const aside = new Set(ambiguous);
  const users = new Map([...named].map(([key, rows]) => [key, rows[0]?.user]));
  const setAside = assignments.filter(({ userName }) =>
    aside.has(keyOf(join === 'samAccountName' ? localPart(userName) : userName)),
  );
  return {
    ad: ad.flatMap((account) => {
      const key = keyOf(account[JOIN_FIELDS[join]]);
      if (known.has(account.user)) return [account];
      return aside.has(key) ? [] : [{ ...account, user: users.get(key) ?? account.user }];
    }),
    assignments: assignments.filter((assignment) => !setAside.includes(assignment)),
    ambiguous: ambiguous.sort(order),
    // Where the key is the user name, it names the Entra account too: nobody is judged behind it.
    names: new Set([...setAside.map(({ userName }) => keyOf(userName)), ...(join === 'upn' ? ambiguous : [])]),
  };
}

function groupBy<Row>(rows: readonly Row[], textOf: (row: Row) => string | null): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const text = textOf(row);
    if (text === null) continue;
    const group = groups.get(keyOf(text));
    if (group === undefined) groups.set(keyOf(text), [row]);
    else group.push(row);
  }
  return groups;
}

function keyOf(text: string | null): string {
  return text?.toLowerCase() ?? '';
}

function localPart(userName: string | null): string | null {
  return userName === null ? null : userName.replace(/@.*$/s, '');
}

/** Files do not say which domains are federated: everything but the tenant's own `onmicrosoft.com` is taken for it. */
function domainsOf({ entra, okta }: Files): readonly Domain[] {
  const names = [
    ...entra.rows.map(({ userName }) => userName),
    ...(okta?.rows ?? []).map(({ userName }) => userName ?? ''),
  ];
  const domains = new Set(names.map((name) => name.slice(name.lastIndexOf('@') + 1).toLowerCase()));
  return [...domains].map((name) => {
    const managed = name.endsWith('.onmicrosoft.com');
    return { name, federated: !managed, initial: managed, verified: true };
  });
}
