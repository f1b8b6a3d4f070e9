import type { Report, SideReport } from './check.ts';
import type { Contracts } from './contracts.ts';
import type { Fault } from './judge.ts';
import { GRAPH_OPERATIONS, OKTA_OPERATIONS, UNDESCRIBED } from './operations.ts';

/** The report in words: what was held against each contract, what could not be, and what does not keep to it. */
export function linesOf(report: Report, besides: readonly Fault[], versions: Contracts['versions']): readonly string[] {
  const faults = [...report.okta.faults, ...report.graph.faults];
  const sum = faults.length + besides.length;
  return [
    ...sideLines(report.okta, OKTA_OPERATIONS, versions.okta),
    ...sideLines(report.graph, GRAPH_OPERATIONS, versions.graph),
    ...faults.map(([fault, times]) => `- ${fault} (${times} times)`),
    ...besides.map((fault) => `- ${fault}`),
    sum === 0 ? 'Everything keeps to the contracts.' : `${sum} things do not keep to the contracts.`,
  ];
}

function sideLines(
  { seen, exchanges, answers }: SideReport,
  called: readonly string[],
  version: string,
): readonly string[] {
  const blank = called.filter((operation) => operation in UNDESCRIBED);
  const held = called.filter((operation) => seen.has(operation) && !blank.includes(operation));
  return [
    `${version}: ${held.length} of ${called.length} called operations checked, with ${exchanges} requests and ${exchanges + answers} answers.`,
    ...blank.map((operation) => `  not whole: ${operation} (${UNDESCRIBED[operation]})`),
  ];
}
