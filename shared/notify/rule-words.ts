import type { Rule } from '../plan/rules.ts';

export interface RuleWords {
  /** What the rule protects from. */
  readonly why: string;
  /** What lets the repair go on, or who has to act. */
  readonly next: string;
}

/** Why somebody is not repaired, for an admin. Total, so that a new rule does not compile before it is explained. */
export const RULE_WORDS: Readonly<Record<Rule, RuleWords>> = {
  'report-only': {
    why: 'There is nothing that a change of the anchor would mend.',
    next: 'See what to do about the verdict.',
  },
  'a-person-decides': {
    why: 'The values alone do not say what is right.',
    next: 'A person decides; see what to do about the verdict.',
  },
  ring: {
    why: 'These people hold each other’s anchors. Mending one alone locks another out.',
    next: 'A person decides on all of them together. More than 25 are never one repair: undo what has shifted their anchors.',
  },
  taken: {
    why: 'Two accounts cannot hold one anchor, and the other one is alive.',
    next: 'Look at the other account: whose is it, and which anchor should it hold?',
  },
  'taken-deleted': {
    why: 'The deleted account may be the right one, with the mail in it. Giving its anchor away seals the loss.',
    next: 'Decide before its last day: restore the deleted account, or delete it for good.',
  },
  'presented-by-another': {
    why: 'Okta’s copy on somebody else’s assignment is this very anchor: they would sign in as this person once the account holds it.',
    next: 'Correct the other person’s copy in Okta first: mend their own finding, or assign Office 365 to them again.',
  },
  'no-witness': {
    why: 'Equal names are not proof that two accounts are one person’s.',
    next: 'Check that the account is this person’s; an employee id in AD and Entra ID settles it for good.',
  },
  'assigned-twice': {
    why: 'Two Office 365 apps push this person, and would overwrite each other.',
    next: 'Take one of the two assignments away.',
  },
  'outside-app-domains': {
    why: 'The user name is in no domain of this Office 365 app, so its push cannot reach the account.',
    next: 'Correct the user name in Okta, or add the domain to the app.',
  },
  'head-refused': {
    why: 'Another account has to give the anchor up first, and its own repair is refused.',
    next: 'Settle the other person first; this one follows.',
  },
  'not-paired': {
    why: 'An account is missing on one side.',
    next: 'Find the missing account.',
  },
  'observe-mode': {
    why: 'Anchorwatch runs in observe mode, which changes nothing.',
    next: 'Nothing happens by itself. To have it repaired, set ANCHORWATCH_MODE to propose or remediate.',
  },
  baseline: {
    why: 'Nobody has confirmed yet that the counts of a good run are right.',
    next: 'Compare the counts with what you expect, then: anchorwatch confirm <run> --by <your name>',
  },
  protected: {
    why: 'The person is protected by configuration.',
    next: 'A person does the repair by hand, or lifts the protection.',
  },
  ignored: {
    why: 'Somebody has said that this person is to be left alone, and until when.',
    next: 'Nothing until then. To have it looked at again: anchorwatch unignore <person> --by <your name>',
  },
  'cooling-down': {
    why: 'A repair of this person has begun and could not be brought to its end; everything is as before.',
    next: 'Look at why (anchorwatch journal <person>). It is tried once more after the cool-down.',
  },
  fight: {
    why: 'The person was repaired, and somebody or something has changed the anchor again within days.',
    next: 'Settle it with whoever does, or stop what does; Entra’s audit log names it under SourceAnchor. Repairing again would only go on with it.',
  },
  'failed-twice': {
    why: 'Two repairs of this person have failed.',
    next: 'Look at why (anchorwatch journal <person>); then approve another one: anchorwatch proposals',
  },
  rejected: {
    why: 'Somebody has looked at this very repair and does not want it.',
    next: 'It is proposed again when the finding changes, or after 30 days. To have it proposed by the next scan: anchorwatch unreject <person> --by <your name>',
  },
  'wants-approval': {
    why: 'In mode propose nobody is repaired unless somebody approves it.',
    next: 'anchorwatch proposals shows what is proposed; anchorwatch approve releases it.',
  },
  'not-opted-in': {
    why: 'Only members of the opted-in Okta group are repaired without a click.',
    next: 'Approve the repair (anchorwatch proposals), add the person to the group, or repair by hand.',
  },
  'in-repair': {
    why: 'A repair of this person is already open.',
    next: 'Wait for it, or look at why it waits.',
  },
  'refused-before': {
    why: 'The last look at the person, before anything was touched, found a reason not to repair.',
    next: 'Remove the reason that is named. It is tried again after a week, or as soon as the finding changes.',
  },
  unconfirmed: {
    why: 'The person was not read again singly, so the difference may be one of timing.',
    next: 'The next run reads the rest.',
  },
  'seen-once': {
    why: 'Only one good run has seen this. What is gone tomorrow was no drift.',
    next: 'The next good run decides.',
  },
  'head-first': {
    why: 'Another account gives up the anchor that this one wants, and its repair runs tonight.',
    next: 'The next run after that repair queues this one.',
  },
  'head-held': {
    why: 'The repair that has to come first does not run tonight.',
    next: 'It follows when the other has succeeded.',
  },
  'mapping-changed': {
    why: 'Somebody has changed what Okta takes for the Immutable ID, so that drift may come from that.',
    next: 'Look at the mapping. Nothing of the plan runs unless somebody approves exactly this plan: anchorwatch proposals',
  },
  'deactivate-changed': {
    why: 'Deactivate Users of the Office 365 app is not set as it was when the counts were confirmed.',
    next: 'Set it back, or confirm a run anew; or approve exactly this plan: anchorwatch proposals',
  },
  'mass-cause': {
    why: 'Most of the new drift has one cause; it is one repair in one place, and no person is touched.',
    next: 'Mend the cause. Nothing of the plan runs unless somebody approves exactly this plan: anchorwatch proposals',
  },
  'over-limit': {
    why: 'More repairs were due than one night may do, which is what a wrong reading looks like.',
    next: 'Look at the findings. Nothing of the plan runs unless somebody approves exactly this plan: anchorwatch proposals',
  },
};
