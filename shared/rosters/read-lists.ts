import type { Clock } from '../ports/clock.ts';
import type { EntraReader } from '../ports/entra.ts';
import type { OktaReader } from '../ports/okta.ts';
import type { Instant } from '../time.ts';
import { ASSIGNMENTS, furtherList } from './lists.ts';
import { type ListName, type ReadPlan } from '../state/read-plan.ts';
import { READ_LIMITS, type ReadLimits } from './limits.ts';
import type { PageStore } from './pages.ts';
import type { Progress } from './progress.ts';
import { type Budget, type ListOutcome, type ReadFailure, type Reading, readList } from './read-list.ts';
import { assignmentSource, deletedSource, directorySource, userSource } from './sources.ts';

export interface ReadTools {
  readonly okta: OktaReader;
  readonly entra: EntraReader;
  readonly store: PageStore;
  readonly clock: Clock;
}

export interface ReadOptions {
  /** When this call stops asking for pages. Each side reads one page all the same, so that every call gets further. */
  readonly until: Instant;
  readonly signal?: AbortSignal;
  readonly onPage?: (progress: Progress) => void;
  /** Rows an earlier run had, by list: for the progress of lists without a count. */
  readonly expected?: Readonly<Partial<Record<ListName, number>>>;
  readonly limits?: ReadLimits;
}

export type ReadOutcome =
  | { readonly state: 'complete' }
  /** The budget is spent: call again with the same plan and store. */
  | { readonly state: 'more' }
  /** A side could not be read: nearly always one, for it stops the other. `cause` is the error, with its own causes. */
  | { readonly state: 'failed'; readonly failures: readonly ReadFailure[]; readonly cause: unknown };

type ReadOne = (reading: Reading) => Promise<ListOutcome>;

/**
 * Reads every list of the plan into the store, from where the last call left it. Directories, assignments and Entra's lists are read beside
 * each other, so that one is on its way while another is parsed; within each of the three one after the other, the soft-deleted last, so
 * that they hold everybody who was deleted while the users were read. A failure of one stops the others and is the outcome; the pages so far
 * stay, and a further call goes on behind them. Throws what the store throws, and the reason of the caller's signal.
 */
export async function readLists(plan: ReadPlan, tools: ReadTools, options: ReadOptions): Promise<ReadOutcome> {
  const { okta, entra } = tools;
  const directories = plan.directories.map(
    (directory) => (reading: Reading) => readList(directorySource(okta, directory), reading),
  );
  const assignments: readonly ReadOne[] = [
    (reading) => readList(assignmentSource(okta, plan.office365, ASSIGNMENTS), reading),
    ...plan.furtherOffice365.map(
      (app) => (reading: Reading) => readList(assignmentSource(okta, app.id, furtherList(app)), reading),
    ),
  ];
  const users: readonly ReadOne[] = [
    (reading) => readList(userSource(entra), reading),
    (reading) => readList(deletedSource(entra), reading),
  ];
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal]);
  const sides = [directories, assignments, users].map((lists) => readInTurn(lists, tools, options, signal, stop));
  return outcomeOf(await Promise.allSettled(sides), stop.signal.reason);
}

async function readInTurn(
  lists: readonly ReadOne[],
  { store, clock }: ReadTools,
  options: ReadOptions,
  signal: AbortSignal,
  stop: AbortController,
): Promise<ListOutcome> {
  const { onPage, expected, limits = READ_LIMITS } = options;
  const budget = budgetUntil(options.until, clock);
  const reading: Reading = { store, clock, limits, signal, budget, onPage, expected };
  try {
    for (const read of lists) {
      const outcome = await read(reading);
      if (outcome.state === 'failed') stop.abort(new Error('another list could not be read'));
      if (outcome.state !== 'complete') return outcome;
    }
    return { state: 'complete' };
  } catch (error) {
    stop.abort(error);
    throw error;
  }
}

function budgetUntil(until: Instant, clock: Clock): Budget {
  let hasRead = false;
  return {
    isSpent: () => hasRead && clock.now() >= until,
    spend: () => {
      hasRead = true;
    },
  };
}

/** A side that only obeyed the stop says nothing of its own: its rejection is the stop's reason. */
function outcomeOf(sides: readonly PromiseSettledResult<ListOutcome>[], stopReason: unknown): ReadOutcome {
  const outcomes = sides.filter((side) => side.status === 'fulfilled').map((side) => side.value);
  const failed = outcomes.filter((outcome) => outcome.state === 'failed');
  const thrown = sides
    .filter((side) => side.status === 'rejected')
    .find((side) => failed.length === 0 || side.reason !== stopReason);
  if (thrown !== undefined) throw thrown.reason;
  const [first] = failed;
  if (first !== undefined)
    return { state: 'failed', failures: failed.map(({ failure }) => failure), cause: first.cause };
  return outcomes.some((outcome) => outcome.state === 'more') ? { state: 'more' } : { state: 'complete' };
}
