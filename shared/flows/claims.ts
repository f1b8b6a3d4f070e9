import { createHash } from 'node:crypto';
import { kindOf } from '../errors.ts';
import type { PlannedRepair } from '../plan/plan.ts';
import type { RepairRow } from '../state/repair-rows.ts';
import type { Tools } from './tools.ts';

/**
 * Both names of the person. Whoever's Entra account was made anew has another object id, and is the same person to Okta; whoever's
 * Okta user was made anew is the same to Entra: a claim on either keeps every other repair away.
 */
export function namesOf({ user, objectId }: Pick<PlannedRepair, 'user' | 'objectId'>): readonly string[] {
  return [user, objectId];
}

/**
 * The id of a repair follows from the run and the person, so that a run that is carried on after a crash makes it once. It is longer
 * than an anchor in base64, or the log would mask it as one.
 */
export function repairId(run: string, key: string): string {
  return `r-${createHash('sha256').update(`${run}\n${key}`).digest('hex').slice(0, 24)}`;
}

/** Of its own, so that it is never taken for one that the same run queued without being told to. */
export function approvedRepairId(run: string, key: string): string {
  return repairId(run, `${key} approved`);
}

/** Claims the person for this repair; false when another repair has the person. Claiming again changes nothing. */
export async function claimPerson(
  repair: PlannedRepair,
  id: string,
  tools: Pick<Tools, 'state' | 'clock'>,
): Promise<boolean> {
  for (const name of namesOf(repair)) {
    if (await claim(name, id, tools)) continue;
    await releasePerson(repair, id, tools);
    return false;
  }
  return true;
}

/** Frees the person from this repair; claims of another one stay. */
export async function releasePerson(repair: PlannedRepair, id: string, { state }: Pick<Tools, 'state'>): Promise<void> {
  for (const name of namesOf(repair)) await releaseName(name, id, { state });
}

/** Frees whoever is claimed under that name by this repair. */
export async function releaseName(name: string, id: string, { state }: Pick<Tools, 'state'>): Promise<void> {
  const held = await state.claims.get(name, 'open');
  if (held?.row.repair === id) await state.claims.remove(name, 'open', held.etag);
}

/** Frees everybody of a repair. */
export async function releaseMembers(
  { id, members }: Pick<RepairRow, 'id' | 'members'>,
  tools: Pick<Tools, 'state'>,
): Promise<void> {
  for (const member of members) await releasePerson(member, id, tools);
}

async function claim(
  person: string,
  repair: string,
  { state, clock }: Pick<Tools, 'state' | 'clock'>,
): Promise<boolean> {
  if (await insertOnce(() => state.claims.insert({ person, repair, at: clock.now() }))) return true;
  const held = await state.claims.get(person, 'open');
  return held?.row.repair === repair;
}

/** False when the row was there already. */
export async function insertOnce(insert: () => Promise<unknown>): Promise<boolean> {
  try {
    await insert();
    return true;
  } catch (error) {
    if (kindOf(error) === 'conflict') return false;
    throw error;
  }
}
