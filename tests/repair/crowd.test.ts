import { expect, test } from 'vitest';
import { isCrowded } from '../../shared/repair/crowd.ts';
import type { HoldMemberRow, HoldRow } from '../../shared/state/hold-rows.ts';
import { memoryTable } from '../../shared/storage/memory-table.ts';
import { HOUR, MINUTE } from '../../shared/time.ts';
import { stateOf } from '../../shared/wiring.ts';
import { settingsOf } from '../flows/night.ts';
import { testClock } from '../rosters/readers.ts';

const NOW = 100 * HOUR;

const OPEN: HoldRow = {
  kind: 'hold',
  app: 'office',
  state: 'open',
  since: 1,
  opened: 1,
  prior: 'ENABLED',
  rest: '',
  byHand: false,
  off: 2,
  lastUnassigned: null,
  first: 'repair-0',
  firstIntact: 3,
  broken: null,
  alarmed: null,
  named: null,
  jobs: null,
};

async function crowded(hold: Partial<HoldRow>, waiting: number, member: Partial<HoldMemberRow> = {}): Promise<boolean> {
  const state = stateOf((spec) => memoryTable(spec));
  await state.holds.put({ ...OPEN, ...hold });
  for (let at = 0; at < waiting; at += 1) {
    const person = { user: `user-${at}`, objectId: `object-${at}`, repair: `repair-${at}`, licenses: '' };
    const row: HoldMemberRow = {
      kind: 'member',
      app: 'office',
      opened: 1,
      entered: 1,
      ...person,
      ...NOT_YET,
      ...member,
    };
    await state.holds.put(row);
  }
  const clock = testClock();
  clock.at = NOW;
  return isCrowded({ state, clock, repair: { ...settingsOf().repair, unsettled: 5 } });
}

const NOT_YET = { turn: null, unassigned: null, gone: null, settled: null };

test('a hold is crowded once as many wait for their turn as may be out at a time', async () => {
  expect(await crowded({}, 4)).toBe(false);
  expect(await crowded({}, 5)).toBe(true);
});

test('whoever had the turn crowds nobody, nor do the people of an earlier hold', async () => {
  expect(await crowded({}, 5, { unassigned: 3 })).toBe(false);
  expect(await crowded({}, 5, { opened: 0 })).toBe(false);
});

test('a hold that takes nobody, or waits for a person, keeps nobody from being looked at', async () => {
  expect(await crowded({ state: 'closed' }, 5)).toBe(false);
  expect(await crowded({ broken: 'switched on' }, 5)).toBe(false);
  expect(await crowded({ byHand: true }, 5)).toBe(false);
});

test('while the first person is out alone there is time to look at all whom the hold takes', async () => {
  expect(await crowded({ firstIntact: null }, 24)).toBe(false);
  expect(await crowded({ firstIntact: null }, 25)).toBe(true);
});

test('so there is while a group job is waited for, once whoever was unassigned last is back', async () => {
  const jobs = { next: NOW + 4 * MINUTE, asked: NOW - 4 * MINUTE };

  expect(await crowded({ jobs, lastUnassigned: NOW - 6 * MINUTE }, 5)).toBe(false);
  expect(await crowded({ jobs, lastUnassigned: NOW - 4 * MINUTE }, 5)).toBe(true);
  expect(await crowded({ jobs: { ...jobs, next: NOW + HOUR }, lastUnassigned: NOW - 6 * MINUTE }, 5)).toBe(true);
});
