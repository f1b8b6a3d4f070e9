import { AnchorwatchError, explain, kindOf } from '../errors.ts';
import type { Receipt } from '../ports/effect.ts';
import type { Cursor, LeftGroup, RepairRow, StepName } from '../state/repair-rows.ts';
import { MINUTE, SECOND } from '../time.ts';
import { unconfirmed } from './confirm.ts';
import { correlationOf, type Head, journal, keepBefore } from './journal.ts';
import { withoutOperator } from './operator.ts';
import { isPresent } from './standing.ts';
import type { Step, Work } from './step.ts';
import { BEGINS, TOUCHES } from './steps/all.ts';
import { isBegun } from './steps/groups.ts';
import { takeSnapshot } from './steps/snapshot.ts';
import type { RepairTools } from './tools.ts';
import { entryOf, refuse, type Turn, withCursor } from './turns.ts';

/** When the look was that allows the act, and which groups are left from then on. */
export interface Allowed {
  readonly lookedAt: number;
  readonly groups: RepairRow['groups'];
}

/** The look allows the act. What may be under way already is looked for until longer than the slowest replica, and only then repeated. */
export async function mayAct(head: Head, work: Work, step: Step, { lookedAt, groups }: Allowed): Promise<Turn> {
  const { cursor, tools } = work;
  const { times, attempts } = tools.repair;
  const now = tools.clock.now();
  const asked = step.byHand?.(work) ?? null;
  const isAlone = asked !== null && !isPresent(head.row, now);
  const turn = isAlone && cursor.intended !== null ? await withoutOperator(head, work) : null;
  if (turn !== null) return turn;
  if (cursor.intended !== null && asked !== null) return remind(head, work, cursor.intended, asked);
  if (cursor.intended !== null && now - cursor.intended < times.lag) return { head, pause: times.poll };
  // Only looks say of a refusal whether it met what it was for: the next one, after them, is believed.
  if (cursor.refused !== null && now - cursor.refused < times.lag) return { head, pause: times.poll };
  if (cursor.step === 'snapshot') return keepSnapshot(head, work);
  if (cursor.step === 'unassign' && isStale(head.row, tools)) return { head, pause: 'begin-anew' };
  if (cursor.goal === 'repaired' && !head.row.touched && BEGINS.has(cursor.step)) {
    if (await isStopped(tools)) return refuse(head, work, 'stopped', 'repairs are stopped');
    const { mode, maxRepairs, maxPercent } = tools.policy;
    if (mode === 'observe' || maxRepairs === 0 || maxPercent === 0)
      return refuse(head, work, 'observe-mode', 'the mode or the limit allows no repair by now');
  }
  // Whoever is out of a group already goes through with it: only so do they come back.
  const isNew = cursor.step === 'leave-groups' && !isBegun(head.row, cursor);
  if (isNew && (await isStopped(tools))) return { head, pause: times.cycle };
  // Each of several groups takes an act of its own.
  const others = head.row.groups.filter(({ member }) => member === cursor.member).length - 1;
  if (cursor.attempts >= attempts + Math.max(0, others))
    return refuse(head, work, 'without-effect', `the step was done ${cursor.attempts} times and is not seen`);
  const unwanted = asked === null ? await unconfirmed(head, work) : null;
  if (unwanted !== null) return unwanted;
  const remembered = await unlessRaced(async () => (await step.remember?.(work)) ?? true);
  if (remembered === null) return { head, pause: times.poll };
  const alone = isAlone ? await withoutOperator({ ...head, row: { ...head.row, groups } }, work) : null;
  if (alone !== null) return alone;
  const todo = step.byHand?.({ ...work, head: { ...head.row, groups } }) ?? null;
  const intended = await journalIntent(head, work, groups, todo === null ? 'api' : 'person');
  if (todo !== null) return remind(intended, work, now, todo);
  // The look must not be old when the write goes out.
  if (tools.clock.now() - lookedAt > times.fresh / 2)
    return { head: withCursor(intended, { intended: null, attempts: cursor.attempts }), pause: 0 };
  return act(intended, work, step, lookedAt);
}

/**
 * What the preflight found long ago says little of whoever had to wait for the turn: rights, protection and the next import from Office
 * 365 may have changed meanwhile.
 */
function isStale({ touched, passed }: RepairRow, { clock, repair }: RepairTools): boolean {
  return !touched && passed !== null && clock.now() - passed > repair.times.recheck;
}

async function keepSnapshot(head: Head, work: Work): Promise<Turn> {
  const taken = await takeSnapshot(work);
  if (taken === null) return refuse(head, work, 'account-gone', 'the account or its assignment is gone');
  return { head: await keepBefore(head, taken.row, work.tools), pause: 0 };
}

/** Null when somebody else was faster in a table that several repairs share: what is true there by now, the next look says. */
export async function unlessRaced<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (kindOf(error) === 'conflict' && isOurs(error)) return null;
    throw error;
  }
}

async function journalIntent(head: Head, work: Work, groups: RepairRow['groups'], by: 'api' | 'person'): Promise<Head> {
  const { cursor, tools } = work;
  const now = tools.clock.now();
  const next: RepairRow = {
    ...head.row,
    groups: by === 'person' ? groups.map((group) => askedOf(group, cursor)) : groups,
    touched: head.row.touched || TOUCHES.has(cursor.step),
    parked: cursor.step === 'park' ? (head.row.parked ?? now) : head.row.parked,
    cursor: { ...cursor, intended: now, attempts: cursor.attempts + 1, doubt: null, seen: null, ...UNSENT },
  };
  // Who led it then: another may have taken over by the end.
  const who = by === 'person' && head.row.operator !== null ? { operator: head.row.operator.name } : {};
  const facts = { by, ...who, correlation: correlationOf(head.row) };
  return journal(head, next, entryOf({ ...cursor, ...UNSENT }, 'intent', facts), tools);
}

/** A person who is asked to take somebody out of groups is asked for all of them. */
function askedOf(group: LeftGroup, { step, member }: Cursor): LeftGroup {
  return step === 'leave-groups' && group.member === member ? { ...group, asked: true } : group;
}

/** What is known of an act that has not gone out yet. */
const UNSENT: Pick<Cursor, 'accepted' | 'requests'> = { accepted: false, requests: {} };

async function act(head: Head, work: Work, step: Step, lookedAt: number): Promise<Turn> {
  const { tools } = work;
  const { times } = tools.repair;
  const now = tools.clock.now();
  const current: Work = { ...work, head: head.row, cursor: head.row.cursor ?? work.cursor };
  // Neither the look may grow old meanwhile, nor may the lease end: whoever takes over need wait only for this long.
  const until = Math.min(now + times.request, lookedAt + times.fresh, (head.row.leaseUntil ?? now) - times.poll);
  try {
    const receipt = await step.act(current, { until, correlation: correlationOf(work.head) });
    tools.log.info('a step was done', { repair: head.row.id, step: work.cursor.step, requestId: idOf(receipt) });
    const requests = requestsOf(work, receipt.requestId);
    const pause = receipt.requestId === null ? 0 : (step.shows?.(work) ?? SHOWS);
    return { head: withCursor(head, { accepted: true, refused: null, requests }), pause };
  } catch (error) {
    const requests = requestsOf(work, error instanceof AnchorwatchError ? error.fields['requestId'] : null);
    const asked = { ...current, cursor: { ...current.cursor, requests } };
    return failed(withCursor(head, { requests }), asked, step, error);
  }
}

/** So soon most of what was done shows: to look at once would mostly be to look twice. */
const SHOWS = 2 * SECOND;

/** Steps that write to Entra; all others write to Okta, which takes no id of ours. */
const GRAPH: ReadonlySet<StepName> = new Set(['park', 'anchor', 'unpark']);

/** By the names of the headers. What went out to Graph bore an id of ours, whether there was an answer or not. */
function requestsOf({ cursor: { step }, head }: Work, requestId: unknown): Cursor['requests'] {
  const id = typeof requestId === 'string' ? requestId : null;
  if (!GRAPH.has(step)) return id === null ? {} : { 'x-okta-request-id': id };
  return { ...(id === null ? {} : { 'request-id': id }), 'client-request-id': correlationOf(head) };
}

function idOf({ requestId }: Receipt): string {
  return requestId ?? '';
}

async function failed(head: Head, work: Work, step: Step, error: unknown): Promise<Turn> {
  const { cursor, tools } = work;
  const { times } = tools.repair;
  const kind = kindOf(error);
  tools.log.warn('a step failed', { repair: head.row.id, step: cursor.step, kind, reason: explain(error) });
  // Nothing was done, and it costs no attempt.
  const before = withCursor(head, { intended: null, attempts: cursor.attempts - 1 });
  if (kind === 'throttled') return { head: before, pause: retryAfterOf(error) ?? times.shortWait };
  if (kind === 'transient') return { head, pause: times.poll };
  if (kind === 'conflict' && isOurs(error)) return { head: before, pause: times.poll };
  // A clear no. It may be the answer to a repetition of what was done already: the next look says so. Nothing of ours is under way after
  // it, and nobody who is parked need wait for it. But what the answer goes by lags, and so do looks.
  const now = tools.clock.now();
  const isProven = cursor.refused !== null && now - cursor.refused >= times.lag;
  const mayBeLag = step.refusalMayBeLag === true && !isProven;
  const isEarly = now - cursor.since < times.lag;
  const still = mayBeLag ? withCursor(before, { refused: isEarly ? null : (cursor.refused ?? now) }) : head;
  const again = await step.look(work);
  if (again.seen !== 'before') return { head: still, pause: 0 };
  if (mayBeLag) return { head: still, pause: times.poll };
  return refuse(head, work, ruleOf(error), explain(error));
}

/** A lost race in our own tables, and not a conflict that a tenant tells of. */
function isOurs(error: unknown): boolean {
  return error instanceof AnchorwatchError && error.fields['status'] === undefined;
}

function ruleOf(error: unknown): string {
  const code = error instanceof AnchorwatchError ? error.fields['code'] : undefined;
  return typeof code === 'string' && code !== '' ? code : `answered-${kindOf(error)}`;
}

function retryAfterOf(error: unknown): number | undefined {
  return error instanceof AnchorwatchError ? error.retryAfter : undefined;
}

async function isStopped({ state }: RepairTools): Promise<boolean> {
  return (await state.marks.get('mark', 'stop')) !== null;
}

/** Whoever leads a repair is shown each step, and has that long for one before it is sent to them as well. */
const SHOWN = 15 * MINUTE;

/** A person does this step: told once what to do, and again after a while. */
async function remind(head: Head, work: Work, since: number, todo: readonly string[]): Promise<Turn> {
  const { cursor, member, tools } = work;
  const { remind: every, shortWait, cycle } = tools.repair.times;
  const waited = tools.clock.now() - since;
  const time = Math.floor(waited / every);
  const pause = waited < cycle ? shortWait : cycle / 4;
  if (isPresent(head.row, tools.clock.now()) && waited < SHOWN) return { head, pause };
  await tools.tell({
    kind: 'needs-a-person',
    about: { id: `${head.row.id}.${cursor.step}.${cursor.member}.${time}`, since: head.row.created },
    subject: 'A repair waits for a person',
    // A notice goes out by mail, and an anchor does not.
    lines: [
      `${member.userName}, at the step ${cursor.step}:`,
      ...todo.filter((line) => !line.includes(member.before.a)),
    ],
  });
  return { head, pause };
}
