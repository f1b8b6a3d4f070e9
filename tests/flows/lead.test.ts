import { expect, test } from 'vitest';
import { done, here } from '../../shared/flows/lead.ts';
import { repair } from '../../shared/flows/repair.ts';
import { headOf } from '../../shared/repair/journal.ts';
import type { RepairRow } from '../../shared/state/repair-rows.ts';
import { HOUR, MINUTE } from '../../shared/time.ts';
import { queued } from './led.ts';
import { type Post, postOf } from './post.ts';

async function head({ tools }: Post): Promise<RepairRow> {
  const found = await headOf('r-1', tools);
  if (found === null) throw new Error('there is no head');
  return found.row;
}

test('whoever comes the next day to lead somebody begins: nobody stood in a line meanwhile', async () => {
  const post = postOf({ synced: 'universal-sync' });
  await queued(post);
  await repair('r-1', post.tools);
  expect((await head(post)).state).toBe('ready');
  post.clock.at += 20 * HOUR;

  await here('r-1', 'grace', post.tools);
  await repair('r-1', post.tools);

  expect(await head(post)).toMatchObject({ state: 'working', rule: null, cursor: { step: 'hold', goal: 'repaired' } });
});

test('whoever did what was asked is believed to be there for as long as from new, whether or not done was said', async () => {
  const post = postOf({ synced: 'universal-sync' });
  await queued(post);
  await repair('r-1', post.tools);
  await here('r-1', 'grace', post.tools);
  await repair('r-1', post.tools);
  const asked = await head(post);
  post.clock.at += 20 * MINUTE;
  post.created.hands.switchDeactivate(post.created.ids.office365, 'DISABLED', post.clock.at);

  await repair('r-1', post.tools);

  expect(asked.cursor?.step).toBe('hold');
  const led = await head(post);
  expect(led.cursor?.step).toBe('unassign');
  expect((led.operator?.until ?? 0) - (asked.operator?.until ?? 0)).toBeGreaterThanOrEqual(20 * MINUTE);
});

test('whoever says done while a worker looks is kept waiting until the worker has seen something, and no longer', async () => {
  const post = postOf({ synced: 'universal-sync' });
  await queued(post);
  const { state, clock } = post.tools;
  const first = await headOf('r-1', post.tools);
  if (first === null) throw new Error('there is no head');
  const leased = { ...first.row, leaseOwner: 'a worker', leaseUntil: post.clock.at + HOUR };
  let { etag } = await state.repairs.replace(leased, first.etag);
  let waits = 0;
  const wait = async (): Promise<void> => {
    waits += 1;
    post.clock.at += MINUTE;
    if (waits === 2) ({ etag } = await state.repairs.replace({ ...leased, sequence: 1 }, etag));
  };

  await done('r-1', { ...post.tools, clock: { ...clock, wait } });

  expect(waits).toBe(2);
  expect(await head(post)).toEqual({ ...leased, sequence: 1 });
});
