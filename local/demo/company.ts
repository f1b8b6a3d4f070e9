import { openHeads } from '../../shared/flows/tasks.ts';
import { DAY, HOUR, type Instant, isoTime, MINUTE, SECOND } from '../../shared/time.ts';
import { pilotTools } from '../../shared/wiring.ts';
import { Machine } from '../machine.ts';
import { isAtWork, leapOver, type Night } from '../night.ts';
import type { ProcessSet } from '../processes.ts';
import { bringUp } from '../stack.ts';
import { MAIL_ROLES, READ_ROLES, READ_SCOPES, WRITE_ROLES, WRITE_SCOPES } from '../world/options.ts';
import type { Office } from './operator.ts';
import { QUIET } from './say.ts';

export const PEOPLE = 60;

/** So many times as fast as the machine's clock; nights and days in which nobody is at work are leapt over. */
const PACE = 50;

/** The libraries sign and keep tokens by the machine's own clock, and the tenants take them within an hour of it. */
const BEHIND = 50 * MINUTE;

/** The first night is a day and more before the second, in which the test person's account is made anew. */
export const BETWEEN = DAY;

/** Repairs a night at most: all who are to be repaired in the second, and one less than drift in the fourth. */
const MOST = 8;

const OFTEN = { every: 10 * MINUTE, duration: MINUTE, jitter: 0 };

const WORLD = {
  synced: 'universal-sync',
  // What is planted here is all that is wrong. The guarded hold a directory role, or are eligible for one.
  plants: {
    'entra-stale': 3,
    'both-stale': 1,
    'okta-stale': 1,
    'entra-empty': 1,
    guarded: 2,
    taken: 1,
    'all-differ': 1,
    'recycled-name': 1,
  },
  // In hours of this world. Behind the second night the test person; behind the fourth more people than a night may repair.
  churn: [
    { kind: 'drifted', people: 1, from: 25.1, until: 25.11 },
    { kind: 'drifted', people: MOST + 1, from: 84, until: 85 },
  ],
  imports: { 'contoso.com': OFTEN, 'emea.contoso.com': OFTEN },
  // Else as unkind as can be: who is unassigned loses groups and, with Deactivate Users on, the account.
  switches: { syncedWrites: 'after-unassign', regroup: 'by-itself' },
  okta: { scopes: [...READ_SCOPES, ...WRITE_SCOPES], tokenLifetime: DAY },
  graph: { roles: [...READ_ROLES, ...WRITE_ROLES, ...MAIL_ROLES], tokenLifetime: DAY, replicaLag: 10 * SECOND },
};

/** A small company with everything that is wrong in it, its function app, and whoever works there. */
export interface Company extends Omit<Night, 'repairs'>, Office {}

export async function founded(set: ProcessSet, folder: string): Promise<Company> {
  const pace = { times: PACE, since: Date.now() };
  const start = isoTime(pace.since - BEHIND - BETWEEN - HOUR);
  const stack = await bringUp(set, {
    folder,
    keep: false,
    pace,
    tenants: { people: PEOPLE, seed: 'mend', start },
    world: WORLD,
  });
  const { groups, people } = await stack.desk.truth();
  const mailbox = people.findLast(({ source, assignment }) => source !== null && source === assignment?.copy);
  if (mailbox === undefined || mailbox.assignment === null)
    throw new Error('There is nobody whose mailbox could be used.');
  const settings = {
    ...stack.settings,
    ANCHORWATCH_MODE: 'remediate',
    // Five minutes before the first night, so that each leap of a day passes it once, whatever the hour of this demo.
    ANCHORWATCH_SCHEDULE: dailyAt(pace.since - BEHIND - 5 * MINUTE),
    ANCHORWATCH_OPTED_IN_GROUP: groups.everyone,
    ANCHORWATCH_EXCLUSION_GROUP: groups.exclusion,
    ANCHORWATCH_MAX_REPAIR_PERCENT: '100',
    ANCHORWATCH_MAX_REPAIRS: String(MOST),
    ANCHORWATCH_TENANT_NAME: 'contoso',
    ANCHORWATCH_MAIL_FROM: mailbox.assignment.userName,
    ANCHORWATCH_MAIL_TO: 'identity-team@contoso.com',
    ANCHORWATCH_MAIL_DECISIONS_TO: 'grace@contoso.com',
    ANCHORWATCH_MAIL_ALARMS_TO: 'on-call@contoso.com',
    ANCHORWATCH_MAIL_DRAFTS: 'yes',
    AzureFunctionsJobHost__extensions__queues__maxPollingInterval: '00:00:05',
  };
  const machine = new Machine(stack, pace, { settings });
  await machine.leap(-BEHIND - BETWEEN);
  // Where the library for managed identities looks for them.
  Object.assign(process.env, settings);
  const tools = pilotTools(settings, { ...QUIET, warn: unsaid }, machine.clock);
  return { machine, state: tools.state, tools, desk: stack.desk };
}

/** Time passes until `work` is done, and leaps where nobody is at work on any repair. */
export async function meanwhile<Result>(work: Promise<Result>, company: Company): Promise<Result> {
  const done = new AbortController();
  const end = (): void => done.abort();
  void work.then(end, end);
  while (!done.signal.aborted) {
    if (await isAtWork(company, Infinity)) continue;
    const repairs = (await openHeads(company)).map(({ id }) => id);
    if (!done.signal.aborted) await leapOver({ ...company, repairs });
  }
  return work;
}

/** A pilot is refused things: that is what it is for, and the command shows it. */
function unsaid(): void {}

/** NCRONTAB, with seconds. */
function dailyAt(instant: Instant): string {
  const time = new Date(instant);
  return `0 ${time.getUTCMinutes()} ${time.getUTCHours()} * * *`;
}
