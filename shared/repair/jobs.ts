import type { RepairTools } from './tools.ts';
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

/** How long a job may take to look, and by how much it may come early. */
const MARGIN = 5 * MINUTE;

/**
 * Milliseconds to wait until the next group job is over, null when none is about to run: whoever is unassigned while it looks may drop
 * out of all synced groups. From two jobs follows when the next one is due; in a tenant that shows none nothing is waited for.
 * `ahead`: for somebody who is unassigned so much later.
 */
export async function jobDue(app: string, tools: RepairTools, ahead = 0): Promise<number | null> {
  const now = tools.clock.now();
  const [last, before] = (await groupJobs(app, now - 6 * HOUR, tools)).toReversed();
  if (last === undefined || before === undefined) return null;
  const period = last - before;
  const next = last + Math.ceil((now - last) / period) * period;
  const enough = ahead + tools.repair.times.parked + MARGIN;
  return period > enough && next - now < enough ? next - now + tools.repair.times.poll : null;
}
