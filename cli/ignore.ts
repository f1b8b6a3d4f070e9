import { type Command, InvalidArgumentError } from 'commander';
import { ignore, ignoredNow, personOf, unignore } from '../shared/flows/ignore.ts';
import { type Instant, isoDay, parseTime } from '../shared/time.ts';
import { openHistory } from './history.ts';
import type { ExitCode, Io } from './io.ts';
import { plain } from './report/safe.ts';
import { asText } from './report/sheet.ts';

type End = (code: ExitCode) => void;

export function addIgnore(program: Command, io: Io, end: End): void {
  program
    .command('ignore')
    .description('leave a person alone until a day: nothing repairs them, whoever approves it')
    .argument('<person>', 'user name of somebody with a finding, or an Okta user id or Entra object id')
    .requiredOption('--until <day>', 'the first day on which the person is looked at again: 2027-01-31', dayOf)
    .requiredOption('--reason <text>', 'why')
    .requiredOption('--by <name>', 'who decides it')
    .action(async (name: string, { until, reason, by }: Options) => {
      const history = openHistory(io);
      const { person, userName } = await personOf(name, history);
      await ignore({ person, userName, reason, until, by }, history);
      io.out(`${plain(userName)} is left alone until ${isoDay(until)}.\n`);
      end(0);
    });
}

export function addUnignore(program: Command, io: Io, end: End): void {
  program
    .command('unignore')
    .description('look at an ignored person again like at all others')
    .argument('<person>', 'as in anchorwatch ignored')
    .requiredOption('--by <name>', 'who decides it')
    .action(async (name: string, { by }: { readonly by: string }) => {
      const history = openHistory(io);
      const wanted = name.toLowerCase();
      const row = (await ignoredNow(history)).find((one) =>
        [one.person, one.userName].some((it) => it.toLowerCase() === wanted),
      );
      await unignore(row?.person ?? name, by, history);
      io.out(`${plain(row?.userName ?? name)} is looked at again by the next scan.\n`);
      end(0);
    });
}

export function addIgnored(program: Command, io: Io, end: End): void {
  program
    .command('ignored')
    .description('list who is left alone, until when, why and by whose word')
    .action(async () => {
      const rows = (await ignoredNow(openHistory(io))).map(({ userName, person, until, reason, by }) => [
        userName,
        person,
        isoDay(until),
        by,
        reason,
      ]);
      const sheet = { head: [], columns: ['who', 'id', 'until', 'by', 'why'], rows, title: 2, foot: [] };
      io.out(rows.length === 0 ? 'Nobody is ignored.\n' : asText(sheet, io.columns));
      end(0);
    });
}

interface Options {
  readonly until: Instant;
  readonly reason: string;
  readonly by: string;
}

function dayOf(text: string): Instant {
  const time = parseTime(`${text}T00:00:00Z`);
  if (time === null) throw new InvalidArgumentError('a day such as 2027-01-31 is expected');
  return time;
}
