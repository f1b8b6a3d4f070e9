import type { RepairFlowTools } from '../../shared/flows/repair.ts';
import { repair } from '../../shared/flows/repair.ts';
import { openRun } from '../../shared/flows/run.ts';
import { queueRepair } from '../../shared/flows/scan/queue-repairs.ts';
import { tend } from '../../shared/flows/tend.ts';
import type { PlannedRepair } from '../../shared/plan/plan.ts';
import type { RepairRow } from '../../shared/state/repair-rows.ts';
import { DAY, isoDay, MINUTE, SECOND } from '../../shared/time.ts';
import { settingsOf } from '../flows/night.ts';
import { realNight, type RealNight } from '../nights/tenants.ts';
import { drifted, inGroup, type Someone, strangeAnchor } from '../simulation/people.ts';

const usual = settingsOf().repair;

/** Okta takes what its SDK signs within an hour of the machine's own time, so that all waits are short. */
export const SHORT = {
  ...usual,
  times: {
    ...usual.times,
    // A worker of these tests works while nobody else does: it leaves early, so that the person is asked.
    budget: 15 * SECOND,
    quiet: 2 * MINUTE,
    cycle: 4 * MINUTE,
    catchUp: 5 * MINUTE,
    gone: 20 * SECOND,
    settle: 20 * SECOND,
  },
};

/** Tenants, and the function app that works whenever somebody at a terminal waits. */
export interface Office extends RealNight {
  /** What a command is given: time passes in its waits, and the function app works meanwhile. */
  readonly desk: RepairFlowTools;
  head(id: string): Promise<RepairRow>;
  notices(): Promise<readonly string[]>;
}

export async function office(...[world, settings]: Parameters<typeof realNight>): Promise<Office> {
  const night = await realNight(world, { repair: SHORT, ...settings });
  const { tools, clock, repairs } = night;
  let tended = clock.now();
  const work = async (): Promise<void> => {
    for (let message = repairs.take(); message !== null; message = repairs.take()) await repair(message.repair, tools);
    if (clock.now() - tended < 5 * MINUTE) return;
    tended = clock.now();
    await tend(tools);
  };
  const wait = async (ms: number): Promise<void> => {
    await clock.wait(ms);
    await work();
  };
  return {
    ...night,
    desk: { ...tools, clock: { now: () => clock.now(), deadline: (ms) => clock.deadline(ms), wait } },
    async head(id) {
      const found = await tools.state.repairs.get(id, 'head');
      if (found?.row.kind !== 'head') throw new Error('there is no head');
      return found.row;
    },
    async notices() {
      const told: string[] = [];
      // A notice stands under the day of what it tells of, and these nights begin at whatever hour the machine has.
      for (const day of [isoDay(clock.now() - DAY), isoDay(clock.now())])
        for await (const { row } of tools.state.outbox.list(day)) told.push(`${row.subject}: ${row.body}`);
      return told;
    },
  };
}

/** Somebody whose account holds an old anchor, since so lately that no group job has come by. */
export function staleIn({ created }: RealNight, someone: Someone): PlannedRepair {
  inGroup(created, created.ids.groups.optIn, [someone.user]);
  const planned = drifted(created, someone, { e: strangeAnchor('old') });
  created.inside.state.entraUsers.put({ ...someone.account, anchor: planned.before.e });
  return planned;
}

/** Queues the repair as a good run leaves it, and has the function app look at it. */
export async function queued({ tools, clock, desk }: Office, ...members: readonly PlannedRepair[]): Promise<void> {
  const scheduled = Math.floor(clock.now() / SECOND) * SECOND;
  const run = await openRun(tools.state, { scheduled, trigger: 'timer', mode: 'remediate', now: clock.now() });
  await tools.state.runs.replace({ ...run.row, state: 'good' }, run.etag);
  await queueRepair(run.row.id, 'repair-1', members, tools);
  await desk.clock.wait(SECOND);
}
