import type { Finding } from '../../shared/compare/finding.ts';
import { VERDICTS } from '../../shared/compare/verdicts.ts';
import { count } from '../../shared/notify/count.ts';
import { VERDICT_WORDS } from '../../shared/notify/words.ts';

/** For each verdict among the findings how many people have it, what it means, and what to do. */
export function verdictRows(findings: readonly Finding[]): string[][] {
  return VERDICTS.flatMap((verdict) => {
    const people = findings.filter((finding) => finding.verdict === verdict).length;
    const { when, why, next } = VERDICT_WORDS[verdict];
    return people === 0 ? [] : [[count(people), verdict, `${when} ${why}`, next]];
  });
}
