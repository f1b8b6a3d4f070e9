import type { CapabilityRow, Course, Probe } from '../state/repair-rows.ts';
import { lapseOf, setupOf } from './capability.ts';
import type { PreflightFacts, PreflightPolicy } from './facts.ts';

/**
 * How a repair that may begin is carried out. People whom Entra shows as synchronised are written to only in a tenant that a pilot has
 * proven to allow it: nobody can know that from outside. Without such a proof a person does the steps and is led.
 */
export function courseOf(facts: PreflightFacts, policy: PreflightPolicy): Course {
  const { app, repair, entra, parking, purpose } = facts;
  const { syncedWrites, lag, nudge: isProvenNudge } = whatIsProven(facts, policy);
  const isSynced = entra?.synced === true;
  const nudge = repair.recipe === 'reassign' && isProvenNudge;
  // A nudge writes nothing in Entra.
  const byApi = nudge || !isSynced || syncedWrites === 'anyway' || syncedWrites === 'after-unassign';
  const gate = isSynced && syncedWrites === 'after-unassign' && repair.recipe !== 'reassign';
  const isByGraphAlone = repair.recipe === 'set' || purpose.kind === 'undo' || isProbe(facts, 'while-assigned');
  const needsUnassigning = gate || !(nudge || isByGraphAlone);
  return {
    app: app.id,
    unassign: needsUnassigning ? unassigningOf(facts, policy, byApi) : 'none',
    writes: byApi ? 'api' : 'person',
    gate,
    lag: gate ? lag : null,
    nudge,
    undoes: purpose.kind === 'undo',
    parking: [parking?.address ?? null],
  };
}

/** A pilot goes by what it tries, everybody else by what a pilot has proven. */
function whatIsProven(
  facts: PreflightFacts,
  policy: PreflightPolicy,
): Pick<CapabilityRow, 'syncedWrites' | 'lag' | 'nudge'> {
  const { capability, purpose, app, now, rights } = facts;
  if (purpose.kind === 'pilot') {
    const { probe } = purpose;
    const writes = { 'while-assigned': 'anyway', 'after-unassign': 'after-unassign', nudge: 'unknown' } as const;
    return { syncedWrites: writes[probe], lag: null, nudge: probe === 'nudge' };
  }
  const isBelieved = capability !== null && lapseOf(capability, { now, rights, setup: setupOf(app, policy) }) === null;
  return isBelieved ? capability : { syncedWrites: 'unknown', lag: null, nudge: false };
}

function isProbe({ purpose }: PreflightFacts, probe: Probe): boolean {
  return purpose.kind === 'pilot' && purpose.probe === probe;
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
