import { AnchorwatchError } from '../../shared/errors.ts';
import { nightly } from '../../shared/flows/nightly.ts';
import { scan } from '../../shared/flows/scan.ts';
import { REPAIR_QUEUE, SCAN_QUEUE } from '../../shared/state/messages.ts';
import type { RunRow } from '../../shared/state/rows.ts';
import { memoryQueue } from '../../shared/storage/memory-queue.ts';
import { memoryTable } from '../../shared/storage/memory-table.ts';
import { DAY, type Instant } from '../../shared/time.ts';
import { stateOf } from '../../shared/wiring.ts';
import { settingsOf } from '../../tests/flows/night.ts';
import { Scheduler } from '../../tests/simulation/scheduler.ts';
import { portsOver } from '../repair/clients.ts';
import { Line, type Made, type Premises, SILENT } from '../repair/line.ts';

/** What a scan took, from its timer to its end. */
export interface ScanTook {
  readonly run: RunRow;
  /** Milliseconds of the tenants' time. */
  readonly time: number;
  readonly made: readonly Made[];
}

/**
 * A whole scan on virtual time, by the product's own flow and clients over the line; state in memory, by the codec of the tables. The first
 * call ends at the first of the cuts, in milliseconds since the beginning, and so on; each has clients of its own, as in a process that
 * has just started.
 */
export async function scanNight(premises: Premises, begin: Instant, cuts: readonly number[]): Promise<ScanTook> {
  const scheduler = new Scheduler(begin, () => 0);
  const clock = scheduler.clockOf({ name: 'scan', offset: 0, dead: false });
  // Every answer takes the same time, so that the imposed time can be computed.
  const line = new Line(
    premises,
    () => 0.5,
    () => undefined,
  );
  const scans = memoryQueue(SCAN_QUEUE, clock);
  const state = stateOf((spec) => memoryTable(spec));
  const settings = settingsOf({ mode: 'observe' });
  const toolsUntil = (end: number) => ({
    ...portsOver(line, { clock, log: SILENT, random: () => 0.5 }),
    state,
    scans,
    repairs: memoryQueue(REPAIR_QUEUE, clock),
    clock,
    log: SILENT,
    settings: { ...settings, scan: { ...settings.scan, budget: begin + end - clock.now() } },
    owner: 'scan',
  });

  async function night(): Promise<RunRow> {
    const { id } = await nightly('timer', toolsUntil(DAY));
    for (const end of [...cuts, DAY]) {
      const message = scans.take();
      if (message === null) break;
      await scan(message.run, toolsUntil(end));
    }
    for await (const { row } of state.runs.list('run', { limit: 1 })) if (row.state === 'good') return row;
    throw new AnchorwatchError('refused', `The run ${id} did not come to a good end.`);
  }

  const run = await driven(night(), scheduler);
  return { run, time: scheduler.now - begin, made: line.made };
}

/** Lets time go on until the work is done. */
async function driven<T>(work: Promise<T>, scheduler: Scheduler): Promise<T> {
  const open = new Set([work]);
  const end = (): void => void open.delete(work);
  work.then(end, end);
  while (open.size > 0) {
    // Nothing pending: somebody is at work, and waits for nothing.
    if (scheduler.isIdle) await new Promise((resolve) => void setImmediate(resolve));
    else await scheduler.step();
  }
  return work;
}
