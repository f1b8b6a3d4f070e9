import { expect, test } from 'vitest';
import { repairToolsOf } from '../../shared/flows/repair.ts';
import { hasTurn, memberOf, readHold } from '../../shared/repair/hold.ts';
import type { Look, Work } from '../../shared/repair/step.ts';
import { takeSnapshot } from '../../shared/repair/steps/snapshot.ts';
import { unassign } from '../../shared/repair/steps/unassign.ts';
import { cursorAt } from '../../shared/repair/turns.ts';
import { MINUTE } from '../../shared/time.ts';
import { watched } from '../flows/watched.ts';
import { courseOf, headRow, holdRows, type Post, postOf } from '../flows/post.ts';
import { drifted, peopleOf, strangeAnchor } from '../simulation/people.ts';

/** People who have come into an open hold at the same time; the first of them was unassigned and is intact, unless it is the first. */
async function inLine(post: Post, number: number, isFirst = false): Promise<readonly Work[]> {
  const { created, tools, clock } = post;
  const course = courseOf(post);
  created.hands.switchDeactivate(course.app, 'DISABLED', clock.at);
  const { rest } = await tools.okta.deactivateSwitch(course.app);
  const first = isFirst ? {} : { first: 'r-0', firstIntact: clock.at };
  const works: Work[] = [];
  for (const [at, someone] of peopleOf(created, 'USER').slice(0, number).entries()) {
    const member = drifted(created, someone, { e: strangeAnchor(someone.user) });
    const id = `r-${at + 1}`;
    const [hold, entered] = holdRows(post, member, { hold: { rest, ...first }, member: { repair: id } });
    await tools.state.holds.put(hold);
    await tools.state.holds.put(entered);
    const head = headRow(clock.at, member, { id, course });
    const cursor = cursorAt({ step: 'unassign', member: 0, target: null }, 'repaired', clock.at);
    const work: Work = { head, course, cursor, member, before: null, tools: repairToolsOf(tools) };
    works.push({ ...work, before: (await takeSnapshot(work))?.before ?? null });
  }
  return works;
}

function seen(looks: readonly Look[]): readonly Look['seen'][] {
  return looks.map((look) => look.seen);
}

/** The same person, with a count of what is asked of the log. */
function counting(work: Work, asked: () => void): Work {
  return { ...work, tools: { ...work.tools, okta: watched(work.tools.okta, ['events'], 'before', asked) } };
}

async function lookAll(works: readonly Work[]): Promise<readonly Look[]> {
  const looks: Look[] = [];
  for (const work of works) looks.push(await unassign.look(work));
  return looks;
}

test('as many have the turn as may be out at a time, and whoever does not have it asks no tenant', async () => {
  const post = postOf({ people: 30 });
  const works = await inLine(post, 7);
  let asked = 0;
  const looks = await lookAll(
    works.map((work) => ({
      ...work,
      tools: {
        ...work.tools,
        okta: watched(work.tools.okta, ['deactivateSwitch', 'events'], 'before', () => void (asked += 1)),
      },
    })),
  );

  expect(seen(looks)).toEqual([...Array(5).fill('before'), 'waiting', 'waiting']);
  // Each reads the switch; the first of them has asked for the group jobs on behalf of all.
  expect(asked).toBe(6);
});

test('whoever has the turn and does not use it loses it to the next', async () => {
  const post = postOf({ people: 30 });
  const works = await inLine(post, 6);
  await lookAll(works);
  post.clock.at += 4 * post.tools.settings.repair.times.fresh;

  const last = works[5];
  expect(last === undefined ? null : (await unassign.look(last)).seen).toBe('before');
});

test('before the first of a hold is intact nobody else has the turn', async () => {
  const looks = await lookAll(await inLine(postOf(), 3, true));

  expect(seen(looks)).toEqual(['before', 'waiting', 'waiting']);
  expect(looks[1]).toMatchObject({ why: 'the first person of this hold goes alone' });
});

test('who looks at the same moment as another gets the turn or loses a race in our own table, and never both look', async () => {
  const post = postOf();
  const works = await inLine(post, 2, true);

  const looks = await Promise.allSettled(works.map((work) => unassign.look(work)));

  const allowed = looks.filter((look) => look.status === 'fulfilled' && look.value.seen === 'before');
  expect(allowed).toHaveLength(1);
  expect(looks.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { kind: 'conflict' } });
});

test('what one has heard of the group jobs the others know for a while', async () => {
  const post = postOf();
  const works = await inLine(post, 3);
  let asked = 0;
  const [first, second, third] = works.map((work) => counting(work, () => void (asked += 1)));
  if (first === undefined || second === undefined || third === undefined) throw new Error('there is nobody');

  await unassign.look(first);
  post.clock.at += 5 * MINUTE;
  await unassign.look(second);
  expect(asked).toBe(1);
  post.clock.at += 6 * MINUTE;
  await unassign.look(third);
  expect(asked).toBe(2);
});

test('nobody has the turn while a group job is about to look, and all know from one until when', async () => {
  const post = postOf();
  const { clock } = post;
  const works = await inLine(post, 2);
  const next = clock.at + 9 * MINUTE;
  const [first] = works;
  if (first === undefined) throw new Error('there is nobody');
  const hold = await readHold(first.course.app, first.tools);
  if (hold.row === null) throw new Error('there is no hold');
  await post.tools.state.holds.replace({ ...hold.row.row, jobs: { next, asked: clock.at } }, hold.row.etag);
  let asked = 0;

  const looks = await lookAll(works.map((work) => counting(work, () => void (asked += 1))));

  const { times } = first.tools.repair;
  expect(looks).toEqual(Array(2).fill(expect.objectContaining({ seen: 'waiting', pause: 9 * MINUTE + times.poll })));
  expect(asked).toBe(0);
  const mine = memberOf(await readHold(first.course.app, first.tools), first.member.user);
  expect(mine !== null && hasTurn(mine, clock.at, times)).toBe(false);
});
