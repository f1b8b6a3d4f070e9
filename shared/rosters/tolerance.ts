import type { Certificate, Churn } from '../state/certificate.ts';
import { amount } from './doubts.ts';
import { type Doubt } from '../state/doubt.ts';
import type { CertificateLimits } from './limits.ts';

/**
 * The rows by which a list may be off: the larger of `rows` and `share`, and always less than half its largest page, so that a
 * page which is lost, or given twice, is never within it.
 */
export function toleranceOf(certificate: Certificate, limits: CertificateLimits): number {
  const { expected, rows, leftOut, largestPage } = certificate;
  const size = expected === null ? rows + leftOut : Math.max(expected.before, expected.after);
  const belowHalfPage = Math.max(0, Math.ceil(largestPage / 2) - 1);
  return Math.min(Math.max(limits.rows, Math.floor(size * limits.share)), belowHalfPage);
}

const NOBODY: Churn = { arrived: 0, arrivedBefore: 0, departed: 0, departedRead: 0 };

/**
 * Measures those who stayed all the time. Whoever arrived or left during the read may or may not be in the list, in good health;
 * without them it must agree with the count before less the departed, or with the count after less the arrived. Those who
 * arrived unseen make the second one too large, and a count index that lags makes either too small or too large: hence the
 * range between the two. Whoever arrived shortly before it is in the count before or not: nothing is missing when either holds.
 */
export function countDoubts(certificate: Certificate, limits: CertificateLimits): Doubt[] {
  const { list, label, expected, churn, distinct, leftOut } = certificate;
  if (expected === null) return [];
  const { arrivedBefore, departed, departedRead, ...during } = churn ?? NOBODY;
  const arrived = arrivedBefore + during.arrived;
  const stayed = distinct + leftOut - arrived - departedRead;
  const [before, after] = [expected.before - departed, expected.after - arrived];
  const missing = Math.min(before - arrivedBefore, after) - stayed;
  const surplus = stayed - Math.max(before, after);
  const tolerance = toleranceOf(certificate, limits);
  if (missing <= tolerance && surplus <= tolerance) return [];
  const off = missing > 0 ? `${amount(missing)} are missing` : `${amount(surplus)} are too many`;
  const message =
    `${label}: ${amount(distinct + leftOut)} rows were read where the other side counted ${amount(expected.before)} before and ` +
    `${amount(expected.after)} after (${amount(arrived)} arrived and ${amount(departed)} left meanwhile): ${off}, and ` +
    `${amount(tolerance)} are allowed. The next run reads the list again; if it stays so, pages are being lost on the way.`;
  return [{ rule: 'count', list, message }];
}

export function duplicateDoubts(certificate: Certificate, limits: CertificateLimits): Doubt[] {
  const { list, label, duplicates, rows } = certificate;
  const tolerance = toleranceOf(certificate, limits);
  if (duplicates <= tolerance) return [];
  const message =
    `${label}: ${amount(duplicates)} of ${amount(rows)} rows came twice, and ${amount(tolerance)} are allowed. ` +
    'Where a page is given twice, another is often lost. The next run reads the list again.';
  return [{ rule: 'duplicates', list, message }];
}
