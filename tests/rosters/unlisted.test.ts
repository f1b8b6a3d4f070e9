import { expect, test } from 'vitest';
import { memoryPageStore } from '../../shared/rosters/memory.ts';
import { type SingleReads, thereBefore, unlistedAmong } from '../../shared/rosters/unlisted.ts';
import { MINUTE } from '../../shared/time.ts';
import { readersOf } from './readers.ts';
import { load, readSlice } from './run.ts';
import { adAccount, assignment, entraUser, leave, NOW, PLAN, tenantOf } from './tenant.ts';

const WITH_FURTHER = { ...PLAN, furtherOffice365: [{ id: '0oaSecond', label: 'Second' }] };

/** What single reads refute of a complete read of ten people, of whom the tenth has just been deleted. */
async function refutedBy(reads: Partial<SingleReads>): Promise<readonly (string | null)[]> {
  const store = memoryPageStore();
  const tenant = tenantOf(10);
  leave(tenant, 10, NOW - MINUTE);
  await readSlice(readersOf(tenant, { pageSize: 4 }), store);
  const { rolls, certificates } = await load(store);
  const further = { ...certificates.find(({ list }) => list === 'assignments')!, list: 'further:0oaSecond' as const };
  const found = [{ directory: [], assignments: [], entra: [], ...reads }];
  const doubts = unlistedAmong(found, WITH_FURTHER, rolls, [...certificates, further]);
  expect(doubts.every(({ rule }) => rule === 'absence-refuted')).toBe(true);
  return doubts.map(({ list }) => list);
}

test.each([
  ['an AD account', { directory: [adAccount(12)] }, 'directory:0oaSouth'],
  ['an assignment', { assignments: [assignment(12)] }, 'assignments'],
  ['an assignment of a further app', { assignments: [{ ...assignment(1), app: '0oaSecond' }] }, 'further:0oaSecond'],
  ['an Entra account', { entra: [entraUser(12)] }, 'users'],
  ['an Entra account that is old enough', { entra: [entraUser(12, NOW - 5 * MINUTE - 1)] }, 'users'],
  ['an Entra account without a date', { entra: [{ ...entraUser(12), created: null }] }, 'users'],
])('%s that was there before and is in no list refutes its list', async (_what, reads, list) => {
  expect(await refutedBy(reads)).toEqual([list]);
});

test.each([
  ['is in its list', { directory: [adAccount(3)], assignments: [assignment(3)], entra: [entraUser(3)] }],
  ['came since', { directory: [adAccount(12, NOW)], assignments: [assignment(12, NOW)], entra: [entraUser(12, NOW)] }],
  ['came just before', { assignments: [assignment(12, NOW - 4 * MINUTE), assignment(13, NOW - 5 * MINUTE)] }],
  ['is no longer linked', { directory: [{ ...adAccount(12), status: 'DEPROVISIONED' }] }],
  ['is not provisioned', { assignments: [{ ...assignment(12), status: 'STAGED' }] }],
  ['was in the recycle bin and is restored', { entra: [entraUser(10)] }],
])('whoever %s refutes nothing', async (_what, reads) => {
  expect(await refutedBy(reads)).toEqual([]);
});

test('nothing was there before a list that was never begun', () => {
  expect([null, NOW - 9 * MINUTE].map((created) => thereBefore([])('users', created))).toEqual([false, false]);
});
