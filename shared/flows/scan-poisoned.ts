import { findRun } from './run.ts';
import { couldNotTell } from './scan/conclude.ts';
import type { Tools } from './tools.ts';

/** Ends a run whose message failed too often. A run that is done by now stays as it is. */
export async function scanPoisoned(id: string, tools: Tools): Promise<void> {
  const run = await findRun(tools.state, id);
  if (run === null || run.row.state !== 'reading') return;
  const message =
    'The scan failed too often in a row. The log of the scan function says why; the next run starts anew.';
  await couldNotTell(run, run.row.certificates, [{ rule: 'read-failed', list: null, message }], tools);
}
