import { AnchorwatchError } from '../../errors.ts';
import { outcomeWords } from '../../notify/decision-words.ts';
import type { Room } from '../../notify/pages.ts';
import { moment } from '../../notify/phrases.ts';
import { headOf } from '../../repair/journal.ts';
import { isoDay, SECOND } from '../../time.ts';
import { back, list, mainHeading } from '../../web/blocks.ts';
import type { Deed, Does } from '../../web/deed.ts';
import type { Page } from '../../web/page.ts';
import { approve, type Decided, reject } from '../approve.ts';
import { confirmBaseline } from '../decide.ts';
import { ignore, ignoredNow, personOf, unignore } from '../ignore.ts';
import { done, here, taskOf } from '../lead.ts';
import { chosenOf, type Decision, keyOf } from '../proposals.ts';
import { rejectionText, withdrawRejections } from '../rejected.ts';
import { resumeRepairs, stopRepairs } from '../stop.ts';
import { undo } from '../undo.ts';
import type { PageTools } from './tools.ts';

/** Nobody waits in front of a browser for longer while a worker has the repair; it is asked again instead. */
const PATIENCE = 20 * SECOND;

/** What was done, in sentences, and the page to go back to. */
interface Said {
  readonly title: string;
  readonly lines: readonly string[];
  readonly room: Room;
  readonly to: string;
}

/** Carries out what somebody has sent. Throws what the flows throw, and `conflict` where the page showed what is not so any more. */
export async function decided(deed: Deed, by: string, tools: PageTools): Promise<Page> {
  const { title, lines, room, to } = await carriedOut(deed, by, tools);
  return { room: 'decide', title, inside: [mainHeading(title), list(lines), back(room, to)] };
}

function carriedOut(deed: Deed, by: string, tools: PageTools): Promise<Said> {
  switch (deed.does) {
    case 'approve':
    case 'approve-all':
    case 'reject':
    case 'reject-all':
      return onProposal(deed, by, tools);
    case 'confirm':
      return onBaseline(deed, by, tools);
    case 'ignore':
    case 'unignore':
    case 'unreject':
      return onPerson(deed, by, tools);
    case 'stop':
    case 'resume':
      return onAll(deed, by, tools);
    default:
      return onRepair(deed, by, tools);
  }
}

type Of<Name extends Does> = Extract<Deed, { does: Name }>;
type OnProposal = Of<'approve' | 'approve-all' | 'reject' | 'reject-all'>;

async function onProposal(deed: OnProposal, by: string, tools: PageTools): Promise<Said> {
  const { checksum, run, does } = deed;
  const asked = { checksum, run, by };
  const people = 'who' in deed ? deed.who : await firstOf({ ...asked, people: null }, tools);
  const isYes = does === 'approve' || does === 'approve-all';
  const all = await (isYes ? approve({ ...asked, people }, tools) : reject({ ...asked, people }, tools));
  const as = all.filter(({ outcome }) => outcome === (isYes ? 'queued' : 'rejected')).length;
  const more = 'who' in deed ? [] : await leftOf({ ...asked, people: null }, tools);
  return {
    title: `${as} of ${all.length} ${isYes ? 'approved and queued' : 'rejected'}`,
    lines: [...all.map(lineOf), ...more],
    room: 'proposals',
    to: 'Back to the decisions',
  };
}

/** Of a long plan so many are decided on at once: each takes some ten calls of storage, and a browser waits. */
const AT_ONCE = 200;

async function undecidedOf(decision: Decision, tools: PageTools) {
  const { proposal, chosen } = await chosenOf(decision, tools);
  return chosen.filter(({ members }) => !proposal.decisions.has(keyOf(members)));
}

async function firstOf(decision: Decision, tools: PageTools): Promise<readonly string[]> {
  const undecided = await undecidedOf(decision, tools);
  if (undecided.length === 0)
    throw new AnchorwatchError('conflict', 'Everything of this plan was decided on meanwhile.');
  return undecided.slice(0, AT_ONCE).flatMap(({ members }) => members.map(({ user }) => user));
}

async function leftOf(decision: Decision, tools: PageTools): Promise<readonly string[]> {
  const left = (await undecidedOf(decision, tools)).length;
  return left === 0 ? [] : [`${left} more of the plan are undecided: go back, and decide on them too.`];
}

function lineOf({ item: { members }, outcome, decision }: Decided): string {
  return `${members.map(({ userName }) => userName).join(', ')}: ${outcomeWords(outcome, decision)}.`;
}

async function onBaseline({ run, baseline }: Of<'confirm'>, by: string, tools: PageTools): Promise<Said> {
  const now = (await tools.state.marks.get('mark', 'baseline'))?.row ?? null;
  if ((now?.run ?? '') !== baseline)
    throw new AnchorwatchError(
      'conflict',
      `${now?.by} has confirmed the run ${now?.run} meanwhile, at ${moment(now?.at ?? 0)}.`,
    );
  await confirmBaseline(run, by, tools);
  return tonight(`${by} confirms the counts of the run ${run}; later runs are measured by them.`);
}

async function onPerson(deed: Of<'ignore' | 'unignore' | 'unreject'>, by: string, tools: PageTools): Promise<Said> {
  if (deed.does === 'unignore') {
    const row = (await ignoredNow(tools)).find((one) => one.person === deed.person);
    await unignore(deed.person, by, tools);
    return tonight(`${row?.userName ?? deed.person} is looked at again by the next scan.`);
  }
  const { person, userName } = await personOf(deed.person, tools);
  if (deed.does === 'ignore') {
    await ignore({ person, userName, reason: deed.reason, until: deed.until, by }, tools);
    return tonight(`${userName} is left alone until ${isoDay(deed.until)}.`);
  }
  const rows = await withdrawRejections(person, by, tools);
  return tonight(...rows.map((row) => `${userName}: ${rejectionText(row)}; the next scan proposes it again.`));
}

async function onRepair(deed: Of<'here' | 'done' | 'undo'>, by: string, tools: PageTools): Promise<Said> {
  const head = await headOf(deed.repair, tools);
  if (head === null) throw new AnchorwatchError('invalid', `There is no repair ${deed.repair}.`);
  if (deed.does === 'here') {
    const { operator } = await here(deed.repair, by, tools, PATIENCE);
    const until = moment(operator?.until ?? 0);
    return repairs(
      'You are there',
      `You are believed to be there until ${until}. What is asked of you stands with the repair.`,
    );
  }
  if (deed.does === 'undo') {
    const id = await undo(head.row, by, tools);
    return repairs('It is taken back', `The repair ${id} takes it back.`);
  }
  if ((await taskOf(head.row, tools))?.asked !== deed.asked)
    throw new AnchorwatchError(
      'conflict',
      'What you have done was seen already, or something else is asked by now: look again.',
    );
  await done(deed.repair, tools, PATIENCE);
  return repairs('It is looked at', 'What is asked next stands with the repair in a moment.');
}

async function onAll(deed: Of<'stop' | 'resume'>, by: string, tools: PageTools): Promise<Said> {
  if (deed.does === 'stop') {
    const stop = await stopRepairs(by, tools);
    return repairs('Repairs are stopped', `By ${stop.by}, since ${moment(stop.at)}.`);
  }
  const stop = (await tools.state.marks.get('mark', 'stop'))?.row ?? null;
  if (stop !== null && stop.at !== deed.stopped)
    throw new AnchorwatchError('conflict', `${stop.by} has stopped them anew, at ${moment(stop.at)}.`);
  const wasStopped = await resumeRepairs(by, tools);
  return repairs(
    wasStopped ? 'Repairs may begin again' : 'Repairs were not stopped',
    'How each stands is on its page.',
  );
}

function repairs(title: string, line: string): Said {
  return { title, lines: [line], room: 'repairs', to: 'To the repairs' };
}

function tonight(...lines: readonly string[]): Said {
  return { title: 'Decided', lines, room: '', to: 'Back to tonight' };
}
