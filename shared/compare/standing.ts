import type { AdAccount, Assignment, EntraUser } from './rows.ts';
import type { OutsideReason } from './verdicts.ts';
import type { Person } from './pair.ts';

/** App users in these states carry no link to an AD account (Okta's OpenAPI, AppUser.status). */
const UNLINKED = new Set([
  'STAGED',
  'IMPORTED',
  'MATCHED',
  'UNASSIGNED',
  'DEPROVISIONED',
  'INACTIVE',
  'DELETED',
  'REVOKED',
]);
const GONE = new Set(['DEPROVISIONED', 'INACTIVE', 'DELETED', 'REVOKED', 'UNASSIGNED']);

export function isLinked(account: AdAccount): boolean {
  return !UNLINKED.has(account.status);
}

/** Still granted: Okta pushes this assignment, or will. */
export function isLive(assignment: Assignment): boolean {
  return !GONE.has(assignment.status);
}

/** Queued or running in Okta: the account may well be on its way. */
export function isPending(assignment: Assignment): boolean {
  return assignment.status === 'STAGED' || assignment.syncState === 'SYNCING';
}

export function isGuest(entra: EntraUser): boolean {
  return entra.userType === 'Guest' || entra.creationType === 'Invitation' || entra.externalUserState !== null;
}

/**
 * Why nobody is to be told of this person, or null when the truth table speaks. Healthy organisations are full of accounts
 * that look like drift to a plain comparison: rooms, leavers kept as mailboxes, service accounts, people not yet started.
 */
export function outsideReason(person: Person, federated: (userName: string) => boolean): OutsideReason | null {
  const { assignment, entra, directory } = person;
  if (entra !== null && isGuest(entra)) return 'guest';
  if (assignment !== null) return assignedOutside(person);
  if (directory.some((account) => account.status === 'SUSPENDED')) return 'suspended';
  if (entra === null) return directory.some(isLinked) ? 'no-assignment' : unlinkedReason(directory);
  if (entra.anchor === null) return entra.synced === true ? 'room-or-shared' : 'cloud-only';
  if (directory.some(isLinked)) return null;
  if (!federated(entra.userName)) return 'managed-domain';
  return entra.enabled && entra.licensed ? null : 'room-or-shared';
}

function assignedOutside(person: Person): OutsideReason | null {
  const { assignment, directory } = person;
  if (assignment === null || !isLive(assignment)) return 'deprovisioned';
  const states = [assignment.status, ...directory.map((account) => account.status)];
  if (states.includes('SUSPENDED')) return 'suspended';
  // A staged AD link means a person who has not started; a staged assignment alone is a provisioning task under way.
  return directory.length > 0 && directory.every((account) => account.status === 'STAGED') ? 'staged' : null;
}

function unlinkedReason(directory: readonly AdAccount[]): OutsideReason {
  return directory.some((account) => account.status === 'STAGED') ? 'staged' : 'deprovisioned';
}
