import { type Command, InvalidArgumentError, Option } from 'commander';
import { auditBetween } from '../shared/flows/audit.ts';
import { escapeInJson } from '../shared/controls.ts';
import type { AuditRow } from '../shared/state/decision-rows.ts';
import { type Instant, isoTime, parseTime } from '../shared/time.ts';
import { openHistory } from './history.ts';
import type { ExitCode, Io } from './io.ts';
import { asCsv, asText } from './report/sheet.ts';

type Format = 'table' | 'csv' | 'jsonl';

const HELP = `
Every decision and every effect, the oldest first: who, when, on whom, what there was before and afterwards, and what the tenants call the
requests. Effects of an open repair are there within the hour; until then: anchorwatch journal <person>

Needs the storage setting alone. Exit status: 0 shown, 2 could not run.`;

export function addAudit(program: Command, io: Io, end: (code: ExitCode) => void): void {
  program
    .command('audit')
    .description('show what was decided and done, by whom')
    .requiredOption('--since <day>', 'from this day or time on, in UTC: 2026-11-23 or 2026-11-23T02:00:00Z', timeOf)
    .option('--until <day>', 'up to this day or time', timeOf)
    .option('--person <name>', 'of this user name alone')
    .addOption(new Option('--format <format>', 'how it is written').choices(['table', 'csv', 'jsonl']).default('table'))
    .addHelpText('after', HELP)
    .action(async ({ since, until, person, format }: Options) => {
      const history = openHistory(io);
      const rows: AuditRow[] = [];
      for await (const row of auditBetween(since, until ?? history.clock.now() + 1, history)) {
        if (person !== undefined && row.person?.toLowerCase() !== person.toLowerCase()) continue;
        if (format === 'jsonl') io.out(`${escapeInJson(JSON.stringify({ ...row, at: isoTime(row.at) }))}\n`);
        else rows.push(row);
      }
      if (format !== 'jsonl') io.out(written(rows, format, io.columns));
      end(0);
    });
}

interface Options {
  readonly since: Instant;
  readonly until?: Instant;
  readonly person?: string;
  readonly format: Format;
}

const COLUMNS = ['when', 'who', 'what', 'of', 'before', 'after', 'run', 'repair', 'requests'];

function written(rows: readonly AuditRow[], format: 'table' | 'csv', width: number): string {
  if (rows.length === 0 && format === 'table') return 'Nothing was decided or done in that time.\n';
  const cells = rows.map(({ at, actor, what, person, before, after, run, repair, requests }) => [
    isoTime(at),
    actor,
    what,
    person ?? '',
    before,
    after,
    run ?? '',
    repair ?? '',
    Object.entries(requests)
      .map(([name, id]) => `${name} ${id}`)
      .join(', '),
  ]);
  const sheet = { head: [], columns: COLUMNS, rows: cells, title: 3, foot: [] };
  return format === 'csv' ? asCsv(sheet) : asText(sheet, width);
}

function timeOf(text: string): Instant {
  const time = parseTime(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text);
  if (time === null) throw new InvalidArgumentError('a day such as 2026-11-23, or a time with its zone, is expected');
  return time;
}
