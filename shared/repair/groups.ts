import type { GroupRule, OktaEvent } from '../ports/okta-repairs.ts';
import type { Course, LeftGroup } from '../state/repair-rows.ts';
import { DAY, HOUR, type Instant, MINUTE } from '../time.ts';
import type { Before } from './before.ts';
import type { Work } from './step.ts';
import type { RepairTools } from './tools.ts';

type DirectoryGroup = Before['directoryGroups'][number];

/** Whether somebody is in the exclusion group who is unassigned that way. */
export async function isExcluded(
  { unassign }: Pick<Course, 'unassign'>,
  user: string,
  { okta, repair: { exclusionGroup } }: RepairTools,
): Promise<boolean> {
  if (unassign !== 'exclusion-group' || exclusionGroup === null) return false;
  return (await okta.groupsOf(user)).includes(exclusionGroup);
}

/** AD groups whose twin in Entra lacks the person. A group without a twin is never synchronised, and lacks nobody. */
export async function lackingGroups({ before, member, tools }: Work): Promise<readonly DirectoryGroup[]> {
  const held = new Set((await tools.entra.groupsOf(member.objectId)).map(({ id }) => id));
  const lacking: DirectoryGroup[] = [];
  for (const group of before?.directoryGroups ?? []) {
    const twin = await tools.entra.twinOf(group);
    if (twin !== null && !held.has(twin.id)) lacking.push(group);
  }
  return lacking;
}

/**
 * Those of them that may be left for an import: distribution groups that grant no app and stand in no rule. Whoever leaves any other
 * loses apps, files, or the membership that a rule makes of it.
 */
export async function leavableGroups(
  lacking: readonly DirectoryGroup[],
  tools: RepairTools,
): Promise<readonly DirectoryGroup[]> {
  if (lacking.length === 0) return [];
  const rules = await tools.okta.groupRules();
  const leavable: DirectoryGroup[] = [];
  for (const group of lacking) {
    if (group.groupType?.toLowerCase() !== 'distribution' || rules.some((rule) => names(rule, group.id))) continue;
    if ((await tools.okta.appsOf(group.id)).length === 0) leavable.push(group);
  }
  return leavable;
}

function names({ expression, groups }: GroupRule, group: string): boolean {
  return expression.includes(group) || groups.includes(group);
}

/** Which of the groups that the member left, or is about to, Okta shows the person in. */
export async function splitLeft(
  work: Work,
): Promise<{ readonly inside: readonly LeftGroup[]; readonly outside: readonly LeftGroup[] }> {
  const mine = work.head.groups.filter(({ member }) => member === work.cursor.member);
  if (mine.length === 0) return { inside: [], outside: [] };
  const now = new Set((await work.tools.okta.oktaGroups(work.member.user)).map(({ id }) => id));
  return { inside: mine.filter(({ group }) => now.has(group)), outside: mine.filter(({ group }) => !now.has(group)) };
}

/** Okta paused all imports of the instance because one of them wanted too much, and waits for a person; null when it did not. */
export async function roadblock(
  instance: string,
  { okta, clock }: Pick<RepairTools, 'okta' | 'clock'>,
): Promise<Instant | null> {
  const now = clock.now();
  const types = ['system.import.roadblock', 'system.import.roadblock.resume'] as const;
  const last = (await okta.events({ types, target: instance, since: now - 30 * DAY, until: now + 1 })).at(-1);
  return last?.type === 'system.import.roadblock' ? last.at : null;
}

/** In what rhythm an AD instance is imported: how long until the next import, from each to the one after it, and how long one takes. */
export interface Rhythm {
  readonly next: number;
  readonly period: number;
  /** The longest of a day; 0 where none was seen to end. */
  readonly duration: number;
  /** By how much the next one is late. */
  readonly late: number;
}

/** By the last imports; null when they show none. */
export async function importRhythm(
  instance: string,
  tools: Pick<RepairTools, 'okta' | 'clock'>,
): Promise<Rhythm | null> {
  return rhythmOf(await importsOfDay(instance, tools), tools.clock.now());
}

async function importsOfDay(
  instance: string,
  { okta, clock }: Pick<RepairTools, 'okta' | 'clock'>,
): Promise<readonly OktaEvent[]> {
  const now = clock.now();
  const types = ['system.import.start', 'system.import.complete'] as const;
  return okta.events({ types, target: instance, since: now - DAY, until: now + 1 });
}

function rhythmOf(events: readonly OktaEvent[], now: Instant): Rhythm | null {
  const starts = events.filter(({ type }) => type === 'system.import.start');
  const last = starts.at(-1);
  const gaps = starts.slice(1).map(({ at }, index) => at - (starts[index]?.at ?? at));
  // No two gaps are equal: the middle one says the most.
  const period = gaps.toSorted((one, other) => one - other)[Math.floor(gaps.length / 2)];
  if (last === undefined || period === undefined || period <= 0 || period > 12 * HOUR) return null;
  // They have stopped, and nobody knows until when.
  if (now - last.at > 2 * period) return null;
  const durations = events.map(({ type, at }, index) => {
    const begun = events.slice(0, index).findLast((event) => event.type === 'system.import.start');
    return type === 'system.import.complete' && begun !== undefined ? at - begun.at : 0;
  });
  const next = last.at + period - now;
  return { next: Math.max(0, next), period, duration: Math.max(...durations), late: Math.max(0, -next) };
}

/** When an AD instance was begun to be imported last, and how long until it is again; each null where nothing shows it. */
export interface Outlook {
  readonly began: Instant | null;
  readonly next: number | null;
}

/**
 * Null where one is scheduled so soon that nobody need start it, and no later than it should have come: then, and only then, a
 * person's click is quicker.
 */
export async function importWanted(
  instance: string,
  due: number,
  tools: Pick<RepairTools, 'okta' | 'clock'>,
): Promise<Outlook | null> {
  const events = await importsOfDay(instance, tools);
  const rhythm = rhythmOf(events, tools.clock.now());
  if (rhythm !== null && rhythm.next <= due && rhythm.late <= due) return null;
  const began = events.findLast(({ type }) => type === 'system.import.start')?.at ?? null;
  return { began, next: rhythm === null || rhythm.late > 0 ? null : rhythm.next };
}

/** No import begins to the minute. */
const MARGIN = 5 * MINUTE;

/** Until the next import should be over. */
export function untilOver({ next, duration }: Rhythm): number {
  return next + duration + MARGIN;
}

/** From `least` milliseconds on, how long until an import is so near that a group may be left for it; one that would just be missed is none. */
export function untilDue({ next, period }: Rhythm, least: number, due: number): number {
  const start = next + Math.max(0, Math.ceil((least + 2 * MARGIN - next) / period)) * period;
  return Math.max(least, start - due + MARGIN);
}
