import { expect, test } from 'vitest';
import { auditBetween } from '../../shared/flows/audit.ts';
import { confirmBaseline } from '../../shared/flows/decide.ts';
import { here } from '../../shared/flows/lead.ts';
import { repair } from '../../shared/flows/repair.ts';
import { resumeRepairs, stopRepairs } from '../../shared/flows/stop.ts';
import { DAY } from '../../shared/time.ts';
import { nameOf } from '../rosters/tenant.ts';
import { type Night, runNight } from './night.ts';
import { lastRun, secondNight } from './second-night.ts';

async function said(night: Night): Promise<readonly unknown[]> {
  const rows: unknown[] = [];
  for await (const { actor, what, person } of auditBetween(0, night.clock.at + 1, night.tools))
    rows.push([actor, what, person]);
  return rows;
}

test('whoever confirms counts, stops and resumes repairs, or leads one stands in the audit with a name', async () => {
  const night = await secondNight();
  await runNight(night);
  const { id } = await lastRun(night);
  const repairId = night.repairs.take()?.repair ?? '';
  await repair(repairId, night.tools);

  await confirmBaseline(id, 'ada', night.tools);
  await stopRepairs('bob', night.tools);
  await stopRepairs('cid', night.tools);
  night.clock.at += 1_000;
  await resumeRepairs('dan', night.tools);
  night.clock.at += 1_000;
  await here(repairId, 'eve', night.tools);

  expect(await said(night)).toEqual([
    ['ada', 'counts confirmed', null],
    ['bob', 'repairs stopped', null],
    ['dan', 'repairs resumed', null],
    ['eve', 'leads the repair', nameOf(7)],
  ]);
});

test('the audit is read from and up to an instant, across months', async () => {
  const night = await secondNight();
  for (let days = 0; days < 70; days += 10) {
    await stopRepairs(`day ${days}`, night.tools);
    night.clock.at += 1_000;
    await resumeRepairs('ada', night.tools);
    night.clock.at += 10 * DAY;
  }
  const from = night.clock.at - 50 * DAY;
  const actors: string[] = [];
  for await (const { actor } of auditBetween(from, night.clock.at - 10 * DAY, night.tools)) actors.push(actor);

  expect(actors.filter((actor) => actor !== 'ada')).toEqual(['day 30', 'day 40', 'day 50', 'day 60']);
});
