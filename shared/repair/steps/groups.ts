import { AnchorwatchError } from '../../errors.ts';
import type { Effect, Receipt } from '../../ports/effect.ts';
import type { Cursor, LeftGroup, RepairRow } from '../../state/repair-rows.ts';
import { importRhythm, lackingGroups, leavableGroups, roadblock, splitLeft, untilDue, untilOver } from '../groups.ts';
import { memberOf, readHold } from '../hold.ts';
import { isPresent } from '../standing.ts';
import { untilTwoJobs } from '../jobs.ts';
import { AFTER, type Asked, BEFORE, type Look, neither, refused, type Step, waiting, type Work } from '../step.ts';

/**
 * Step 9. Most memberships come back by themselves: only when a day or two group jobs have passed and Entra still lacks the person is
 * a group left, and only one that nothing hangs on.
 */
export const leaveGroups: Step = {
  async look(work) {
    const { cursor, tools } = work;
    const left = await splitLeft(work);
    // Whom an administrator took out stays out.
    const isOut = left.outside.some(({ asked }) => asked);
    if (isOut) return left.inside.length === 0 ? AFTER : leaving(work, left.inside);
    const mayBeOut = cursor.intended !== null && left.inside.some(({ asked }) => asked);
    if (mayBeOut) return (await importSoon(work)) ?? leaving(work, left.inside);
    const lacking = await lackingGroups(work);
    if (lacking.length === 0) return AFTER;
    const { catchUp, lag } = tools.repair.times;
    const since = await assignedAgain(work);
    const patience = since + catchUp - tools.clock.now();
    // What a job has done may be hidden for a while by a replica that lags, and whoever leaves a group has left it.
    const jobs = patience > 0 ? await untilTwoJobs(work.course.app, since, lag, tools) : 0;
    if (jobs > 0)
      return waiting(
        `Entra lacks the person in ${lacking.length} groups, and may catch up`,
        Math.min(await withImport(lacking, jobs, tools), patience),
        Math.max(catchUp, tools.repair.times.remind),
      );
    const gone = await whyGone(work);
    if (gone !== null) return gone;
    // Whom somebody has taken out meanwhile Entra lacks with good reason, and nobody puts back.
    const inside = new Set((await tools.okta.oktaGroups(work.member.user)).map(({ id }) => id));
    const missing = lacking.filter(({ id }) => inside.has(id));
    if (missing.length === 0) return { seen: 'after', facts: { out: lacking.map(({ name }) => name).join(', ') } };
    const leavable = await leavableGroups(missing, tools);
    if (leavable.length === 0)
      return nameLacking(
        work,
        missing.map(({ name }) => name),
      );
    const soon = await importSoon(work);
    // Whoever may come and start an import is told of these.
    return soon === null ? listed(work, leavable) : { ...soon, groups: listedIn(work, leavable) };
  },
  async act(work, effect) {
    const inside = onlyOne(work) ?? (await splitLeft(work)).inside;
    return changeFirst(
      inside.filter(({ asked }) => asked),
      'leave',
      work,
      effect,
    );
  },
  canWait: ({ head, cursor }) => !isBegun(head, cursor),
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

/**
 * Whoever was in one hold counts the jobs from its end, so that all of them wait for the same jobs, and then for the same imports. Who
 * comes so long after it was not waiting for that.
 */
async function assignedAgain({ course, member, cursor, tools }: Work): Promise<number> {
  const { row, members } = await readHold(course.app, tools);
  if (row?.row.state !== 'closed' || memberOf({ row, members }, member.user) === null) return cursor.since;
  return cursor.since - row.row.since > tools.repair.times.quiet ? cursor.since : row.row.since;
}

/** Who leaves what is written down with the intent, and by that list joined again. */
function listed(work: Work, leavable: Lacking): Look {
  const groups = listedIn(work, leavable);
  const mine = groups.filter(({ member }) => member === work.cursor.member);
  return leaving({ ...work, head: { ...work.head, groups } }, mine);
}

/** Whoever was asked for nothing yet is listed anew: Entra may have caught up with some of them meanwhile. */
function listedIn({ head, cursor }: Work, leavable: Lacking): readonly LeftGroup[] {
  const others = head.groups.filter(({ member }) => member !== cursor.member);
  const mine = leavable.map(({ id, name, instance }) => {
    return { member: cursor.member, group: id, name, instance, asked: false };
  });
  return [...others, ...mine];
}

/** By the API one group is left an act, each with an intent of its own; a person is asked for all of them when there is one. */
function leaving({ head, cursor, tools }: Work, inside: readonly LeftGroup[]): Look {
  const next =
    tools.repair.directoryGroups === 'operator' ? undefined : (inside.find(({ asked }) => asked) ?? inside[0]);
  const isNext = ({ member, group }: LeftGroup): boolean => member === cursor.member && group === next?.group;
  return { seen: 'before', groups: head.groups.map((group) => (isNext(group) ? { ...group, asked: true } : group)) };
}

/** Whether somebody was taken out of a group, or may have been. */
export function isBegun({ groups }: Pick<RepairRow, 'groups'>, { member }: Pick<Cursor, 'member'>): boolean {
  return groups.some((group) => group.member === member && group.asked);
}

type Lacking = Awaited<ReturnType<typeof lackingGroups>>;

/** Something hangs on each of them, so that nobody is taken out: a person hears of it instead. */
async function nameLacking({ head, member, cursor, tools }: Work, names: readonly string[]): Promise<Look> {
  await tools.tell({
    kind: 'needs-a-person',
    about: { id: `${head.id}.lacking.${cursor.member}`, since: head.created },
    subject: 'Groups in Entra still lack somebody who was repaired',
    lines: [`${member.userName} is in these groups in Active Directory and not in Entra: ${names.join(', ')}`],
    next: 'Nobody is taken out of these, for something hangs on each. The repair goes on without them; see whether the person misses anything.',
  });
  return { seen: 'after', facts: { lacking: names.join(', ') } };
}

/** Step 11. The list of groups was written down before the first was left. */
export const rejoinGroups: Step = {
  look: async (work) => ((await splitLeft(work)).outside.length === 0 ? AFTER : BEFORE),
  act: async (work, effect) => changeFirst(onlyOne(work) ?? (await splitLeft(work)).outside, 'join', work, effect),
  // A read from before the group was left looks as if it were joined again.
  settle: ({ head, tools }) => (head.groups.length === 0 ? 0 : tools.repair.times.lag),
  byHand: (work) => byHand(work, 'Put', 'back into'),
};

const IMPORT = 'an import of the AD instance is waited for';

/** Steps 10 and 12. No API starts an import: it is seen in the System Log, and counts when it began after Okta showed the change. */
export const awaitImport: Step = {
  async look(work) {
    const { cursor, head, tools } = work;
    const instances = new Set(
      head.groups.filter(({ member }) => member === cursor.member).map(({ instance }) => instance),
    );
    // Before anything is asked, which may take its time where everybody asks.
    const isNew = tools.clock.now() - cursor.since < tools.repair.times.poll;
    // Nothing that is sent to the group arrives until it is back.
    const tellAfter = cursor.step === 'import-without' ? tools.repair.times.out : null;
    for (const instance of instances) {
      const blocked = await roadblock(instance, tools);
      if (blocked !== null)
        return refused(
          'import-roadblock',
          'Okta has paused the imports, and a person must look: Directory, Directory integrations, Import',
        );
      // What people change in Active Directory shows in Okta by an import alone: it has been seen by then.
      if (tools.repair.directoryGroups === 'operator') continue;
      if (isNew) return waiting(IMPORT, await untilImported(instance, tools), tellAfter);
      const last = await tools.okta.lastImport(instance, cursor.since);
      if (last === null || last.began <= cursor.since) return waiting(IMPORT, tools.repair.times.quiet, tellAfter);
    }
    return AFTER;
  },
  async act() {
    throw new AnchorwatchError('invalid', 'Nothing starts an import.');
  },
};

/** Until the next import should be over, so that nobody need ask before. */
async function untilImported(instance: string, tools: Work['tools']): Promise<number> {
  const rhythm = await importRhythm(instance, tools);
  return rhythm === null ? tools.repair.times.cycle / 4 : untilOver(rhythm);
}

/** Where the groups are left by the API, an import has to be near as well: until both are so. */
async function withImport(lacking: Lacking, jobs: number, tools: Work['tools']): Promise<number> {
  if (tools.repair.directoryGroups === 'operator') return jobs;
  const waits: number[] = [jobs];
  for (const instance of new Set(lacking.map((group) => group.instance))) {
    const rhythm = await importRhythm(instance, tools);
    if (rhythm !== null) waits.push(untilDue(rhythm, jobs, tools.repair.times.importDue));
  }
  return Math.max(...waits);
}

/**
 * By the API a group is left only when the import that carries it is near, or somebody is there who starts it, so that nobody is out
 * for long.
 */
async function importSoon({
  cursor,
  head,
  before,
  tools,
}: Work): Promise<(Look & { readonly seen: 'waiting' }) | null> {
  if (tools.repair.directoryGroups === 'operator') return null;
  const left = head.groups.filter(({ member }) => member === cursor.member);
  const instances = new Set((left.length > 0 ? left : (before?.directoryGroups ?? [])).map(({ instance }) => instance));
  for (const instance of instances) {
    if ((await roadblock(instance, tools)) !== null) return waiting('the imports are paused', tools.repair.times.cycle);
    if (isPresent(head, tools.clock.now())) continue;
    const next = (await importRhythm(instance, tools))?.next ?? null;
    if (next === null || next > tools.repair.times.importDue)
      return waiting(
        'no import is due',
        Math.max(tools.repair.times.poll, (next ?? tools.repair.times.cycle) - tools.repair.times.importDue),
        tools.repair.times.catchUp + tools.repair.times.remind,
      );
  }
  return null;
}

/** Where there is one group alone, the look that allowed the act has just said which. */
function onlyOne({ head, cursor }: Work): Awaited<ReturnType<typeof splitLeft>>['inside'] | null {
  const mine = head.groups.filter(({ member }) => member === cursor.member);
  return mine.length === 1 ? mine : null;
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
