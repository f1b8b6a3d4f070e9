import { type Contender, OURS, PLAIN, run, startTenants, STOCK, type Took } from './contend.ts';

export interface ScanOptions {
  readonly people: readonly number[];
  readonly runs: number;
}

/** Medians of one contender, with how many people there are. */
interface Result {
  readonly people: number;
  readonly name: string;
  readonly took: Took;
}

/** A scan of the whole tenant beside what else an admin could run, and the ratios. Prints as it goes, for it takes its time. */
export async function benchScan({ people, runs }: ScanOptions, say: (line: string) => void): Promise<void> {
  for (const size of people) {
    const results = await contest(size, runs, say);
    for (const line of tableOf(results)) say(line);
  }
}

async function contest(people: number, runs: number, say: (line: string) => void): Promise<readonly Result[]> {
  const tenants = await startTenants(people);
  try {
    const contenders: readonly Contender[] = [OURS, PLAIN, STOCK];
    // Once for nothing: whoever reads a page first has it rendered.
    for (const one of contenders) await run(one, tenants.settings);
    const before = await tenants.cpu();
    const took = new Map<string, Took[]>(contenders.map(({ name }) => [name, []]));
    for (let round = 0; round < runs; round += 1)
      for (const one of contenders) took.get(one.name)?.push(await run(one, tenants.settings));
    const served = ((await tenants.cpu()) - before) / 1_000;
    say(`${people} people, ${runs} runs of each; the tenants took ${served.toFixed(1)} s of CPU for all of them.`);
    return contenders.map(({ name }) => ({ people, name, took: mediansOf(took.get(name) ?? []) }));
  } finally {
    tenants.close();
  }
}

function mediansOf(all: readonly Took[]): Took {
  const of = (value: (took: Took) => number): number =>
    all.map(value).toSorted((one, other) => one - other)[all.length >> 1] ?? 0;
  return {
    wall: of(({ wall }) => wall),
    cpu: of(({ cpu }) => cpu),
    memory: of(({ memory }) => memory),
    paired: of(({ paired }) => paired),
    drifted: of(({ drifted }) => drifted),
  };
}

function tableOf(results: readonly Result[]): readonly string[] {
  const [ours] = results;
  return results.map(({ name, took }) => {
    const ratio = (value: (one: Took) => number): string =>
      ours === undefined ? '' : (value(ours.took) / value(took)).toFixed(2);
    return `${name}: ${(took.wall / 1_000).toFixed(2)} s (${ratio(({ wall }) => wall)}), CPU ${(took.cpu / 1_000).toFixed(2)} s (${ratio(({ cpu }) => cpu)}), ${Math.round(took.memory / 1_024)} MB (${ratio(({ memory }) => memory)}); ${took.paired} paired, ${took.drifted} drifted`;
  });
}
