import type { Certificate } from '../state/certificate.ts';
import { amount, CONFIRM, percent } from './doubts.ts';
import { type Doubt } from '../state/doubt.ts';
import { type CertificateLimits, FEW_ROWS } from './limits.ts';
import type { ListName } from '../state/read-plan.ts';

/** Good runs whose median a list is measured by. */
const MEDIAN_OF = 7;

/** Differences of shares carry the rounding of binary fractions: 1 less 0.95 is a little more than 0.05. */
const ROUNDING = 1e-9;

/** An earlier run whose read was believed. */
export interface PastRun {
  readonly certificates: readonly Certificate[];
}

/** What speaks against a list when it is held against the same list of earlier runs, newest first. */
export function comparedWithHistory(
  certificate: Certificate,
  history: readonly PastRun[],
  limits: CertificateLimits,
): Doubt[] {
  const past = history
    .map((run) => run.certificates.find((one) => one.list === certificate.list))
    .filter((one) => one !== undefined);
  if (certificate.distinct === 0) return emptyDoubts(certificate, past[0]);
  return [...shrinkDoubts(certificate, past, limits), ...fillDoubts(certificate, past[0], limits)];
}

function emptyDoubts({ list, label }: Certificate, last: Certificate | undefined): Doubt[] {
  if (last?.distinct === 0) return [];
  const before = last === undefined ? '' : `, and the last good run had ${amount(last.distinct)} rows`;
  const message = `${label}: the list is empty${before}. An empty answer is not an empty directory. ${CONFIRM}`;
  return [{ rule: 'empty', list, message }];
}

function shrinkDoubts(certificate: Certificate, past: readonly Certificate[], limits: CertificateLimits): Doubt[] {
  const [last] = past;
  if (last === undefined) return [];
  const { list, label, distinct } = certificate;
  const usual = median(past.slice(0, MEDIAN_OF).map((one) => one.distinct));
  const larger = Math.max(last.distinct, usual);
  const lost = larger - distinct;
  if (lost <= fewRows(limits.shrink) || lost / larger <= limits.shrink) return [];
  const message =
    `${label}: ${amount(distinct)} rows were read, ${amount(last.distinct)} in the last good run and ${amount(usual)} usually: ` +
    `${percent(lost / larger)} less, and ${percent(limits.shrink)} are allowed. ${CONFIRM}`;
  return [{ rule: 'shrunk', list, message }];
}

/** A list without any anchor is never believed by itself: a right that was lost, or a mapping, looks just like that. */
function fillDoubts(certificate: Certificate, last: Certificate | undefined, limits: CertificateLimits): Doubt[] {
  const { list, label, distinct, filled } = certificate;
  const share = filled / distinct;
  const lastShare = last?.filledShare ?? null;
  const isBare = filled === 0 && last?.filled !== 0 && distinct > FEW_ROWS;
  const lost = (lastShare ?? 0) - share;
  const hasFallen = lost - limits.fill > ROUNDING && lost * distinct > fewRows(limits.fill);
  if (!isBare && !hasFallen) return [];
  const before = lastShare === null ? '' : `, and ${percent(lastShare)} did in the last good run`;
  const message =
    `${label}: ${amount(filled)} of ${amount(distinct)} rows (${percent(share)}) hold an anchor${before}. ` +
    `Check that Anchorwatch may still read the field, and that its mapping in Okta is as it was. ${CONFIRM}`;
  return [{ rule: 'anchors-missing', list, message }];
}

/** A count that the other side gave in the last good run and does not give now: without it, lost rows would not be noticed. */
export function uncounted({ list, label, expected }: Certificate, history: readonly PastRun[]): Doubt[] {
  const last = history[0]?.certificates.find((one) => one.list === list)?.expected ?? null;
  if (expected !== null || last === null) return [];
  const message =
    `${label}: the other side no longer says how many rows there are; in the last good run it said ${amount(last.after)}. ` +
    `Without a count nobody can tell whether rows are missing. ${CONFIRM}`;
  return [{ rule: 'uncounted', list, message }];
}

/** A limit of 0 allows nothing, not even a few. */
function fewRows(limit: number): number {
  return limit === 0 ? 0 : FEW_ROWS;
}

/** AD instances that the last good run read and this one does not even ask for: removed, renewed or hidden. */
export function vanished(planned: readonly { readonly name: ListName }[], history: readonly PastRun[]): Doubt[] {
  const names = new Set(planned.map(({ name }) => name));
  const [last] = history;
  const lost = last?.certificates.filter(({ list }) => list.startsWith('directory:') && !names.has(list)) ?? [];
  return lost.map(({ list, label, distinct }) => ({
    rule: 'vanished',
    list,
    message:
      `${label}: the last good run read ${amount(distinct)} rows of it, and Okta no longer names it. ` +
      `Check that Anchorwatch may still see this instance. ${CONFIRM}`,
  }));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : Math.round((upper + (sorted[middle - 1] ?? upper)) / 2);
}
