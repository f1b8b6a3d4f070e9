import type { KnownJobs } from '../state/hold-rows.ts';
import type { RepairTimes, RepairTools } from './tools.ts';
import { HOUR, type Instant, MINUTE } from '../time.ts';

/** When the group jobs of an app were done, oldest first. */
export async function groupJobs(
  app: string,
  since: Instant,
  { okta, clock }: RepairTools,
): Promise<readonly Instant[]> {
  const types = ['app.office365.api.sync.job.complete.group'] as const;
  const events = await okta.events({ types, target: app, since, until: clock.now() + 1 });
  return events.filter(({ succeeded }) => succeeded).map(({ at }) => at);
}

/**
 * Milliseconds until two group jobs have run since then, both `age` ago at the least; 0 when they have. By the rhythm of the last ones,
 * so that nobody need ask in between; where they show none it is asked now and then.
 */
export async function untilTwoJobs(app: string, since: Instant, age: number, tools: RepairTools): Promise<number> {
  const now = tools.clock.now();
  const { cycle, poll } = tools.repair.times;
  const all = await groupJobs(app, Math.min(since, now - 6 * HOUR), tools);
  const missing = 2 - all.filter((at) => at >= since && now - at >= age).length;
  if (missing <= 0) return 0;
  const old = all.filter((at) => now - at >= age);
  const [last, before] = old.toReversed();
  const next = last === undefined || before === undefined ? 0 : last + missing * (last - before) + age - now;
  return next > 0 ? next + poll : cycle / 4;
}

/** Whether the System Log shows that Okta deactivated somebody's account since then: what it did, or is about to do, is seen last there. */
export async function wasDeactivated(
  user: string,
  since: Instant,
  { okta, clock, repair }: RepairTools,
): Promise<boolean> {
  const types = ['application.provision.user.deactivate'] as const;
  // By Okta's clock, with which ours need not agree.
  const span = { since: since - repair.times.lag, until: clock.now() + repair.times.lag };
  return (await okta.events({ types, target: user, ...span })).length > 0;
}

/** How long a job may take to look, and by how much it may come early or late. */
const MARGIN = 5 * MINUTE;

/**
 * When the next group job is expected, by the rhythm of the last two; one that is a little late is still expected. Null in a tenant that
 * shows none, or so many that nobody could keep out of their way.
 */
export async function nextJob(app: string, tools: RepairTools): Promise<Instant | null> {
  const now = tools.clock.now();
  const [last, before] = (await groupJobs(app, now - 6 * HOUR, tools)).toReversed();
  if (last === undefined || before === undefined) return null;
  const period = last - before;
  if (period <= 2 * tools.repair.times.parked + MARGIN) return null;
  return last + Math.max(1, Math.ceil((now - MARGIN - last) / period)) * period;
}

/**
 * Milliseconds to wait until that job is over, 0 when it is far: whoever is unassigned while it looks may drop out of all synced groups.
 * `ahead`: for somebody who is unassigned so much later.
 */
export function untilJobOver(
  next: Instant | null,
  now: Instant,
  { parked, poll }: Pick<RepairTimes, 'parked' | 'poll'>,
  ahead = 0,
): number {
  if (next === null || next - now >= ahead + parked + MARGIN) return 0;
  return Math.max(0, next - now) + poll;
}

/** Whether what was heard of the jobs still says when the next one is: it is asked again now and then, and when that should be over. */
export function isKnown(
  jobs: KnownJobs | null,
  now: Instant,
  times: Pick<RepairTimes, 'quiet' | 'parked' | 'poll'>,
): jobs is KnownJobs {
  // One that is late is asked for again, by one of those who wait for it.
  if (jobs === null || (jobs.next !== null && now >= Math.max(jobs.next, jobs.asked) + times.poll)) return false;
  return now - jobs.asked < times.quiet || untilJobOver(jobs.next, now, times) > 0;
}

/** What is known already to be waited for, in milliseconds; 0 when nothing is, or nobody has asked lately. */
export function knownWait(
  jobs: KnownJobs | null,
  now: Instant,
  times: Pick<RepairTimes, 'quiet' | 'parked' | 'poll'>,
): number {
  return isKnown(jobs, now, times) ? untilJobOver(jobs.next, now, times) : 0;
}
