import { diceOf } from '../../local/world/dice.ts';
import { abandonRepair } from '../../shared/flows/abandon.ts';
import { repair, type RepairFlowTools } from '../../shared/flows/repair.ts';
import { openRun } from '../../shared/flows/run.ts';
import { queueRepair } from '../../shared/flows/scan/queue-repairs.ts';
import { tend } from '../../shared/flows/tend.ts';
import type { FlowSettings } from '../../shared/flows/tools.ts';

import type { State } from '../../shared/ports/state.ts';
import { SCAN_QUEUE } from '../../shared/state/messages.ts';
import { memoryQueue } from '../../shared/storage/memory-queue.ts';
import { HOUR, type Instant } from '../../shared/time.ts';
import { stateOf } from '../../shared/wiring.ts';
import { settingsOf } from '../../tests/flows/night.ts';
import { Host } from '../../tests/simulation/host.ts';
import { type Mirror, mirrored } from '../../tests/simulation/mirror.ts';
import { Scheduler, type Worker } from '../../tests/simulation/scheduler.ts';
import { proofOf } from '../../tests/simulation/staging.ts';
import { plainTable } from '../../tests/simulation/table.ts';
import { queuePort, statePort } from '../../tests/simulation/wrap.ts';
import { portsOver } from './clients.ts';
import { Line, SILENT } from './line.ts';
import type { Office } from './office.ts';
import { Watch } from './watch.ts';

/** The longest that a call of Table or Queue Storage takes, in milliseconds. */
const STORAGE = 40;
/** A repair that is not at its end by then is counted as open. */
const NIGHT = 48 * HOUR;

/** What came of the night, apart from what the tenants themselves know. */
export interface EngineNight {
  readonly line: Line;
  readonly watch: Watch;
  readonly mirror: Mirror;
  readonly ended: Instant;
  readonly errors: readonly unknown[];
}

/** The product's own flows, on so many instances of the app, one message at a time each: nothing moves but the scheduler's time. */
export async function engineNight(office: Office, instances: number, seed: string): Promise<EngineNight> {
  const { created, begin } = office;
  const scheduler = new Scheduler(begin, diceOf(`${seed} order`).next, () => null, STORAGE);
  const watch = new Watch(office);
  const line = new Line(office, diceOf(`${seed} line`).next, (now) => watch.look(now));
  const { state, mirror } = mirrored(stateOf((spec) => plainTable(spec)));
  const settings = settingsFor(office);
  const lines = oneEach(line, scheduler);
  const carry = async (worker: Worker, flow: (tools: RepairFlowTools) => Promise<unknown>): Promise<void> => {
    const instance = lines.take(worker);
    const clock = scheduler.clockOf(worker);
    try {
      await flow({
        ...instance.ports,
        state: statePort(state, worker, scheduler),
        scans: memoryQueue(SCAN_QUEUE, clock),
        repairs: queuePort(host.queue, worker, scheduler),
        clock,
        log: SILENT,
        settings,
        owner: worker.name,
      });
    } finally {
      lines.giveBack(instance);
    }
  };
  const flows = {
    repair: ({ repair: id }: { readonly repair: string }, worker: Worker) =>
      carry(worker, (tools) => repair(id, tools)),
    poison: ({ repair: id }: { readonly repair: string }, worker: Worker) =>
      carry(worker, (tools) => abandonRepair(id, tools)),
    tend: (worker: Worker) => carry(worker, tend),
  };
  const host: Host = new Host(scheduler, flows, instances);
  await prepare(office, state, host, scheduler);
  await host.run(
    begin + NIGHT,
    () => isAtRest(mirror),
    () => undefined,
  );
  created.inside.state.agenda.runUpTo(scheduler.now);
  return { line, watch, mirror, ended: scheduler.now, errors: host.errors };
}

function settingsFor({ created: { ids }, patients }: Office): FlowSettings {
  const usual = settingsOf();
  return {
    ...usual,
    okta: { ...usual.okta, signInHosts: [ids.signInHost] },
    policy: { ...usual.policy, optedInGroup: ids.groups.optIn, protectedGroup: null, maxRepairs: patients.length },
    repair: { ...usual.repair, directoryGroups: 'directories-api' },
  };
}

/** As the scan leaves it: a good run, and a claim, a place in the list, a head and a message for each; and what a pilot proved. */
async function prepare(office: Office, state: State, host: Host, scheduler: Scheduler): Promise<void> {
  const { created, patients } = office;
  const { now } = scheduler;
  const run = await openRun(state, { scheduled: now, trigger: 'timer', mode: 'remediate', now });
  await state.runs.replace({ ...run.row, state: 'good' }, run.etag);
  await state.capabilities.put(await proofOf(created, settingsFor(office).policy, now, 'anyway'));
  const clock = scheduler.clockOf({ name: 'scan', offset: 0, dead: false });
  const tools = { state, clock, log: SILENT, repairs: host.queue };
  for (const [at, { plan }] of patients.entries()) await queueRepair(run.row.id, `repair-${at + 1}`, [plan], tools);
}

function isAtRest({ heads, holds }: Mirror): boolean {
  const open = [...heads.values()].some(({ state, due }) => due !== null && state !== 'done' && state !== 'ready');
  return !open && [...holds.values()].every(({ state, broken }) => state === 'closed' || broken !== null);
}

interface Instance {
  worker: Worker;
  readonly ports: Pick<RepairFlowTools, 'okta' | 'entra'>;
}

/** A set of clients for each instance of the app: what one of them has heard of the tenants' limits the others have not. */
function oneEach(line: Line, scheduler: Scheduler) {
  const idle: Instance[] = [];
  return {
    take(worker: Worker): Instance {
      const found = idle.pop();
      if (found !== undefined) return Object.assign(found, { worker });
      const instance: { worker: Worker; ports?: Instance['ports'] } = { worker };
      const current = (): ReturnType<Scheduler['clockOf']> => scheduler.clockOf(instance.worker);
      const clock = {
        now: () => current().now(),
        wait: (ms: number) => current().wait(ms),
        deadline: (ms: number) => current().deadline(ms),
      };
      const random = diceOf(`instance ${worker.name}`).next;
      return Object.assign(instance, { ports: portsOver(line, { clock, log: SILENT, random }) });
    },
    giveBack: (instance: Instance): void => void idle.push(instance),
  };
}
