import { randomUUID } from 'node:crypto';
import { realpath, rename, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { readLimitsConfig } from '../shared/config/read.ts';
import { AnchorwatchError } from '../shared/errors.ts';
import { AD_EXPORT, type AdAnchor } from '../shared/rosters/files/ad.ts';
import { ENTRA_EXPORT } from '../shared/rosters/files/entra.ts';
import type { JoinKey } from '../shared/rosters/files/read.ts';
import { type FileChoices, readFiles } from './compare/files.ts';
import { gapsOf } from './compare/gaps.ts';
import type { Outcome, Report } from './compare/report.ts';
import { threeSidedReport } from './compare/three-sided-report.ts';
import { twoSidedReport } from './compare/two-sided-report.ts';
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
  readonly complete: boolean;
}

/** PowerShell 7 follows the pages by itself. */
const OKTA_LINE = `Invoke-RestMethod "https://<your org>.okta.com/api/v1/apps/<id of the Office 365 app>/users?limit=500" -Headers @{Authorization="SSWS $env:OKTA_TOKEN"} -FollowRelLink | ConvertTo-Json -Depth 10 | Set-Content okta.json -Encoding utf8`;

const HELP = `
The files are what an admin exports anyway. In PowerShell:

  ${AD_EXPORT}

  ${ENTRA_EXPORT}

  ${OKTA_LINE}

CSV with any of the usual delimiters and encodings is read, and JSON. --ad takes the users of Okta's AD app too.

Without --okta the words are same, differs and missing. With it every person has a verdict, and it is said who is hurt and what may be
done. People are joined by --join, AD's attribute with the user name in Okta; a name that several have is listed, and nobody behind it is
judged.

A row that cannot be read is named and left out. A file with rows left out, or with exactly as many rows as one page of its API, may lack
people: then nothing is said that rests on somebody's absence from it, nor is a repair advised. --complete says that a file of one page is
all there is.

Examples:
  anchorwatch compare --ad ad.csv --entra entra.csv
  anchorwatch compare --ad ad.csv --entra entra.csv --okta okta.json --format csv --out drift.csv

table and md show anchors in short form; csv and json hold them in full. In csv a cell that a spreadsheet would take for a formula begins
with an apostrophe, anchors that begin with + among them. docs/compare.md describes the formats.

Exit status: 0 no drift, 1 drift, 2 could not tell of everybody (rows left out, ambiguous names, accounts without the
join key, unreadable values) or not at all (a file that cannot be read, wrong options).`;

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
    .option('--complete', 'the files hold everybody, also one of exactly a page of its API', false)
    .addHelpText('after', HELP)
    .action(async (options: CompareOptions) => end(await compare(options, io)));
}

async function compare(options: CompareOptions, io: Io): Promise<ExitCode> {
  const { format, out, join } = options;
  const choices: FileChoices = options;
  if (out !== undefined) await refuseInput(choices, out, io);
  const files = await readFiles(choices, io.cwd);
  const { okta } = files;
  const question = { join, gaps: gapsOf(files, options.complete) };
  const report =
    okta === null
      ? twoSidedReport({ ...question, files })
      : threeSidedReport({ ...question, files: { ...files, okta } }, readLimitsConfig(io.env));
  const text = written(report, format, out === undefined ? io.columns : Number.POSITIVE_INFINITY);
  if (out === undefined) io.out(text);
  else {
    await writeWhole(resolve(io.cwd, out), text);
    io.err(`${report.summary} Written to ${out}.\n`);
  }
  return EXIT_CODES[report.outcome];
}

const EXIT_CODES: Readonly<Record<Outcome, ExitCode>> = { 'no-drift': 0, drift: 1, 'could-not-tell': 2 };

function written({ short, full, json }: Report, format: Format, width: number): string {
  const writers: Record<Format, () => string> = {
    table: () => asText(short, width),
    md: () => asMarkdown(short),
    csv: () => asCsv(full),
    json: () => asJson(json),
  };
  return writers[format]();
}

/** Files are told apart by where they really are: an input may be a link, or lie in a linked folder. */
async function refuseInput({ ad, entra, okta }: FileChoices, out: string, { cwd }: Io): Promise<void> {
  const place = (file: string): Promise<string> => realpath(resolve(cwd, file)).catch(() => resolve(cwd, file));
  const inputs = await Promise.all([ad, entra, okta].filter((file) => file !== undefined).map(place));
  if (!inputs.includes(await place(out))) return;
  throw new AnchorwatchError('invalid', `--out ${out} is one of the files to be read; it would be lost.`);
}

/** There is the whole report or none: it is written beside its place and moved there. */
async function writeWhole(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(draft, text, { flag: 'wx' });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw new AnchorwatchError('invalid', 'The report cannot be written', { cause: error });
  }
}
