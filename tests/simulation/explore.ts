import { diceOf } from '../../local/world/dice.ts';
import { withEdit } from './edits.ts';
import {
  APPLIES,
  drawn,
  EFFECT_KINDS,
  type EffectKind,
  type Fault,
  type FaultPlan,
  FAULTS,
  planned,
} from './faults.ts';
import { drawnAt, noting, type Places } from './places.ts';
import { Promises, type Violation } from './promises.ts';
import type { Happened } from './scheduler.ts';
import { type Made, type Scenario, simulate } from './simulation.ts';

export interface Run {
  readonly scenario: string;
  readonly seed: string;
  readonly history: readonly Happened[];
  readonly violations: readonly Violation[];
  readonly checked: number;
}

/** What many runs came to. */
export interface Tally {
  runs: number;
  effects: number;
  checked: number;
  readonly cells: Map<string, number>;
  readonly failures: Run[];
}

export function emptyTally(): Tally {
  return { runs: 0, effects: 0, checked: 0, cells: new Map(), failures: [] };
}

/** One run under the eyes of the promises. `places`: where it is noted where each effect is. */
export async function watched(
  scenario: Scenario,
  seed: string,
  faults: FaultPlan = planned(new Map()),
  places?: Places,
): Promise<Run & { readonly made: Made }> {
  let promises: Promises | null = null;
  const made = await simulate(scenario, seed, faults, (under) => {
    promises = new Promises(under);
    return places === undefined ? promises : noting(under, promises, places);
  });
  const watcher: Promises = promises ?? new Promises(made);
  watcher.atRest();
  const { history } = made.scheduler;
  return {
    scenario: scenario.name,
    seed,
    history,
    violations: watcher.violations,
    checked: watcher.checked,
    made,
  };
}

export function count(tally: Tally, run: Run): void {
  tally.runs += 1;
  tally.effects += run.history.length;
  tally.checked += run.checked;
  for (const { fault, kind } of run.history) {
    if (fault !== null) tally.cells.set(`${fault}|${kind}`, (tally.cells.get(`${fault}|${kind}`) ?? 0) + 1);
  }
  if (run.violations.length > 0) tally.failures.push(run);
}

interface Share {
  /** Takes every so-manyth. */
  readonly stride?: number;
  /** Ends early when this says so. */
  readonly until?: () => boolean;
}

/** Every effect of a clean run, with every fault that applies to it, or a share of them. */
export async function singles(scenario: Scenario, tally: Tally, { stride = 1, until = () => false }: Share = {}) {
  const clean = await watched(scenario, '1');
  count(tally, clean);
  let at = 0;
  for (const [effect, { kind }] of clean.history.entries()) {
    for (const fault of faultsOf(kind)) {
      if (until()) return;
      at += 1;
      if (at % stride === 0) count(tally, await single(scenario, effect, fault));
    }
  }
}

/**
 * Every fault that applies at every place in the procedure, at one of the effects there, whichever the seed draws. What one of them was
 * tried for is not tried again at the thousandth poll.
 */
export async function singlesByPlace(
  scenarios: readonly Scenario[],
  seed: string,
  tally: Tally,
  { stride = 1, until = () => false }: Share = {},
) {
  const places: Places = new Map();
  const lengths = new Map<Scenario, number>();
  for (const scenario of scenarios) {
    const clean = await watched(scenario, '1', undefined, places);
    lengths.set(scenario, clean.history.length);
    count(tally, clean);
  }
  let at = 0;
  for (const [place, there] of places) {
    for (const fault of FAULTS) {
      const one = drawnAt(there, lengths, diceOf(`${seed} ${place} ${fault}`));
      if (one === null || !APPLIES[fault].includes(one.kind)) continue;
      if (until()) return;
      at += 1;
      if (at % stride === 0) count(tally, await single(one.scenario, one.effect, fault));
    }
  }
}

function single(scenario: Scenario, effect: number, fault: Fault): Promise<Run> {
  return watched(scenario, '1', planned(new Map([[effect, fault]])));
}

function faultsOf(kind: EffectKind): readonly Fault[] {
  return FAULTS.filter((fault) => APPLIES[fault].includes(kind));
}

/** How far into a run the faults of a mixed one are drawn: most of the steps are over by then. */
const DRAWN_FROM = 400;

/** Another order of things, faults at places that the seed chooses, and in every third run an administrator's edit in the middle. */
export async function mixed(scenario: Scenario, seed: string, tally: Tally): Promise<void> {
  const dice = diceOf(`${seed} edit`);
  const edited = dice.below(3) === 0 ? withEdit(scenario, dice) : scenario;
  count(tally, await watched(edited, seed, drawn(seed, 2, DRAWN_FROM)));
}

/** Faults by kinds of effects, with the runs in each cell. */
export function tableOf({ cells }: Tally): string {
  const width = Math.max(...FAULTS.map(({ length }) => length));
  const head = ['fault'.padEnd(width), ...EFFECT_KINDS.map((kind) => kind.padStart(12))].join('  ');
  const rows = FAULTS.map((fault) => {
    const cell = (kind: EffectKind): string =>
      APPLIES[fault].includes(kind) ? String(cells.get(`${fault}|${kind}`) ?? 0) : '—';
    return [fault.padEnd(width), ...EFFECT_KINDS.map((kind) => cell(kind).padStart(12))].join('  ');
  });
  return [head, ...rows].join('\n');
}

/** A run that broke a promise, so that it can be read and repeated. */
export function storyOf({ scenario, seed, history, violations }: Run): string {
  const plan = history.flatMap(({ fault }, at) => (fault === null ? [] : [`${fault} at effect ${at}`])).join(', ');
  const last = Math.max(...violations.map(({ effect }) => effect));
  const lines = history
    .slice(0, Math.min(last, 400))
    .map(
      ({ at, worker, name, fault, failed }, index) =>
        `${index} ${at} ${worker} ${name}${fault === null ? '' : ` <- ${fault}`}${failed === null ? '' : ` (${failed})`}`,
    );
  const broken = violations
    .slice(0, 5)
    .map(({ promise, what, effect }) => `  promise ${promise} after effect ${effect}: ${what}`);
  return [`${scenario}, seed ${seed}: ${plan}`, ...broken, ...lines.slice(-60)].join('\n');
}
