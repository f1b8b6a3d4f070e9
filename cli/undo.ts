import type { Command } from 'commander';
import { findRepair } from '../shared/flows/find-repair.ts';
import { undo, undoing } from '../shared/flows/undo.ts';
import { createLog, textLine } from '../shared/log.ts';
import { deskOf, isYes, lookOn } from './guide.ts';
import type { ExitCode, Io } from './io.ts';
import { plain } from './report/safe.ts';

const HELP = `
Gives the account in Entra ID the anchor back that it had before, by the same engine with the same guards: everything is looked at
afresh, journalled, and carried out by the function app, or by you where the tenant lets no program write. Okta's copy stays, for Okta
computes it from Active Directory; so the person cannot sign in afterwards, as before the repair. Take the person out of the opted-in
group soon after, or a later night repairs them again.

Needs the storage setting alone. Exit status: 0 taken back, 1 not, 2 could not run.`;

export function addUndo(program: Command, io: Io, end: (code: ExitCode) => void): void {
  program
    .command('undo')
    .description('take a repair back that is done')
    .argument('<person>', 'user name, Okta user id or Entra object id of the person, or the id of the repair')
    .requiredOption('--by <name>', 'who decides it')
    .option('--yes', 'without being asked', false)
    .addHelpText('after', HELP)
    .action(async (person: string, { by, yes }: { readonly by: string; readonly yes: boolean }) => {
      end(await takeBack(person, by, yes, io));
    });
}

async function takeBack(person: string, by: string, yes: boolean, io: Io): Promise<ExitCode> {
  const desk = deskOf(io);
  const done = await findRepair(person, desk);
  for (const { userName, objectId } of undoing(done))
    io.out(`${plain(userName)} (${objectId}): Entra ID gets the anchor back that it held before ${done.id}.\n`);
  io.out('The person cannot sign in to Microsoft 365 afterwards, as before that repair.\n');
  if (!yes && (io.ask === null || !isYes(await io.ask('Take it back? [y/N] ')))) {
    io.out('Nothing was done. Without a terminal: --yes\n');
    return 1;
  }
  const log = createLog((line) => io.err(`${line}\n`), { format: textLine, now: Date.now, least: 'warn' });
  const id = await undo(done, by, { ...desk, log });
  io.out(`${id} takes it back.\n`);
  return lookOn(id, desk, io);
}
