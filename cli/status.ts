import { type Command, InvalidArgumentError, Option } from 'commander';
import { confirmBaseline } from '../shared/flows/decide.ts';
import { isDrift } from '../shared/notify/finding-words.ts';
import { isoTime } from '../shared/time.ts';
import { lastRuns, openHistory, viewOf } from './history.ts';
import type { ExitCode, Io } from './io.ts';
import { plain } from './report/safe.ts';
import { renderRun, type RunView, verdictSentence } from './report/run.ts';
import { asJson, tableLines } from './report/sheet.ts';

export type Format = 'table' | 'json';
type End = (code: ExitCode) => void;

export function addStatus(program: Command, io: Io, end: End): void {
  program
    .command('status')
    .description('show the last run: who has drifted, why, and what happens next')
    .addOption(formatOption())
    .addHelpText(
      'after',
      '\nNeeds the storage setting alone. Exit status: 0 nobody has drifted, 1 somebody has, 2 could not tell.',
    )
    .action(async ({ format }: { readonly format: Format }) => {
      const history = openHistory(io);
      const [last] = await lastRuns(history, 1);
      const view = await viewOf(last, history);
      io.out(format === 'json' ? asJson({ version: 1, ...view }) : renderRun(view, io.columns));
      end(exitOf(view));
    });
}

export function addRuns(program: Command, io: Io, end: End): void {
  program
    .command('runs')
    .description('list the runs, the newest first')
    .addOption(new Option('--limit <number>', 'how many').default(14).argParser(positive))
    .addOption(formatOption())
    .action(async ({ limit, format }: { readonly limit: number; readonly format: Format }) => {
      const runs = await lastRuns(openHistory(io), limit);
      const rows = runs.map(({ id, state, trigger, slices, ended, summary, doubts }) => [
        id,
        state,
        trigger,
        String(slices),
        ended === null ? '' : isoTime(ended).slice(0, 16),
        summary === null ? '' : String(summary.paired),
        summary === null ? '' : String(Object.values(summary.verdicts).reduce((sum, people) => sum + people, 0)),
        summary === null ? '' : String(summary.queued),
        doubts.map(({ rule }) => rule).join(', '),
      ]);
      const columns = ['run', 'state', 'trigger', 'calls', 'ended', 'paired', 'findings', 'queued', 'doubts'];
      const table =
        rows.length === 0 ? 'There is no run yet.\n' : `${tableLines(columns, rows, io.columns).join('\n')}\n`;
      io.out(format === 'json' ? asJson({ version: 1, runs }) : table);
      end(0);
    });
}

export function addConfirm(program: Command, io: Io, end: End): void {
  program
    .command('confirm')
    .description('confirm that the counts of a run are right; nothing is ever repaired before somebody has')
    .argument('<run>', 'the run’s id, as `anchorwatch runs` shows it')
    .requiredOption('--by <name>', 'who confirms')
    .action(async (id: string, { by }: { readonly by: string }) => {
      const history = openHistory(io);
      const run = await confirmBaseline(id, by, history);
      io.out(`${verdictSentence(await viewOf(run, history))}\n`);
      for (const { label, distinct } of run.certificates) io.out(`  ${plain(label)}: ${distinct} rows\n`);
      io.out(`${plain(by)} confirms these counts; later runs are measured by them.\n`);
      end(0);
    });
}

export function exitOf({ run, seen }: RunView): ExitCode {
  if (run.state !== 'good') return 2;
  return seen.some(({ finding }) => isDrift(finding)) ? 1 : 0;
}

export function formatOption(): Option {
  return new Option('--format <format>', 'how it is written').choices(['table', 'json']).default('table');
}

function positive(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('a whole number from 1 on is expected');
  return number;
}
