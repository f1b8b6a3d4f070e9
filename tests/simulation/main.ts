import { parseArgs } from 'node:util';
import { newKeys } from '../../local/world/keys.ts';
import { honestNights, nightsTable } from '../nights/honest.ts';
import { emptyTally, mixed, singles, singlesByPlace, storyOf, tableOf, type Tally } from './explore.ts';
import { WHY_NOT } from './faults.ts';
import { SCENARIOS } from './scenarios.ts';

/**
 * `npm run simulate`: every fault at every effect of every scenario, then as many mixed runs as asked for. Ends with one line of
 * figures; exit 1 when a promise was broken, with the shortest history that shows it.
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    scenario: { type: 'string', multiple: true },
    stride: { type: 'string', default: '1' },
    // Each place in the procedure once, as `npm test` does, at effects that the seed draws.
    places: { type: 'boolean', default: false },
    // For whoever only asks whether there is any violation.
    first: { type: 'boolean', default: false },
    'no-singles': { type: 'boolean', default: false },
    // Instead of repairs, so many nightly scans of random tenants under random faults.
    nights: { type: 'string' },
  },
});
if (values.nights !== undefined) {
  const seeds = Array.from({ length: Number(values.nights) }, (_, at) => `${values.seed}.${at}`);
  const nights = await honestNights(seeds, newKeys());
  process.stdout.write(`${nightsTable(nights)}\n`);
  process.exit(nights.wrong.length > 0 ? 1 : 0);
}

const scenarios = SCENARIOS.filter(({ name }) => values.scenario === undefined || values.scenario.includes(name));
const tally = emptyTally();
const share = { stride: Number(values.stride), until: isEnough };
if (values.places) await singlesByPlace(scenarios, values.seed, tally, share);
else if (!values['no-singles']) {
  for (const scenario of scenarios) {
    await singles(scenario, tally, share);
    process.stderr.write(`${scenario.name}: ${tally.runs} runs so far, ${tally.failures.length} with a violation\n`);
  }
}
for (let run = 0; run < Number(values.runs) && !isEnough(); run += 1) {
  const scenario = scenarios[run % scenarios.length];
  if (scenario !== undefined) await mixed(scenario, `${values.seed}.${run}`, tally);
}
process.stdout.write(`${tableOf(tally)}\n${reasons()}\n${shortest(tally)}${summary(tally)}\n`);
process.exitCode = tally.failures.length > 0 || scenarios.length === 0 ? 1 : 0;

function isEnough(): boolean {
  return values.first && tally.failures.length > 0;
}

function reasons(): string {
  const lines = Object.entries(WHY_NOT).map(([fault, why]) => `  ${fault}: ${why}`);
  return ['An empty cell (—) has a reason:', ...lines].join('\n');
}

function shortest({ failures }: Tally): string {
  const [first] = failures.toSorted((one, other) => one.history.length - other.history.length);
  return first === undefined ? '' : `${storyOf(first)}\n`;
}

function summary({ runs, effects, checked, failures }: Tally): string {
  const violations = failures.reduce((sum, run) => sum + run.violations.length, 0);
  return `${runs} runs, ${effects} effects, promises checked ${checked} times, ${violations} violations in ${failures.length} runs`;
}
