import { type Dice, diceOf } from '../../local/world/dice.ts';
import { isAtWork, leapOver, type Standing, standingOf } from '../../local/night.ts';
import { journalOf } from '../../shared/flows/find-repair.ts';
import type { StepName } from '../../shared/state/repair-rows.ts';
import { HOUR, type Instant, MINUTE, SECOND } from '../../shared/time.ts';
import type { Evening } from './evening.ts';

/** A repair at which a worker was when its host was killed. */
export interface Hit {
  readonly repair: string;
  readonly step: StepName;
  /** The journal names an intent and not yet what it came to. */
  readonly isBetween: boolean;
}

export interface Kill {
  readonly at: Instant;
  readonly hits: readonly Hit[];
}

export interface KillingNight {
  readonly kills: readonly Kill[];
  /** Kills that met nobody at work, and count for nothing. */
  readonly missed: number;
  readonly began: Instant;
  readonly ended: Instant;
}

/**
 * What a repair is about to ask of the tenants, all polls included: only so that the kills fall on the whole night. Where few are
 * repaired the last of them must not come too late to meet anybody.
 */
function callsOf(wanted: number): number {
  return wanted < 10 ? 130 : 150;
}
/** What has not come to rest by then will not; and the next scan is not part of this. */
const LONGEST_NIGHT = 20 * HOUR;

/** Kills the host again and again, by seed, while it is at work; then lets the night end. Hours in which nothing is due are leapt over. */
export async function killingNight(
  evening: Evening,
  { kills: wanted, seed, say }: { readonly kills: number; readonly seed: string; readonly say: (line: string) => void },
): Promise<KillingNight> {
  const { machine } = evening;
  const dice = diceOf(`${seed} kills`);
  const began = machine.now();
  const kills: Kill[] = [];
  let missed = 0;
  /** After so many calls the next kill falls, however long nothing is asked in between. */
  let target: number | null = null;
  for (;;) {
    const standing = await standingOf(evening);
    const now = machine.now();
    if (standing.isOver || now - began > LONGEST_NIGHT) return { kills, missed, began, ended: now };
    const missing = wanted - kills.length;
    target ??= missing > 0 ? (await machine.calls()) + gapOf(standing, missing, callsOf(wanted), dice) : Infinity;
    if (!(await isAtWork(evening, target))) {
      await leapOver(evening);
      continue;
    }
    await machine.pause(dice.below(50));
    await machine.kill();
    target = null;
    const hits = await hitsOf(evening);
    if (hits.length > 0) kills.push({ at: machine.now(), hits });
    else missed += 1;
    say(
      `${kills.length}. kill: ${hits.map(({ step }) => step).join(', ') || 'nobody at work'}; ${standing.left.toFixed(1)} repairs to go`,
    );
    await machine.leap(5 * SECOND + dice.below(3 * MINUTE));
    await machine.start();
  }
}

/** So many calls until the next kill that all of them find work: never more than are left for the last of them. */
function gapOf({ left }: Standing, missing: number, calls: number, dice: Dice): number {
  return Math.max(5, ((left * calls) / missing) * (0.2 + 0.6 * dice.next()));
}

/** Read after the host is dead, so that nothing of it changes any more. */
async function hitsOf(evening: Evening): Promise<readonly Hit[]> {
  const { atWork } = await standingOf(evening);
  return Promise.all(
    atWork.map(async ({ id, cursor }) => {
      const last = (await journalOf(id, evening)).at(-1);
      return { repair: id, step: cursor?.step ?? 'preflight', isBetween: last?.outcome === 'intent' };
    }),
  );
}
