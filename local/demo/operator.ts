import { run } from '../../cli/program.ts';
import { type Desk, taskOf } from '../../shared/flows/lead.ts';
import type { RepairFlowTools } from '../../shared/flows/repair.ts';
import { openHeads } from '../../shared/flows/tasks.ts';
import type { DeskClient } from '../http/desk-client.ts';
import type { Deed } from '../http/deeds.ts';
import { say, width } from './say.ts';

/** Who types on the operator's keyboard. */
export const OPERATOR = 'grace';

/** What a person at a terminal needs: the rights of the function app, and a way into the consoles. */
export interface Office {
  readonly tools: RepairFlowTools;
  readonly desk: DeskClient;
}

function echo(text: string): void {
  say(text.trimEnd().replaceAll(/^/gm, '  '));
}

/** Types a command line, and answers what it asks: agrees, gives the name that is asked for, and does in the consoles what is to be done. */
export async function types(args: readonly string[], userName: string, office: Office): Promise<void> {
  say(`\n$ anchorwatch ${args.join(' ')}`);
  const code = await run(args, {
    out: echo,
    err: echo,
    env: {},
    cwd: '.',
    tools: office.tools,
    isTerminal: false,
    columns: width() - 2,
    async ask(question) {
      const answer = await answerTo(question, userName, office);
      echo(question + answer);
      return answer;
    },
  });
  if (code !== 0) throw new Error(`anchorwatch ${args.join(' ')} ended with ${code}.`);
}

async function answerTo(question: string, userName: string, office: Office): Promise<string> {
  if (question.includes('type the user name')) return userName;
  if (!question.startsWith('Enter when it is done')) return 'y';
  await obeys(office);
  return '';
}

/** Does in the consoles what the one repair that asks for something asks for. */
async function obeys({ tools, desk }: Office): Promise<void> {
  for (const head of await openHeads(tools)) {
    const task = await taskOf(head, tools satisfies Desk);
    const place = head.cursor?.member ?? 0;
    const member = head.members[place];
    if (task === null || member === undefined || head.course === null) continue;
    const { app, parking } = head.course;
    const { user, objectId, userName, before } = member;
    const deeds: Partial<Record<typeof task.step, Deed>> = {
      hold: { does: 'switchDeactivate', app, status: 'DISABLED' },
      unassign: { does: 'unassign', app, user },
      park: { does: 'editAccount', objectId, change: { userName: parking[place] ?? '' } },
      anchor: { does: 'editAccount', objectId, change: { anchor: before.a } },
      unpark: { does: 'editAccount', objectId, change: { userName } },
      assign: { does: 'assign', app, user },
      release: { does: 'switchDeactivate', app, status: 'ENABLED' },
    };
    const deed = deeds[task.step];
    if (deed === undefined) throw new Error(`Nobody in this demo knows how to do the step ${task.step}.`);
    await desk.does(deed);
  }
}
