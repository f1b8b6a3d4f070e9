import { AnchorwatchError, kindOf } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { LeaseRow } from '../state/rows.ts';
import type { Stored, Table } from '../ports/state.ts';
import { type Instant, MINUTE } from '../time.ts';

/**
 * After this a lease may be taken over, so that a dead worker's work goes on the same night. A page with all its waits can take
 * longer: then its worker holds the lease still, unless another has taken it meanwhile.
 */
export const LEASE_TIME = 5 * MINUTE;

/** The right to do something alone. */
export interface Lease {
  /** Call before each effect: renews when half the time is gone, or all of it. Throws `conflict` when somebody else has taken over. */
  keep(): Promise<void>;
  release(): Promise<void>;
}

interface LeaseTools {
  readonly leases: Table<LeaseRow>;
  readonly clock: Clock;
  /** A name for this worker that no other has. */
  readonly owner: string;
}

/** Takes the lease, or null while somebody else holds it. */
export async function takeLease(name: string, tools: LeaseTools): Promise<Lease | null> {
  const { leases, clock, owner } = tools;
  const found = await leases.get('lease', name);
  if (found !== null && found.row.owner !== null && found.row.until > clock.now()) return null;
  const row: LeaseRow = { name, owner, until: clock.now() + LEASE_TIME, fence: (found?.row.fence ?? 0) + 1 };
  try {
    const held = found === null ? await leases.insert(row) : await leases.replace(row, found.etag);
    return leaseOf(held, tools);
  } catch (error) {
    if (kindOf(error) === 'conflict') return null;
    throw error;
  }
}

function leaseOf(taken: Stored<LeaseRow>, { leases, clock }: LeaseTools): Lease {
  let held = taken;
  let renewal: Promise<void> | null = null;

  /** The ETag decides who holds the lease, not the hour: whoever takes it over changes the row. */
  async function renew(now: Instant): Promise<void> {
    try {
      held = await leases.replace({ ...held.row, until: now + LEASE_TIME }, held.etag);
    } catch (error) {
      throw kindOf(error) === 'conflict' ? lost(held.row, error) : error;
    }
    renewal = null;
  }

  return {
    async keep() {
      const now = clock.now();
      if (held.row.until - now > LEASE_TIME / 2) return;
      // Both sides are read at once: whoever comes second waits for the renewal that is under way.
      renewal ??= renew(now);
      await renewal;
    },
    async release() {
      try {
        await leases.replace({ ...held.row, owner: null }, held.etag);
      } catch (error) {
        // Somebody else holds it by now, which is all that a release is for.
        if (kindOf(error) !== 'conflict') throw error;
      }
    },
  };
}

function lost(row: LeaseRow, cause: unknown): AnchorwatchError {
  const message = `The lease "${row.name}" was taken over by another worker, which carries the work on. This call ends here.`;
  return new AnchorwatchError('conflict', message, { cause, fields: { lease: row.name, fence: row.fence } });
}
