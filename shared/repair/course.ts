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

/** What a group grants nobody can unassign but by that group; where a rule leaves out the members of one other group, that is the way. */
function unassigningOf(
  { grant, assignment, app }: PreflightFacts,
  policy: PreflightPolicy,
  byApi: boolean,
): Course['unassign'] {
  if (!byApi) return 'guided';
  if (grant === null && assignment?.scope !== 'GROUP') return 'direct';
  const { exclusionGroup } = policy;
  if (grant === null || exclusionGroup === null || assignment?.scope !== 'GROUP') return 'guided';
  const isAlone = grant.others.length === 0 && grant.apps.length === 1 && grant.apps[0] === app.id;
  const isLeftOut = ({ expression, status, excludedUsers }: (typeof grant.rules)[number]): boolean =>
    status === 'ACTIVE' && !excludedUsers.includes(assignment.user) && leavesOut(expression, exclusionGroup);
  return isAlone && grant.rules.length > 0 && grant.rules.every(isLeftOut) ? 'exclusion-group' : 'guided';
}

/** The form that Okta documents: `… and !isMemberOfGroup("00g…")`, one of the conditions that must all hold. */
function leavesOut(expression: string, group: string): boolean {
  if (/\bor\b|\|\|/i.test(expression)) return false;
  return expression
    .split(/\band\b|&&/i)
    .some((condition) => condition.replaceAll(/\s+/g, '').replaceAll("'", '"') === `!isMemberOfGroup("${group}")`);
}
