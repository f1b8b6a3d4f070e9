import { AnchorwatchError, explain, kindOf } from '../errors.ts';
import type { Stored } from '../ports/state.ts';
import type { PreflightPolicy } from '../repair/facts.ts';
import { look } from '../repair/look.ts';
import { mayBegin, preflight, type Preflight } from '../repair/preflight.ts';
import type { Course, RepairRow } from '../state/repair-rows.ts';
import type { RunRow } from '../state/rows.ts';
import { HOUR, type Instant, MINUTE, SECOND } from '../time.ts';
import { releaseMembers } from './claims.ts';
import { headOf, journal, LEASE, letGo, takeHead } from './head.ts';
import { findRun } from './run.ts';
import { tell } from './tell.ts';
import type { Tools } from './tools.ts';

/** `waiting`: the message will be seen again. `finished`: there is nothing left to do for it. */
export type RepairOutcome = 'ready' | 'refused' | 'waiting' | 'finished';

/** For a side that is throttled or down and does not say for how long. */
const PAUSE = 5 * MINUTE;
/** Longer than this nobody waits without looking again, whatever the other side asks for. */
const LONGEST_PAUSE = HOUR;
/** After this, a side that does not answer is no passing matter: the queue gives the message up, to a person. */
const PATIENCE = 6 * HOUR;
/** How long a passed preflight is believed. */
const READY_FOR = 12 * HOUR;

/**
 * One queued repair: take the lease → look at both sides → preflight → journal the outcome. The row is the truth: a message that
 * comes twice, or late, finds it settled and does nothing.
 */
export async function repair(id: string, tools: Tools): Promise<RepairOutcome> {
  const now = tools.clock.now();
  const found = await headOf(id, tools);
  if (found === null) return 'finished';
  if (!isUnsettled(found.row)) await releaseMembers(found.row, tools);
  if (!isDue(found.row, now)) return 'finished';
  const run = await findRun(tools.state, found.row.run);
  const age = now - found.row.created;
  if (run?.row.state === 'reading' && age <= PATIENCE) return wait(id, untilConcluded(age), tools);
  const head = await takeHead(found, tools);
  if (head === null) return wait(id, LEASE, tools);
  try {
    return await settle(head, await firstStep(head.row, run?.row ?? null, tools), tools);
  } catch (error) {
    // Whoever comes next must find the repair free, or its message would only ever be put off, and never reach a person.
    await letGo(head, tools);
    const kind = kindOf(error);
    const passing = kind === 'throttled' || kind === 'transient';
    if (!passing || age > PATIENCE) throw error;
    tools.log.warn('the preflight waits', { repair: id, kind, reason: explain(error) });
    return wait(id, Math.min(retryAfterOf(error) ?? PAUSE, LONGEST_PAUSE), tools);
  }
}

/** The person is held by this repair: it waits for its preflight, or has passed it. */
export function isUnsettled({ state }: RepairRow): boolean {
  return state === 'queued' || state === 'ready';
}

/** What was ready yesterday need not be so today: it is looked at again when the next run comes across it. */
function isDue({ state, changed }: RepairRow, now: Instant): boolean {
  return state === 'queued' || (state === 'ready' && now - changed > READY_FOR);
}

/** The run is about to be concluded; until it is, nothing that it queued begins. */
function untilConcluded(age: number): number {
  return Math.min(Math.max(age / 4, 2 * SECOND), PAUSE);
}

/** Step 0. Nothing is looked at for a repair that must not begin whatever the tenants say. */
async function firstStep(head: RepairRow, run: RunRow | null, tools: Tools): Promise<Preflight> {
  const policy = policyOf(tools);
  const obstacle = mayBegin(run, policy);
  if (obstacle !== null) return obstacle;
  const passed: Course[] = [];
  for (const member of head.members) {
    const outcome = preflight(await look(member, tools, tools.settings.policy.parkDomain), policy);
    if (outcome.state === 'refused') return outcome;
    passed.push(outcome.course);
  }
  return { state: 'ready', course: joined(passed) };
}

/** One course for all members of a ring: the least that any of them allows. */
function joined(courses: readonly Course[]): Course {
  const [first, ...others] = courses;
  if (first === undefined) throw new AnchorwatchError('invalid', 'A repair has at least one member.');
  return others.reduce(
    (one, other) => ({
      ...one,
      unassign: one.unassign === other.unassign ? one.unassign : 'guided',
      writes: one.writes === 'person' ? 'person' : other.writes,
      gate: one.gate || other.gate,
      parking: [...one.parking, ...other.parking],
    }),
    first,
  );
}

/** What the configuration says to the preflight. */
export function policyOf({ settings: { mode, policy, okta } }: Pick<Tools, 'settings'>): PreflightPolicy {
  return { ...policy, mode, signInHosts: okta.signInHosts, anchorIsGuid: okta.anchorAttribute === 'externalId' };
}

async function settle(head: Stored<RepairRow>, outcome: Preflight, tools: Tools): Promise<Preflight['state']> {
  const settled: RepairRow =
    outcome.state === 'ready'
      ? { ...head.row, state: 'ready', course: outcome.course, due: null }
      : { ...head.row, state: 'refused', rule: outcome.rule, reason: outcome.reason, due: null };
  const { id, rule, reason, course } = settled;
  const facts = {
    rule: rule ?? '',
    reason: reason ?? '',
    writes: course?.writes ?? '',
    unassign: course?.unassign ?? '',
  };
  await journal(head, settled, { outcome: outcome.state, facts }, tools);
  // Nothing happened to the person, who is free again: the next scan may queue another repair.
  if (outcome.state === 'refused') await releaseMembers(head.row, tools);
  tools.log.info('preflight done', { repair: id, outcome: outcome.state, rule, writes: course?.writes });
  return outcome.state;
}

/**
 * Gives a repair up whose message failed too often. It looks at the row first: what has settled meanwhile stays as it is, and a
 * person is told of the rest, once, however often this is asked.
 */
export async function abandonRepair(id: string, tools: Tools): Promise<void> {
  const found = await headOf(id, tools);
  if (found === null) return;
  const { row } = found;
  if (row.state === 'queued') {
    const reason = 'the queue gave up after too many failed attempts; the log of the repair function says why';
    const names = row.members.map(({ userName }) => userName).join(', ');
    const lines = [`${names}, ${id}: ${reason}`];
    const about = { id, since: row.created };
    await tell({ kind: 'needs-a-person', about, subject: 'A repair needs a person', lines }, tools);
    const ended: RepairRow = { ...row, state: 'needs-a-person', rule: 'poison', reason, due: null };
    await journal(found, ended, { outcome: 'ended', facts: { rule: 'poison', reason } }, tools);
  }
  if (row.state !== 'ready') await releaseMembers(row, tools);
}

async function wait(id: string, delay: number, tools: Tools): Promise<RepairOutcome> {
  await tools.repairs.send({ version: 1, repair: id }, delay);
  return 'waiting';
}

function retryAfterOf(error: unknown): number | undefined {
  return error instanceof Error && 'retryAfter' in error && typeof error.retryAfter === 'number'
    ? error.retryAfter
    : undefined;
}
