import { medianOf } from '../measured.ts';
import { lineOf } from '../target.ts';
import { OURS, PLAIN, run, startTenants, STOCK, type Took } from './contend.ts';
import { type Contest, growthOf, sameResult, sharesOf } from './targets.ts';

export interface ScanOptions {
  readonly people: readonly number[];
  readonly runs: number;
}

/** Too few to take any time of their own. */
const NEARLY_NOBODY = 20;

/**
 * A scan of the whole tenant beside what else an admin could run, and the ratios. Prints as it goes, for it takes its time. False while a
 * target is missed.
 */
export async function benchScan({ people, runs }: ScanOptions, say: (line: string) => void): Promise<boolean> {
  const { ours: nobody } = await contest(NEARLY_NOBODY, runs, say);
  const contests: Contest[] = [];
  for (const size of people) contests.push(await contest(size, runs, say));
  const targets = [...contests.map(sameResult), ...contests.flatMap(sharesOf), ...growthOf(contests, nobody.wall)];
  for (const target of targets) say(lineOf(target));
  return targets.every(({ isMet }) => isMet);
}

async function contest(people: number, runs: number, say: (line: string) => void): Promise<Contest> {
  const tenants = await startTenants(people);
  try {
    const contenders = [OURS, PLAIN, STOCK] as const;
    // Once for nothing: whoever reads a page first has it rendered.
    for (const one of contenders) await run(one, tenants.settings);
    const before = await tenants.cpu();
    const took = contenders.map((): Took[] => []);
    for (let round = 0; round < runs; round += 1)
      for (const [at, one] of contenders.entries()) took[at]?.push(await run(one, tenants.settings));
    const served = ((await tenants.cpu()) - before) / 1_000;
    say(`${people} people, ${runs} runs of each; the tenants took ${served.toFixed(1)} s of CPU for all of them.`);
    const [ours = [], plain = [], stock = []] = took;
    const found = { people, ours: mediansOf(ours), plain: mediansOf(plain), stock: mediansOf(stock) };
    for (const [name, one] of [
      [OURS.name, found.ours],
      [PLAIN.name, found.plain],
      [STOCK.name, found.stock],
    ] as const)
      say(rowOf(name, one, found.ours));
    return found;
  } finally {
    tenants.close();
  }
}

function mediansOf(all: readonly Took[]): Took {
  const of = (value: (took: Took) => number): number => medianOf(all.map(value));
  return {
    wall: of(({ wall }) => wall),
    cpu: of(({ cpu }) => cpu),
    memory: of(({ memory }) => memory),
    paired: of(({ paired }) => paired),
    drifted: of(({ drifted }) => drifted),
  };
}

/** The figures of one contender, and in brackets how many times as much ours took. */
function rowOf(name: string, took: Took, ours: Took): string {
  const ratio = (value: (one: Took) => number): string => (value(ours) / value(took)).toFixed(2);
  return `${name}: ${(took.wall / 1_000).toFixed(2)} s (${ratio(({ wall }) => wall)}), CPU ${(took.cpu / 1_000).toFixed(2)} s (${ratio(({ cpu }) => cpu)}), ${Math.round(took.memory / 1_024)} MB (${ratio(({ memory }) => memory)}); ${took.paired} paired, ${took.drifted} drifted`;
}
