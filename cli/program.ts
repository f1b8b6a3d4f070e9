import { Command, CommanderError } from 'commander';
import { AnchorwatchError } from '../shared/errors.ts';
import { addAudit } from './audit.ts';
import { addCompare } from './compare.ts';
import { addApprove, addProposals, addReject, addUnreject } from './decide.ts';
import { addExplain } from './explain.ts';
import { addGuide } from './guide.ts';
import { addIgnore, addIgnored, addUnignore } from './ignore.ts';
import type { ExitCode, Io } from './io.ts';
import { addMail } from './mail.ts';
import { addMailTest } from './mail-test.ts';
import { addPilot } from './pilot.ts';
import { plain, told } from './report/safe.ts';
import { addJournal, addResume, addStop } from './repairs.ts';
import { addScan } from './scan.ts';
import { addConfirm, addRuns, addStatus } from './status.ts';
import { addDone, addHere, addTasks } from './tasks.ts';
import { addUndo } from './undo.ts';

const HELP = `
Begin with compare, on files; then scan, on the real tenants, which writes nothing anywhere. status, runs, confirm, explain, proposals,
approve, reject, ignore, audit, journal, tasks, guide, here, done, undo, stop and resume work on what the function app has stored; pilot is
the one command that writes to a tenant. mail preview shows what is sent, and sends nothing. mail test tries how people are told.

Exit status of every command: 0 all is well, 1 drift or something that was not sent, 2 could not tell or could not run.`;

/** Runs one command line. Never throws: whatever goes wrong is said on `err`, and ends with 2. */
export async function run(args: readonly string[], io: Io): Promise<ExitCode> {
  let code: ExitCode = 2;
  const end = (ended: ExitCode): void => {
    code = ended;
  };
  try {
    await programOf(io, end).parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const known = error instanceof AnchorwatchError;
    io.err(`${known ? '' : 'Anchorwatch failed, which is a defect: '}${told(error)}\n`);
    return 2;
  }
}

function programOf(io: Io, end: (code: ExitCode) => void): Command {
  const program = new Command('anchorwatch')
    .description('Keeps watch over the anchor that ties an AD account, through Okta, to its Microsoft 365 account.')
    .configureOutput({
      writeOut: io.out,
      writeErr: io.err,
      // It quotes what was typed, which may have been pasted from a directory.
      outputError: (text, write) => write(text.split('\n').map(plain).join('\n')),
      getOutHelpWidth: () => io.columns,
      getErrHelpWidth: () => io.columns,
    })
    .exitOverride()
    .showHelpAfterError('(--help says how)')
    .addHelpText('after', HELP);
  addCompare(program, io, end);
  addScan(program, io, end);
  addStatus(program, io, end);
  addRuns(program, io, end);
  addConfirm(program, io, end);
  addExplain(program, io, end);
  addProposals(program, io, end);
  addApprove(program, io, end);
  addReject(program, io, end);
  addUnreject(program, io, end);
  addIgnore(program, io, end);
  addUnignore(program, io, end);
  addIgnored(program, io, end);
  addAudit(program, io, end);
  addJournal(program, io, end);
  addGuide(program, io, end);
  addPilot(program, io, end);
  addTasks(program, io, end);
  addHere(program, io, end);
  addDone(program, io, end);
  addUndo(program, io, end);
  addMail(program, io, end);
  addStop(program, io, end);
  addResume(program, io, end);
  addMailTest(program, io, end);
  return program;
}
