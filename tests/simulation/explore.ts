import { diceOf } from '../../local/world/dice.ts';
import { describing } from './alike.ts';
import { withEdit } from './edits.ts';
import { APPLIES, drawn, EFFECT_KINDS, type EffectKind, type FaultPlan, FAULTS, planned } from './faults.ts';
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

/** One run under the eyes of the promises. `described`: where it is put what each effect is. */
export async function watched(
  scenario: Scenario,
  seed: string,
  faults: FaultPlan = planned(new Map()),
  described?: Map<number, string>,
): Promise<Run & { readonly made: Made }> {
  let promises: Promises | null = null;
  const made = await simulate(scenario, seed, faults, (under) => {
    promises = new Promises(under);
    return described === undefined ? promises : describing(under, promises, described);
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
  readonly offset?: number;
  /** Ends early when this says so. */
  readonly until?: () => boolean;
  /** What was hit already, in whatever scenario: an effect that is like one of them is left out. */
  readonly hit?: Set<string>;
}

/** Every effect of a clean run, with every fault that applies to it, or a share of them. */
export async function singles(scenario: Scenario, tally: Tally, share: Share = {}): Promise<void> {
  const { offset = 0, until = () => false, hit } = share;
  const stride = (share.stride ?? 1) * (scenario.thin ?? 1);
  const described = new Map<number, string>();
  const clean = await watched(scenario, '1', planned(new Map()), described);
  count(tally, clean);
  let at = offset;
  for (const [effect, { kind, name }] of clean.history.entries()) {
    const what = described.get(effect) ?? name;
    if (hit?.has(what) === true) continue;
    hit?.add(what);
    for (const fault of FAULTS) {
      if (!APPLIES[fault].includes(kind)) continue;
      if (until()) return;
      at += 1;
      if (at % stride === 0) count(tally, await watched(scenario, '1', planned(new Map([[effect, fault]]))));
    }
  }
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
