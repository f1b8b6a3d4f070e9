import { STEPS } from '../../shared/state/repair-rows.ts';
import { MINUTE } from '../../shared/time.ts';
import type { Report } from './night.ts';

/** The whole report: at which steps the kills met somebody, how the repairs ended, what was checked, and what did not hold. */
export function tableOf(report: Report): string {
  const { kills, missed, began, ended, ends, writes, checked, violations } = report;
  const hits = kills.flatMap((kill) => kill.hits);
  const rows = STEPS.map((step) => {
    const met = hits.filter((hit) => hit.step === step);
    return [step, met.length, met.filter(({ isBetween }) => isBetween).length] as const;
  });
  return [
    `${'step'.padEnd(16)}${'met'.padStart(8)}${'between intent and outcome'.padStart(30)}`,
    ...rows.map(
      ([step, met, between]) => `${step.padEnd(16)}${String(met).padStart(8)}${String(between).padStart(30)}`,
    ),
    '',
    `The night lasted ${Math.round((ended - began) / MINUTE)} minutes. Repairs: ${counts(ends)}. Writes: ${writes}.`,
    `Promises checked: ${counts(new Map([...checked].sort(([one], [other]) => one - other)))}.`,
    ...violations.slice(0, 20).map(({ promise, what }) => `  promise ${promise}: ${what}`),
    `${kills.length} kills (${missed} more met nobody at work), ${stepsHit(report)} steps hit, ${killsBetween(report)} kills between intent and outcome, promises checked ${sum(checked)} times, ${violations.length} violations`,
  ].join('\n');
}

export function stepsHit({ kills }: Report): number {
  return new Set(kills.flatMap(({ hits }) => hits.map(({ step }) => step))).size;
}

export function killsBetween({ kills }: Report): number {
  return kills.filter(({ hits }) => hits.some(({ isBetween }) => isBetween)).length;
}

function counts(map: ReadonlyMap<string | number, number>): string {
  return [...map].map(([name, count]) => `${name} ${count}`).join(', ');
}

function sum(map: ReadonlyMap<number, number>): number {
  return [...map.values()].reduce((all, one) => all + one, 0);
}
