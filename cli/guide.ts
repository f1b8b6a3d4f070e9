import type { Command } from 'commander';
import { findRepair } from '../shared/flows/find-repair.ts';
import { follow, type Sight } from '../shared/flows/follow.ts';
import { type Desk, done, here, type Task } from '../shared/flows/lead.ts';
import { namesOf } from '../shared/flows/tasks.ts';
import { createLog, textLine } from '../shared/log.ts';
import type { RepairRow } from '../shared/state/repair-rows.ts';
import { isoTime, MINUTE, SECOND } from '../shared/time.ts';
import { deskTools } from '../shared/wiring.ts';
import type { ExitCode, Io } from './io.ts';
import { plain } from './report/safe.ts';
import { stepLine } from './report/steps.ts';

const HELP = `
Shows each step as it comes: what is to be done, with the console path or the request, ids filled in. The function app looks until it is
seen, and keeps time, hold, snapshot and comparison. Leave at any time: the repair goes on waiting, and guide shows where it is.

Needs the storage setting alone. Exit status: 0 repaired, or nothing more to do for now; 1 ended otherwise; 2 could not run.`;

/** From one look at the row to the next. */
const EVERY = 3 * SECOND;
/** After this, what a person has done should have been seen. */
const PATIENCE = 2 * MINUTE;

export function addGuide(program: Command, io: Io, end: (code: ExitCode) => void): void {
  program
    .command('guide')
    .description('lead a person through a repair that a program may not do, step by step')
    .argument('<person>', 'user name, Okta user id or Entra object id of the person, or the id of the repair')
    .requiredOption('--by <name>', 'who does the steps')
    .addHelpText('after', HELP)
    .action(async (person: string, { by }: { readonly by: string }) => {
      const desk = deskOf(io);
      end(await guide(await findRepair(person, desk), by, desk, io));
    });
}

/** Storage and queue, by the settings. Throws `invalid` with everything that is wrong with them. */
export function deskOf(io: Io): Desk {
  const log = createLog((line) => io.err(`${line}\n`), { format: textLine, now: Date.now, least: 'warn' });
  return io.tools ?? deskTools(io.env, log);
}

async function guide(found: RepairRow, by: string, desk: Desk, io: Io): Promise<ExitCode> {
  const { id } = found;
  if (found.state === 'ready') {
    io.out(`${plain(namesOf(found))}: ${id} waits for a person since ${isoTime(found.changed)}.\n`);
    io.out(
      'Deactivate Users is off while somebody is unassigned: begin when you have half an hour to see it through.\n',
    );
    if (io.ask === null) {
      io.out(
        `Without a terminal: anchorwatch here ${id} --by ${plain(by)}, then guide to see, and done to have it looked at.\n`,
      );
      return 1;
    }
    if (!isYes(await io.ask('Begin? [y/N] '))) return 1;
    await here(id, by, desk);
  }
  return lookOn(id, desk, io);
}

/** Shows a repair while the function app carries it out, and asks for what a person does, until it ends or only waiting is left. */
export async function lookOn(id: string, desk: Desk, io: Io): Promise<ExitCode> {
  let after = 0;
  /** The last task that the person said is done. */
  let answered = { task: 0, at: 0 };
  for (;;) {
    const sight = await follow(id, after, desk);
    for (const row of sight.fresh) io.out(`${stepLine(row, sight.head)}\n`);
    after = sight.fresh.at(-1)?.sequence ?? after;
    const { task } = sight;
    const now = desk.clock.now();
    const isNew = task !== null && (answered.task !== task.asked || now - answered.at > PATIENCE);
    if (task !== null && isNew) {
      io.out(taskText(task, answered.task === task.asked));
      if (io.ask === null) return 1;
      if ((await io.ask('Enter when it is done, q to leave: ')).trim().toLowerCase() === 'q') return leave(id, io);
      await done(id, desk);
      answered = { task: task.asked, at: desk.clock.now() };
    }
    const ended = endOf(sight, now, io);
    if (ended !== null) return ended;
    await desk.clock.wait(EVERY);
  }
}

export function isYes(answer: string): boolean {
  return ['y', 'yes'].includes(answer.trim().toLowerCase());
}

function taskText({ step, userName, lines }: Task, isRepeated: boolean): string {
  const again = isRepeated ? ', which is not seen yet' : '';
  return [``, `${plain(userName)}, ${step}${again}:`, ...lines.map((line) => `  ${plain(line)}`), ''].join('\n');
}

function leave(id: string, io: Io): ExitCode {
  io.out(`It goes on waiting, and reminds. To go on: anchorwatch guide ${id} --by <name>\n`);
  return 1;
}

/** Null while there is something to look on at. */
function endOf({ head, phase }: Sight, now: number, io: Io): ExitCode | null {
  const { id, state, rule, reason, due } = head;
  const why = rule === null ? '' : ` (${rule}: ${plain(reason ?? '')})`;
  if (phase === 'ended') {
    io.out(`${id} is ${state}${why}.\n`);
    return state === 'done' ? 0 : 1;
  }
  if (phase === 'long-wait') {
    const when = due === null ? '' : ` and looks again at ${isoTime(Math.max(due, now))}`;
    io.out(`Nothing more is asked of you now: the function app waits at ${head.cursor?.step ?? ''}${when}.\n`);
    io.out(`How it stands: anchorwatch journal ${id}\n`);
    return 0;
  }
  if (phase === 'unattended') {
    io.out('No worker has come by for minutes: is the function app running? It carries the repair on.\n');
    return 2;
  }
  return null;
}
