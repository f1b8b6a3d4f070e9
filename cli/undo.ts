import type { Command } from 'commander';
import { AnchorwatchError, kindOf } from '../shared/errors.ts';
import { findRepair } from '../shared/flows/find-repair.ts';
import { scheduledOf } from '../shared/flows/run.ts';
import { doneIn, undo, undoing } from '../shared/flows/undo.ts';
import { createLog, textLine } from '../shared/log.ts';
import type { Log } from '../shared/ports/log.ts';
import type { RepairRow } from '../shared/state/repair-rows.ts';
import { deskOf, isYes, lookOn } from './guide.ts';
import type { ExitCode, Io } from './io.ts';
import { plain, told } from './report/safe.ts';

const HELP = `
Gives the account in Entra ID the anchor back that it had before, by the same engine with the same guards: everything is looked at
afresh, journalled, and carried out by the function app, or by you where the tenant lets no program write. Okta's copy stays, for Okta
computes it from Active Directory; so the person cannot sign in afterwards, as before the repair. Take the person out of the opted-in
group soon after, or a later night repairs them again.

Needs the storage setting alone. Exit status: 0 taken back, 1 not, 2 could not run.`;

export function addUndo(program: Command, io: Io, end: (code: ExitCode) => void): void {
  program
    .command('undo')
    .description('take a repair back that is done, or all of a run')
    .argument(
      '<person>',
      'user name, Okta user id or Entra object id of the person, or the id of the repair or of a run',
    )
    .requiredOption('--by <name>', 'who decides it')
    .option('--yes', 'without being asked', false)
    .addHelpText('after', HELP)
    .action(async (person: string, { by, yes }: { readonly by: string; readonly yes: boolean }) => {
      end(await takeBack(person, by, yes, io));
    });
}

async function takeBack(name: string, by: string, yes: boolean, io: Io): Promise<ExitCode> {
  const desk = deskOf(io);
  if (scheduledOf(name) !== null) return takeBackRun(name, by, yes, io);
  const done = await findRepair(name, desk);
  showPlan([done], io);
  if (!yes && !(await isSure(io))) return 1;
  const id = await undo(done, by, { ...desk, log: logOf(io) });
  io.out(`${id} takes it back.\n`);
  return lookOn(id, desk, io);
}

/** Each on its own: what has no way back, or is with another repair, keeps nobody else from it. */
async function takeBackRun(run: string, by: string, yes: boolean, io: Io): Promise<ExitCode> {
  const desk = deskOf(io);
  const all = await doneIn(run, desk);
  const able = all.filter((done) => hasWayBack(done, io));
  if (able.length === 0) throw new AnchorwatchError('invalid', `No repair of the run ${run} can be taken back.`);
  showPlan(able, io);
  if (!yes && !(await isSure(io))) return 1;
  let queued = 0;
  for (const done of able) {
    try {
      io.out(`${await undo(done, by, { ...desk, log: logOf(io) })} takes ${done.id} back.\n`);
      queued += 1;
    } catch (error) {
      if (kindOf(error) !== 'conflict') throw error;
      io.out(`${done.id}: ${told(error)}\n`);
    }
  }
  io.out(`${queued} of ${all.length} are taken back. How each comes on: anchorwatch journal <person>\n`);
  return queued === all.length ? 0 : 1;
}

function hasWayBack(done: RepairRow, io: Io): boolean {
  try {
    return undoing(done).length > 0;
  } catch (error) {
    if (kindOf(error) !== 'invalid') throw error;
    io.out(`${told(error)}\n`);
    return false;
  }
}

function showPlan(all: readonly RepairRow[], io: Io): void {
  for (const done of all)
    for (const { userName, objectId } of undoing(done))
      io.out(`${plain(userName)} (${objectId}): Entra ID gets the anchor back that it held before ${done.id}.\n`);
  io.out(`${all.length === 1 ? 'The person' : 'They'} cannot sign in to Microsoft 365 afterwards, as before.\n`);
}

async function isSure(io: Io): Promise<boolean> {
  if (io.ask !== null && isYes(await io.ask('Take it back? [y/N] '))) return true;
  io.out('Nothing was done. Without a terminal: --yes\n');
  return false;
}

function logOf(io: Io): Log {
  return createLog((line) => io.err(`${line}\n`), { format: textLine, now: Date.now, least: 'warn' });
}
