import type { Course } from '../state/repair-rows.ts';
import { DAY } from '../time.ts';
import type { PreflightFacts, PreflightPolicy } from './facts.ts';

/** What a pilot proved is believed for so long; tenants change without a word. */
const BELIEVED = 90 * DAY;

/**
 * How a repair that may begin is carried out. People whom Entra shows as synchronised are written to only in a tenant that a pilot has
 * proven to allow it: nobody can know that from outside. Without such a proof a person does the steps and is led.
 */
export function courseOf(facts: PreflightFacts, policy: PreflightPolicy): Course {
  const { app, repair, entra, parking } = facts;
  const proof = proofOf(facts);
  const isSynced = entra?.synced === true;
  const byApi = !isSynced || proof?.syncedWrites === 'anyway' || proof?.syncedWrites === 'after-unassign';
  const gate = isSynced && proof?.syncedWrites === 'after-unassign' && repair.recipe !== 'reassign';
  const nudge = byApi && repair.recipe === 'reassign' && proof?.nudge === true;
  const needsUnassigning = repair.recipe !== 'set' || gate;
  return {
    app: app.id,
    unassign: nudge || !needsUnassigning ? 'none' : unassigningOf(facts, policy, byApi),
    writes: byApi ? 'api' : 'person',
    gate,
    nudge,
    parking: [parking?.address ?? null],
  };
}

function proofOf({ capability, now }: PreflightFacts) {
  return capability !== null && now - capability.proven < BELIEVED ? capability : null;
}

/**
 * What a group grants nobody can unassign but by that group; where a rule leaves out the members of one other group, that is the way.
 * Whoever is left out already and still in the group is there by no rule.
 */
function unassigningOf(
  { grant, assignment, app, groups }: PreflightFacts,
  { exclusionGroup }: PreflightPolicy,
  byApi: boolean,
): Course['unassign'] {
  if (!byApi) return 'guided';
  if (grant === null && assignment?.scope !== 'GROUP') return 'direct';
  if (grant === null || exclusionGroup === null || assignment?.scope !== 'GROUP') return 'guided';
  const isAlone =
    grant.exclusionIsAlone && grant.others.length === 0 && grant.apps.length === 1 && grant.apps[0] === app.id;
  const isTheOne = assignment.grantedBy === null || assignment.grantedBy === grant.group;
  const isLeftOut = ({ expression, status, excludedUsers }: (typeof grant.rules)[number]): boolean =>
    status === 'ACTIVE' && !excludedUsers.includes(assignment.user) && leavesOut(expression, exclusionGroup);
  const isByRule = grant.rules.length > 0 && grant.rules.every(isLeftOut) && !groups.includes(exclusionGroup);
  return isAlone && isTheOne && isByRule ? 'exclusion-group' : 'guided';
}

/** The form that Okta documents: `… and !isMemberOfGroup("00g…")`, one of the conditions that must all hold. */
function leavesOut(expression: string, group: string): boolean {
  return conditionsOf(expression).some(
    (condition) => condition.replaceAll(/\s+/g, '').replaceAll("'", '"') === `!isMemberOfGroup("${group}")`,
  );
}

/** Text between quotes, a bracket, a word or sign that joins conditions, or any other character. */
const TOKEN = /"[^"]*"|'[^']*'|&&|\|\||\b(?:and|or)\b|./gis;

/** What must all hold, as it stands outside of brackets; nothing where that is an alternative. */
function conditionsOf(expression: string): readonly string[] {
  const conditions = [''];
  let depth = 0;
  for (const [token] of expression.matchAll(TOKEN)) {
    if (token === '(') depth += 1;
    if (token === ')') depth -= 1;
    const joins = depth === 0 ? token.toLowerCase() : '';
    if (joins === 'or' || joins === '||' || joins === '?') return [];
    if (joins === 'and' || joins === '&&') conditions.push('');
    else conditions.push(`${conditions.pop() ?? ''}${token}`);
  }
  return conditions;
}
