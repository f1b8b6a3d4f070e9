import type { Command } from 'commander';
import { nightly } from '../shared/flows/nightly.ts';
import { scan } from '../shared/flows/scan.ts';
import { createLog, textLine } from '../shared/log.ts';
import type { Progress } from '../shared/rosters/progress.ts';
import { commandTools } from '../shared/wiring.ts';
import { viewOf } from './history.ts';
import type { ExitCode, Io } from './io.ts';
import { renderRun } from './report/run.ts';
import { exitOf } from './status.ts';

const HELP = `
Reads Okta and Entra ID with the settings of docs/configuration.md (storage is not needed), compares, and shows the report. Nothing is
written anywhere: no tenant, no table, no queue. There is no memory of earlier runs either, so evidence that needs one is missing.

Exit status: 0 nobody has drifted, 1 somebody has, 2 could not tell.`;

export function addScan(program: Command, io: Io, end: (code: ExitCode) => void): void {
  program
    .command('scan')
    .description('read the real tenants once, without writing anything anywhere')
    .addHelpText('after', HELP)
    .action(async () => end(await scanOnce(io)));
}

/** The nightly flow itself, with its state in memory, call after call until the run is done. */
async function scanOnce(io: Io): Promise<ExitCode> {
  const log = createLog((line) => io.err(`${line}\n`), {
    format: textLine,
    now: Date.now,
    least: io.isTerminal ? 'error' : 'info',
  });
  const { tools, scans } = commandTools(io.env, log);
  const bar = io.isTerminal ? { ...tools, onPage: progressBar(io) } : tools;
  const { id } = await nightly('manual', bar);
  for (let message = scans.take(); message !== null; message = scans.take()) await scan(message.run, bar);
  if (io.isTerminal) io.err('\n');
  const run = (await tools.state.runs.list('run')[Symbol.asyncIterator]().next()).value;
  const view = await viewOf(run?.row.id === id ? run.row : undefined, tools);
  io.out(renderRun(view, io.columns));
  return exitOf(view);
}

/** One line that is written over and over: the list being read, and how far it has come. */
function progressBar(io: Io): (progress: Progress) => void {
  return ({ label, rows, expected, done }) => {
    const of = expected === null ? '' : ` of about ${expected}`;
    const line = `${label}: ${rows}${of}${done ? ', done' : ''}`.slice(0, io.columns - 1);
    io.err(`\r\u001B[K${line}`);
  };
}
