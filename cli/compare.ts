import { rename, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { readLimitsConfig } from '../shared/config/read.ts';
import { AnchorwatchError } from '../shared/errors.ts';
import { AD_EXPORT, type AdAnchor } from '../shared/rosters/files/ad.ts';
import { ENTRA_EXPORT } from '../shared/rosters/files/entra.ts';
import { OKTA_EXPORT } from '../shared/rosters/files/okta.ts';
import type { JoinKey } from '../shared/rosters/files/read.ts';
import { type FileChoices, readFiles } from './compare/files.ts';
import { type Report, threeSidedReport, twoSidedReport } from './compare/reports.ts';
import type { ExitCode, Io } from './io.ts';
import { asCsv, asJson, asMarkdown, asText } from './report/sheet.ts';

type Format = 'table' | 'json' | 'csv' | 'md';

interface CompareOptions {
  readonly ad: string;
  readonly entra: string;
  readonly okta?: string;
  readonly format: Format;
  readonly out?: string;
  readonly join: JoinKey;
  readonly anchor: AdAnchor;
}

const HELP = `
The files are what an admin exports anyway. In PowerShell:

  ${AD_EXPORT}

  ${ENTRA_EXPORT}

${OKTA_EXPORT}

CSV with any of the usual delimiters and encodings is read, and JSON. --ad takes the users of Okta's AD app too.

Without --okta the words are same, differs and missing. With it every person has a verdict, and it is said who is hurt and what may be done.

Examples:
  anchorwatch compare --ad ad.csv --entra entra.csv
  anchorwatch compare --ad ad.csv --entra entra.csv --okta okta.json --format csv --out drift.csv

table and md show anchors in short form; csv and json hold them in full. In csv a cell that a spreadsheet would take for a formula begins
with an apostrophe, anchors that begin with + among them.

Exit status: 0 no drift, 1 drift, 2 could not tell (rows were left out, a file cannot be read, wrong options).`;

export function addCompare(program: Command, io: Io, end: (code: ExitCode) => void): void {
  program
    .command('compare')
    .description('compare exported files; no account is needed')
    .requiredOption('--ad <file>', 'AD users: Get-ADUser as CSV, or the users of Okta’s AD app')
    .requiredOption('--entra <file>', 'Entra users: Get-MgUser as CSV or JSON')
    .option('--okta <file>', 'users of the Office 365 app in Okta, as API JSON or CSV')
    .addOption(
      new Option('--format <format>', 'how the report is written')
        .choices(['table', 'json', 'csv', 'md'])
        .default('table'),
    )
    .option('--out <file>', 'write the report into this file')
    .addOption(
      new Option('--join <key>', 'what two sides have in common')
        .choices(['upn', 'mail', 'samAccountName'])
        .default('upn'),
    )
    .addOption(
      new Option('--anchor <attribute>', 'the AD attribute that is the source anchor')
        .choices(['objectGUID', 'mS-DS-ConsistencyGuid'])
        .default('objectGUID'),
    )
    .addHelpText('after', HELP)
    .action(async (options: CompareOptions) => end(await compare(options, io)));
}

async function compare(options: CompareOptions, io: Io): Promise<ExitCode> {
  const { format, out, join } = options;
  const choices: FileChoices = options;
  if (out !== undefined) refuseInput(choices, out, io);
  const files = await readFiles(choices, io.cwd);
  const { okta } = files;
  const report =
    okta === null ? twoSidedReport(files, join) : threeSidedReport({ ...files, okta }, join, readLimitsConfig(io.env));
  const text = written(report, format, out === undefined ? io.columns : Number.POSITIVE_INFINITY);
  if (out === undefined) io.out(text);
  else {
    await writeWhole(resolve(io.cwd, out), text);
    io.err(`${report.summary} Written to ${out}.\n`);
  }
  if (report.incomplete) return 2;
  return report.drift > 0 ? 1 : 0;
}

function written({ short, full, json }: Report, format: Format, width: number): string {
  const writers: Record<Format, () => string> = {
    table: () => asText(short, width),
    md: () => asMarkdown(short),
    csv: () => asCsv(full),
    json: () => asJson(json),
  };
  return writers[format]();
}

function refuseInput({ ad, entra, okta }: FileChoices, out: string, { cwd }: Io): void {
  const inputs = [ad, entra, okta].filter((file) => file !== undefined).map((file) => resolve(cwd, file));
  if (!inputs.includes(resolve(cwd, out))) return;
  throw new AnchorwatchError('invalid', `--out ${out} is one of the files to be read; it would be lost.`);
}

/** There is the whole report or none: it is written beside its place and moved there. */
async function writeWhole(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(draft, text, { flag: 'wx' });
    await rename(draft, path);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown';
    throw new AnchorwatchError('invalid', `The report cannot be written: ${why}.`, { cause: error });
  }
}
