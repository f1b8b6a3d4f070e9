import type { Command } from 'commander';
import { isRule } from '../shared/plan/rules.ts';
import { invertedTime, joinKey, personPartition } from '../shared/state/keys.ts';
import type { RepairRow } from '../shared/state/repair-rows.ts';
import type { HistoryRow, SeenFinding } from '../shared/state/rows.ts';
import { CHANGE_WORDS, IMPACT_WORDS, RELATION_WORDS, VERDICT_WORDS } from '../shared/notify/words.ts';
import { RULE_WORDS } from '../shared/notify/rule-words.ts';
import { isoDay, isoTime } from '../shared/time.ts';
import { type History, openHistory } from './history.ts';
import { seenAs } from './ignore.ts';
import type { ExitCode, Io } from './io.ts';
import { differsOf } from '../shared/notify/finding-words.ts';
import { asText } from './report/sheet.ts';

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
      io.out(asText(await explained(seen, history), io.columns));
      end(1);
    });
}

async function explained(seen: SeenFinding, history: History) {
  const { finding, firstSeen } = seen;
  const { when, why, next } = VERDICT_WORDS[finding.verdict];
  const relation = finding.relation === 'none' ? [] : [RELATION_WORDS[finding.relation]];
  const past = await pastOf(finding.key, history);
  return {
    head: [
      `${finding.userName}: ${finding.verdict}, since ${isoDay(firstSeen)}. ${when} ${why}`,
      IMPACT_WORDS[finding.impact],
      ...relation,
      `${differsOf(finding)}.`,
      next,
      ...(await whatIsDone(seen, history)),
    ],
    columns: ['when', 'what', 'verdict', 'impact'],
    rows: past.map(({ at, change, verdict, impact }) => [isoTime(at), CHANGE_WORDS[change], verdict, impact]),
    title: 2,
    foot: [],
  };
}

/** The rule that holds the person back with its numbers, or where the repair is. */
async function whatIsDone({ hold, repair }: SeenFinding, history: History): Promise<readonly string[]> {
  const head = repair === null ? null : await history.state.repairs.get(repair, 'head');
  const lines = head?.row.kind === 'head' ? [standing(head.row)] : [];
  if (hold === null) return lines.length > 0 ? lines : ['It is queued for repair.'];
  const words = isRule(hold.rule) ? RULE_WORDS[hold.rule] : null;
  return [
    `Not repaired by rule ${hold.rule}: ${hold.reason}. ${words?.why ?? ''} ${words?.next ?? ''}`.trim(),
    ...lines,
  ];
}

function standing({ id, state, rule, reason }: RepairRow): string {
  return `The repair ${id} is ${state}${rule === null ? '' : ` (${rule}: ${reason ?? ''})`}.`;
}

/** Changes of the person's finding, the newest first. */
async function pastOf(key: string, { state, clock }: History): Promise<readonly HistoryRow[]> {
  const rows: HistoryRow[] = [];
  const range = { from: joinKey(key, invertedTime(clock.now())), to: joinKey(key, invertedTime(0)), limit: 20 };
  for await (const { row } of state.history.list(personPartition(key), range)) rows.push(row);
  return rows;
}
