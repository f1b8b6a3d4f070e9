import { compareParted } from '../compare/compare.ts';
import { partRolls } from '../compare/crowd.ts';
import { type ErrorKind, explain, kindOf } from '../errors.ts';
import { makePlan } from '../plan/plan.ts';
import { questionsToAsk, release } from '../plan/policy.ts';
import { questionsOf } from '../plan/questions.ts';
import type { Stored } from '../ports/state.ts';
import { type Certification, certify } from '../rosters/certify.ts';
import type { Doubt } from '../state/doubt.ts';
import type { ReadPlan } from '../state/read-plan.ts';
import { readLimits } from '../rosters/limits.ts';
import { type Loaded, loadRosters } from '../rosters/load.ts';
import { logProgress } from '../rosters/progress.ts';
import { type ReadOutcome, readLists } from '../rosters/read-lists.ts';
import { refuteAbsences } from '../rosters/refute.ts';
import { unlistedAmong } from '../rosters/unlisted.ts';
import type { RunRow } from '../state/rows.ts';
import { HOUR, MINUTE } from '../time.ts';
import { type Lease, LEASE_TIME, takeLease } from './lease.ts';
import { findRun, LONGEST_SCAN, newestRun } from './run.ts';
import { tellAlarms } from './scan/alarms.ts';
import { circumstancesOf } from './scan/circumstances.ts';
import { conclude, couldNotTell, summaryOf } from './scan/conclude.ts';
import { confirm, patched } from './scan/confirm.ts';
import { accountsSideBySide } from './scan/evidence.ts';
import { pagesOf } from './scan/pages.ts';
import { backgroundOf, leaveMemory, lookBack, type Past } from './scan/past.ts';
import { propose } from './scan/propose.ts';
import { queueRepairs } from './scan/queue-repairs.ts';
import { record, seenBy } from './scan/record.ts';
import { settledSetup, setupChange } from './scan/setup.ts';
import { lookAtTenant, type Tenant } from './scan/tenant.ts';
import { warningsOf } from './scan/warnings.ts';
import type { Tools } from './tools.ts';

/** `more`: a message to itself carries it on. `busy`: somebody else scans, and it will be asked again. */
export type ScanOutcome = 'good' | 'could-not-tell' | 'more' | 'busy' | 'finished';

/**
 * The nightly scan: read both sides → certify → pair and judge → confirm → plan → record → tell → queue what may run. It works to a time
 * budget, then leaves a message to itself; a call that dies is carried on from its last stored page. Only one scan works at a time.
 */
export async function scan(id: string, tools: Tools): Promise<ScanOutcome> {
  const lease = await takeLease('scan', { leases: tools.state.leases, clock: tools.clock, owner: tools.owner });
  if (lease === null) return askAgain(id, LEASE_TIME, 'busy', tools);
  let slice: Slice;
  try {
    slice = await scanSlice(id, lease, tools);
  } catch (error) {
    slice = await againOrThrow(id, error, tools);
  } finally {
    await lease.release();
  }
  // Only now: whoever took the message sooner would find the lease taken, and wait for nothing.
  return typeof slice === 'string' ? slice : askAgain(id, slice.again, 'more', tools);
}

/** What one call came to: an end, or so many milliseconds until the next call. */
type Slice = 'good' | 'could-not-tell' | 'finished' | { readonly again: number };

/** What fails in passing outside the lists is waited for like them: everything that was read is stored. */
async function againOrThrow(id: string, error: unknown, tools: Tools): Promise<Slice> {
  const run = isPassing(kindOf(error)) ? await findRun(tools.state, id) : null;
  if (run === null || !isPatient(run.row, tools)) throw error;
  tools.log.warn('the scan waits', { run: id, reason: explain(error) });
  return { again: PAUSE };
}

async function scanSlice(id: string, lease: Lease, tools: Tools): Promise<Slice> {
  const { settings, clock } = tools;
  const began = clock.now();
  const until = began + settings.scan.budget;
  let run = await findRun(tools.state, id);
  if (run === null || run.row.state !== 'reading') return 'finished';
  if (await isSuperseded(run.row, tools)) return giveUp(run, [SUPERSEDED], tools);
  if (clock.now() - run.row.began > LONGEST_SCAN) return giveUp(run, [TOO_OLD], tools);

  // Read both sides, page by page, each page durable before the next is asked for.
  tools.standby?.begin();
  const tenant = await lookAtTenantOrDoubt(tools);
  if ('doubt' in tenant) {
    return tenant.passing && isPatient(run.row, tools) ? { again: PAUSE } : giveUp(run, [tenant.doubt], tools);
  }
  run = await beginSlice(run, tenant, tools);
  const plan = run.row.plan ?? tenant.plan;
  const past = await lookBack(run.row, tools);
  const store = tools.pages?.(id) ?? pagesOf(id, lease, tools);
  const onPage = tools.onPage ?? logProgress(tools.log, clock);
  const limits = readLimits(settings.certificate.sourceAge);
  const options = { until, expected: expectedRows(past), onPage, limits };
  const read = await readLists(plan, { okta: tools.okta, entra: tools.entra, store, clock }, options);
  if (read.state === 'more') return { again: 0 };
  tools.standby?.rest();
  const pause = pauseBefore(read, run.row, tools);
  if (pause !== null) return { again: pause };

  // No verdict from a read that is not complete, plausible and fresh.
  const loaded = await loadRosters(store, plan, tenant.domains);
  const certification = certifyRead(read, loaded, plan, tenant, past, tools);
  if (certification.doubts.length > 0) return giveUp(run, certification.doubts, tools, loaded);
  const parted = partRolls(loaded.rolls, tenant.office365);
  const absences = await refuteAbsences(plan, loaded.rolls, parted, loaded.certificates, tools, {
    salt: id,
    keep: () => lease.keep(),
  });
  if (absences.doubts.length > 0) return giveUp(run, absences.doubts, tools, loaded);

  // Pair and judge; then read every new finding again, singly. What turns up and was in no list refutes the list; else judge once
  // more, with what is so now.
  const background = backgroundOf(past, tenant, settings.causes, run.row.scheduled);
  const first = compareParted(parted, background);
  const confirmation = await confirm({ id, plan }, first.findings, past, until, lease, tools);
  if (confirmation.state === 'more') return { again: 0 };
  const unlisted = unlistedAmong(confirmation.fresh, plan, loaded.rolls, loaded.certificates);
  if (unlisted.length > 0) return giveUp(run, unlisted, tools, loaded);
  const rolls = patched(loaded.rolls, confirmation.fresh);
  const again = rolls === loaded.rolls ? parted : partRolls(rolls, tenant.office365);
  const comparison = again === parted ? first : compareParted(again, background);

  // Plan, decide, write down, queue.
  const warnings = await warningsOf(tenant, past, again.rest, tools);
  const repairs = makePlan(comparison.findings);
  const setup = await settledSetup(tenant.office365, tenant.setup, began, tools);
  const change = setupChange(setup, past);
  const circumstances = await circumstancesOf(run.row, repairs, comparison, confirmation, past, change, tools);
  const decision = release(repairs, policyOf(tools), circumstances);
  const { confirmed, earlier } = circumstances;
  const verdicts = { comparison, plan: repairs, release: decision, confirmed, earlier };
  const seen = await seenBy(run.row, verdicts, past, tools);
  await lease.keep();
  const changes = await record(run.row, seen, comparison, past, tools);
  await tellAlarms(run.row, seen, past, tools);
  await leaveMemory(id, past, rolls, comparison, tools);
  await queueRepairs(run.row, decision.queue, tools);
  const questions = questionsToAsk(questionsOf(comparison.findings), policyOf(tools), circumstances);
  const shown = await accountsSideBySide(id, comparison.findings, questions, rolls, lease, tools);
  await propose(run.row, decision, questions, shown, past, tools);
  const facts = { past, setup, changes, unconfirmed: confirmation.unconfirmed, warnings };
  await conclude(run, loaded.certificates, summaryOf(verdicts, seen, facts), seen, tools);
  return 'good';
}

async function askAgain(id: string, delay: number, outcome: 'more' | 'busy', tools: Tools): Promise<ScanOutcome> {
  await tools.scans.send({ version: 1, run: id }, delay);
  tools.log.info(outcome === 'more' ? 'scan goes on in another call' : 'another scan is at work', { run: id });
  return outcome;
}

async function giveUp(run: Stored<RunRow>, doubts: readonly Doubt[], tools: Tools, loaded?: Loaded): Promise<Slice> {
  await couldNotTell(run, loaded?.certificates ?? [], doubts, tools);
  return 'could-not-tell';
}

const SUPERSEDED: Doubt = {
  rule: 'superseded',
  list: null,
  message:
    'A newer run began before this one was done. Look at the newer one; if this happens again, raise the time budget.',
};

const TOO_OLD: Doubt = {
  rule: 'too-old',
  list: null,
  message:
    'The run was left lying for hours, so that what it had read is of another time. The next run reads everything again; if this happens again, its log says what stopped it.',
};

async function isSuperseded(run: RunRow, tools: Tools): Promise<boolean> {
  const newest = await newestRun(tools);
  return newest !== null && newest.scheduled > run.scheduled;
}

/** The plan of what is read is the first call's: a list that appears or vanishes during the night is the next run's affair. */
async function beginSlice(run: Stored<RunRow>, tenant: Tenant, { state }: Tools): Promise<Stored<RunRow>> {
  const { row, etag } = run;
  return state.runs.replace({ ...row, slices: row.slices + 1, plan: row.plan ?? tenant.plan }, etag);
}

/** Whatever keeps us from even looking is a reason, not a crash: credentials refused, an app to be chosen, a side that is down. */
async function lookAtTenantOrDoubt(
  tools: Tools,
): Promise<Tenant | { readonly doubt: Doubt; readonly passing: boolean }> {
  try {
    return await lookAtTenant(tools);
  } catch (error) {
    tools.log.error('the tenant could not be looked at', { kind: kindOf(error), reason: explain(error) });
    return { doubt: { rule: 'read-failed', list: null, message: explain(error) }, passing: isPassing(kindOf(error)) };
  }
}

/** How long a night is patient with a side that is down or throttled; whoever starts a scan by hand wants to be told at once. */
const PATIENCE = 2 * HOUR;
const PAUSE = 5 * MINUTE;

function isPatient(run: RunRow, { clock }: Tools): boolean {
  return run.trigger === 'timer' && clock.now() - run.began <= PATIENCE;
}

function isPassing(kind: ErrorKind): boolean {
  return kind === 'transient' || kind === 'throttled';
}

/** Milliseconds after which a read that failed in passing goes on behind its last page; null when it is no use to wait. */
function pauseBefore(read: ReadOutcome, run: RunRow, tools: Tools): number | null {
  if (read.state !== 'failed' || !isPatient(run, tools)) return null;
  const passing = read.failures.every(({ kind }) => isPassing(kind));
  return passing ? Math.max(PAUSE, ...read.failures.map(({ retryAfter }) => retryAfter ?? 0)) : null;
}

function certifyRead(
  read: ReadOutcome,
  { certificates }: Loaded,
  plan: ReadPlan,
  tenant: Tenant,
  past: Past,
  { settings }: Tools,
): Certification {
  const facts = {
    plan,
    certificates,
    failures: read.state === 'failed' ? read.failures : [],
    appDomains: tenant.appDomains,
    tenantDomains: tenant.domains,
  };
  return certify(facts, past.runs, settings.certificate);
}

function expectedRows(past: Past): Record<string, number> {
  return Object.fromEntries((past.runs[0]?.certificates ?? []).map(({ list, distinct }) => [list, distinct]));
}

function policyOf({ settings }: Tools) {
  return { mode: settings.mode, maxRepairs: settings.policy.maxRepairs, maxPercent: settings.policy.maxPercent };
}
