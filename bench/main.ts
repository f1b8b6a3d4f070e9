import { parseArgs } from 'node:util';
import { benchRepair } from './repair/bench.ts';

/**
 * `npm run bench -- repair`: measures on virtual time, so that the figures are those of the tenants' latency and limits and not of
 * this machine. Exit 1 when a target is not met.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    people: { type: 'string', default: '200' },
    instances: { type: 'string', default: '3' },
    seed: { type: 'string', default: '1' },
  },
});

const BENCHES: Readonly<Record<string, () => Promise<boolean>>> = {
  async repair() {
    const { people, instances, seed } = values;
    const { report, targets, errors } = await benchRepair({
      people: Number(people),
      instances: Number(instances),
      seed,
    });
    process.stdout.write(`${report}\n`);
    for (const error of errors) process.stderr.write(`${String(error)}\n`);
    return errors.length === 0 && targets.every(({ isMet }) => isMet);
  },
};

const [name = ''] = positionals;
const bench = BENCHES[name];
if (bench === undefined) {
  process.stderr.write(`There is no bench called '${name}'. There is: ${Object.keys(BENCHES).join(', ')}\n`);
  process.exitCode = 2;
} else {
  process.exitCode = (await bench()) ? 0 : 1;
}
