import type { Finding } from '../shared/compare/finding.ts';
import type { AnswerKey, KeyEntry } from './world/generate/key.ts';

/** What a run found, held against what was planted. */
export interface Answer {
  readonly planted: number;
  /** Planted people with exactly the verdict, relation and impact of the key. */
  readonly found: number;
  /** Accounts planted to look like drift, of which nobody may be told. */
  readonly decoys: number;
  /** One sentence for each thing that is not as it should be. */
  readonly wrong: readonly string[];
}

export function checkAnswer(findings: readonly Finding[], key: AnswerKey): Answer {
  const planted = key.entries.filter(({ verdict }) => verdict !== 'matched' && verdict !== 'outside');
  const decoys = key.entries.filter((entry) => !planted.includes(entry));
  const known = new Set<Finding>();
  const wrong: string[] = [];
  let found = 0;
  for (const entry of planted) {
    const finding = findings.find((one) => isOf(one, entry));
    const fault = finding === undefined ? 'is missing' : faultOf(finding, entry);
    if (finding !== undefined) known.add(finding);
    if (fault === null) found += 1;
    else wrong.push(`${entry.userName} (${entry.kind}) ${fault}`);
  }
  for (const entry of decoys) {
    const finding = findings.find((one) => isOf(one, entry));
    if (finding === undefined) continue;
    known.add(finding);
    wrong.push(`${entry.userName} (${entry.kind}) is called ${finding.verdict} and is ${entry.verdict}`);
  }
  for (const finding of findings) {
    if (!known.has(finding))
      wrong.push(`${finding.userName} is called ${finding.verdict}, and nothing was planted there`);
  }
  return { planted: planted.length, found, decoys: decoys.length, wrong };
}

function isOf(finding: Finding, { oktaUser, objectId }: KeyEntry): boolean {
  return oktaUser === null ? objectId !== null && finding.objectId === objectId : finding.user === oktaUser;
}

/** Null in the key is what the truth table leaves open. */
function faultOf(finding: Finding, entry: KeyEntry): string | null {
  for (const part of ['verdict', 'row', 'relation', 'impact'] as const) {
    const expected = entry[part];
    if (expected !== null && finding[part] !== expected) return `has ${part} ${finding[part]}, not ${expected}`;
  }
  return null;
}
