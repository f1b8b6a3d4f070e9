import * as z from 'zod';
import { measured, medianOf } from '../measured.ts';
import { FLAGS, startTenants, type Tenants } from '../scan/contend.ts';
import { lineOf, type Target } from '../target.ts';

const CALLS = 10;
/** How much more a scan in so many calls may cost than one in one. */
const RESUMED = 0.1;

const tookSchema = z.object({
  wall: z.number(),
  read: z.number(),
  cpu: z.number(),
  calls: z.number(),
  state: z.literal('good'),
});
/** Milliseconds from the timer to the end, until the last page was read, and of CPU of all threads. */
type Took = z.infer<typeof tookSchema>;

/** A scan in one call and the same in ten, in turns, without latency and limits. False while a target is missed. */
export async function benchResume(people: number, runs: number, say: (line: string) => void): Promise<boolean> {
  const tenants = await startTenants(people);
  try {
    // Once for nothing: whoever reads a page first has it rendered.
    await night(1, 0, tenants);
    const [once, cut]: [Took[], Took[]] = [[], []];
    for (let round = 0; round < runs; round += 1) {
      const one = await night(1, 0, tenants);
      once.push(one);
      cut.push(await night(CALLS, one.read / CALLS, tenants));
    }
    say(`${people} people, ${runs} runs of each; medians.`);
    const [one, ten] = [mediansOf(once), mediansOf(cut)];
    say(lineFor('in one call', one));
    say(lineFor(`in ${ten.calls} calls`, ten));
    const targets = [
      { name: 'calls', found: String(ten.calls), wanted: String(CALLS), isMet: ten.calls === CALLS },
      resumed('time', ten.wall / one.wall),
      resumed('CPU', ten.cpu / one.cpu),
    ];
    for (const target of targets) say(lineOf(target));
    return targets.every(({ isMet }) => isMet);
  } finally {
    tenants.close();
  }
}

async function night(calls: number, budget: number, { settings }: Tenants): Promise<Took> {
  const args = [...FLAGS, 'bench/resume/night.ts', String(calls), String(budget)];
  const { said } = await measured(`A scan in ${calls} calls`, args, settings);
  return tookSchema.parse(JSON.parse(said));
}

function mediansOf(all: readonly Took[]): Took {
  const of = (value: (took: Took) => number): number => medianOf(all.map(value));
  return {
    wall: of(({ wall }) => wall),
    read: of(({ read }) => read),
    cpu: of(({ cpu }) => cpu),
    calls: of(({ calls }) => calls),
    state: 'good',
  };
}

function lineFor(name: string, { wall, cpu }: Took): string {
  return `${name}: ${(wall / 1_000).toFixed(2)} s, CPU ${(cpu / 1_000).toFixed(2)} s`;
}

function resumed(name: string, ratio: number): Target {
  return {
    name: `${name} of ${CALLS} calls beside one`,
    found: ratio.toFixed(3),
    wanted: `at most ${1 + RESUMED} times`,
    isMet: ratio <= 1 + RESUMED,
  };
}
