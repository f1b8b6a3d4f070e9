import type { Command } from 'commander';
import { nightly } from '../shared/flows/nightly.ts';
import { scan } from '../shared/flows/scan.ts';
import { createLog, textLine } from '../shared/log.ts';
import { commandTools } from '../shared/wiring.ts';
import { viewOf } from './history.ts';
import type { ExitCode, Io } from './io.ts';
import { progressBar } from './report/progress.ts';
import { renderRun } from './report/run.ts';
import { asJson } from './report/sheet.ts';
import { exitOf, type Format, formatOption } from './status.ts';

const HELP = `
Reads Okta and Entra ID with the settings of docs/configuration.md (storage is not needed), compares, and shows the report. Nothing is
written anywhere: no tenant, no table, no queue. There is no memory of earlier runs either, so evidence that needs one is missing.

Exit status: 0 nobody has drifted, 1 somebody has, 2 could not tell.`;

export function addScan(program: Command, io: Io, end: (code: ExitCode) => void): void {
  program
    .command('scan')
    .description('read the real tenants once, without writing anything anywhere')
    .addHelpText('after', HELP)
    .addOption(formatOption())
    .action(async ({ format }: { readonly format: Format }) => end(await scanOnce(format, io)));
}

/** The nightly flow itself, with its state in memory, call after call until the run is done. */
async function scanOnce(format: Format, io: Io): Promise<ExitCode> {
  const bar = io.isTerminal ? progressBar(io.err, BAR_WIDTH) : null;
  const log = createLog(
    (line) => {
      bar?.clear();
      io.err(`${line}\n`);
    },
    { format: textLine, now: Date.now, least: bar === null ? 'info' : 'error' },
  );
  const { tools: quiet, scans } = commandTools(io.env, log);
  const tools = bar === null ? quiet : { ...quiet, onPage: bar.show };
  try {
    const { id } = await nightly('manual', tools);
    for (let message = scans.take(); message !== null; message = scans.take()) await scan(message.run, tools);
    const run = (await tools.state.runs.list('run')[Symbol.asyncIterator]().next()).value;
    const view = { ...(await viewOf(run?.row.id === id ? run.row : undefined, tools)), remembers: false };
    bar?.clear();
    io.out(format === 'json' ? asJson({ version: 1, ...view }) : renderRun(view, io.columns));
    return exitOf(view);
  } catch (error) {
    bar?.clear();
    throw error;
  }
}

/** Narrower than any terminal: it is the error stream's, whose width nobody tells. */
const BAR_WIDTH = 80;
