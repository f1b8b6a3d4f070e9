import { isDrift } from '../../shared/notify/finding-words.ts';
import { renderRun } from '../../cli/report/run.ts';
import { tableLines } from '../../cli/report/sheet.ts';
import { proposals } from '../../shared/flows/proposals.ts';
import { confirmBaseline } from '../../shared/flows/decide.ts';
import { readFindings } from '../../shared/flows/scan/snapshot.ts';
import { openHeads } from '../../shared/flows/tasks.ts';
import type { RepairRow } from '../../shared/state/repair-rows.ts';
import type { RunRow } from '../../shared/state/rows.ts';
import { DAY, HOUR, type Instant, MINUTE } from '../../shared/time.ts';
import { scanNow, type Standing, standingOf } from '../night.ts';
import type { ProcessSet } from '../processes.ts';
import { BETWEEN, type Company, founded, meanwhile, PEOPLE } from './company.ts';
import { OPERATOR, types } from './operator.ts';
import { showPost } from './post.ts';
import { say, width } from './say.ts';

/** What the evening's scan saw, and queued. */
interface Evening {
  readonly run: RunRow;
  /** Ids of the repairs. */
  readonly repairs: readonly string[];
}

/**
 * From a company in which no program may repair anybody to one in which nothing is left but what was refused: two scans, a repair that a
 * person is led through, a pilot, and a night of repairs. False when the last scan finds anybody else.
 */
export async function mendDrift(set: ProcessSet, folder: string): Promise<boolean> {
  say(
    `\nA second company, of ${PEOPLE} people. Whether a program may write to people who are shown as synchronised nobody knows yet.`,
  );
  const company = await founded(set, folder);
  const evening = await twoNights(company);
  await signIn(company);
  await ledByHand(evening, company);
  await piloted(evening, company);
  await company.machine.leap(DAY);
  const third = await nightOfRepairs(evening, company);
  await company.machine.leap(DAY);
  const fourth = await nothingElse(evening, third, company);
  await frozen(fourth.run, company);
  say('\nWhat the simulated mailboxes got meanwhile.\n');
  await showPost(company.desk);
  return fourth.isRight;
}

/** More people drift than a night may repair: nothing runs until somebody decides on exactly that plan. */
async function frozen(fourth: RunRow, company: Company): Promise<void> {
  const { machine, tools } = company;
  say(
    '\nNights 5 and 6. So many AD accounts were made anew that it may be a mistake: the plan freezes, and waits for a decision.\n',
  );
  await machine.leap(DAY);
  const fifth = await scanNow(company, fourth);
  await machine.leap(DAY);
  const run = await scanNow(company, fifth);
  say(run.summary?.freeze?.reason ?? 'The plan did not freeze.');
  const [proposal] = await proposals(tools);
  if (proposal === undefined || run.summary?.freeze?.rule !== 'over-limit') throw new Error('The plan did not freeze.');
  await types(['proposals'], '', company);
  const repairs = await approved(proposal.row.checksum.slice(0, 12), company);
  const { heads } = await untilSo({ run, repairs }, isDone, company);
  const done = heads.filter(({ state }) => state === 'done').length;
  say(`\n${done} of ${heads.length} that were approved are repaired.`);
  if (done !== heads.length) throw new Error('Somebody who was approved was not repaired.');
}

/** Ids of the repairs that come of it. */
async function approved(checksum: string, company: Company): Promise<readonly string[]> {
  await types(['approve', checksum, '--all', '--by', OPERATOR], '', company);
  return (await openHeads(company)).flatMap(({ id, approval }) => (approval === null ? [] : [id]));
}

async function twoNights(company: Company): Promise<Evening> {
  const { machine, tools } = company;
  say('\nNights 1 and 2. The operator confirms the counts of the first; the second queues what may be repaired.\n');
  await machine.start();
  const first = await scanNow(company, null);
  await untilTold(first, company);
  await confirmBaseline(first.id, OPERATOR, tools);
  await machine.leap(BETWEEN);
  const run = await scanNow(company, first);
  const repairs = (await readFindings(run.id, company)).flatMap(({ repair }) => repair ?? []);
  const evening = { run, repairs };
  const { heads } = await untilSo(evening, isLookedAt, company);
  say(await report(run, heads, company));
  return evening;
}

/** The digest of a night goes out with the next call of `tend`, once its repairs are at rest. */
async function untilTold(run: RunRow, company: Company): Promise<void> {
  const look = async (): Promise<void> => {
    while ((await company.state.marks.get('mark', 'digest'))?.row.run !== run.id) await company.machine.pause(300);
  };
  await meanwhile(look(), company);
}

/** The library signs by the machine's own clock, and keeps the tokens: so this is before time leaps away from it. */
async function signIn({ tools: { okta } }: Company): Promise<void> {
  await Promise.all([okta.apps(), okta.rights()]);
}

async function ledByHand(evening: Evening, company: Company): Promise<void> {
  const { heads } = await standingOf({ ...company, ...evening });
  const [person] = heads.flatMap(({ state, members }) => (state === 'ready' ? members : []));
  if (person === undefined) throw new Error('Nobody waits to be led.');
  say('\nIn the morning the operator is led through one of the repairs, and does each step in the consoles.');
  await meanwhile(types(['guide', person.userName, '--by', OPERATOR], person.userName, company), company);
}

async function piloted(evening: Evening, company: Company): Promise<void> {
  const { userName, at } = await testPerson(company);
  const { machine } = company;
  await machine.leap(Math.max(0, at + MINUTE - machine.now()));
  say(
    `\nThe pilot. ${userName} knows of it, and has an AD account that was made anew: whether a program may mend what came of that?`,
  );
  await meanwhile(types(['pilot', userName, '--by', OPERATOR], userName, company), company);
  await untilSo(evening, isOn, company);
}

/** Whose account is made anew in this world, and when Okta shows it. */
async function testPerson({ desk }: Company): Promise<{ readonly userName: string; readonly at: Instant }> {
  const [{ changes }, { people }] = await Promise.all([desk.answerKey(), desk.truth()]);
  const [change] = changes;
  const userName = people.find(({ user }) => user === change?.oktaUser)?.assignment?.userName;
  if (change === undefined || userName === undefined) throw new Error('There is no test person.');
  return { userName, at: change.at };
}

async function nightOfRepairs(evening: Evening, company: Company): Promise<RunRow> {
  const { machine } = company;
  const began = machine.now();
  say(
    '\nNight 3. The scan finds the same people, and now the repair function goes through all fourteen steps with each.\n',
  );
  const run = await scanNow(company, evening.run);
  const { heads } = await untilSo(evening, isDone, company);
  const rows = heads.map(({ members, state, rule, reason }) => [
    members.map(({ userName }) => userName).join(', '),
    state,
    rule === null ? '' : `${rule}: ${reason ?? ''}`,
  ]);
  say(tableLines(['repair of', 'ended', 'why'], rows, width()).join('\n'));
  const hours = ((machine.now() - began) / HOUR).toFixed(1);
  say(`\nThat took ${hours} hours, most of them to see that two sync cycles later nothing else has changed.`);
  return run;
}

/** Says what a last scan finds, which may be nobody but those who were refused. */
async function nothingElse({ run, repairs }: Evening, third: RunRow, company: Company) {
  say('\nNight 4. One more scan.\n');
  const last = await scanNow(company, third);
  say(await report(last, [], company));
  const { heads } = await standingOf({ ...company, repairs });
  const done = new Set(heads.flatMap(({ state, members }) => (state === 'done' ? members.map(({ key }) => key) : [])));
  // Where this machine was slow, the evening has seen the test person too; the pilot has mended that, and no repair of the night.
  const { changes } = await company.desk.answerKey();
  const before = (await drifted(run, company)).filter((key) => !key.startsWith(`${changes[0]?.oktaUser}.`));
  const refused = before.filter((key) => !done.has(key));
  const found = await drifted(last, company);
  const isRight = done.size > 0 && refused.length === found.length && refused.every((key) => found.includes(key));
  const who = isRight
    ? 'those who were refused, and nobody else'
    : `which are not the ${refused.length} who were refused`;
  say(
    `\n${before.length} people had drifted and ${done.size} of them were repaired; ${found.length} are found now: ${who}.`,
  );
  return { run: last, isRight };
}

async function drifted(run: RunRow, company: Company): Promise<readonly string[]> {
  const seen = await readFindings(run.id, company);
  return seen.flatMap(({ finding }) => (isDrift(finding) ? [finding.key] : []));
}

function isLookedAt({ heads }: Standing): boolean {
  return heads.every(({ state }) => state !== 'queued');
}

/** *Deactivate Users* was given back. */
function isOn({ isOff }: Standing): boolean {
  return !isOff;
}

function isDone({ isOver, heads }: Standing): boolean {
  return isOver && heads.every(({ state }) => state !== 'ready');
}

/** Lets time pass until it is so. */
async function untilSo(
  { repairs }: Evening,
  isSo: (standing: Standing) => boolean,
  company: Company,
): Promise<Standing> {
  const look = async (): Promise<Standing> => {
    for (;;) {
      const standing = await standingOf({ ...company, repairs });
      if (standing.heads.length === repairs.length && isSo(standing)) return standing;
      await company.machine.pause(300);
    }
  };
  return meanwhile(look(), company);
}

async function report(run: RunRow, repairs: readonly RepairRow[], company: Company): Promise<string> {
  const seen = await readFindings(run.id, company);
  return renderRun({ run, seen, checked: run.id, repairs, baseline: null, remembers: true }, width());
}
