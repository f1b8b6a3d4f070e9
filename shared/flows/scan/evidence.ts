import type { Finding } from '../../compare/finding.ts';
import { found as foundIn, type Rolls } from '../../compare/roll.ts';
import type { Holdings, Rosters, SignIn } from '../../compare/rows.ts';
import { AnchorwatchError, type ErrorKind, explain, kindOf } from '../../errors.ts';
import { type Proposed, withSides } from '../../plan/proposed.ts';
import type { Question } from '../../plan/questions.ts';
import {
  accountIndex,
  type Beside,
  besidesOf,
  type Evidence,
  type Looked,
  sidesOf,
  wantsComparing,
} from '../../plan/sides.ts';
import type { Told, Withheld } from '../../ports/entra.ts';
import { type Instant, MINUTE, SECOND } from '../../time.ts';
import type { Lease } from '../lease.ts';
import type { Tools } from '../tools.ts';
import { MOST_QUESTIONS } from './propose.ts';
import { writeSides } from './snapshot.ts';

/** More than anybody compares in a night, and longer than these looks take. */
const MOST_PEOPLE = 100;
const LONGEST = 3 * MINUTE;
/** For one look with all its attempts. Three are made of somebody before the lease is kept again, and last less than half of it. */
const LOOK = 30 * SECOND;

/** Findings of which both accounts are kept; those behind them are seen when these are settled. */
const MOST_KEPT = 1_000;

/**
 * Looks up whom a person has to compare, those first who are asked about, and puts all of them down side by side for whoever wants them
 * explained. Returns how a question is shown.
 */
export async function accountsSideBySide(
  run: string,
  findings: readonly Finding[],
  questions: readonly Question[],
  rolls: Rolls,
  lease: Lease,
  tools: Tools,
): Promise<(question: Question) => Proposed> {
  const compared = findings.filter(wantsComparing).slice(0, MOST_KEPT);
  if (compared.length === 0) return ({ why, members }) => ({ why, members, sides: [] });
  const index = accountIndex(rowsAbout(compared, questions, rolls));
  const people = compared.map((finding) => ({ key: finding.key, people: besidesOf(finding, index) }));
  const asked = questions.slice(0, MOST_QUESTIONS).flatMap(({ members }) => members);
  const evidence = await evidenceOf([...asked, ...people.flatMap((one) => one.people)], lease, tools);
  const sides = people.map((one) => ({ key: one.key, sides: sidesOf(one.people, index, evidence) }));
  await writeSides(run, sides, tools);
  return (question) => withSides(question, index, evidence);
}

/** The rows that these people may be compared by: their own, those of their anchors, and those of whoever is assigned under one of the names. */
function rowsAbout(findings: readonly Finding[], questions: readonly Question[], rolls: Rolls): Rosters {
  const people = [...findings, ...questions.flatMap(({ members }) => members)];
  const names = people.map(({ userName }) => userName.toLowerCase());
  const ids = [...people.map(({ objectId }) => objectId), ...findings.map(({ holder }) => holder)];
  const entra = foundIn(rolls.entra, {
    id: ids.filter((id) => id !== null),
    name: names,
    anchor: findings.flatMap(({ a, o }) => [a, o]).filter((anchor) => typeof anchor === 'string'),
  });
  const assignments = foundIn(rolls.assignments, {
    name: [...names, ...entra.map(({ userName }) => userName.toLowerCase())],
  });
  const users = [...people, ...assignments].map(({ user }) => user).filter((user) => user !== null);
  const { deleted, domains } = rolls;
  return { ad: foundIn(rolls.ad, { id: users }), assignments, entra, deleted, domains };
}

/**
 * What somebody who compares two accounts wants to know of them and no roster has, of the first hundred. Nothing but what is shown depends
 * on it, so that it never fails a run: whatever cannot be read says why in its place.
 */
async function evidenceOf(people: readonly Beside[], lease: Lease, tools: Tools): Promise<Evidence> {
  const { entra, clock } = tools;
  const logins = new Map<string, Looked<Instant | null>>();
  const signIns = new Map<string, Looked<SignIn | null>>();
  const holdings = new Map<string, Looked<Holdings>>();
  const login = looker('sign-ins to Okta', (user: string, signal) => lastLogin(user, signal, tools), tools);
  const signIn = looker('sign-ins to Entra ID', (id: string, signal) => entra.lastSignIn(id, signal), tools);
  const held = looker('licences', async (id: string, signal) => ({ told: await entra.holdings(id, signal) }), tools);
  const named = looker(
    'names of licences',
    async (_: null, signal) => ({ told: await entra.licenseNames(signal) }),
    tools,
  );
  const ends = clock.now() + LONGEST;
  for (const { user, objectId } of people.slice(0, MOST_PEOPLE)) {
    if (clock.now() >= ends) break;
    await lease.keep();
    if (user !== null && !logins.has(user)) logins.set(user, await login(user));
    if (objectId === null || signIns.has(objectId)) continue;
    signIns.set(objectId, await signIn(objectId));
    holdings.set(objectId, await held(objectId));
  }
  await lease.keep();
  const names = holdings.size === 0 ? null : await named(null);
  return { logins, signIns, holdings, licenseNames: names !== null && 'found' in names ? names.found : new Map() };
}

async function lastLogin(user: string, signal: AbortSignal, { okta }: Tools): Promise<Told<Instant | null>> {
  const found = await okta.user(user, signal);
  if (found === null) throw new AnchorwatchError('invalid', `Okta knows no user ${user} any more.`);
  return { told: found.lastLogin };
}

const WITHHELD_WORDS: Readonly<Record<Withheld, string>> = {
  right: 'not readable: AuditLog.Read.All is not granted',
  licence: 'not readable: the tenant has no Entra ID P1',
};

const UNREAD_WORDS: Readonly<Record<ErrorKind, string>> = {
  throttled: 'not read tonight: too many requests',
  transient: 'not read tonight: no answer',
  denied: 'not readable: the right to it is not granted',
  conflict: 'not readable: refused',
  refused: 'not readable: refused',
  invalid: 'not readable: the log of the run says why',
};

/**
 * A look on which nothing depends: it is over after `LOOK` and never fails, and what was refused or had no answer once is asked for nobody
 * else tonight. A mistake of ours is an error in the log, and no reason to end a run either.
 */
export function looker<Whom, Value>(
  what: string,
  ask: (whom: Whom, signal: AbortSignal) => Promise<Told<Value>>,
  { log, clock }: Pick<Tools, 'log' | 'clock'>,
): (whom: Whom) => Promise<Looked<Value>> {
  let given: string | null = null;
  return async (whom) => {
    if (given !== null) return { unread: given };
    const limit = clock.deadline(LOOK);
    try {
      const answer = await ask(whom, limit.signal);
      if ('told' in answer) return { found: answer.told };
      given = WITHHELD_WORDS[answer.withheld];
      return { unread: given };
    } catch (error) {
      const kind = kindOf(error);
      const level = error instanceof AnchorwatchError ? 'warn' : 'error';
      log[level]('an account was not looked up', { what, kind, reason: explain(error) });
      const unread = UNREAD_WORDS[kind];
      // An answer that says nothing may be this one person's.
      if (kind !== 'invalid') given = unread;
      return { unread };
    } finally {
      limit.end();
    }
  };
}
