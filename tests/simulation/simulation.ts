import { diceOf } from '../../local/world/dice.ts';
import { MAIL_ROLES, type WorldOptions } from '../../local/world/options.ts';
import { type CreatedWorld, createWorld } from '../../local/world/world.ts';
import { abandonRepair } from '../../shared/flows/abandon.ts';
import { repair, type RepairFlowTools } from '../../shared/flows/repair.ts';
import { approvedRepairId } from '../../shared/flows/claims.ts';
import { openRun } from '../../shared/flows/run.ts';
import { queueRepair } from '../../shared/flows/scan/queue-repairs.ts';
import { writeFindings } from '../../shared/flows/scan/snapshot.ts';
import { tend } from '../../shared/flows/tend.ts';
import type { FlowSettings, Tools } from '../../shared/flows/tools.ts';
import type { PlannedRepair } from '../../shared/plan/plan.ts';
import type { State } from '../../shared/ports/state.ts';
import type { RepairRow } from '../../shared/state/repair-rows.ts';
import { SCAN_QUEUE } from '../../shared/state/messages.ts';
import { memoryQueue } from '../../shared/storage/memory-queue.ts';
import { HOUR, type Instant, MINUTE } from '../../shared/time.ts';
import { stateOf } from '../../shared/wiring.ts';
import { settingsOf } from '../flows/night.ts';
import { KEYS, START } from '../world/callers.ts';
import { type FaultPlan, planned } from './faults.ts';
import { Host } from './host.ts';
import { isTold, tellingOf } from './mails.ts';
import { hasTold, type Mirror, mirrored } from './mirror.ts';
import { endFrozen, summaryOf } from './night.ts';
import { Scheduler, type Watcher, type Worker } from './scheduler.ts';
import { type Asker, entraIn, oktaIn } from './tenants.ts';
import { plainTable } from './table.ts';
import { queuePort, statePort, tenantPort } from './wrap.ts';

/** Every run is at rest by then. */
export const LIMIT = 48 * HOUR;

export interface Scenario {
  readonly name: string;
  readonly world?: Partial<WorldOptions>;
  readonly settings?: (created: CreatedWorld) => Partial<FlowSettings>;
  /** What is changed in the tenants before it begins; gives back who is repaired, one person or a ring a repair. */
  readonly repairs: (created: CreatedWorld) => readonly (readonly PlannedRepair[])[];
  /** What is in our tables before it begins. */
  readonly prepare?: (made: Made) => Promise<void>;
  /** What people do meanwhile; called after each effect. */
  readonly meanwhile?: (made: Made) => void;
  /** How people are told: by mails that are sent at once, or made as drafts first. Nobody is told where it is left out. */
  readonly mails?: 'at once' | 'drafts';
  /** The plan froze: its repairs are proposed, and there are none but those that somebody approves. */
  readonly isFrozen?: true;
  /** How many of the repairs are queued at the beginning; the others are by `made.queueNext`. All, unless it says. */
  readonly atOnce?: number;
  /** What people change meanwhile, so that it is not ours: `UPN`, `memberships`, `assignment` … */
  readonly excused?: readonly string[];
  /** The subject of a notice without which it is not at rest. */
  readonly tells?: string;
  /** Somebody edits a person at an unforeseen moment: how that person ends is not ours to say. */
  readonly isEdited?: boolean;
  /** A pilot has proven that Entra must let go of people first: nobody whom it shows as synchronised may be written to. */
  readonly isGated?: boolean;
  /** Whether the person is to be in the twin of every leavable AD group in the end. */
  readonly regroups?: boolean;
  /** The end that every repair in every run of it must come to: one of these. None where no repair may be. */
  readonly end: RepairRow['state'] | readonly RepairRow['state'][];
}

export function endsOf({ end }: Scenario): readonly RepairRow['state'][] {
  return typeof end === 'string' ? [end] : end;
}

export interface Made {
  /** What a person at the command line has. */
  readonly desk: Pick<Tools, 'state' | 'clock' | 'repairs' | 'settings'>;
  readonly scenario: Scenario;
  readonly created: CreatedWorld;
  readonly state: State;
  readonly mirror: Mirror;
  readonly scheduler: Scheduler;
  readonly settings: FlowSettings;
  readonly repairs: readonly (readonly PlannedRepair[])[];
  /** Of each the id that it has, or would have. */
  readonly ids: readonly string[];
  /** Somebody does something, at that time if one is given, in calls that faults may strike; it is said again until it is done. */
  readonly errand: (name: 'scan' | 'person', work: (tools: RepairFlowTools) => Promise<void>, due?: Instant) => void;
  /** Queues the first repair that was not queued yet. */
  readonly queueNext: () => Promise<void>;
  readonly errors: readonly unknown[];
  readonly lines: readonly string[];
}

/** One run of a scenario, from its beginning to rest. */
export async function simulate(
  scenario: Scenario,
  seed: string,
  faults: FaultPlan = planned(new Map()),
  watch?: (made: Made) => Watcher,
): Promise<Made> {
  const start = START + 10 * MINUTE;
  const created = createWorld(worldOf(scenario));
  const repairs = scenario.repairs(created);
  const scheduler = new Scheduler(start, diceOf(`${seed} order`).next, faults);
  const { state, mirror } = mirrored(stateOf((spec) => plainTable(spec)));
  const settings = settingsOf(scenario.settings?.(created));
  const lines: string[] = [];
  const log = logInto(lines);
  const toolsOf = (worker: Worker): RepairFlowTools => {
    const random = diceOf(`${seed} ${worker.name}`).next;
    const asker = (staleness: number): Asker => ({
      inside: created.inside,
      now: () => scheduler.now,
      ownNow: () => scheduler.now + worker.offset,
      staleness,
      random,
      log,
    });
    const clock = scheduler.clockOf(worker);
    return {
      okta: tenantPort('okta', (staleness) => oktaIn(asker(staleness)), worker, scheduler),
      entra: tenantPort('entra', (staleness) => entraIn(asker(staleness)), worker, scheduler),
      state: statePort(state, worker, scheduler),
      scans: memoryQueue(SCAN_QUEUE, clock),
      repairs: queuePort(host.queue, worker, scheduler),
      clock,
      log,
      settings,
      owner: worker.name,
      telling: scenario.mails === undefined ? undefined : tellingOf(created, scenario.mails, asker, worker, scheduler),
    };
  };
  const host: Host = new Host(scheduler, {
    repair: ({ repair: id }, worker) => repair(id, toolsOf(worker)),
    poison: ({ repair: id }, worker) => abandonRepair(id, toolsOf(worker)),
    tend: (worker) => tend(toolsOf(worker)),
  });
  const clock = scheduler.clockOf({ name: 'desk', offset: 0, dead: false });
  const desk = { state, clock, repairs: host.queue, settings };
  const run = await runOf(scenario, desk);
  const ids = repairs.map(([first], at) =>
    scenario.isFrozen === true ? approvedRepairId(run, first?.key ?? '') : `repair-${at + 1}`,
  );
  const errand: Made['errand'] = (name, work, due) => host.errand(name, (worker) => work(toolsOf(worker)), due);
  const made: Made = {
    desk,
    scenario,
    created,
    state,
    mirror,
    scheduler,
    settings,
    repairs,
    ids,
    errand,
    queueNext: queueing(run, repairs, ids, desk),
    errors: host.errors,
    lines,
  };
  if (scenario.isFrozen === true) errand('scan', (tools) => endFrozen(run, repairs, tools));
  else for (let queued = 0; queued < (scenario.atOnce ?? repairs.length); queued += 1) await made.queueNext();
  await scenario.prepare?.(made);
  scheduler.watcher = watch?.(made) ?? null;
  await host.run(
    start + LIMIT,
    () => isAtRest(mirror, scenario),
    () => scenario.meanwhile?.(made),
  );
  return made;
}

function worldOf({ world, mails }: Scenario): WorldOptions {
  const roles = ['User.ReadWrite.All', 'Directory.Read.All', 'RoleManagement.Read.Directory'];
  return {
    seed: 'simulation',
    start: START,
    people: 10,
    plants: 'none',
    keys: KEYS,
    okta: { limits: { apps: 1e9, app: 1e9 } },
    graph: { quota: 1e9, roles: mails === undefined ? roles : [...roles, ...MAIL_ROLES] },
    ...world,
  };
}

function logInto(lines: string[]): Tools['log'] {
  const say = (message: string, fields?: object): void => void lines.push(`${message} ${JSON.stringify(fields ?? {})}`);
  return { debug: say, info: say, warn: say, error: say };
}

/** A good run, as the scan leaves it; of one that froze the end is still to come. */
async function runOf({ isFrozen, mails }: Scenario, { state, clock }: Made['desk']): Promise<string> {
  const run = await openRun(state, { scheduled: START, trigger: 'timer', mode: 'remediate', now: clock.now() });
  const { id } = run.row;
  if (isFrozen === true) return id;
  // What a digest is made of.
  if (mails !== undefined) await writeFindings(id, [], { state });
  const summary = mails === undefined ? null : summaryOf([], null);
  await state.runs.replace({ ...run.row, state: 'good', ended: clock.now(), summary }, run.etag);
  return id;
}

/** For each repair a claim, a place in the list, a head and a message, as the scan leaves it. */
function queueing(
  run: string,
  repairs: readonly (readonly PlannedRepair[])[],
  ids: readonly string[],
  { state, clock, repairs: queue }: Made['desk'],
): Made['queueNext'] {
  const left = repairs.entries();
  return async () => {
    const next = left.next().value;
    if (next === undefined) return;
    const [at, members] = next;
    await queueRepair(run, ids[at] ?? '', members, { state, clock, log: logInto([]), repairs: queue });
  };
}

/** Nothing will happen any more but by a person. A hold that stays open waits for one, who has been told. */
function isAtRest(mirror: Mirror, scenario: Scenario): boolean {
  const { heads, holds } = mirror;
  const { tells } = scenario;
  if (tells !== undefined && !hasTold(mirror, tells)) return false;
  if (scenario.mails !== undefined && !isTold(mirror)) return false;
  const ends = endsOf(scenario);
  // Whoever comes finds it leased, perhaps by a worker that is dead, and waits for that.
  const isAwaited = !ends.includes('ready');
  const open = [...heads.values()].some(({ state, due, parked }) =>
    state === 'ready' ? isAwaited : due !== null && (parked !== null || !ends.includes(state)),
  );
  return !open && [...holds.values()].every(({ state, alarmed }) => state === 'closed' || alarmed !== null);
}
