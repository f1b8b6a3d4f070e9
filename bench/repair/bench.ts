import { engineNight } from './engine.ts';
import { type Figures, figuresOfEngine, figuresOfNaive } from './figures.ts';
import { naiveNight } from './naive.ts';
import { officeOf } from './office.ts';
import { reportOf } from './report.ts';
import type { Target } from '../target.ts';
import { targetsOf } from './targets.ts';

export interface BenchOptions {
  readonly people: number;
  /** How many instances of the app the plan allows. */
  readonly instances: number;
  readonly seed: string;
}

export interface Bench {
  readonly engine: Figures;
  readonly naive: Figures;
  readonly targets: readonly Target[];
  readonly report: string;
  /** What flows threw that is no error of the house. */
  readonly errors: readonly unknown[];
}

/** The same people in the same office, repaired in both ways on virtual time. */
export async function benchRepair({ people, instances, seed }: BenchOptions): Promise<Bench> {
  const office = officeOf(people, seed);
  const night = await engineNight(office, instances, seed);
  const engine = figuresOfEngine(office, night);
  const another = officeOf(people, seed);
  const naive = figuresOfNaive(another, await naiveNight(another, seed));
  const targets = targetsOf(engine);
  return { engine, naive, targets, report: reportOf(engine, naive, targets), errors: night.errors };
}
