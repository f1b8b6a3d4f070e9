import type { Command } from 'commander';
import { explained, seenAs } from '../shared/flows/explain.ts';
import { openHistory } from './history.ts';
import type { ExitCode, Io } from './io.ts';
import { asText } from './report/sheet.ts';
import { sidesText } from './report/sides.ts';

const HELP = `
By what the last good run found; nothing is asked of the tenants.

Needs the storage setting alone. Exit status: 0 no finding, 1 a finding, 2 could not run.`;

export function addExplain(program: Command, io: Io, end: (code: ExitCode) => void): void {
  program
    .command('explain')
    .description('say what is wrong with a person, and why this is repaired or not')
    .argument('<person>', 'user name, Okta user id or Entra object id')
    .addHelpText('after', HELP)
    .action(async (person: string) => {
      const history = openHistory(io);
      const seen = await seenAs(person, history);
      if (seen === null) {
        io.out('The last good run found nothing of this person: all is well, or nobody of that name is watched.\n');
        return end(0);
      }
      const { lines, past, sides } = await explained(seen, history);
      const columns = ['when', 'what', 'verdict', 'impact'];
      io.out(asText({ head: lines, columns, rows: past, title: 2, foot: [] }, io.columns));
      if (sides.length > 0) io.out(sidesText(sides, io.columns));
      end(1);
    });
}
