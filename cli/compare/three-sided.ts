import { guidOf } from '../../shared/anchor/forms.ts';
import { compareRosters, type Comparison } from '../../shared/compare/compare.ts';
import type { Domain, Rosters } from '../../shared/compare/rows.ts';
import { domainOf } from '../../shared/compare/rule.ts';
import { bySideAndName, type Keyless, keylessAccount } from '../../shared/compare/two-sided.ts';
import { makePlan, type Plan } from '../../shared/plan/plan.ts';
import type { JoinKey } from '../../shared/rosters/files/read.ts';
import type { Files } from './files.ts';
import { restsOnAbsenceFrom, type Side } from './gaps.ts';
import { type Ambiguity, linkAccounts } from './link.ts';

export type ThreeFiles = Files & { readonly okta: NonNullable<Files['okta']> };

export interface ThreeSided {
  readonly comparison: Comparison;
  readonly plan: Plan;
  readonly ambiguous: readonly Ambiguity[];
  readonly keyless: readonly Keyless[];
  /** People of whom nothing is said, for it would rest on somebody's absence from a file with gaps. */
  readonly withheld: number;
  /** People with an assignment for whom no AD account was found. */
  readonly unfound: number;
}

export interface FileLimits {
  readonly causes: { readonly people: number; readonly percent: number };
}

/** The same comparison and plan as in a nightly run, on files. */
export function compareFiles(
  files: ThreeFiles,
  join: JoinKey,
  limits: FileLimits,
  gaps: ReadonlySet<Side>,
): ThreeSided {
  const links = linkAccounts(files.ad.rows, files.okta.rows, files.entra.rows, join);
  const { ad, ambiguous, isAmbiguous, keyless, unfound } = links;
  const rosters: Rosters = {
    ad,
    assignments: files.okta.rows,
    entra: files.entra.rows,
    deleted: [],
    domains: domainsOf(files),
  };
  let withheld = 0;
  const comparison = compareRosters(rosters, {
    office365App: null,
    appDomains: [],
    seenMatched: () => false,
    // Files have no past. A GUID comes from AD: somebody who has one and no AD account has lost the link, and is not simply matched.
    onceFromAd: (anchor) => guidOf(anchor) !== null,
    known: () => false,
    causes: limits.causes,
    now: null,
    setAside(person, said) {
      if (isAmbiguous(person)) return 'ambiguous';
      if (person.directory.some((account) => keyless.has(account))) return 'without the join key';
      if (!restsOnAbsenceFrom(person, said).some((side) => gaps.has(side))) return null;
      withheld += 1;
      return 'withheld';
    },
  });
  return {
    comparison,
    plan: makePlan(comparison.findings),
    ambiguous,
    keyless: [...keyless].map(keylessAccount).sort(bySideAndName),
    withheld,
    unfound,
  };
}

/** Files do not say which domains are federated: everything but the tenant's own `onmicrosoft.com` is taken for it. */
function domainsOf({ entra, okta }: ThreeFiles): readonly Domain[] {
  const names = [...entra.rows, ...okta.rows].map(({ userName }) => userName ?? '');
  return [...new Set(names.map(domainOf))].map((name) => {
    const managed = name.endsWith('.onmicrosoft.com');
    return { name, federated: !managed, initial: managed, verified: true };
  });
}
