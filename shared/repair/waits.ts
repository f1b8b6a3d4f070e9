import { HOUR, isoTime } from '../time.ts';
import type { Look, Work } from './step.ts';

/**
 * For how long it is waited, in milliseconds. Most waits end by themselves, and nobody need hear of them. Of one that has lasted long
 * somebody is told what is waited for and since when, and again each time that it has lasted so long once more.
 */
export async function waitOn(work: Work, look: Look & { readonly seen: 'waiting' }): Promise<number> {
  const { cursor, tools } = work;
  const every = look.tellAfter ?? tools.repair.times.remind;
  const waited = tools.clock.now() - cursor.since;
  const time = Math.floor(waited / every);
  if (time > 0) await tellWaiting(work, look.why, waited, time);
  return Math.min(look.pause, (time + 1) * every - waited);
}

async function tellWaiting(
  { head, cursor, member, tools }: Work,
  why: string,
  waited: number,
  time: number,
): Promise<void> {
  const { step, since } = cursor;
  await tools.tell({
    kind: 'needs-a-person',
    about: { id: `${head.id}.${step}.${cursor.member}.waits.${since}.${time}`, since: head.created },
    subject: 'A repair still waits',
    lines: [
      `${member.userName}, at the step ${step}, since ${isoTime(since)} (${Math.floor(waited / HOUR)} hours): ${why}.`,
      ...head.groups
        .filter((group) => group.member === cursor.member && step === 'import-without')
        .map(({ name, instance }) => `Out of the group ${name} until the AD instance ${instance} was imported.`),
    ],
    next: 'It goes on by itself once that has come about. See whether something keeps it from doing so.',
  });
}
