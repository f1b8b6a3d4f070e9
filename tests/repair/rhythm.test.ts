import { expect, test } from 'vitest';
import type { EventType, OktaEvent } from '../../shared/ports/okta-repairs.ts';
import { importRhythm, untilDue, untilOver } from '../../shared/repair/groups.ts';
import { isKnown, nextJob, untilJobOver, untilTwoJobs } from '../../shared/repair/jobs.ts';
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
  expect(await nextJob('office', tools)).toBeNull();
  expect(untilJobOver(null, NOW, tools.repair.times)).toBe(0);
});

test('a job is expected one period after the last, a little late as well, and then a period later', async () => {
  const at = (ago: number) => nextJob('office', toolsAt(JOB, [NOW - (ago + 60) * MINUTE, NOW - ago * MINUTE]));

  expect(await at(46)).toBe(NOW + 14 * MINUTE);
  expect(await at(64)).toBe(NOW - 4 * MINUTE);
  expect(await at(66)).toBe(NOW + 54 * MINUTE);
});

test('jobs so close to each other that nobody could keep out of their way are not waited for', async () => {
  expect(await nextJob('office', toolsAt(JOB, [NOW - 18 * MINUTE, NOW - 3 * MINUTE]))).toBeNull();
});

test('nobody is out from ten minutes before a job until it is seen to be over; whoever goes later stays away for longer', () => {
  const { times } = repairToolsOf(nightOf(tenantOf(1)).tools).repair;
  const wait = (minutes: number, ahead = 0) => untilJobOver(NOW + minutes * MINUTE, NOW, times, ahead);

  expect(wait(10)).toBe(0);
  expect(wait(9)).toBe(9 * MINUTE + times.poll);
  expect(wait(-3)).toBe(times.poll);
  expect(wait(14)).toBe(0);
  expect(wait(14, 5 * MINUTE)).toBe(14 * MINUTE + times.poll);
});

test('what was heard of the jobs is believed for a while, until the next should be over, and through the wait for it', () => {
  const { times } = repairToolsOf(nightOf(tenantOf(1)).tools).repair;
  const isStill = (next: number | null, ago: number) =>
    isKnown({ next: next === null ? null : NOW + next * MINUTE, asked: NOW - ago * MINUTE }, NOW, times);

  expect(isKnown(null, NOW, times)).toBe(false);
  expect([isStill(40, 9), isStill(40, 11)]).toEqual([true, false]);
  expect([isStill(null, 9), isStill(null, 11)]).toEqual([true, false]);
  expect([isStill(5, 14), isStill(-1, 1)]).toEqual([true, false]);
  // One that is late is not asked for by all who wait for it at once.
  expect(isKnown({ next: NOW - MINUTE, asked: NOW - times.poll / 2 }, NOW, times)).toBe(true);
});

test('a group is left when the time has come and an import is near, whichever is later', async () => {
  const tools = toolsAt('system.import.start', [NOW - 90 * MINUTE, NOW - 20 * MINUTE]);
  const rhythm = await importRhythm('directory', tools);

  expect(rhythm).toEqual({ next: 50 * MINUTE, period: 70 * MINUTE, duration: 0, late: 0 });
  if (rhythm === null) return;
  expect(untilDue(rhythm, 0, 30 * MINUTE)).toBe(25 * MINUTE);
  expect(untilDue(rhythm, 40 * MINUTE, 30 * MINUTE)).toBe(40 * MINUTE);
  expect(untilDue(rhythm, 55 * MINUTE, 30 * MINUTE)).toBe(95 * MINUTE);
  // One that would begin within minutes might be missed.
  expect(untilDue(rhythm, 45 * MINUTE, 30 * MINUTE)).toBe(95 * MINUTE);
});

test('an import that comes early or late once does not change the rhythm of a day', async () => {
  const starts = [350, 281, 206, 136, 72].map((ago) => NOW - ago * MINUTE);

  expect(await importRhythm('directory', toolsAt('system.import.start', starts))).toMatchObject({
    period: 70 * MINUTE,
  });
});

test('imports that have stopped have no rhythm by which anybody could leave a group', async () => {
  const starts = [20 * HOUR, 19 * HOUR, 18 * HOUR].map((ago) => NOW - ago);

  expect(await importRhythm('directory', toolsAt('system.import.start', starts))).toBeNull();
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

  expect(rhythm).toEqual({ next: 50 * MINUTE, period: 70 * MINUTE, duration: 30 * MINUTE, late: 0 });
  expect(rhythm === null ? 0 : untilOver(rhythm)).toBe(85 * MINUTE);
});
