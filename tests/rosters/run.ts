import { expect } from 'vitest';
import { partRolls } from '../../shared/compare/crowd.ts';
import type { Certificate } from '../../shared/state/certificate.ts';
import { certify, type ReadFacts } from '../../shared/rosters/certify.ts';
import type { Doubt } from '../../shared/state/doubt.ts';
import { CERTIFICATE_LIMITS } from '../../shared/rosters/limits.ts';
import { type Loaded, loadRosters } from '../../shared/rosters/load.ts';
import { memoryPageStore } from '../../shared/rosters/memory.ts';
import type { PageStore } from '../../shared/rosters/pages.ts';
import { type ReadOptions, type ReadOutcome, readLists } from '../../shared/rosters/read-lists.ts';
import { refuteAbsences } from '../../shared/rosters/refute.ts';
import type { PastRun } from '../../shared/rosters/past.ts';
import type { ReadPlan } from '../../shared/state/read-plan.ts';
import type { Readers } from './readers.ts';
import { DOMAINS, PLAN } from './tenant.ts';

export const FOREVER: ReadOptions = { until: Number.POSITIVE_INFINITY };

/** One call. */
export function readSlice(
  readers: Readers,
  store: PageStore,
  options: ReadOptions = FOREVER,
  plan: ReadPlan = PLAN,
): Promise<ReadOutcome> {
  return readLists(plan, { ...readers, store }, options);
}

export function load(store: PageStore, plan: ReadPlan = PLAN): Promise<Loaded> {
  return loadRosters(store, plan, DOMAINS);
}

export function factsOf(certificates: readonly Certificate[], failures: ReadFacts['failures'] = []): ReadFacts {
  return { plan: PLAN, certificates, failures, appDomains: ['contoso.com'], tenantDomains: DOMAINS };
}

export interface Judged extends Loaded {
  readonly doubts: readonly Doubt[];
}

/** A whole run, without history unless it is given: read, load, certify, ask for the missing. */
export async function judge(
  readers: Readers,
  plan: ReadPlan = PLAN,
  history: readonly PastRun[] = [],
): Promise<Judged> {
  const store = memoryPageStore();
  const outcome = await readSlice(readers, store, FOREVER, plan);
  expect(outcome.state).not.toBe('more');
  const failures = outcome.state === 'failed' ? outcome.failures : [];
  const loaded = await load(store, plan);
  const { doubts } = certify({ ...factsOf(loaded.certificates, failures), plan }, history, CERTIFICATE_LIMITS);
  if (doubts.length > 0) return { ...loaded, doubts };
  const { rolls, certificates } = loaded;
  const parted = partRolls(rolls, null);
  const absences = await refuteAbsences(plan, rolls, parted, certificates, readers, { salt: 'run-1' });
  return { ...loaded, doubts: absences.doubts };
}
