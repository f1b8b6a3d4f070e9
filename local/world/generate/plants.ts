import { ACCOUNT_KINDS, decoyAccount } from './decoy-accounts.ts';
import { leaver, serviceAccount, staged, suspended, unassignedEmpty } from './decoy-standings.ts';
import {
  contractor,
  hostileName,
  loginDiffers,
  nameInOtherCase,
  restored,
  settledName,
  softDeleted,
  twoDirectoriesSettled,
  unusedAttribute,
} from './decoys.ts';
import { type AnchorKind, plantAnchors } from './drift.ts';
import { attributeInstead, bothRespelled, entraRespelled, SPELLING_NAMES } from './encodings.ts';
import { GUARD_NAMES, guarded } from './guards.ts';
import {
  matchedWithoutDirectory,
  orphan,
  unassigned,
  unassignedDrifted,
  unlinkedBroken,
  unlinkedEmpty,
} from './links.ts';
import type { Maker } from './maker.ts';
import { HOSTILE_NAMES } from './names.ts';
import {
  crossed,
  duplicateSource,
  duplicateSourceHeld,
  provisioningFailed,
  provisioningPending,
  recycledName,
  recycledNameByDates,
  renamed,
  twoDirectories,
  unreadableSource,
  unreadableSourceSettled,
} from './pairing.ts';
import { chain, chainIntoRing, copyOfAnother, ring, taken, takenDeleted } from './relations.ts';

/** One thing that can be planted, and how often it is where everything is. */
interface Plant {
  readonly usual: number;
  /** `at` counts the plants of this kind: kinds with several forms take them in turn. */
  readonly plant: (make: Maker, at: number) => void;
}

const RING_LENGTHS = [2, 2, 3, 5];
const CHAIN_LENGTHS = [2, 4];
const BOTH_SPELLINGS = ['big-endian', 'name', 'guid'] as const;

const PLANTS = {
  ...plantsOfAnchors(),
  'provisioning-pending': { usual: 2, plant: provisioningPending },
  'provisioning-failed': { usual: 2, plant: provisioningFailed },
  renamed: { usual: 3, plant: renamed },
  crossed: { usual: 2, plant: crossed },
  'recycled-name': { usual: 2, plant: recycledName },
  'recycled-name-by-dates': { usual: 1, plant: recycledNameByDates },
  'duplicate-source': { usual: 1, plant: duplicateSource },
  'duplicate-source-held': { usual: 1, plant: duplicateSourceHeld },
  'two-directories': { usual: 2, plant: twoDirectories },
  'unreadable-source': { usual: 2, plant: unreadableSource },
  'unreadable-source-settled': { usual: 2, plant: unreadableSourceSettled },
  unassigned: { usual: 3, plant: unassigned },
  'unassigned-drifted': { usual: 3, plant: unassignedDrifted },
  'matched-without-directory': { usual: 2, plant: matchedWithoutDirectory },
  'unlinked-broken': { usual: 2, plant: unlinkedBroken },
  'unlinked-empty': { usual: 2, plant: unlinkedEmpty },
  orphan: { usual: 3, plant: orphan },
  ring: { usual: RING_LENGTHS.length, plant: (make, at) => ring(make, RING_LENGTHS[at % RING_LENGTHS.length] ?? 2) },
  chain: {
    usual: CHAIN_LENGTHS.length,
    plant: (make, at) => chain(make, CHAIN_LENGTHS[at % CHAIN_LENGTHS.length] ?? 2),
  },
  'chain-into-ring': { usual: 1, plant: chainIntoRing },
  'copy-of-another': { usual: 1, plant: copyOfAnother },
  taken: { usual: 2, plant: taken },
  'taken-deleted': { usual: 2, plant: takenDeleted },
  'entra-respelled': {
    usual: SPELLING_NAMES.length,
    plant: (make, at) => entraRespelled(make, SPELLING_NAMES[at % SPELLING_NAMES.length] ?? 'big-endian'),
  },
  'both-respelled': {
    usual: BOTH_SPELLINGS.length,
    plant: (make, at) => bothRespelled(make, BOTH_SPELLINGS[at % BOTH_SPELLINGS.length] ?? 'big-endian'),
  },
  'attribute-instead': { usual: 2, plant: (make) => attributeInstead(make) },
  guarded: {
    usual: GUARD_NAMES.length,
    plant: (make, at) => guarded(make, GUARD_NAMES[at % GUARD_NAMES.length] ?? 'directory-role'),
  },
  contractor: { usual: 5, plant: contractor },
  'login-differs': { usual: 2, plant: loginDiffers },
  'name-in-other-case': { usual: 2, plant: nameInOtherCase },
  'two-directories-settled': { usual: 3, plant: twoDirectoriesSettled },
  'settled-name': { usual: 2, plant: settledName },
  'unused-attribute': { usual: 4, plant: unusedAttribute },
  restored: { usual: 2, plant: restored },
  'hostile-name': { usual: HOSTILE_NAMES.length, plant: hostileName },
  'soft-deleted': { usual: 6, plant: (make) => softDeleted(make) },
  staged: { usual: 3, plant: staged },
  suspended: { usual: 4, plant: suspended },
  leaver: { usual: 4, plant: leaver },
  'service-account': { usual: 8, plant: serviceAccount },
  'unassigned-empty': { usual: 2, plant: unassignedEmpty },
  account: {
    usual: 3 * ACCOUNT_KINDS.length,
    plant: (make, at) => decoyAccount(make, ACCOUNT_KINDS[at % ACCOUNT_KINDS.length] ?? 'room'),
  },
} satisfies Readonly<Record<string, Plant>>;

export type PlantKind = keyof typeof PLANTS;

/** How many of what is planted. */
export type PlantCounts = Readonly<Partial<Record<PlantKind, number>>>;

/** Every kind as often as usual, so many times over: once is about 200 people and accounts. */
export function usualPlants(times = 1): PlantCounts {
  return Object.fromEntries(Object.entries(PLANTS).map(([kind, { usual }]) => [kind, usual * times]));
}

export function plantAll(make: Maker, counts: PlantCounts): void {
  for (const [kind, { plant }] of Object.entries<Plant>(PLANTS)) {
    const count = new Map<string, number>(Object.entries(counts)).get(kind) ?? 0;
    for (let at = 0; at < count; at++) plant(make, at);
  }
}

function plantsOfAnchors(): Readonly<Record<AnchorKind, Plant>> {
  return {
    'entra-stale': plantOf('entra-stale'),
    'both-stale': plantOf('both-stale'),
    'okta-stale': plantOf('okta-stale'),
    'all-differ': plantOf('all-differ'),
    'entra-empty': plantOf('entra-empty'),
    'entra-empty-okta-stale': plantOf('entra-empty-okta-stale'),
    'okta-empty': plantOf('okta-empty'),
    'okta-empty-entra-stale': plantOf('okta-empty-entra-stale'),
    'never-anchored': plantOf('never-anchored'),
  };
}

function plantOf(kind: AnchorKind): Plant {
  return { usual: 3, plant: (make) => plantAnchors(make, kind) };
}
