import { createHash } from 'node:crypto';
import { kindOf } from '../errors.ts';
import { decodeMessage, REPAIR_QUEUE, SCAN_QUEUE } from '../state/messages.ts';
import type { QueueSpec } from '../state/spec.ts';
import { abandonRepair } from './abandon.ts';
import type { RepairFlowTools } from './repair.ts';
import { findRun } from './run.ts';
import { couldNotTell } from './scan/conclude.ts';
import { tell } from './tell.ts';
import type { Tools } from './tools.ts';

/**
 * A message of the scan that failed too often: the run says "could not tell". A run that is done by now stays as it is, so that the
 * message may come as often as it likes.
 */
export async function scanPoisoned(message: unknown, tools: Tools): Promise<void> {
  const read = await readOrTell(SCAN_QUEUE, message, tools);
  const run = read === null ? null : await findRun(tools.state, read.run);
  if (run === null || run.row.state !== 'reading') return;
  const reason = 'The scan failed too often in a row. The log of the scan function says why; the next run starts anew.';
  await couldNotTell(run, run.row.certificates, [{ rule: 'read-failed', list: null, message: reason }], tools);
}

/** A message of a repair that failed too often: whoever was to be repaired goes to a person, once. */
export async function repairPoisoned(message: unknown, tools: RepairFlowTools): Promise<void> {
  const read = await readOrTell(REPAIR_QUEUE, message, tools);
  if (read !== null) await abandonRepair(read.repair, tools);
}

/** What cannot be read cannot be worked on, and must not vanish either: somebody is told, under one key a message. */
async function readOrTell<Message>(queue: QueueSpec<Message>, message: unknown, tools: Tools): Promise<Message | null> {
  try {
    return decodeMessage(queue.schema, message);
  } catch (error) {
    if (kindOf(error) !== 'invalid') throw error;
    const id = createHash('sha256')
      .update(JSON.stringify(message) ?? 'nothing')
      .digest('hex')
      .slice(0, 16);
    const lines = [`A message in ${queue.name} cannot be read; it was left out.`];
    const next = 'Nothing waits for it. See who writes into this queue besides Anchorwatch.';
    await tell(
      { kind: 'needs-a-person', about: { id }, subject: 'A queue message cannot be read', lines, next },
      tools,
    );
    return null;
  }
}
