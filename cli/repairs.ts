import type { Command } from 'commander';
import { findRepair, journalOf } from '../shared/flows/find-repair.ts';
import { factsText } from '../shared/notify/phrases.ts';
import { resumeRepairs, stopRepairs } from '../shared/flows/stop.ts';
import type { JournalRow, RepairRow } from '../shared/state/repair-rows.ts';
import { isoTime } from '../shared/time.ts';
import { openHistory } from './history.ts';
import type { ExitCode, Io } from './io.ts';
import { plain } from './report/safe.ts';
import { asText } from './report/sheet.ts';

export function addJournal(program: Command, io: Io, end: (code: ExitCode) => void): void {
  program
    .command('journal')
    .description('show every step of a repair, and what came of it')
    .argument('<person>', 'user name, Okta user id or Entra object id of the person, or the id of the repair')
    .action(async (person: string) => {
      const history = openHistory(io);
      const head = await findRepair(person, history);
      io.out(journalText(head, await journalOf(head.id, history), io.columns));
      end(head.state === 'done' ? 0 : 1);
    });
}

export function addStop(program: Command, io: Io, end: (code: ExitCode) => void): void {
  program
    .command('stop')
    .description('let no repair begin anything from now on; whoever is under way is brought to rest')
    .requiredOption('--by <name>', 'who stops them')
    .action(async ({ by }: { readonly by: string }) => {
      const stop = await stopRepairs(by, openHistory(io));
      io.out(
        `Repairs are stopped by ${plain(stop.by)} since ${isoTime(stop.at)}. They go on after: anchorwatch resume --by <name>\n`,
      );
      end(0);
    });
}

export function addResume(program: Command, io: Io, end: (code: ExitCode) => void): void {
  program
    .command('resume')
    .description('let repairs begin again after a stop')
    .requiredOption('--by <name>', 'who lets them')
    .action(async ({ by }: { readonly by: string }) => {
      const wasStopped = await resumeRepairs(by, openHistory(io));
      io.out(wasStopped ? 'Repairs may begin again.\n' : 'Repairs were not stopped.\n');
      end(0);
    });
}

function journalText(head: RepairRow, rows: readonly JournalRow[], width: number): string {
  const { id, members, state, rule, reason, due, cursor } = head;
  const names = members.map(({ userName }) => userName);
  const at =
    cursor === null || due === null ? '' : ` at the step ${cursor.step}; it is looked at again at ${isoTime(due)}`;
  return asText(
    {
      head: [
        `Repair ${id} of ${names.join(', ')}: ${state}${at}.`,
        ...(rule === null ? [] : [`${rule}: ${reason ?? ''}`]),
      ],
      columns: ['when', 'step', 'of', 'outcome', 'what'],
      rows: rows.map(({ at: when, step, member, outcome, facts }) => [
        isoTime(when),
        step,
        names[member] ?? '',
        outcome,
        factsText(facts),
      ]),
      title: 2,
      foot: [],
    },
    width,
  );
}
