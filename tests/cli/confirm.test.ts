import { expect, test } from 'vitest';
import { confirmBaseline } from '../../shared/flows/decide.ts';
import { runId } from '../../shared/flows/run.ts';
import { DAY } from '../../shared/time.ts';
import { leave, tenantOf } from '../rosters/tenant.ts';
import { nextDay, nightOf, runNight } from '../flows/night.ts';
import { lastRun } from '../flows/second-night.ts';

test('a run that could not tell because people really left is confirmed, and the next one is good', async () => {
  const night = nightOf(tenantOf(60));
  await runNight(night);
  nextDay(night);
  for (let number = 1; number <= 20; number += 1) leave(night.tenant, number, night.clock.at - 2 * DAY);
  await runNight(night);
  const shrunk = await lastRun(night);

  const confirmed = await confirmBaseline(shrunk.id, 'ada', night.tools);
  nextDay(night);
  await runNight(night);

  expect(shrunk.doubts.map(({ rule }) => rule)).toContain('shrunk');
  expect(confirmed.state).toBe('could-not-tell');
  expect((await lastRun(night)).state).toBe('good');
});

test('a recycle bin that Entra no longer counts is believed once a person has confirmed it', async () => {
  const counted = nightOf(tenantOf(60));
  await runNight(counted);
  const { entra } = counted.tools;
  const night = { ...counted, tools: { ...counted.tools, entra: { ...entra, deletedCount: async () => null } } };
  nextDay(night);
  await runNight(night, night.tools);
  const uncounted = await lastRun(night);

  await confirmBaseline(uncounted.id, 'ada', night.tools);
  nextDay(night);
  await runNight(night, night.tools);

  expect(uncounted.doubts.map(({ rule }) => rule)).toEqual(['uncounted']);
  expect((await lastRun(night)).state).toBe('good');
});

test('a run that broke off in the middle of a list is no measure for later ones', async () => {
  const night = nightOf(tenantOf(60));
  await runNight(night);
  const run = await lastRun(night);
  const scheduled = run.scheduled + DAY;
  const id = runId(scheduled);
  const certificates = run.certificates.map((one) => (one.list === 'users' ? { ...one, complete: false } : one));
  await night.tools.state.runs.insert({ ...run, id, scheduled, state: 'could-not-tell', certificates });

  await expect(confirmBaseline(id, 'ada', night.tools)).rejects.toThrow('did not read Entra users to its end');
  expect(await night.tools.state.marks.get('mark', 'baseline')).toBeNull();
});
