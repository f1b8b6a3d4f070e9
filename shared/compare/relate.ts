import { DAY, type Instant } from '../time.ts';
import { order } from './pair.ts';
import type { DeletedUser } from './rows.ts';
import type { Relation } from './verdicts.ts';

/** Entra keeps a deleted user, and what it holds, for 30 days (Graph, directory/deletedItems). */
const KEPT = 30 * DAY;

/**
 * More people in a ring than a wave holds by default (setting WAVE) are no one repair, and mostly one mistake, such as a list of anchors
 * that was shifted by a row.
 */
export const LONGEST_RING = 25;

/** One person in the graph of who wants whose anchor. */
export interface Wanting {
  readonly key: string;
  readonly objectId: string | null;
  /** The anchor this person's Entra account should hold; null when there is none. */
  readonly wants: string | null;
  /** What Okta presents at sign-in now. */
  readonly presents: string | null;
  readonly holds: string | null;
}

export interface Tie {
  readonly relation: Relation;
  readonly with: readonly string[];
  readonly holder: string | null;
  readonly lastDay: Instant | null;
  /** Okta presents, or will present at the next push, an anchor that a live account of somebody else holds. */
  readonly another: boolean;
}

export interface Holders {
  /** The object id of the live account that holds the anchor. */
  readonly live: (anchor: string) => string | undefined;
  readonly deleted: ReadonlyMap<string, DeletedUser>;
}

export const UNTIED: Tie = { relation: 'none', with: [], holder: null, lastDay: null, another: false };

/**
 * Ties every person who wants an anchor to whoever holds it. `drifting` are the people whose account should change its anchor,
 * thus gives up the one it holds; a person may want only one anchor, so the graph is a set of rings with chains hanging on them.
 */
export function relate(drifting: readonly Wanting[], others: readonly Wanting[], holders: Holders): Map<string, Tie> {
  const givers = new Map(drifting.flatMap((one) => (one.objectId === null ? [] : [[one.objectId, one] as const])));
  const next = (one: Wanting): Wanting | undefined => {
    const holder = liveHolder(one, one.wants, holders);
    const giver = holder === null ? undefined : givers.get(holder);
    return giver !== undefined && giver.wants !== null && giver.wants !== giver.holds ? giver : undefined;
  };
  const rings = findRings(drifting, next);
  const ties = new Map<string, Tie>();
  for (const one of drifting) ties.set(one.key, tieOf(one, rings.get(one.key), next(one), holders));
  for (const one of others) ties.set(one.key, tieOf(one, undefined, undefined, holders));
  return ties;
}

function tieOf(one: Wanting, ring: readonly string[] | undefined, head: Wanting | undefined, holders: Holders): Tie {
  const holder = liveHolder(one, one.wants, holders);
  const presentHolder = liveHolder(one, one.presents, holders);
  const another = presentHolder !== null || holder !== null;
  const tie = (relation: Relation, people: readonly string[], by: string | null): Tie => {
    return { relation, with: people, holder: by, lastDay: null, another };
  };
  if (ring !== undefined) return tie('ring', ring, holder);
  if (head !== undefined) return tie('chain', [head.key], holder);
  if (holder !== null) return tie('taken', [], holder);
  if (presentHolder !== null) return tie('taken', [], presentHolder);
  const deleted = one.wants === null ? undefined : holders.deleted.get(one.wants);
  // Whoever was deleted while the lists were read may stand in both: nobody holds an anchor against themselves.
  if (deleted === undefined || deleted.id === one.objectId) return UNTIED;
  const lastDay = deleted.deleted === null ? null : deleted.deleted + KEPT;
  return { relation: 'taken-deleted', with: [], holder: deleted.id, lastDay, another };
}

function liveHolder(one: Wanting, anchor: string | null, holders: Holders): string | null {
  const holder = anchor === null ? undefined : holders.live(anchor);
  return holder === undefined || holder === one.objectId ? null : holder;
}

/**
 * For each member of a ring its members' keys, beginning with the smallest. Each of their findings holds these, so that of a ring that is
 * too long there is one more than the longest has, and no other.
 */
function findRings(
  people: readonly Wanting[],
  next: (one: Wanting) => Wanting | undefined,
): Map<string, readonly string[]> {
  const rings = new Map<string, readonly string[]>();
  const walked = new Set<string>();
  for (const start of people) {
    const path: string[] = [];
    const place = new Map<string, number>();
    for (let at: Wanting | undefined = start; at !== undefined && !walked.has(at.key); at = next(at)) {
      const seenAt = place.get(at.key);
      if (seenAt !== undefined) {
        const ring = fromSmallest(path.slice(seenAt));
        const told = ring.slice(0, LONGEST_RING + 1);
        for (const key of ring) rings.set(key, told);
        break;
      }
      place.set(at.key, path.length);
      path.push(at.key);
    }
    for (const key of path) walked.add(key);
  }
  return rings;
}

function fromSmallest(ring: readonly string[]): readonly string[] {
  const smallest = [...ring].sort(order)[0];
  const at = smallest === undefined ? 0 : ring.indexOf(smallest);
  return [...ring.slice(at), ...ring.slice(0, at)];
}
