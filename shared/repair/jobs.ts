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

/** How long a job may take to look, and by how much it may come early. */
const MARGIN = 5 * MINUTE;

/**
 * Milliseconds to wait until the next group job is over, null when none is about to run: whoever is unassigned while it looks may drop
 * out of all synced groups. From two jobs follows when the next one is due; in a tenant that shows none nothing is waited for.
 */
export async function jobDue(app: string, tools: RepairTools): Promise<number | null> {
  const now = tools.clock.now();
  const [last, before] = (await groupJobs(app, now - 6 * HOUR, tools)).toReversed();
  if (last === undefined || before === undefined) return null;
  const period = last - before;
  const next = last + Math.ceil((now - last) / period) * period;
  const enough = tools.repair.times.parked + MARGIN;
  return period > enough && next - now < enough ? next - now + tools.repair.times.poll : null;
}
