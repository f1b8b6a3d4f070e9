import { parseArgs } from 'node:util';
import { benchCompare } from './compare/bench.ts';
import { benchFindings } from './findings/bench.ts';
import { benchImports } from './imports/bench.ts';
import { benchRepair } from './repair/bench.ts';
import { benchResume } from './resume/bench.ts';
import { benchRate } from './rate/bench.ts';
import { limitsTable } from './rate/table.ts';
import { benchScan } from './scan/bench.ts';

/**
 * `npm run bench -- repair`: measures on virtual time, so that the figures are those of the tenants' latency and limits and not of
 * this machine. Exit 1 when a target is not met. So does `npm run bench -- rate --people 300000`, of a scan in one call and in ten.
 * `npm run bench -- resume --people 300000` measures what those ten cost this machine. `npm run bench -- limits` computes what Okta's limit means for tenants of several sizes. `npm run bench`, or `npm run bench -- scan --people 10000,100000,300000 --runs 5`, measures this machine, and compares: it wants the built product
 * (`npm run build`), and so do `npm run bench -- findings --findings 20000 --people 300000` and `npm run bench -- imports`.
 * `npm run bench -- compare` measures the comparison alone.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    people: { type: 'string' },
    findings: { type: 'string', default: '20000' },
    instances: { type: 'string', default: '3' },
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '5' },
  },
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const BENCHES: Readonly<Record<string, () => Promise<boolean>>> = {
  async repair() {
    const { people = '200', instances, seed } = values;
    const { report, targets, errors } = await benchRepair({
      people: Number(people),
      instances: Number(instances),
      seed,
    });
    process.stdout.write(`${report}\n`);
    for (const error of errors) process.stderr.write(`${String(error)}\n`);
    return errors.length === 0 && targets.every(({ isMet }) => isMet);
  },
  async rate() {
    const { people = '150000' } = values;
    return benchRate(Number(people), say);
  },
  async resume() {
    const { people = '300000', runs } = values;
    return benchResume(Number(people), Number(runs), say);
  },
  async limits() {
    process.stdout.write(`${limitsTable()}\n`);
    return true;
  },
  async scan() {
    const { people = '10000,100000,300000', runs } = values;
    const sizes = people.split(',').map(Number);
    return benchScan({ people: sizes, runs: Number(runs) }, say);
  },
  async findings() {
    const { people = '300000', findings } = values;
    const sizes = { findings: Number(findings), people: Number(people) };
    return benchFindings(sizes, say);
  },
  async compare() {
    const { people = '300000', runs } = values;
    return benchCompare(Number(people), Number(runs), say);
  },
  imports: () => benchImports(Number(values.runs), say),
};

const [name = 'scan'] = positionals;
const bench = BENCHES[name];
if (bench === undefined) {
  process.stderr.write(`There is no bench called '${name}'. There is: ${Object.keys(BENCHES).join(', ')}\n`);
  process.exitCode = 2;
} else {
  process.exitCode = (await bench()) ? 0 : 1;
}
