import type { AnchorForm } from '../anchor/forms.ts';
import type { MassCause } from '../compare/causes.ts';
import type { Note } from '../compare/finding.ts';
import type { Impact, OutsideReason, Relation, Verdict } from '../compare/verdicts.ts';
import type { CounterWitness, Witness } from '../compare/witness.ts';
import type { Recipe } from '../plan/recipe.ts';
import type { Change } from '../state/rows.ts';

/**
 * What a run saw, in plain sentences for an admin: terminal, mail, pages and docs/verdicts.md all speak from here, and from
 * rule-words.ts of why somebody is not repaired. Total over the unions, so that a new verdict does not compile before it is explained.
 */
export interface VerdictWords {
  /** What was seen. */
  readonly when: string;
  /** What that means, and where it usually comes from. */
  readonly why: string;
  /** What to do about it, and who does it. */
  readonly next: string;
}

export const VERDICT_WORDS: Readonly<Record<Verdict, VerdictWords>> = {
  matched: {
    when: 'All sides hold the same anchor; where no AD account is linked, Okta and Entra ID hold the same.',
    why: 'The person signs in and stays in the groups.',
    next: 'Nothing.',
  },
  'entra-stale': {
    when: 'Active Directory and Okta agree; Entra ID holds another anchor.',
    why: 'Okta presents an anchor that leads to no account of this person. Often the AD account was made anew, and Entra ID kept the old value.',
    next: 'Repair: unassign, set the anchor in Entra ID, assign again.',
  },
  'both-stale': {
    when: 'Okta’s copy and Entra ID agree; Active Directory holds another anchor.',
    why: 'Signing in works, but groups are matched by AD’s anchor and lose the person. The next push from Okta makes an outage of it.',
    next: 'Repair: the same steps as for entra-stale, whole or not at all.',
  },
  'entra-empty': {
    when: 'Entra ID holds no anchor.',
    why: 'Okta presents an anchor that no account has. Often the account was made by hand in Entra ID.',
    next: 'Repair: set the anchor in Entra ID, if it is certain that the account is this person’s.',
  },
  'okta-stale': {
    when: 'Active Directory and Entra ID agree; Okta’s copy is another anchor.',
    why: 'Okta presents its own copy, which leads to no account of this person.',
    next: 'Repair: let Okta compute its copy again. Entra ID is right and is not touched.',
  },
  'okta-empty': {
    when: 'Active Directory and Entra ID agree; Okta’s copy is empty.',
    why: 'Okta has nothing to present. Often the mapping failed when the app was assigned.',
    next: 'Repair: let Okta compute its copy again. Entra ID is right and is not touched.',
  },
  'all-differ': {
    when: 'No two sides agree: three values, or two and Okta’s copy empty.',
    why: 'Which value is right cannot be read from the values.',
    next: 'Find out which account is the person’s, then set the anchor there.',
  },
  crossed: {
    when: 'The user name points at one account and the anchor at another, or two people are assigned under one user name.',
    why: 'Either the name or the anchor is somebody else’s; following the wrong one gives a mailbox away.',
    next: 'Find out which of the two accounts is the person’s.',
  },
  'maybe-another-person': {
    when: 'The user names are equal, but nothing ties the two accounts to one person, and something speaks against it.',
    why: 'A new hire who was given a leaver’s name looks exactly like this. A repair would hand over the leaver’s mailbox.',
    next: 'Ask whether the account is this person’s. If not, rename or remove the old one.',
  },
  renamed: {
    when: 'The anchors agree; nobody in Entra ID has the user name that Okta pushes.',
    why: 'Okta finds accounts by name: at its next push it cannot find this one and tries to make a second.',
    next: 'Make the UPN in Entra ID equal to the user name in Okta. The anchor is right: leave it alone.',
  },
  'duplicate-source': {
    when: 'Two people carry the same anchor in Active Directory.',
    why: 'One account can hold it. The other person is locked out, or becomes the first.',
    next: 'Give each of them an anchor of their own in Active Directory.',
  },
  'two-directories': {
    when: 'The person is in two AD instances with two anchors, and what Okta and Entra ID hold is not one of them in agreement.',
    why: 'Which instance counts is the mapping’s business in Okta; it has not decided, or has changed its mind.',
    next: 'Decide which AD instance is the source of this person’s anchor.',
  },
  'not-provisioned': {
    when: 'Office 365 is assigned in Okta, and Entra ID has no such account.',
    why: 'Okta has not made the account yet, or could not.',
    next: 'Look at the person’s task in Okta under Dashboard, Tasks.',
  },
  unassigned: {
    when: 'Active Directory and Entra ID know the person; Office 365 is not assigned in Okta.',
    why: 'Often a leaver, or somebody who does not need it. Nobody is hurt as long as it stays unassigned.',
    next: 'Nothing. Where the anchors differ, settle that before Office 365 is assigned.',
  },
  unlinked: {
    when: 'Office 365 is assigned, and no live AD account with an anchor stands behind it.',
    why: 'The link to AD was lost, or the AD account was disabled or deleted.',
    next: 'Link the person to their AD account in Okta, or decide that this is a cloud identity.',
  },
  orphan: {
    when: 'An enabled, licensed account carries an anchor that no AD account has, and nobody in Okta is assigned to it.',
    why: 'A leaver whose account stayed, a person of another forest, or a lost link.',
    next: 'Find out whose it is. A leaver’s account should be closed.',
  },
  unreadable: {
    when: 'A side holds something that no anchor can be.',
    why: 'A script or an export left a text behind that is no value.',
    next: 'Correct the value where it stands.',
  },
  outside: {
    when: 'Guests, cloud-only accounts, rooms, service accounts, people who have not started or have left.',
    why: 'They have no anchor to watch.',
    next: 'Nothing. They are counted, so that the sums agree.',
  },
};

/** Who is hurt, in one sentence. */
export const IMPACT_WORDS: Readonly<Record<Impact, string>> = {
  'signs in as another': 'Signs in as somebody else, now or after Okta’s next push: a security incident.',
  'cannot sign in': 'Cannot sign in to Microsoft 365.',
  'groups only': 'Signs in, but drops out of the groups that come from Active Directory.',
  'none yet': 'Nobody today; the next change in Okta or Active Directory may hurt.',
  nobody: 'Nobody.',
};

export const RELATION_WORDS: Readonly<Record<Relation, string>> = {
  none: 'Stands alone.',
  ring: 'Part of a ring: each of these people holds the anchor of the next.',
  chain: 'Somebody else holds this person’s anchor and will give it up when repaired, so that one comes first.',
  taken: 'A live account of somebody else holds the anchor, and nothing says that it should give it up.',
  'taken-deleted': 'A soft-deleted account holds the anchor until Entra ID forgets it, 30 days after its deletion.',
};

export const RECIPE_WORDS: Readonly<Record<Recipe, string>> = {
  reanchor: 'unassign Office 365 safely, set the anchor in Entra ID, assign again',
  set: 'write the missing anchor into Entra ID',
  reassign: 'let Okta compute its copy again; Entra ID is not touched',
};

export const NOTE_WORDS: Readonly<Record<Note, string>> = {
  'name-disputed': 'Another assignment has the same user name and the better claim to the account.',
  'assigned-twice': 'A second Office 365 app assigns this person too.',
  'would-drift': 'Assigning Office 365 would make this an outage.',
  pending: 'Okta is still working on the assignment.',
  'provisioning-failed': 'Okta reports that provisioning failed.',
  'sign-in-broken': 'What Okta presents is not what Entra ID holds.',
  'source-unreadable': 'The anchor in Active Directory cannot be read; Okta and Entra ID agree.',
  'in-two-directories': 'The person is in two AD instances.',
  'outside-app-domains': 'The user name is in no domain of this Office 365 app.',
};

/** Why a row is counted and not reported. */
export const OUTSIDE_WORDS: Readonly<Record<OutsideReason, string>> = {
  guest: 'guests',
  agent: 'agents',
  staged: 'people who have not started',
  suspended: 'suspended people',
  deprovisioned: 'people whose access has ended',
  'service-account': 'service accounts',
  'cloud-only': 'cloud-only accounts',
  'room-or-shared': 'rooms, shared mailboxes and other accounts without sign-in or licence',
  'managed-domain': 'accounts on managed domains',
  'no-assignment': 'accounts without Office 365 in Okta',
  'second-app': 'assignments of a further Office 365 app',
  'soft-deleted': 'soft-deleted accounts',
};

/** Behind “the same GUID, ” or alone. */
export const FORM_WORDS: Readonly<Record<AnchorForm, string>> = {
  base64: 'as base64',
  'base64-unpadded': 'as base64 without ==',
  base64url: 'as URL-safe base64',
  'base64-stray-bits': 'as base64 that another encoder wrote',
  guid: 'as GUID text',
  'guid-braces': 'as GUID text in braces',
  hex: 'as 32 hexadecimal digits',
  'hex-escaped': 'as separate hexadecimal octets',
  'guid-digits': 'as GUID text without dashes',
  'big-endian': 'as base64 of bytes in the other order',
  'base64-of-guid-text': 'as base64 of the GUID’s text',
  'connector-dn': 'as a connector’s name of Entra Connect',
  'okta-user-id': 'an Okta user id',
  'okta-app-user-id': 'an id of an Okta assignment',
  name: 'a user name or mail address',
  custom: 'a value of the organisation’s own',
};

/** Evidence that two accounts are one person’s. */
export const WITNESS_WORDS: Readonly<Record<Witness, string>> = {
  'seen-matched': 'an earlier run saw the two matched',
  'okta-equals-entra': 'Okta’s copy equals what Entra ID holds',
  'source-equals-entra': 'AD’s anchor equals what Entra ID holds',
  'external-id': 'Okta’s assignment names this account’s object id',
  sid: 'both carry the same security identifier',
  'employee-id': 'both carry the same employee id, and nobody else does',
  vouched: 'a person has looked at both accounts and vouches for it',
};

export const COUNTER_WITNESS_WORDS: Readonly<Record<CounterWitness, string>> = {
  'employee-id-differs': 'the employee ids differ',
  'created-later': 'the person came to Okta long after the account was made',
};

export const CHANGE_WORDS: Readonly<Record<Change, string>> = {
  new: 'new',
  open: 'open',
  worse: 'worse than before',
  returned: 'back again',
  resolved: 'resolved',
  gone: 'gone',
};

export const CAUSE_WORDS: Readonly<Record<MassCause['kind'], string>> = {
  ou: 'are in the organisational unit',
  directory: 'are in the AD instance',
  encoding: 'hold the anchor',
  attribute: 'hold, in the anchor’s place, the AD attribute',
};
