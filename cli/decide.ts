import { type Command, Option } from 'commander';
import { ALONE_WORDS, entraWords, outcomeWords } from '../shared/notify/decision-words.ts';
import { RECIPE_WORDS } from '../shared/notify/words.ts';
import { approve, type Decided, reject } from '../shared/flows/approve.ts';
import { type Decision, keyOf, openProposals, type Proposal, proposals } from '../shared/flows/proposals.ts';
import { seenAs } from '../shared/flows/explain.ts';
import { rejectionText, withdrawRejections } from '../shared/flows/rejected.ts';
import { AnchorwatchError } from '../shared/errors.ts';
import { createLog, textLine } from '../shared/log.ts';
import type { PlannedRepair } from '../shared/plan/plan.ts';
import type { Proposed } from '../shared/plan/proposed.ts';
import { isoTime } from '../shared/time.ts';
import { deskOf, isYes } from './guide.ts';
import { openHistory } from './history.ts';
import type { ExitCode, Io } from './io.ts';
import { count } from '../shared/notify/count.ts';
import { plain } from './report/safe.ts';
import { asJson, asText, tableLines } from './report/sheet.ts';
import { sidesText } from './report/sides.ts';
import { type Format, formatOption } from './status.ts';

type End = (code: ExitCode) => void;

const HELP = `
A proposal is named by its checksum, which stands in the notice and in anchorwatch proposals: what is decided is decided on exactly
that. Everything is looked at afresh before anything is done, an approval lapses, and it raises no limit of tomorrow's.

Needs the storage setting alone. Exit status: 0 all of it was carried out, 1 not all, 2 could not run.`;

export function addProposals(program: Command, io: Io, end: End): void {
  program
    .command('proposals')
    .description('show what would be repaired if somebody said so, and what was decided')
    .option('--all', 'also those that can be decided on no more', false)
    .addOption(formatOption())
    .action(async ({ all, format }: { readonly all: boolean; readonly format: Format }) => {
      const history = openHistory(io);
      const shown = await (all ? proposals(history) : openProposals(history));
      if (format === 'json') io.out(asJson({ version: 1, proposals: shown.map(viewOf) }));
      else
        io.out(shown.length === 0 ? 'Nothing waits for a decision.\n' : shown.map((one) => textOf(one, io)).join('\n'));
      end(0);
    });
}

export function addApprove(program: Command, io: Io, end: End): void {
  decision(program, 'approve', 'have repairs of a proposal carried out').action(
    async (checksum: string, people: readonly string[], { by, all, yes }: Options) => {
      const wanted = whom(checksum, people, all, by);
      if (!yes && !(await isSure(io, 'Have them repaired? [y/N] '))) return end(1);
      const log = createLog((line) => io.err(`${line}\n`), { format: textLine, now: Date.now, least: 'warn' });
      end(report(await approve(wanted, { ...deskOf(io), log }), 'queued', io));
    },
  );
}

export function addReject(program: Command, io: Io, end: End): void {
  decision(program, 'reject', 'have nobody asked again about repairs of a proposal, while they stay the same').action(
    async (checksum: string, people: readonly string[], { by, all, yes }: Options) => {
      const wanted = whom(checksum, people, all, by);
      if (!yes && !(await isSure(io, 'Leave them as they are? [y/N] '))) return end(1);
      end(report(await reject(wanted, openHistory(io)), 'rejected', io));
    },
  );
}

export function addUnreject(program: Command, io: Io, end: End): void {
  program
    .command('unreject')
    .description('have what was rejected of a person proposed again by the next scan')
    .argument('<person>', 'user name of somebody with a finding, or an Okta user id or Entra object id')
    .requiredOption('--by <name>', 'who decides it')
    .addHelpText('after', '\nNothing runs by it: on what is proposed by then somebody decides anew.')
    .action(async (name: string, { by }: { readonly by: string }) => {
      const history = openHistory(io);
      const finding = (await seenAs(name, history))?.finding;
      const rows = await withdrawRejections(finding?.user ?? finding?.objectId ?? name, by, history);
      for (const row of rows)
        io.out(`${plain(finding?.userName ?? name)}: ${plain(rejectionText(row))}; the next scan proposes it again.\n`);
      end(0);
    });
}

interface Options {
  readonly by: string;
  readonly all: boolean;
  readonly yes: boolean;
}

function decision(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .argument('<checksum>', 'the proposal’s checksum, or its first eight digits')
    .argument('[people...]', 'user names, Okta user ids or Entra object ids of some of them')
    .addOption(new Option('--all', 'all who need not be decided on alone').default(false))
    .requiredOption('--by <name>', 'who decides it')
    .option('--yes', 'without being asked', false)
    .addHelpText('after', HELP);
}

function whom(checksum: string, people: readonly string[], all: boolean, by: string): Decision {
  if (all === people.length > 0)
    throw new AnchorwatchError(
      'invalid',
      all ? 'Name some people, or give --all: not both.' : 'Say whom it is about: names, or --all.',
    );
  return { checksum: checksum.toLowerCase(), people: all ? null : people, by };
}

async function isSure(io: Io, question: string): Promise<boolean> {
  if (io.ask !== null && isYes(await io.ask(question))) return true;
  io.out('Nothing was decided. Without a terminal: --yes\n');
  return false;
}

function report(decided: readonly Decided[], wanted: Decided['outcome'], io: Io): ExitCode {
  for (const one of decided) io.out(plain(`${peopleOf(one.item)}: ${outcomeWords(one.outcome, one.decision)}.`) + '\n');
  const done = decided.filter(({ outcome }) => outcome === wanted).length;
  io.out(`${count(done)} of ${count(decided.length)} ${wanted}.\n`);
  return done === decided.length ? 0 : 1;
}

function peopleOf({ members }: Proposed): string {
  return members.map(({ userName }) => userName).join(', ');
}

function viewOf({ row: { packed: _packed, ...row }, items, decisions }: Proposal) {
  return { ...row, items, decisions: [...decisions.values()] };
}

function textOf({ row, items, decisions }: Proposal, io: Io): string {
  const { run, checksum, rule, reason, more, expires } = row;
  const short = checksum.slice(0, 12);
  const rows = items.flatMap(({ why, members }) => {
    const made = decisions.get(keyOf(members));
    const decided =
      made === undefined
        ? (why ?? '')
        : `${made.decision} by ${made.by}${made.withdrawn === null ? '' : ', withdrawn'}`;
    return members.map((member) => rowOf(member, decided));
  });
  const sheet = { head: [], columns: [], rows: [], title: 1, foot: [] };
  const head = [
    `Proposal ${short} of run ${run}, until ${isoTime(expires)} (${rule}: ${reason}).`,
    ...(more === 0 ? [] : [`${count(more)} more are proposed when these are decided on.`]),
  ];
  const foot = [`anchorwatch approve ${short} --all --by <your name>, or with the names of some; or reject.`];
  return [
    asText({ ...sheet, head }, io.columns),
    `${tableLines(['who', 'what is done', 'Entra now', 'then', 'decided'], rows, io.columns).join('\n')}\n`,
    ...items.filter(({ why }) => why !== null).map((item) => aloneText(item, short, io)),
    asText({ ...sheet, head: foot }, io.columns),
  ].join('\n');
}

function rowOf(repair: PlannedRepair, decided: string): readonly string[] {
  return [repair.userName, RECIPE_WORDS[repair.recipe], ...entraWords(repair), decided];
}

/** Decided on by name alone, with both accounts in view. */
function aloneText({ why, members, sides }: Proposed, checksum: string, io: Io): string {
  const names = members.map(({ userName }) => userName);
  const head = [
    `${names.join(', ')}: ${why === null ? '' : ALONE_WORDS[why]}`,
    `anchorwatch approve ${checksum} ${names[0] ?? ''} --by <your name>`,
  ];
  const sheet = { head, columns: [], rows: [], title: 1, foot: [] };
  return `${asText(sheet, io.columns)}\n${sidesText(sides, io.columns)}`;
}
