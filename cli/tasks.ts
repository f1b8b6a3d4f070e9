import type { Command } from 'commander';
import { findRepair } from '../shared/flows/find-repair.ts';
import { awaitsOperator, type Desk, done, here, taskOf } from '../shared/flows/lead.ts';
import { groupLines, namesOf, openHeads } from '../shared/flows/tasks.ts';
import type { RepairRow } from '../shared/state/repair-rows.ts';
import { deskOf } from './guide.ts';
import type { ExitCode, Io } from './io.ts';
import { plain } from './report/safe.ts';

type End = (code: ExitCode) => void;

export function addTasks(program: Command, io: Io, end: End): void {
  program
    .command('tasks')
    .description(
      'list what waits for a person: who is to be led, which groups and imports, and what is asked right now',
    )
    .action(async () => end(await showTasks(deskOf(io), io)));
}

export function addHere(program: Command, io: Io, end: End): void {
  program
    .command('here')
    .description('say that you are there: whoever waits for a person goes on')
    .argument('[person...]', 'whom for; without a name for all who wait to leave groups')
    .requiredOption('--by <name>', 'who is there')
    .action(async (people: readonly string[], { by }: { readonly by: string }) => {
      const desk = deskOf(io);
      const rows = people.length > 0 ? await named(people, desk) : await leaving(desk);
      for (const row of rows) {
        const { operator } = await here(row.id, by, desk);
        const until = new Date(operator?.until ?? 0).toISOString();
        io.out(
          `${plain(namesOf(row))}: you are believed to be there until ${until}. What is asked: anchorwatch tasks\n`,
        );
      }
      if (rows.length === 0) io.out('Nobody waits to leave groups. Who waits to be led is named: anchorwatch tasks\n');
      end(rows.length === 0 ? 1 : 0);
    });
}

export function addDone(program: Command, io: Io, end: End): void {
  program
    .command('done')
    .description('say that what was asked is done: it is looked at now')
    .argument('[person...]', 'for whom; without a name for all of whom something is asked')
    .action(async (people: readonly string[]) => {
      const desk = deskOf(io);
      const rows = people.length > 0 ? await named(people, desk) : await asked(desk);
      for (const row of rows) {
        await done(row.id, desk);
        io.out(`${plain(namesOf(row))}: it is looked at now. What it came to: anchorwatch journal ${row.id}\n`);
      }
      if (rows.length === 0) io.out('Nothing is asked of anybody at this moment.\n');
      end(rows.length === 0 ? 1 : 0);
    });
}

async function showTasks(desk: Desk, io: Io): Promise<ExitCode> {
  const now = desk.clock.now();
  const heads = await openHeads(desk);
  const led = heads.filter((row) => awaitsOperator(row, now) === 'to-be-led');
  const lines = [
    ...led.map((row) => `${namesOf(row)} waits to be led: anchorwatch guide ${row.id} --by <name>`),
    ...groupLines(await leaving(desk)).map((line) => `${line}; when you can do it: anchorwatch here --by <name>`),
  ];
  for (const row of heads) {
    const task = await taskOf(row, desk);
    if (task !== null) lines.push(`${task.userName}, ${task.step}:`, ...task.lines.map((line) => `  ${line}`));
  }
  io.out(lines.length === 0 ? 'Nothing waits for a person.\n' : `${lines.map((line) => plain(line)).join('\n')}\n`);
  return lines.length === 0 ? 0 : 1;
}

async function named(people: readonly string[], desk: Desk): Promise<readonly RepairRow[]> {
  const rows: RepairRow[] = [];
  for (const person of people) rows.push(await findRepair(person, desk));
  return rows;
}

async function leaving(desk: Desk): Promise<readonly RepairRow[]> {
  const now = desk.clock.now();
  return (await openHeads(desk)).filter((row) => awaitsOperator(row, now) === 'to-leave-groups');
}

async function asked(desk: Desk): Promise<readonly RepairRow[]> {
  const rows: RepairRow[] = [];
  for (const row of await openHeads(desk)) if ((await taskOf(row, desk)) !== null) rows.push(row);
  return rows;
}
