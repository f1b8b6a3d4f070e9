import { untilOpen } from '../config/window.ts';
import { AnchorwatchError, explain, kindOf } from '../errors.ts';
import type { EntraRepairs } from '../ports/entra-repairs.ts';
import type { EntraReader } from '../ports/entra.ts';
import type { OktaRepairs } from '../ports/okta-repairs.ts';
import type { OktaReader } from '../ports/okta.ts';
import { isCrowded } from '../repair/crowd.ts';
import { type Head, headOf, journal, letGo, takeHead } from '../repair/journal.ts';
import { leaveUntouched } from '../repair/hold.ts';
import type { Preflight } from '../repair/preflight.ts';
import { programOf } from '../repair/program.ts';
import { proceed } from '../repair/runner.ts';
import { isOpen, needsOperator } from '../repair/standing.ts';
import { type Confirm, PATIENT, type RepairTools } from '../repair/tools.ts';
import { cursorAt } from '../repair/turns.ts';
import type { RepairRow } from '../state/repair-rows.ts';
import type { RunRow } from '../state/rows.ts';
import { HOUR, type Instant, MINUTE, SECOND } from '../time.ts';
import { releaseMembers } from './claims.ts';
import { firstStep, policyOf } from './first-step.ts';
import { findRun } from './run.ts';
import { tell } from './tell.ts';
import type { Tools } from './tools.ts';

/** What carrying a repair out takes beside what every flow is given: the right to write in both tenants. */
export type RepairFlowTools = Tools & {
  readonly okta: OktaReader & OktaRepairs;
  readonly entra: EntraReader & EntraRepairs;
  /** Only where a person looks on who may say no to a write. */
  readonly confirm?: Confirm | undefined;
};

/** `waiting`: the message will be seen again. `finished`: there is nothing left to do for it. */
export type RepairOutcome = 'ready' | 'refused' | 'waiting' | 'finished';

/** For a side that is throttled or down and does not say for how long. */
const PAUSE = 5 * MINUTE;
/** Longer than this nobody waits without looking again, whatever the other side asks for. */
const LONGEST_PAUSE = HOUR;
/** After this, a side that does not answer is no passing matter: the queue gives the message up, to a person. */
const PATIENCE = 6 * HOUR;
/** So long nobody is kept waiting half-way without anybody being told. */
const OUTAGE = 15 * MINUTE;
/** How long a passed preflight is believed by whoever waits for a person. */
const READY_FOR = 12 * HOUR;

/**
 * One queued repair, or one that is under way: take the lease → preflight → the steps, as far as one call may → give the lease back and
 * leave the rest to the next message. The row is the truth: a message that comes twice, or late, finds it and does nothing. A message
 * that is lost is sent again by `tend`.
 */
export async function repair(id: string, tools: RepairFlowTools): Promise<RepairOutcome> {
  const found = await headOf(id, tools);
  if (found === null) return 'finished';
  if (!isOpen(found.row)) {
    await releaseMembers(found.row, tools);
    return 'finished';
  }
  if (!isDue(found.row, tools.clock.now())) return 'finished';
  const run = await findRun(tools.state, found.row.run);
  const age = tools.clock.now() - found.row.created;
  if (run?.row.state === 'reading' && age <= PATIENCE) return wait(id, untilConcluded(age), tools);
  const repairTools = repairToolsOf(tools);
  const head = await takeHead(found, repairTools);
  // Whoever has it sends the next message; if that worker is dead, `tend` does.
  if (head === null) return 'finished';
  try {
    if (head.row.state === 'queued') {
      const closed = untilWindow(head.row, tools);
      const room = closed > 0 ? closed : (await isCrowded(repairTools)) ? ROOM : tools.okta.untilRoom(PATIENT);
      if (room > 0) return await waitForRoom(head, room, tools, repairTools);
    }
    if (head.row.state === 'queued' || head.row.state === 'ready')
      return await begin(head, run?.row ?? null, tools, repairTools);
    return await carryOn(head, run?.row ?? null, tools, repairTools);
  } catch (error) {
    return await failed(head, error, tools, repairTools);
  }
}

/** Milliseconds until it may begin, as far as the window goes; whom a person leads is not kept waiting, nor what a person asked for. */
function untilWindow({ purpose, operator }: RepairRow, { settings: { policy }, clock }: Tools): number {
  const { window, timeZone } = policy;
  if (window === null || purpose.kind !== 'drift' || operator !== null) return 0;
  return Math.min(untilOpen(window, timeZone, clock.now()), LONGEST_PAUSE);
}

/** So often somebody who has not begun asks whether there is room by now. */
const ROOM = 2 * MINUTE;

async function waitForRoom(
  head: Head,
  room: number,
  tools: RepairFlowTools,
  repairTools: RepairTools,
): Promise<RepairOutcome> {
  await letGo(head, { ...head.row, due: tools.clock.now() + room }, repairTools);
  return wait(head.row.id, room, tools);
}

/** What was ready yesterday need not be so today: it is looked at again when the next run comes across it. */
function isDue({ state, changed, due }: RepairRow, now: Instant): boolean {
  if (state === 'queued') return true;
  if (state === 'ready') return now - changed > READY_FOR;
  return due !== null && due <= now;
}

/** The run is about to be concluded; until it is, nothing that it queued begins. */
function untilConcluded(age: number): number {
  return Math.min(Math.max(age / 4, 2 * SECOND), PAUSE);
}

/** Step 0, and then on to the others: at once, or when a person says "I am here" where one is needed. */
async function begin(
  head: Head,
  run: RunRow | null,
  tools: RepairFlowTools,
  repairTools: RepairTools,
): Promise<RepairOutcome> {
  const outcome = await firstStep(head.row, run, tools);
  const entry = { step: 'preflight', member: 0 } as const;
  tools.log.info('preflight done', { repair: head.row.id, outcome: outcome.state, rule: ruleOf(outcome) });
  if (outcome.state === 'refused') {
    const { rule, reason } = outcome;
    await leaveLine(head.row, repairTools);
    const refused: RepairRow = { ...head.row, state: 'refused', rule, reason, due: null };
    const ended = await journal(head, refused, { ...entry, outcome: 'refused', facts: { rule, reason } }, repairTools);
    await letGo(ended, ended.row, repairTools);
    // Nothing happened to the person, who is free again: the next scan may queue another repair.
    await releaseMembers(head.row, tools);
    return 'refused';
  }
  const { course } = outcome;
  const now = tools.clock.now();
  const [first] = programOf(head.row.members, course, 'repaired');
  if (first === undefined) throw new AnchorwatchError('invalid', `The repair ${head.row.id} has no steps.`);
  const waits = needsOperator(course) && head.row.operator === null;
  if (waits) await leaveLine(head.row, repairTools);
  const passed: RepairRow = {
    ...head.row,
    state: waits ? 'ready' : 'working',
    course,
    passed: now,
    begun: waits ? null : (head.row.begun ?? now),
    cursor: cursorAt(first, 'repaired', now),
    due: waits ? null : now,
  };
  const facts = { writes: course.writes, unassign: course.unassign };
  const ready = await journal(head, passed, { ...entry, outcome: 'ready', facts }, repairTools);
  if (!waits) return carryOn(ready, run, tools, repairTools);
  await letGo(ready, ready.row, repairTools);
  return 'ready';
}

/** Whoever was in the line to be unassigned already does not keep the switch off any longer. */
async function leaveLine({ course, members }: RepairRow, tools: RepairTools): Promise<void> {
  if (course !== null) for (const { user } of members) await leaveUntouched(course.app, user, tools);
}

async function carryOn(
  head: Head,
  run: RunRow | null,
  tools: RepairFlowTools,
  repairTools: RepairTools,
): Promise<RepairOutcome> {
  const due = await proceed(head, repairTools);
  if (typeof due === 'object' && due !== null) return begin(due.beginsAnew, run, tools, repairTools);
  const { id } = head.row;
  if (due !== null) return wait(id, Math.max(0, due - tools.clock.now()), tools);
  const ended = await headOf(id, tools);
  if (ended !== null && !isOpen(ended.row)) await releaseMembers(ended.row, tools);
  return 'finished';
}

async function failed(
  head: Head,
  error: unknown,
  tools: RepairFlowTools,
  repairTools: RepairTools,
): Promise<RepairOutcome> {
  const kind = kindOf(error);
  const { id, created } = head.row;
  const found = await headOf(id, tools);
  // Another worker has it, and carries it on.
  if (found === null || found.row.fence !== head.row.fence) return 'finished';
  // Whoever comes next must find the repair free, or its message would only ever be put off, and never reach a person.
  const passing = kind === 'throttled' || kind === 'transient';
  const patient = head.row.state === 'working' || tools.clock.now() - created <= PATIENCE;
  // What is thrown comes again with the same message, and must find the repair due.
  const pause = passing && patient ? Math.min(retryAfterOf(error) ?? PAUSE, LONGEST_PAUSE) : 0;
  const still = tools.clock.now() - found.row.changed;
  if (found.row.touched && still > OUTAGE) await tellOutage(found.row, error, tools);
  const due = found.row.due === null ? null : tools.clock.now() + pause;
  await letGo(found, { ...found.row, due }, repairTools);
  if (!passing || !patient) throw error;
  tools.log.warn('the repair waits', { repair: id, kind, reason: explain(error) });
  return wait(id, pause, tools);
}

/** Somebody is half-way, and a side does not answer. */
async function tellOutage({ id, created, members, cursor }: RepairRow, error: unknown, tools: Tools): Promise<void> {
  const names = members.map(({ userName }) => userName).join(', ');
  const lines = [`${names}, at the step ${cursor?.step ?? ''}: ${explain(error)}`];
  const about = { id: `${id}.outage`, since: created };
  const subject = 'A repair cannot go on: a side does not answer';
  const next = 'It is tried again every few minutes, and goes on by itself. See why that side does not answer.';
  await tell({ kind: 'needs-a-person', about, subject, lines, next }, tools);
}

function ruleOf(outcome: Preflight): string | undefined {
  return outcome.state === 'refused' ? outcome.rule : undefined;
}

/** The part of a flow's tools that the steps are given. */
export function repairToolsOf(tools: RepairFlowTools): RepairTools {
  const { okta, entra, state, clock, log, owner, settings, confirm } = tools;
  return {
    okta,
    entra,
    state,
    clock,
    log,
    owner,
    repair: settings.repair,
    policy: policyOf(tools),
    confirm,
    tell: (notice) => tell(notice, tools),
  };
}

async function wait(id: string, delay: number, tools: Pick<Tools, 'repairs'>): Promise<RepairOutcome> {
  await tools.repairs.send({ version: 1, repair: id }, delay);
  return 'waiting';
}

function retryAfterOf(error: unknown): number | undefined {
  return error instanceof AnchorwatchError ? error.retryAfter : undefined;
}
