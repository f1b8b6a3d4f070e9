import { READ_ROLES, READ_SCOPES, WRITE_ROLES, WRITE_SCOPES } from '../../local/world/options.ts';
import type { EveningOptions } from './evening.ts';
import { HOUR, type Instant, MINUTE, SECOND } from '../../shared/time.ts';

/**
 * Seconds, shortened; each is read by the built functions from their app settings, as in Azure. None is shorter than what it waits for:
 * a rule, and the task behind an unassignment, take these tenants up to a minute and a half.
 */
const WAITS = {
  LEASE: 150,
  REQUEST: 40,
  BUDGET: 240,
  SHORT_WAIT: 60,
  FRESH: 45,
  LAG: 60,
  POLL: 8,
  SETTLE: 10,
  GONE: 30,
  PARKED: 180,
  QUIET: 150,
  CATCH_UP: 60,
  CYCLE: 40,
  HOLD: 43_200,
};
export const QUIET = WAITS.QUIET * SECOND;
export const PARKED = WAITS.PARKED * SECOND;
/** Longer than a lease, as in Azure: the queue hands a dead worker's message out again. */
export const QUEUE_LOCK = 200;

/** Everybody opted in, and no limit a night: it is a night of repairs. */
export function appSettings(
  groups: { readonly everyone: string; readonly exclusion: string },
  now: Instant,
): Readonly<Record<string, string>> {
  const earlier = new Date(now - HOUR);
  return {
    ANCHORWATCH_MODE: 'remediate',
    // It was due an hour ago, so that none comes by itself in this night.
    ANCHORWATCH_SCHEDULE: `0 0 ${earlier.getUTCHours()} * * *`,
    ANCHORWATCH_OPTED_IN_GROUP: groups.everyone,
    ANCHORWATCH_MAX_REPAIRS: '1000',
    ANCHORWATCH_MAX_REPAIR_PERCENT: '100',
    ANCHORWATCH_CAUSE_PEOPLE: '100000',
    ANCHORWATCH_EXCLUSION_GROUP: groups.exclusion,
    ANCHORWATCH_DIRECTORY_GROUPS: 'directories-api',
    // On a machine that is busy a second is half a minute here: an act may be late, or killed, more often than five times.
    ANCHORWATCH_REPAIR_ATTEMPTS: '50',
    AzureFunctionsJobHost__extensions__queues__maxDequeueCount: '100',
    ...Object.fromEntries(Object.entries(WAITS).map(([name, value]) => [`ANCHORWATCH_REPAIR_${name}`, String(value)])),
    // One process does what several instances do: a kill meets several repairs at work.
    AzureFunctionsJobHost__extensions__queues__batchSize: '8',
    AzureFunctionsJobHost__extensions__queues__newBatchThreshold: '4',
    AzureFunctionsJobHost__extensions__queues__maxPollingInterval: '00:00:05',
  };
}

/** What a program may repair, in the order in which it is planted: the first of all is the one whom Graph denies. */
const KINDS = ['entra-stale', 'both-stale', 'okta-stale', 'entra-empty', 'okta-empty', 'entra-stale'] as const;

/** Rings of two, of which one is repaired: the first whose two people are assigned in the same way. */
const RINGS = 6;

/** From so many repairs on one of them is a ring: two people take twice the time. */
const ROOM_FOR_RING = 10;

/** So many repairs of every kind that a program may do. The rest of the company is well. */
export function plantsOf(repairs: number): Readonly<Record<string, number>> {
  const rings = repairs >= ROOM_FOR_RING ? 1 : 0;
  const plants: Record<string, number> = rings === 0 ? {} : { ring: RINGS };
  for (let at = 0; at < repairs - rings; at += 1) {
    const kind = KINDS[at % KINDS.length] ?? 'entra-stale';
    plants[kind] = (plants[kind] ?? 0) + 1;
  }
  return plants;
}

/**
 * Synchronised people may be written to, as a pilot has proven; groups come back by leaving and joining them; the rest is as unkind as
 * can be. But a group job keeps whom it finds unassigned: a host that is dead for minutes cannot
 * keep out of its way.
 */
export function worldOf({ repairs, syncedWrites }: Pick<EveningOptions, 'repairs' | 'syncedWrites'>): unknown {
  const often = { every: 2 * MINUTE, duration: 20 * SECOND, jitter: 0 };
  return {
    plants: plantsOf(repairs),
    synced: 'universal-sync',
    imports: { 'contoso.com': often, 'emea.contoso.com': often },
    switches: { syncedWrites, directoriesApi: 'works', groupJob: 'keeps' },
    okta: {
      scopes: [...READ_SCOPES, ...WRITE_SCOPES],
      limits: { apps: 1e6, app: 1e6, groups: 1e6, users: 1e6, logs: 1e6, token: 1e6, other: 1e6 },
      tokenLifetime: HOUR,
    },
    graph: { roles: [...READ_ROLES, ...WRITE_ROLES], quota: 1e6, replicaLag: 10 * SECOND },
  };
}
