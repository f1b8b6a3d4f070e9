import { substanceOf } from '../../../shared/plan/plan.ts';
import type { Approval } from '../../../shared/state/repair-rows.ts';
import { HOUR, MINUTE } from '../../../shared/time.ts';
import type { CreatedWorld } from '../../../local/world/world.ts';
import type { Made, Scenario } from '../simulation.ts';
import { entraStale, plain, repairing, settings } from '../staging.ts';

/** Nobody is in the opted-in group, and nobody is repaired without a click. */
export function proposing(created: CreatedWorld) {
  const usual = settings(created);
  return { ...usual, mode: 'propose' as const, policy: { ...usual.policy, optedInGroup: null } };
}

/** As it is when somebody has released the first repair of a proposal. */
async function approved({ desk, mirror }: Made, open: number): Promise<void> {
  const now = desk.clock.now();
  const approval: Approval = { by: 'ada', at: now, checksum: 'ab'.repeat(32), expires: now + open };
  for (const { id } of mirror.heads.values()) {
    const found = await desk.state.repairs.get(id, 'head');
    if (found?.row.kind === 'head') await desk.state.repairs.replace({ ...found.row, approval }, found.etag);
  }
}

async function rejected({ desk, repairs }: Made): Promise<void> {
  const [members = []] = repairs;
  await desk.state.decisions.insert({
    kind: 'decision',
    run: '2026-11-23T02-00-00Z',
    scheduled: desk.clock.now() - HOUR,
    checksum: 'cd'.repeat(32),
    key: members[0]?.key ?? '',
    keys: members.map(({ key }) => key),
    decision: 'rejected',
    of: substanceOf(members),
    by: 'bob',
    at: desk.clock.now(),
    withdrawn: null,
  });
}

async function ignored({ desk, repairs }: Made): Promise<void> {
  const [member] = repairs[0] ?? [];
  const { user = '', userName = '' } = member ?? {};
  const at = desk.clock.now();
  await desk.state.decisions.insert({
    kind: 'ignore',
    person: user,
    userName,
    reason: 'moves in June',
    until: at + 100 * HOUR,
    by: 'bob',
    at,
  });
}

/** What people have decided, whatever dies meanwhile. */
export const DECIDED: readonly Scenario[] = [
  {
    name: 'approved by somebody, and in no opted-in group',
    ...plain,
    settings: proposing,
    repairs: repairing(1, entraStale),
    prepare: (made) => approved(made, 48 * HOUR),
    end: 'done',
  },
  {
    name: 'in mode propose, and approved by nobody',
    ...plain,
    settings: proposing,
    repairs: repairing(1, entraStale),
    end: 'refused',
  },
  {
    name: 'approved, and rejected before it begins',
    ...plain,
    settings: proposing,
    repairs: repairing(1, entraStale),
    async prepare(made) {
      await approved(made, 48 * HOUR);
      await rejected(made);
    },
    end: 'refused',
  },
  {
    name: 'opted in, and to be left alone',
    ...plain,
    repairs: repairing(1, entraStale),
    prepare: ignored,
    end: 'refused',
  },
  {
    name: 'approved, and lapsed before it begins',
    ...plain,
    settings: proposing,
    repairs: repairing(1, entraStale),
    prepare: (made) => approved(made, -10 * MINUTE),
    end: 'refused',
  },
];
