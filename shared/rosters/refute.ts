import { createHash } from 'node:crypto';
import type { Parted } from '../compare/part.ts';
import { order } from '../compare/pair.ts';
import { digestsOf, NONE } from '../compare/digest.ts';
import type { Roll, Rolls } from '../compare/roll.ts';
import { isLinked } from '../compare/standing.ts';
import type { EntraReader } from '../ports/entra.ts';
import type { OktaReader } from '../ports/okta.ts';
import { isProvisioned, type Suspect, suspectAbsences } from './absences.ts';
import type { Certificate } from '../state/certificate.ts';
import { type Doubt } from '../state/doubt.ts';
import { ABSENCE_LIMITS, type AbsenceLimits } from './limits.ts';
import type { ListName, ReadPlan } from '../state/read-plan.ts';
import { thereBefore, type Unlisted, unlistedDoubts } from './unlisted.ts';

/** What was asked about one kind of missing row. Plain JSON. */
export interface AbsenceCheck {
  readonly missing: Suspect['missing'];
  readonly suspects: number;
  readonly asked: number;
  /** Of the asked, rows that exist and were made before their list began. */
  readonly refuted: number;
}

export interface AbsenceOutcome {
  readonly checks: readonly AbsenceCheck[];
  readonly doubts: readonly Doubt[];
}

export interface AbsenceTools {
  readonly okta: OktaReader;
  readonly entra: EntraReader;
}

export interface AbsenceOptions {
  /** Chooses the sample: the run's id, so that a run always asks for the same people and the next run for others. */
  readonly salt: string;
  /** Called before each person is asked for: where the caller keeps its lease. What it throws is thrown. */
  readonly keep?: () => Promise<void>;
  readonly limits?: AbsenceLimits;
}

/**
 * Asks singly for a sample of the people who are unlikely to be missing. One who is there after all, and was before the list
 * began, shows that the list was incomplete. With fewer truly missing people of a kind than the sample, a list that lost but one
 * suspected row is always found out; with more, as the share of the lost among them has it. Throws AnchorwatchError.
 */
export async function refuteAbsences(
  plan: ReadPlan,
  rolls: Rolls,
  parted: Parted,
  certificates: readonly Certificate[],
  tools: AbsenceTools,
  options: AbsenceOptions,
): Promise<AbsenceOutcome> {
  const { salt, keep, limits = ABSENCE_LIMITS } = options;
  const suspects = suspectAbsences(rolls, parted);
  const ask = askerOf(plan, rolls, certificates, tools, limits);
  const checks: AbsenceCheck[] = [];
  const refutations: Unlisted[] = [];
  for (const missing of ['directory', 'assignment', 'assignment-named', 'entra-user'] as const) {
    const ofKind = suspects.filter((suspect) => suspect.missing === missing);
    const sample = spread(ofKind, salt).slice(0, limits.sample);
    const before = refutations.length;
    for (const suspect of sample) {
      await keep?.();
      const refutation = await ask(suspect);
      if (refutation !== null) refutations.push(refutation);
    }
    checks.push({ missing, suspects: ofKind.length, asked: sample.length, refuted: refutations.length - before });
  }
  return { checks, doubts: unlistedDoubts(refutations, certificates) };
}

function askerOf(
  plan: ReadPlan,
  rolls: Rolls,
  certificates: readonly Certificate[],
  { okta, entra }: AbsenceTools,
  { margin }: AbsenceLimits,
): (suspect: Suspect) => Promise<Unlisted | null> {
  const wasThere = thereBefore(certificates, margin);

  async function directory(user: string): Promise<Unlisted | null> {
    for (const { id } of plan.directories) {
      const account = await okta.directoryAccount(id, user);
      const list: ListName = `directory:${id}`;
      if (account !== null && isLinked(account) && wasThere(list, account.created)) return { list, id: user };
    }
    return null;
  }

  async function assignments(suspect: Extract<Suspect, { missing: 'assignment' | 'assignment-named' }>) {
    const found =
      suspect.missing === 'assignment'
        ? [await okta.assignment(plan.office365, suspect.user)]
        : await okta.assignmentsNamed(plan.office365, suspect.userName);
    const unread = found
      .filter((one) => one !== null)
      .find(
        (one) => isProvisioned(one) && !isListed(rolls.assignments, one.user) && wasThere('assignments', one.created),
      );
    return unread === undefined ? null : ({ list: 'assignments', id: unread.user } as const);
  }

  async function entraUser(userName: string): Promise<Unlisted | null> {
    const found = await entra.usersByAddress(userName);
    const unread = found.find(
      (user) =>
        user.userName.toLowerCase() === userName.toLowerCase() &&
        !isListed(rolls.entra, user.id) &&
        wasThere('users', user.created),
    );
    return unread === undefined ? null : { list: 'users', id: unread.id };
  }

  return (suspect) => {
    if (suspect.missing === 'directory') return directory(suspect.user);
    if (suspect.missing === 'entra-user') return entraUser(suspect.userName);
    return assignments(suspect);
  };
}

function isListed(roll: Roll<unknown>, id: string): boolean {
  const digest = digestsOf([id], (text) => text);
  return roll.places('id').find(digest, 0) !== NONE;
}

/** An order that looks like chance and is not. */
function spread(suspects: readonly Suspect[], salt: string): readonly Suspect[] {
  return suspects
    .map((suspect) => ({ suspect, place: placeOf(suspect, salt) }))
    .sort((one, other) => order(one.place, other.place))
    .map(({ suspect }) => suspect);
}

function placeOf(suspect: Suspect, salt: string): string {
  const who = 'user' in suspect ? suspect.user : suspect.userName;
  return createHash('sha256').update(`${salt}\n${suspect.missing}\n${who}`).digest('hex');
}
