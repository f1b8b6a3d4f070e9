import { outcomeWords } from '../../notify/decision-words.ts';
import { isoDay, isoTime, SECOND } from '../../time.ts';
import type { Room } from '../../notify/pages.ts';
import { mainHeading, back, list } from '../../web/blocks.ts';
import type { Deed, Does } from '../../web/deed.ts';
import type { Page } from '../../web/page.ts';
import { approve, type Decision, reject } from '../approve.ts';
import { confirmBaseline } from '../decide.ts';
import { findRepair } from '../find-repair.ts';
import { ignore, unignore } from '../ignore.ts';
import { done, here } from '../lead.ts';
import type { PageTools } from '../page.ts';
import { resumeRepairs, stopRepairs } from '../stop.ts';
import { undo } from '../undo.ts';

/** Nobody waits in front of a browser for longer while a worker has the repair; it is asked again instead. */
const PATIENCE = 20 * SECOND;

/** What was done, in sentences, and the page to go back to. */
interface Said {
  readonly lines: readonly string[];
  readonly room: Room;
  readonly to: string;
}

/** Carries out what somebody has sent. Throws what the flows throw: then nothing was done. */
export async function decided(deed: Deed, by: string, tools: PageTools): Promise<Page> {
  const { lines, room, to } = await carriedOut(deed, by, tools);
  return { room: 'decide', title: 'Decided', inside: [mainHeading('Decided'), list(lines), back(room, to)] };
}

function carriedOut(deed: Deed, by: string, tools: PageTools): Promise<Said> {
  switch (deed.does) {
    case 'approve':
    case 'reject':
      return onProposal(deed.does, { checksum: deed.checksum, people: deed.who, by }, tools);
    case 'approve-all':
      return onProposal('approve', { checksum: deed.checksum, people: null, by }, tools);
    case 'reject-all':
      return onProposal('reject', { checksum: deed.checksum, people: null, by }, tools);
    case 'confirm':
    case 'ignore':
    case 'unignore':
      return onWatch(deed, by, tools);
    default:
      return onRepairs(deed, by, tools);
  }
}

type Of<Name extends Does> = Extract<Deed, { does: Name }>;

async function onProposal(does: 'approve' | 'reject', decision: Decision, tools: PageTools): Promise<Said> {
  const all = await (does === 'approve' ? approve(decision, tools) : reject(decision, tools));
  const lines = all.map(({ item: { members }, outcome, decision: made }) => {
    const names = members.map(({ userName }) => userName).join(', ');
    return `${names}: ${outcomeWords(outcome, made)}.`;
  });
  return { lines, room: 'proposals', to: 'Back to the decisions' };
}

async function onWatch(deed: Of<'confirm' | 'ignore' | 'unignore'>, by: string, tools: PageTools): Promise<Said> {
  if (deed.does === 'confirm') {
    await confirmBaseline(deed.run, by, tools);
    return tonight(`${by} confirms the counts of the run ${deed.run}; later runs are measured by them.`);
  }
  if (deed.does === 'ignore') {
    const { person, userName, reason, until } = deed;
    await ignore({ person, userName, reason, until, by }, tools);
    return tonight(`${userName} is left alone until ${isoDay(until)}.`);
  }
  await unignore(deed.person, by, tools);
  return tonight('The person is looked at again by the next scan.');
}

async function onRepairs(
  deed: Of<'here' | 'done' | 'undo' | 'stop' | 'resume'>,
  by: string,
  tools: PageTools,
): Promise<Said> {
  switch (deed.does) {
    case 'here': {
      const { operator } = await here(deed.repair, by, tools, PATIENCE);
      const until = isoTime(operator?.until ?? 0);
      return repairs(`You are believed to be there until ${until}. What is asked of you stands with the repair.`);
    }
    case 'done':
      await done(deed.repair, tools, PATIENCE);
      return repairs('It is looked at now. What is asked next stands with the repair in a moment.');
    case 'undo':
      return repairs(`The repair ${await undo(await findRepair(deed.repair, tools), by, tools)} takes it back.`);
    case 'stop': {
      const stop = await stopRepairs(by, tools);
      return repairs(`Repairs are stopped by ${stop.by} since ${isoTime(stop.at)}.`);
    }
    default:
      return repairs((await resumeRepairs(by, tools)) ? 'Repairs may begin again.' : 'Repairs were not stopped.');
  }
}

function repairs(line: string): Said {
  return { lines: [line], room: 'repairs', to: 'To the repairs' };
}

function tonight(line: string): Said {
  return { lines: [line], room: '', to: 'Back to tonight' };
}
