import { nightly } from '../../shared/flows/nightly.ts';
import { scan } from '../../shared/flows/scan.ts';
import type { Log } from '../../shared/ports/log.ts';
import type { Tools } from '../../shared/flows/tools.ts';
import { commandTools } from '../../shared/wiring.ts';
import { SILENT } from '../repair/line.ts';

/**
 * A night over the tenants of the bench in so many calls: `node night.ts <calls> <milliseconds>`, the last of them until the end and each of
 * the others so long. A process of its own, as a function app is that carries its scan on; state in memory, by the codec of the tables.
 */
const [calls = 1, budget = 0] = process.argv.slice(2).map(Number);
const log: Log = {
  ...SILENT,
  error: (message, fields) => process.stderr.write(`${message} ${JSON.stringify(fields)}\n`),
};
const { tools: command, scans } = commandTools(process.env, log);
// A night in the function app keeps its pages, and what the next one will want to know.
let read = 0;
const onPage = (): void => void (read = performance.now() - began);
const tools: Tools = { ...command, pages: undefined, forgets: false, onPage };

const began = performance.now();
const before = process.cpuUsage();
await nightly('timer', tools);
let made = 0;
for (let message = scans.take(); message !== null; message = scans.take()) {
  made += 1;
  const settings = { ...tools.settings.scan, ...(made < calls ? { budget } : {}) };
  await scan(message.run, { ...tools, settings: { ...tools.settings, scan: settings } });
}
const { user, system } = process.cpuUsage(before);
const took = { wall: performance.now() - began, read, cpu: (user + system) / 1_000, calls: made };
for await (const { row } of tools.state.runs.list('run', { limit: 1 }))
  process.stdout.write(JSON.stringify({ ...took, state: row.state }));
