import type { Domain } from '../compare/rows.ts';
import type { Certificate } from '../state/certificate.ts';
import { amount } from './doubts.ts';
import { type Doubt } from '../state/doubt.ts';
import type { CertificateLimits } from './limits.ts';
import { ASSIGNMENTS, DELETED, directoryList, furtherList, USERS } from './lists.ts';
import { type ListName, type ReadPlan } from '../state/read-plan.ts';
import { comparedWithHistory, type PastRun, uncounted, vanished } from './past.ts';
import type { ReadFailure } from './read-list.ts';
import { countDoubts, duplicateDoubts } from './tolerance.ts';
import { isoTime, HOUR } from '../time.ts';

/** Everything known of one run's read. */
export interface ReadFacts {
  readonly plan: ReadPlan;
  readonly certificates: readonly Certificate[];
  /** Why the read broke off; empty when it did not. */
  readonly failures: readonly Pick<ReadFailure, 'rule' | 'list' | 'message'>[];
  /** The domains that the Office 365 app names. */
  readonly appDomains: readonly string[];
  /** The domains of the Graph tenant. */
  readonly tenantDomains: readonly Domain[];
}

export interface Certification {
  /** There is no earlier run to measure by: a person must look at the counts before anything may be repaired. */
  readonly first: boolean;
  /** All reasons at once; none means that the read is believed. */
  readonly doubts: readonly Doubt[];
}

/**
 * Whether the read of a run may be compared. `history` are the runs that were good, or whose counts a person confirmed, newest
 * first; a confirmation is a new beginning, so the caller leaves out what came before it. An empty list is believed only where
 * the last of these runs had it empty, which a person must have confirmed.
 */
export function certify(facts: ReadFacts, history: readonly PastRun[], limits: CertificateLimits): Certification {
  const { failures } = facts;
  const doubts: Doubt[] = failures.map(({ rule, list, message }) => ({ rule, list, message }));
  for (const list of plannedLists(facts.plan)) {
    const certificate = facts.certificates.find((one) => one.list === list.name);
    // Where one list failed, the others were stopped on purpose: one cause, one reason.
    if (certificate?.complete !== true && failures.length === 0) doubts.push(incomplete(list, certificate));
    if (certificate === undefined) continue;
    doubts.push(...pageDoubts(certificate, failures));
    if (!certificate.complete) continue;
    doubts.push(...countDoubts(certificate, limits), ...uncounted(certificate, history));
    doubts.push(...duplicateDoubts(certificate, limits));
    if (!isMeasured(list.name, history)) continue;
    doubts.push(...comparedWithHistory(certificate, history, limits));
    if (list.name.startsWith('directory:')) doubts.push(...ageDoubts(certificate, limits));
  }
  doubts.push(...vanished(plannedLists(facts.plan), history), ...tenantDoubts(facts));
  return { first: history.length === 0, doubts };
}

function plannedLists(plan: ReadPlan) {
  return [
    ...plan.directories.map(directoryList),
    ASSIGNMENTS,
    ...plan.furtherOffice365.map(furtherList),
    USERS,
    DELETED,
  ].map(({ name, label }) => ({
    name,
    label,
  }));
}

/**
 * Lists whose size and anchors are measured by earlier runs. The recycle bin empties itself; and a further app may have nobody and
 * no anchor, so it is measured only by what it once had.
 */
function isMeasured(list: ListName, history: readonly PastRun[]): boolean {
  const isNew =
    list.startsWith('further:') && !history.some((run) => run.certificates.some((one) => one.list === list));
  return list !== DELETED.name && !isNew;
}

type PlannedList = ReturnType<typeof plannedLists>[number];

function incomplete({ name, label }: PlannedList, certificate: Certificate | undefined): Doubt {
  const sofar = certificate === undefined ? 'was not read' : `ends after ${certificate.pages} pages with more to come`;
  return { rule: 'incomplete', list: name, message: `${label}: the list ${sofar}. The next run reads it again.` };
}

function pageDoubts(certificate: Certificate, failures: ReadFacts['failures']): Doubt[] {
  const { list, label, cursors } = certificate;
  const doubts: Doubt[] = [];
  const isTold = failures.some((failure) => failure.list === list && failure.rule === 'cursor-repeated');
  if (cursors.repeated > 0 && !isTold) {
    const message = `${label}: ${cursors.repeated} of ${certificate.pages} pages led back to one passed already. The next run reads the list again.`;
    doubts.push({ rule: 'cursor-repeated', list, message });
  }
  if (cursors.broken > 0) {
    const message = `${label}: ${cursors.broken} of ${certificate.pages} stored pages do not follow the page before them. Two processes may have read one run; the next run reads the list again.`;
    doubts.push({ rule: 'pages-missing', list, message });
  }
  return doubts;
}

function ageDoubts(certificate: Certificate, limits: CertificateLimits): Doubt[] {
  const { list, label, began, freshAsOf } = certificate;
  if (freshAsOf !== null && began - freshAsOf <= limits.sourceAge) return [];
  const allowed = `${amount(limits.sourceAge / HOUR)} hours are allowed`;
  const found =
    freshAsOf === null
      ? 'no successful import is known'
      : `the newest successful import ended ${isoTime(freshAsOf)}, ${amount(Math.floor((began - freshAsOf) / HOUR))} hours before the read`;
  const message = `${label}: ${found}, and ${allowed}. What Okta holds of this directory may be out of date. Look at the agents and the import in Okta.`;
  return [{ rule: 'stale-source', list, message }];
}

/** An unverified domain of a tenant may be verified in another one, so it proves nothing. */
function tenantDoubts({ appDomains, tenantDomains }: ReadFacts): Doubt[] {
  const verified = new Set(
    tenantDomains.filter((domain) => domain.verified).map((domain) => domain.name.toLowerCase()),
  );
  const foreign = appDomains.filter((domain) => !verified.has(domain.toLowerCase()));
  if (appDomains.length > 0 && foreign.length === 0) return [];
  const found =
    appDomains.length === 0
      ? 'No domain of the Office 365 app in Okta is known'
      : `Of the domains of the Office 365 app in Okta, ${foreign.join(', ')} ${foreign.length === 1 ? 'is no verified domain' : 'are no verified domains'} of the Entra tenant`;
  const message = `${found}: nothing shows that the two sides belong together. Check which app and which tenant are configured; if they are right, name the app's domains in ANCHORWATCH_APP_DOMAINS.`;
  return [{ rule: 'foreign-tenant', list: null, message }];
}
