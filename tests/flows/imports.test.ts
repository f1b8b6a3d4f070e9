import { expect, test } from 'vitest';
import { here } from '../../shared/flows/lead.ts';
import { repair } from '../../shared/flows/repair.ts';
import { takeSnapshot } from '../../shared/repair/steps/snapshot.ts';
import { importRhythm } from '../../shared/repair/groups.ts';
import { beforeRow } from '../../shared/repair/before.ts';
import { headOf } from '../../shared/repair/journal.ts';
import { cursorAt } from '../../shared/repair/turns.ts';
import { repairToolsOf } from '../../shared/flows/repair.ts';
import type { NoticeRow } from '../../shared/state/rows.ts';
import type { StepName } from '../../shared/state/repair-rows.ts';
import { DAY, HOUR, MINUTE } from '../../shared/time.ts';
import { START } from '../world/callers.ts';
import { settingsOf } from './night.ts';
import { courseOf, headRow, notices, type Post, postOf, somebody, tended } from './post.ts';

const usual = settingsOf();
const byTheApi = { repair: { ...usual.repair, directoryGroups: 'directories-api' as const } };

/** No import begins by itself. */
const STOPPED = { stopped: [{ from: START - 30 * DAY, until: START + 30 * DAY }] };
const UNSCHEDULED = { imports: { 'contoso.com': STOPPED, 'emea.contoso.com': STOPPED } };

/** Somebody at a step for whom one AD group was left, whose instance and its name are given back. */
async function waits(post: Post, step: StepName, asked = true) {
  const { planned } = somebody(post);
  const { tools, clock } = post;
  const repairTools = repairToolsOf(tools);
  const course = courseOf(post);
  const cursor = cursorAt({ step, member: 0, target: null }, 'repaired', clock.at);
  const head = headRow(clock.at, planned, { course, cursor, state: 'working', touched: true, due: clock.at + DAY });
  const taken = await takeSnapshot({ head, course, cursor, member: planned, before: null, tools: repairTools });
  const group = taken?.before.directoryGroups[0];
  if (taken === null || group === undefined) throw new Error('there is nobody in a group');
  const { instance, name, id } = group;
  const groups = asked ? [{ member: 0, group: id, name, instance, asked }] : [];
  await tools.state.repairs.insert({ ...head, groups });
  await tools.state.repairs.insert(beforeRow(head, 0, taken.before));
  await tools.state.repairs.insert({ kind: 'open', repair: head.id, people: [planned.objectId], created: clock.at });
  const label = (await tools.okta.apps()).directories.find((one) => one.id === instance)?.label;
  return { planned, instance, name, label };
}

async function wanted(post: Post): Promise<readonly NoticeRow[]> {
  return (await notices(post)).filter(({ subject }) => subject === 'An import of an AD instance is wanted');
}

test('an import that no schedule brings is wanted at once, under one key, with who waits and where to click', async () => {
  const post = postOf(UNSCHEDULED, byTheApi);
  const { planned, instance, name, label } = await waits(post, 'import-without');
  await tended(post, 3);

  const [told, ...others] = await wanted(post);
  expect(others).toEqual([]);
  expect(told?.notice).toContain(`import.${instance}.`);
  expect(told?.body).toContain(`No import of the AD instance ${label} is in sight`);
  expect(told?.body).toContain(`${planned.userName}: out of the group ${name} until it was imported.`);
  expect(told?.next).toContain(`Directory, Directory integrations, ${label}, Import, Import now, Full import`);
});

test('once somebody has started it nobody is asked for it again, until it should long be seen', async () => {
  const post = postOf(UNSCHEDULED, byTheApi);
  const { instance } = await waits(post, 'import-with');
  post.created.hands.clickImport(instance, post.clock.at + MINUTE);
  await tended(post, 3);
  expect(await wanted(post)).toEqual([]);

  post.clock.at += 3 * HOUR;
  await tended(post);
  expect(await wanted(post)).toHaveLength(1);
});

test('of a scheduled import somebody is told where it is far, and where it is near only once it is late', async () => {
  const slow = { every: 3 * HOUR, jitter: 0 };
  const stops = { ...slow, stopped: [{ from: START, until: START + 30 * DAY }] };
  const far = postOf({ imports: { 'contoso.com': slow, 'emea.contoso.com': slow } }, byTheApi);
  const late = postOf({ imports: { 'contoso.com': stops, 'emea.contoso.com': stops } }, byTheApi);
  late.clock.at = START;
  const { instance } = await waits(late, 'import-with');
  const tools = repairToolsOf(late.tools);
  const { importDue } = tools.repair.times;
  const rhythm = await importRhythm(instance, tools);
  if (rhythm === null) throw new Error('there is no rhythm');

  far.clock.at = START + rhythm.next + HOUR;
  await waits(far, 'import-with');
  await tended(far);
  expect((await wanted(far))[0]?.body).toMatch(/is expected in 1\d\d minutes/);

  late.clock.at = START + rhythm.next - importDue + MINUTE;
  await tended(late, 6);
  expect(await wanted(late)).toEqual([]);

  late.clock.at = START + rhythm.next + importDue;
  await tended(late);
  expect((await wanted(late))[0]?.body).toContain('is in sight');
});

test('where a person takes people out of groups, that person starts the import', async () => {
  const post = postOf(UNSCHEDULED);
  await waits(post, 'import-without');
  await tended(post);

  expect(await wanted(post)).toEqual([]);
});

test('who has to leave a group waits for somebody who starts the import, and leaves it once that person is there', async () => {
  const post = postOf(UNSCHEDULED, byTheApi);
  const { planned } = await waits(post, 'leave-groups', false);
  const { entraUsers } = post.created.inside.state;
  post.clock.at += 2 * DAY;
  const account = entraUsers.get(planned.objectId, post.clock.at);
  if (account === undefined) throw new Error('there is nobody');
  entraUsers.put({ ...account, syncedGroups: [] });
  await repair('r-1', post.tools);
  await tended(post);

  const [told] = await wanted(post);
  expect(told?.body).toContain(`${planned.userName}: waits to leave the group`);
  expect(told?.next).toContain('anchorwatch here --by <your name>');
  const waiting = (await headOf('r-1', post.tools))?.row;
  expect(waiting?.groups.map(({ asked }) => asked)).toEqual(waiting?.groups.map(() => false));

  await here('r-1', 'grace', post.tools);
  await repair('r-1', post.tools);
  expect((await headOf('r-1', post.tools))?.row.groups).toContainEqual(expect.objectContaining({ asked: true }));
});
