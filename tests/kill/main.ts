import { parseArgs } from 'node:util';
import { Interrupted } from '../../local/processes.ts';
import { explain } from '../../shared/errors.ts';
import { redact } from '../../shared/redact.ts';
import { nightOf } from './night.ts';
import { stepsHit, tableOf } from './table.ts';

/** So many different steps a night of fifty kills must meet. */
const STEPS_TO_HIT = 10;

/**
 * `npm run kill`: a night of repairs in which the host is killed again and again. Ends with one line of figures; exit 1 when a promise
 * was broken, or when the kills did not reach what they are to reach.
 */
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    repairs: { type: 'string', default: '40' },
    seed: { type: 'string', default: '1' },
    times: { type: 'string', default: '20' },
  },
});

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

try {
  const kills = Number(values.kills);
  const report = await nightOf({
    kills,
    repairs: Number(values.repairs),
    seed: values.seed,
    times: Number(values.times),
    syncedWrites: 'after-unassign',
    say,
  });
  process.stdout.write(`${tableOf(report)}\n`);
  const isThin = kills >= 50 && stepsHit(report) < STEPS_TO_HIT;
  process.exitCode = report.violations.length > 0 || isThin ? 1 : 0;
} catch (error) {
  say(error instanceof Interrupted ? 'Interrupted; nothing is left running.' : redact(explain(error)));
  process.exitCode = error instanceof Interrupted ? 130 : 2;
}
