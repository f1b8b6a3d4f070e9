import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { explain } from '../../shared/errors.ts';
import { redact } from '../../shared/redact.ts';
import { Interrupted, type ProcessSet, withProcesses } from '../processes.ts';
import { ROOT } from '../stack.ts';
import { findDrift } from './drift.ts';
import { mendDrift } from './mend.ts';

/** The log of storage, tenants and host: DEBUG=1 npm run demo */
function tellIfAsked(name: string, line: string): void {
  if (process.env['DEBUG'] !== undefined) process.stderr.write(`[${name}] ${line}\n`);
}

/** Each part has tenants and storage of its own. True when all was as it was planted. */
async function part(work: (set: ProcessSet, folder: string) => Promise<boolean>): Promise<boolean> {
  const folder = join(ROOT, '.anchorwatch', `demo-${process.pid}`);
  try {
    return await withProcesses((set) => work(set, folder), { onLine: tellIfAsked });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** All of it, or the parts that are named: npm run demo -- find */
const PARTS = { find: findDrift, mend: mendDrift };

try {
  const named = process.argv.slice(2);
  process.exitCode = 0;
  for (const [name, work] of Object.entries(PARTS)) {
    if (named.length > 0 && !named.includes(name)) continue;
    if (!(await part(work))) process.exitCode = 1;
  }
} catch (error) {
  process.stderr.write(
    `${error instanceof Interrupted ? 'Interrupted; nothing is left running.' : redact(explain(error))}\n`,
  );
  // What was under way has nothing to talk to any more, and nothing to say.
  process.exit(error instanceof Interrupted ? 130 : 2);
}
