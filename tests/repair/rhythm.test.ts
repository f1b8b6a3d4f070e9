import { expect, test } from 'vitest';
import type { EventType, OktaEvent } from '../../shared/ports/okta-repairs.ts';
import { importRhythm, untilDue, untilOver } from '../../shared/repair/groups.ts';
import { jobDue, untilTwoJobs } from '../../shared/repair/jobs.ts';
import type { RepairTools } from '../../shared/repair/tools.ts';
import { HOUR, MINUTE } from '../../shared/time.ts';
import { nightOf } from '../flows/night.ts';
import { repairToolsOf } from '../../shared/flows/repair.ts';
import { tenantOf } from '../rosters/tenant.ts';

const NOW = 100 * HOUR;

/** Tools at a standing time, with a System Log that tells of one kind of thing at these times. */
function toolsAt(type: EventType, times: readonly number[]): RepairTools {
  return toolsWith(times.map((at) => ({ type, at })));
}

function toolsWith(told: readonly Pick<OktaEvent, 'type' | 'at'>[]): RepairTools {
  const tools = repairToolsOf(nightOf(tenantOf(1)).tools);
  const all = told.map(({ type, at }): OktaEvent => {
    return { type, at, succeeded: true, actor: { id: '', name: '' }, transaction: null, targets: [] };
  });
  const events: RepairTools['okta']['events'] = async ({ since, until }) =>
    all.filter(({ at }) => at >= since && at < until);
  return { ...tools, okta: { ...tools.okta, events }, clock: { ...tools.clock, now: () => NOW } };
}

const JOB = 'app.office365.api.sync.job.complete.group';

test('two jobs are waited for by the rhythm of the last ones', async () => {
  const tools = toolsAt(JOB, [NOW - 130 * MINUTE, NOW - 70 * MINUTE, NOW - 10 * MINUTE]);
  const { poll } = tools.repair.times;

  expect(await untilTwoJobs('office', NOW - 5 * MINUTE, 0, tools)).toBe(110 * MINUTE + poll);
  expect(await untilTwoJobs('office', NOW - 15 * MINUTE, 0, tools)).toBe(50 * MINUTE + poll);
  expect(await untilTwoJobs('office', NOW - 75 * MINUTE, 0, tools)).toBe(0);
});

test('a job counts once it is old enough for every replica to show what it did', async () => {
  const tools = toolsAt(JOB, [NOW - 61 * MINUTE, NOW - MINUTE]);

  expect(await untilTwoJobs('office', NOW - 2 * HOUR, 0, tools)).toBe(0);
  expect(await untilTwoJobs('office', NOW - 2 * HOUR, 2 * MINUTE, tools)).toBeGreaterThan(0);
});

test('where no rhythm is seen it is asked again now and then', async () => {
  const tools = toolsAt(JOB, []);

  expect(await untilTwoJobs('office', NOW, 0, tools)).toBe(tools.repair.times.cycle / 4);
  expect(await jobDue('office', tools)).toBeNull();
});

test('whoever goes later is kept from a job that is further away', async () => {
  const tools = toolsAt(JOB, [NOW - 106 * MINUTE, NOW - 46 * MINUTE]);

  expect(await jobDue('office', tools)).toBeNull();
  expect(await jobDue('office', tools, 5 * MINUTE)).toBe(14 * MINUTE + tools.repair.times.poll);
});

test('a group is left when the time has come and an import is near, whichever is later', async () => {
  const tools = toolsAt('system.import.start', [NOW - 90 * MINUTE, NOW - 20 * MINUTE]);
  const rhythm = await importRhythm('directory', tools);

  expect(rhythm).toEqual({ next: 50 * MINUTE, period: 70 * MINUTE, duration: 0 });
  if (rhythm === null) return;
  expect(untilDue(rhythm, 0, 30 * MINUTE)).toBe(25 * MINUTE);
  expect(untilDue(rhythm, 40 * MINUTE, 30 * MINUTE)).toBe(40 * MINUTE);
  expect(untilDue(rhythm, 55 * MINUTE, 30 * MINUTE)).toBe(95 * MINUTE);
});

test('an import is looked for when one as long as the longest of a day would be over', async () => {
  const [start, complete] = ['system.import.start', 'system.import.complete'] as const;
  const tools = toolsWith([
    { type: start, at: NOW - 90 * MINUTE },
    { type: complete, at: NOW - 60 * MINUTE },
    { type: start, at: NOW - 20 * MINUTE },
    { type: complete, at: NOW - 8 * MINUTE },
  ]);
  const rhythm = await importRhythm('directory', tools);

  expect(rhythm).toEqual({ next: 50 * MINUTE, period: 70 * MINUTE, duration: 30 * MINUTE });
  expect(rhythm === null ? 0 : untilOver(rhythm)).toBe(85 * MINUTE);
});
