import { found as foundIn, type Rolls } from '../compare/roll.ts';
import type { AdAccount, Assignment, EntraUser } from '../compare/rows.ts';
import { isLinked } from '../compare/standing.ts';
import type { Certificate } from '../state/certificate.ts';
import type { Doubt } from '../state/doubt.ts';
import type { ListName, ReadPlan } from '../state/read-plan.ts';
import type { Instant } from '../time.ts';
import { isProvisioned } from './absences.ts';
import { amount } from './doubts.ts';
import { ABSENCE_LIMITS } from './limits.ts';

/** A row that exists and should have been in a list. */
export interface Unlisted {
  readonly list: ListName;
  /** Okta user id, or Entra object id. */
  readonly id: string;
}

/** Rows that were read singly, of one person or more. */
export interface SingleReads {
  readonly directory: readonly AdAccount[];
  readonly assignments: readonly Assignment[];
  readonly entra: readonly EntraUser[];
}

/**
 * Whether a row must have been in its list. A row without a date was there before, for all we know: to be wrong about it costs a
 * night, not a person.
 */
export function thereBefore(
  certificates: readonly Certificate[],
  margin: number = ABSENCE_LIMITS.margin,
): (list: ListName, created: Instant | null) => boolean {
  const began = new Map(certificates.map((certificate) => [certificate.list, certificate.began]));
  return (list, created) => {
    const listBegan = began.get(list);
    return listBegan !== undefined && (created === null || created < listBegan - margin);
  };
}

/**
 * Holds rows that were read singly against the lists. One that no list has, although it was there before its list began, shows that
 * the list was incomplete, whatever the row was read for. An account in the recycle bin's list was restored since. Pure.
 */
export function unlistedAmong(
  found: readonly SingleReads[],
  plan: ReadPlan,
  rolls: Rolls,
  certificates: readonly Certificate[],
): readonly Doubt[] {
  const wasThere = thereBefore(certificates);
  const people = found.flatMap((one) => [...one.directory, ...one.assignments].map(({ user }) => user));
  const accounts = new Set(foundIn(rolls.ad, { id: people }).map(({ user, instance }) => `${user} ${instance}`));
  const assigned = new Set(foundIn(rolls.assignments, { id: people }).map(({ user, app }) => `${user} ${app}`));
  const ids = found.flatMap((one) => one.entra.map(({ id }) => id));
  const users = new Set([...foundIn(rolls.entra, { id: ids }), ...rolls.deleted].map(({ id }) => id));
  const unlisted = new Map<string, Unlisted>();
  const note = (list: ListName, id: string, created: Instant | null): void => {
    if (wasThere(list, created)) unlisted.set(`${list} ${id}`, { list, id });
  };
  for (const { directory, assignments, entra } of found) {
    for (const one of directory) {
      const isListed = accounts.has(`${one.user} ${one.instance}`);
      if (!isListed && isLinked(one)) note(`directory:${one.instance}`, one.user, one.created);
    }
    for (const one of assignments) {
      const isListed = assigned.has(`${one.user} ${one.app}`);
      const list = one.app === plan.office365 ? 'assignments' : (`further:${one.app}` as const);
      if (!isListed && isProvisioned(one)) note(list, one.user, one.created);
    }
    for (const one of entra) if (!users.has(one.id)) note('users', one.id, one.created);
  }
  return unlistedDoubts([...unlisted.values()], certificates);
}

export function unlistedDoubts(unlisted: readonly Unlisted[], certificates: readonly Certificate[]): readonly Doubt[] {
  return certificates.flatMap(({ list, label }) => {
    const ofList = unlisted.filter((one) => one.list === list);
    const [example] = ofList;
    if (example === undefined) return [];
    const message =
      `${label}: ${amount(ofList.length)} people who are not in the list were asked for singly and are there, among them ${example.id}. ` +
      'They were there before the read began, so the list was incomplete. The next run reads it again.';
    return [{ rule: 'absence-refuted' as const, list, message }];
  });
}
