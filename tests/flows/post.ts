import type { WorldOptions } from '../../local/world/options.ts';
import { type CreatedWorld, createWorld } from '../../local/world/world.ts';
import type { RepairFlowTools } from '../../shared/flows/repair.ts';
import { newHead } from '../../shared/flows/scan/queue-repairs.ts';
import { tend } from '../../shared/flows/tend.ts';
import type { FlowSettings } from '../../shared/flows/tools.ts';
import type { PlannedRepair } from '../../shared/plan/plan.ts';
import type { RepairMessage } from '../../shared/ports/messages.ts';
import type { HoldMemberRow, HoldRow } from '../../shared/state/hold-rows.ts';
import type { Course, RepairRow } from '../../shared/state/repair-rows.ts';
import { REPAIR_QUEUE, SCAN_QUEUE } from '../../shared/state/messages.ts';
import type { NoticeRow } from '../../shared/state/rows.ts';
import { memoryQueue, type MemoryQueue } from '../../shared/storage/memory-queue.ts';
import { memoryTable } from '../../shared/storage/memory-table.ts';
import { stateOf } from '../../shared/wiring.ts';
import { DAY, type Instant, isoTime, MINUTE } from '../../shared/time.ts';
import { recordingLog } from '../loopback.ts';
import { testClock } from '../rosters/readers.ts';
import { drifted, type Someone, peopleOf, strangeAnchor } from '../simulation/people.ts';
import { settings } from '../simulation/staging.ts';
import { entraIn, oktaIn } from '../simulation/tenants.ts';
import { KEYS, START } from '../world/callers.ts';
import { settingsOf } from './night.ts';

/** A watch over two small simulated tenants that answer at once, with all rows in memory and a clock that only the test moves. */
export interface Post {
  readonly created: CreatedWorld;
  readonly tools: RepairFlowTools;
  readonly clock: ReturnType<typeof testClock>;
  readonly repairs: MemoryQueue<RepairMessage>;
}

export function postOf(world: Partial<WorldOptions> = {}, over: Partial<FlowSettings> = {}): Post {
  const graph = { quota: 1e9, replicaLag: 0, roles: ['User.ReadWrite.All', 'Directory.Read.All'] };
  const limits = { limits: { apps: 1e9, app: 1e9 } };
  const usual = { seed: 'post', start: START, people: 12, plants: 'none', keys: KEYS, okta: limits, graph } as const;
  const created = createWorld({ ...usual, synced: 'never', ...world });
  const clock = testClock();
  clock.at = START + 10 * MINUTE;
  const log = recordingLog();
  const asker = { inside: created.inside, now: () => clock.at, random: () => 0.5, log };
  const repairs = memoryQueue(REPAIR_QUEUE, clock);
  const tools: RepairFlowTools = {
    okta: oktaIn(asker),
    entra: entraIn(asker),
    state: stateOf((spec) => memoryTable(spec)),
    scans: memoryQueue(SCAN_QUEUE, clock),
    repairs,
    clock,
    log,
    settings: settingsOf({ ...settings(created), ...over }),
    owner: 'tend-1',
  };
  return { created, tools, clock, repairs };
}

/** `tend` comes by, once or so many times, five minutes apart. */
export async function tended({ tools, clock }: Post, times = 1): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    clock.at += 5 * MINUTE;
    await tend(tools);
  }
}

/** Somebody with an assignment of their own, whose anchor in Entra is a strange one. */
export function somebody({ created }: Post): { readonly someone: Someone; readonly planned: PlannedRepair } {
  const [someone] = peopleOf(created, 'GROUP');
  if (someone === undefined) throw new Error('There is nobody in this world.');
  return { someone, planned: drifted(created, someone, { e: strangeAnchor(someone.user) }) };
}

/** The UPN that a repair parks somebody under. */
export function parkedName({ created }: Post, { userName }: PlannedRepair): string {
  return `${userName.slice(0, userName.indexOf('@'))}@${created.inside.state.tenant.initialDomain}`;
}

export async function notices({ tools, clock }: Post): Promise<NoticeRow[]> {
  const found: NoticeRow[] = [];
  for (let day = START - DAY; day <= clock.at; day += DAY)
    for await (const { row } of tools.state.outbox.list(isoTime(day).slice(0, 10))) found.push(row);
  return found;
}

export function headRow(now: Instant, planned: PlannedRepair, over: Partial<RepairRow> = {}): RepairRow {
  return { ...newHead('2026-11-23T02-00-00Z', 'r-1', [planned], now), ...over };
}

/** A repair by API calls alone, of somebody who is parked nowhere. */
export function courseOf({ created }: Post, over: Partial<Course> = {}): Course {
  const app = created.ids.office365;
  const plain = { unassign: 'direct', writes: 'api', gate: false, lag: null, nudge: false, undoes: false } as const;
  return { app, ...plain, parking: [null], ...over };
}

/** A hold that is open and off, with one person in it. */
export function holdRows(
  { created, clock }: Post,
  planned: PlannedRepair,
  over: { readonly hold?: Partial<HoldRow>; readonly member?: Partial<HoldMemberRow> } = {},
): readonly [HoldRow, HoldMemberRow] {
  const now = clock.at;
  const app = created.ids.office365;
  const hold: HoldRow = {
    kind: 'hold',
    app,
    state: 'open',
    since: now,
    opened: now,
    prior: 'ENABLED',
    rest: '',
    byHand: false,
    off: now,
    lastUnassigned: null,
    first: null,
    firstIntact: null,
    broken: null,
    alarmed: null,
    named: null,
    jobs: null,
    ...over.hold,
  };
  const member: HoldMemberRow = {
    kind: 'member',
    app,
    opened: hold.opened,
    user: planned.user,
    objectId: planned.objectId,
    repair: 'r-1',
    entered: now,
    turn: null,
    unassigned: null,
    gone: null,
    settled: null,
    licenses: '[]',
    ...over.member,
  };
  return [hold, member];
}
