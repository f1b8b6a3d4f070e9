import type { Finding } from '../compare/finding.ts';
import { LONGEST_RING } from '../compare/relate.ts';
import type { Verdict } from '../compare/verdicts.ts';
import type { Rule } from './rules.ts';

/**
 * `reanchor` the article's steps, whole; `set` write the missing anchor, parking only in a federated domain;
 * `reassign` let Okta compute its copy again, without a write to Entra.
 */
export const RECIPES = ['reanchor', 'set', 'reassign'] as const;
export type Recipe = (typeof RECIPES)[number];

export interface Refusal {
  readonly rule: Rule;
  readonly reason: string;
}

const RECIPE_OF: Partial<Record<Verdict, Recipe>> = {
  'entra-stale': 'reanchor',
  'both-stale': 'reanchor',
  'entra-empty': 'set',
  'okta-stale': 'reassign',
  'okta-empty': 'reassign',
};

/** Why there is nothing to repair, or nothing that a program may decide. */
const REPORTED: Partial<Record<Verdict, string>> = {
  'not-provisioned': 'Okta has not made the Entra account; look at the task in Okta under Dashboard, Tasks',
  unassigned: 'nobody is hurt while Office 365 is not assigned',
  unlinked: 'the AD link is gone; link the person to AD in Okta, or decide that this is a cloud identity',
  orphan: 'no AD account has this anchor; a leaver, another forest, or a lost link',
  unreadable: 'the anchor cannot be read; correct the value at its source',
};
const DECIDED: Partial<Record<Verdict, string>> = {
  'all-differ': 'three sides, three values: which one is right cannot be read from them',
  crossed: 'the name and the anchor point at two different accounts',
  'maybe-another-person':
    'the account may be a leaver’s whose name was given again; a repair would hand over the mailbox',
  renamed: 'the anchor is right and the name differs: mend the UPN, never the anchor',
  'duplicate-source': 'two people carry one source anchor',
  'two-directories': 'the person is in two AD instances and Okta’s copy is neither',
};

/** Rows of the truth table whose verdict has a recipe, but which leave open which value is right. */
const OPEN_ROWS: Readonly<Record<number, string>> = {
  7: 'Entra holds nothing and Okta’s copy differs from AD',
  10: 'the person was never anchored',
};

export function recipeOf(finding: Finding): Recipe | null {
  return RECIPE_OF[finding.verdict] ?? null;
}

/** The first rule of the plan that forbids a repair of this finding, whoever asks for it; null when it may be planned. */
export function refusalOf(finding: Finding): Refusal | null {
  const reported = REPORTED[finding.verdict];
  if (reported !== undefined) return { rule: 'report-only', reason: reported };
  const decided = DECIDED[finding.verdict] ?? OPEN_ROWS[finding.row];
  if (decided !== undefined) return { rule: 'a-person-decides', reason: decided };
  return tieRefusal(finding) ?? presenterRefusal(finding) ?? evidenceRefusal(finding);
}

/** A ring of which there is no repair, also when somebody says so. */
export function isTooLong({ with: people }: Finding): boolean {
  return people.length > LONGEST_RING;
}

function tieRefusal(finding: Finding): Refusal | null {
  const { relation, holder } = finding;
  if (relation === 'ring' && isTooLong(finding)) {
    const people = `more than ${LONGEST_RING} people hold each other’s anchors in one ring`;
    const mistake = 'it is mostly one mistake, such as a list of anchors that was shifted by a row';
    return { rule: 'ring', reason: `${people}, which is too long for one repair; ${mistake}: undo that` };
  }
  if (relation === 'ring') {
    const people = `${finding.with.length} people hold each other’s anchors`;
    return { rule: 'ring', reason: `${people}: one repair for all of them, and a person decides on it` };
  }
  if (relation === 'taken') {
    return {
      rule: 'taken',
      reason: `the live account ${holder ?? ''} holds this person’s anchor and does not give it up`,
    };
  }
  if (relation === 'taken-deleted') {
    return {
      rule: 'taken-deleted',
      reason: `the deleted account ${holder ?? ''} holds the anchor; it may be the right account`,
    };
  }
  return null;
}

/** Whoever presents an anchor signs in to the account that holds it, whatever the names: so a write waits until nobody else does. */
function presenterRefusal(finding: Finding): Refusal | null {
  if (finding.presenter === null || recipeOf(finding) === 'reassign') return null;
  return {
    rule: 'presented-by-another',
    reason: `Okta presents this anchor for ${finding.presenter} too, who would sign in as this person once the account holds it`,
  };
}

/** What is missing to take the two accounts for one person’s, or for somebody whom this app may push; null when nothing is. */
export function evidenceRefusal(finding: Finding): Refusal | null {
  if (finding.witness === null) {
    return {
      rule: 'no-witness',
      reason: 'nothing shows that the two accounts were ever one person’s; equal names do not',
    };
  }
  if (finding.notes.includes('assigned-twice')) {
    return { rule: 'assigned-twice', reason: 'a second Office 365 app pushes this person too' };
  }
  if (finding.notes.includes('outside-app-domains')) {
    return { rule: 'outside-app-domains', reason: 'the user name is in no domain of this Office 365 app' };
  }
  return null;
}
