import { openRun } from '../../shared/flows/run.ts';
import { inGroup } from '../simulation/people.ts';
import { headRow, type Post, somebody } from './post.ts';

/** Somebody who may be repaired, queued at the beginning of the world. */
export async function queued(post: Post): Promise<void> {
  const { created, tools, clock } = post;
  const { planned } = somebody(post);
  inGroup(created, created.ids.groups.optIn, [planned.user]);
  const scheduled = Date.parse('2026-11-23T02:00:00Z');
  const run = await openRun(tools.state, { scheduled, trigger: 'timer', mode: 'remediate', now: clock.at });
  await tools.state.runs.replace({ ...run.row, state: 'good' }, run.etag);
  await tools.state.repairs.insert(headRow(clock.at, planned));
}
