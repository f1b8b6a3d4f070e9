import type { FaultScriptInput } from '../../local/http/faults/script.ts';
import { type Dice, diceOf } from '../../local/world/dice.ts';
import type { CausePlan } from '../../local/world/generate/causes.ts';
import type { ChurnPlan } from '../../local/world/generate/churn.ts';
import { type PlantCounts, usualPlants } from '../../local/world/generate/plants.ts';
import type { WorldKeys } from '../../local/world/keys.ts';
import { CERTIFICATE_LIMITS, type CertificateLimits } from '../../shared/rosters/limits.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import type { UnpluggedOptions } from './unplugged.ts';

/** When the run begins that is held against the key. The worlds begin some hours before, and have people change meanwhile. */
export const TONIGHT = Date.parse('2026-11-23T02:00:00Z');
/** And the night before it. */
export const LAST_NIGHT = TONIGHT - 160 * MINUTE;
const BEGIN = TONIGHT - 3 * HOUR;

/** None for long before, so that the System Log stays short. */
const IMPORTS = {
  every: 30 * MINUTE,
  duration: 2 * MINUTE,
  jitter: 0,
  stopped: [{ from: BEGIN - 30 * DAY, until: BEGIN - HOUR }],
};

/** As an admin sets it who would rather hear nothing than miss a row. */
const NO_TOLERANCE: CertificateLimits = { ...CERTIFICATE_LIMITS, rows: 0, share: 0 };

/** No larger tenant is drawn. */
const MOST_PEOPLE = 300;

export interface Drawn {
  readonly world: UnpluggedOptions;
  readonly script: FaultScriptInput;
  readonly trigger: 'timer' | 'manual';
  /** A good night comes first, so that there is a history to measure by and news are few. */
  readonly history: boolean;
}

/** A tenant and what goes wrong in its night, by the seed alone. */
export function drawn(seed: string, keys: WorldKeys): Drawn {
  const dice = diceOf(`nights ${seed}`);
  const history = dice.chance(0.2);
  return {
    history,
    trigger: dice.chance(0.5) ? 'timer' : 'manual',
    world: worldOf(seed, dice, keys),
    script: scriptOf(dice),
  };
}

function worldOf(seed: string, dice: Dice, keys: WorldKeys): UnpluggedOptions {
  const pageCap = () => dice.pick([5, 12, 30, 60, 999]);
  const lag = () => dice.pick([0, 0, 20 * SECOND, 2 * MINUTE]);
  return {
    seed,
    keys,
    start: BEGIN,
    people: 1 + dice.below(dice.pick([30, 60, 60, 120, MOST_PEOPLE])),
    plants: plantsOf(dice),
    causes: causesOf(dice),
    churn: churnOf(dice),
    office365Apps: dice.pick([1, 1, 2]),
    synced: dice.pick(['universal-sync', 'universal-sync', 'never']),
    okta: { pageCap: pageCap() },
    graph: { pageCap: pageCap(), replicaLag: lag(), countLag: lag() },
    imports: { 'contoso.com': IMPORTS, 'emea.contoso.com': IMPORTS },
    pace: dice.pick([0, 300, 2 * SECOND]),
    certificate: dice.pick([CERTIFICATE_LIMITS, NO_TOLERANCE]),
    budget: diceOf(`calls ${seed}`).pick([20 * MINUTE, 20 * MINUTE, 30 * SECOND, 5 * SECOND]),
  };
}

/** Any mixture: of each kind none or some, in a company where little, much or nothing has drifted. */
function plantsOf(dice: Dice): PlantCounts {
  const share = dice.pick([0, 0.1, 0.2, 0.5]);
  const kinds = Object.keys(usualPlants()).filter(() => dice.chance(share));
  return Object.fromEntries(kinds.map((kind) => [kind, 1 + dice.below(3)]));
}

function causesOf(dice: Dice): readonly CausePlan[] {
  if (!dice.chance(0.1)) return [];
  return [{ kind: dice.pick(['ou', 'directory', 'encoding', 'attribute']), people: 5 + dice.below(30) }];
}

/** People who come, go and change in the day before the run, and while it reads. */
function churnOf(dice: Dice): readonly ChurnPlan[] {
  const before = (['created', 'deleted', 'renamed', 're-anchored', 'drifted', 'healed'] as const)
    .filter(() => dice.chance(0.15))
    .map((kind) => ({ kind, people: 1 + dice.below(3), from: BEGIN + 40 * MINUTE, until: BEGIN + 2 * HOUR }));
  if (!dice.chance(0.3)) return before;
  const during = (['created', 'deleted', 'renamed', 're-anchored'] as const)
    .filter(() => dice.chance(0.5))
    .map((kind) => ({ kind, people: 1 + dice.below(4), from: TONIGHT - 10 * MINUTE, until: TONIGHT + 5 * MINUTE }));
  return [...before, ...during];
}

type Rule = FaultScriptInput['rules'][number];
type Draws<Item> = readonly [() => Item, ...(() => Item)[]];

/**
 * Often something happens to the pages of one list, for these are the faults that no status tells of; else any call fails. Single
 * reads, searches and counts fail, and do not lie: where a list and the question about one of its rows leave the same person out, the
 * tenants tell one story, and it is the wrong one, which nobody who only asks them can find out.
 */
function scriptOf(dice: Dice): FaultScriptInput {
  const rule = (): Rule =>
    dice.chance(0.5)
      ? { when: { path: dice.pick(LISTS), without: QUESTIONS, ...whenOf(dice) }, fault: pageFault(dice) }
      : { when: { path: dice.pick(PATHS), ...whenOf(dice) }, fault: failure(dice) };
  return { seed: dice.below(2 ** 31), rules: Array.from({ length: dice.pick([0, 1, 1, 2, 3, 5]) }, rule) };
}

/** What is asked at the address of a list and is none of its pages. */
const QUESTIONS = ['$filter=', '$count=', 'q='];

const LISTS = ['/api/v1/apps/*/users', '/v1.0/users', '/v1.0/directory/deletedItems/microsoft.graph.user'] as const;

/** Lists and single reads, counts, tokens, one side, or whatever is asked. */
const PATHS = [
  ...LISTS,
  '/api/v1/apps/*/users/*',
  '/api/v1/**',
  '/v1.0/users/*',
  '/v1.0/users/$count',
  '/v1.0/**',
  '/msi/token',
  '**',
] as const;

function whenOf(dice: Dice): NonNullable<Rule['when']> {
  const which = dice.pick<() => NonNullable<Rule['when']>>([
    () => ({}),
    () => ({ pages: [1 + dice.below(4)] }),
    () => ({ ordinals: [1 + dice.below(6), 7 + dice.below(30)] }),
    () => ({ from: 1 + dice.below(12), times: 1 + dice.below(3) }),
    () => ({ from: 1 + dice.below(12) }),
    () => ({ probability: dice.pick([0.05, 0.2, 0.6]) }),
  ]);
  return which();
}

function pageFault(dice: Dice): Rule['fault'] {
  const links = dice.pick(['moved' as const, 'kept' as const]);
  const faults: Draws<Rule['fault']> = [
    () => ({ kind: 'page-dropped', links }),
    () => ({ kind: 'page-repeated', links }),
    () => ({ kind: 'pages-swapped', links }),
    () => ({ kind: 'page-shortened', rows: 1 + dice.below(8) }),
    () => ({ kind: 'page-shortened', share: 0.1 + 0.9 * dice.next() }),
    () => ({ kind: 'page-emptied' }),
    () => ({ kind: 'empty-page-inserted' }),
    () => ({ kind: 'next-lost' }),
    () => ({ kind: 'next-elsewhere' }),
    () => ({ kind: 'cursor-cycles', back: dice.below(3) }),
    () => ({ kind: 'list-endless', rows: dice.pick(['repeated', 'none']), pages: 1 + dice.below(5) }),
  ];
  return dice.pick(faults)();
}

function failure(dice: Dice): Rule['fault'] {
  const reached = dice.chance(0.5);
  const faults: Draws<Rule['fault']> = [
    () => ({
      kind: 'throttled',
      reset: dice.pick(['past', 'future', 'missing']),
      form: dice.pick(['seconds', 'http-date']),
    }),
    () => ({ kind: 'concurrency-throttled' }),
    () => ({ kind: 'outage', status: dice.pick([500, 502, 503, 504]), reached }),
    () => ({ kind: 'html', status: dice.pick([200, 502]), reached }),
    () => ({ kind: 'token-refused' }),
    () => ({ kind: 'session-refused' }),
    () => ({ kind: 'denied' }),
    () => ({ kind: 'slow', ms: dice.pick([1_000, 45_000, 90_000]) }),
    () => ({ kind: 'body-cut', share: dice.next(), ending: dice.pick(['clean', 'closed', 'chunk-closed', 'stalled']) }),
    () => ({ kind: 'socket-closed', when: dice.pick(['before-headers', 'after-headers']), reached }),
    () => ({ kind: 'body-endless', bytes: 1 + dice.below(200_000) }),
  ];
  return dice.pick(faults)();
}
