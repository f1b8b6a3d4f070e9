import { AnchorwatchError } from '../../errors.ts';
import type { Effect, Receipt } from '../../ports/effect.ts';
import { lackingGroups, leavableGroups, nextImport, roadblock, splitLeft } from '../groups.ts';
import { groupJobs } from '../jobs.ts';
import { AFTER, type Asked, BEFORE, type Look, neither, refused, type Step, waiting, type Work } from '../step.ts';

/**
 * Step 9. Most memberships come back by themselves: only when a day or two group jobs have passed and Entra still lacks the person is
 * a group left, and only one that nothing hangs on.
 */
export const leaveGroups: Step = {
  async look(work) {
    const { head, cursor, tools } = work;
    const { inside, outside } = await splitLeft(work);
    if (outside.length > 0 && inside.length === 0) return AFTER;
    const isLeaving = cursor.attempts > 0 && head.groups.some(({ member }) => member === cursor.member);
    if (isLeaving) return (await importSoon(work)) ?? BEFORE;
    const lacking = await lackingGroups(work);
    if (lacking.length === 0) return AFTER;
    const gone = await whyGone(work);
    if (gone !== null) return gone;
    const now = tools.clock.now();
    const { catchUp, lag } = tools.repair.times;
    // What a job has done may be hidden for a while by a replica that lags, and whoever leaves a group has left it.
    const jobs = (await groupJobs(work.course.app, cursor.since, tools)).filter((at) => now - at >= lag);
    if (jobs.length < 2 && now - cursor.since < catchUp)
      return waiting(
        `Entra lacks the person in ${lacking.length} groups, and may catch up`,
        tools.repair.times.cycle / 4,
      );
    if ((await leavableGroups(lacking, tools)).length === 0)
      return nameLacking(
        work,
        lacking.map(({ name }) => name),
      );
    return (await importSoon(work)) ?? BEFORE;
  },
  async remember(work) {
    const { head, cursor, tools } = work;
    const mine = head.groups.filter(({ member }) => member === cursor.member);
    if (cursor.attempts > 0 && mine.length > 0) return { groups: head.groups };
    // Nobody was asked yet: Entra may have caught up with some of them meanwhile.
    const leaving = await leavableGroups(await lackingGroups(work), tools);
    const left = leaving.map(({ id, name, instance }) => ({ member: cursor.member, group: id, name, instance }));
    return { groups: [...head.groups.filter(({ member }) => member !== cursor.member), ...left] };
  },
  async act(work, effect) {
    return changeFirst((await splitLeft(work)).inside, 'leave', work, effect);
  },
  byHand: (work) => byHand(work, 'Take', 'out of'),
};

/** Groups say nothing of whoever has left, or does not have Office 365 any more. */
async function whyGone({ course, member, tools }: Work): Promise<Look | null> {
  const user = await tools.okta.user(member.user);
  if (user === null || user.status !== 'ACTIVE')
    return { seen: 'over', rule: 'leaver', why: `the Okta user is ${user?.status ?? 'gone'}` };
  return (await tools.okta.assignmentDetail(course.app, member.user)) === null
    ? neither('Office 365 was unassigned by somebody else')
    : null;
}

/** Something hangs on each of them, so that nobody is taken out: a person hears of it instead. */
async function nameLacking({ head, member, cursor, tools }: Work, names: readonly string[]): Promise<Look> {
  await tools.tell({
    kind: 'needs-a-person',
    about: { id: `${head.id}.lacking.${cursor.member}`, since: head.created },
    subject: 'Groups in Entra still lack somebody who was repaired',
    lines: [`${member.userName} is in these groups in Active Directory and not in Entra: ${names.join(', ')}`],
  });
  return { seen: 'after', facts: { lacking: names.join(', ') } };
}

/** Step 11. The list of groups was written down before the first was left. */
export const rejoinGroups: Step = {
  look: async (work) => ((await splitLeft(work)).outside.length === 0 ? AFTER : BEFORE),
  act: async (work, effect) => changeFirst((await splitLeft(work)).outside, 'join', work, effect),
  // A read from before the group was left looks as if it were joined again.
  settle: ({ head, tools }) => (head.groups.length === 0 ? 0 : tools.repair.times.lag),
  byHand: (work) => byHand(work, 'Put', 'back into'),
};

/** Steps 10 and 12. No API starts an import: it is seen in the System Log, and counts when it began after Okta showed the change. */
export const awaitImport: Step = {
  async look(work) {
    const { cursor, head, tools } = work;
    const instances = new Set(
      head.groups.filter(({ member }) => member === cursor.member).map(({ instance }) => instance),
    );
    for (const instance of instances) {
      const blocked = await roadblock(instance, tools);
      if (blocked !== null)
        return refused(
          'import-roadblock',
          'Okta has paused the imports, and a person must look: Directory, Directory integrations, Import',
        );
      // What people change in Active Directory shows in Okta by an import alone: it has been seen by then.
      if (tools.repair.directoryGroups === 'operator') continue;
      const last = await tools.okta.lastImport(instance, cursor.since);
      if (last === null || last.began <= cursor.since)
        return waiting('waiting for an import of the AD instance', tools.repair.times.quiet);
    }
    return AFTER;
  },
  async act() {
    throw new AnchorwatchError('invalid', 'Nothing starts an import.');
  },
};

/** By the API a group is left only when the import that carries it is near, so that nobody is out for long. */
async function importSoon({ cursor, head, before, tools }: Work): Promise<Look | null> {
  if (tools.repair.directoryGroups === 'operator') return null;
  const left = head.groups.filter(({ member }) => member === cursor.member);
  const instances = new Set((left.length > 0 ? left : (before?.directoryGroups ?? [])).map(({ instance }) => instance));
  for (const instance of instances) {
    if ((await roadblock(instance, tools)) !== null) return waiting('the imports are paused', tools.repair.times.cycle);
    const next = await nextImport(instance, tools);
    if (next === null || next > tools.repair.times.importDue)
      return waiting(
        'no import is due',
        Math.max(tools.repair.times.poll, (next ?? tools.repair.times.cycle) - tools.repair.times.importDue),
      );
  }
  return null;
}

/** One group an act, so that each has an intent of its own. */
async function changeFirst(
  groups: Awaited<ReturnType<typeof splitLeft>>['inside'],
  change: 'leave' | 'join',
  { member, tools }: Work,
  effect: Effect,
): Promise<Receipt> {
  const [first] = groups;
  if (first === undefined) return { requestId: null };
  return tools.okta.changeDirectoryGroup(first.instance, first.group, member.user, change, effect);
}

function byHand({ head, cursor, member, tools }: Asked, verb: string, where: string): readonly string[] | null {
  if (tools.repair.directoryGroups !== 'operator') return null;
  const groups = head.groups.filter((one) => one.member === cursor.member);
  return [
    ...groups.map(({ name }) => `${verb} ${member.userName} ${where} the group ${name} in Active Directory.`),
    'Then, in Okta: Directory, Directory integrations, the instance, Import, Import now, Full import.',
  ];
}
