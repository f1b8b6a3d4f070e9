import type { Contracts } from './contracts.ts';
import type { Exchange } from './exchange.ts';
import { graphJudge } from './graph.ts';
import type { Fault, Judge, Judged } from './judge.ts';
import { oktaJudge } from './okta.ts';
import { GRAPH_OPERATIONS, isPathOf, OKTA_OPERATIONS, UNDESCRIBED } from './operations.ts';

/** What was held against one contract. */
export interface SideReport {
  /** Called operations, each with how often it was seen. */
  readonly seen: ReadonlyMap<string, number>;
  /** Requests, each with its answer, of operations of which the contract tells. */
  readonly exchanges: number;
  /** Answers to what tests asked by themselves. */
  readonly answers: number;
  /** What did not keep to the contract, with how often that was seen. */
  readonly faults: ReadonlyMap<string, number>;
}

export type Report = Readonly<Record<Exchange['side'], SideReport>>;

/** The operations that the product calls, by side. */
export type Called = Readonly<Record<Exchange['side'], readonly string[]>>;

const CALLED: Called = { okta: OKTA_OPERATIONS, graph: GRAPH_OPERATIONS };

/**
 * Holds every exchange against its contract, and the exchanges together against the list of what is called: what was not seen is a
 * fault, for then nobody has looked at it, and so is what is called and not listed.
 */
export function check(
  exchanges: Iterable<Exchange>,
  contracts: Pick<Contracts, 'okta' | 'graph'>,
  called: Called = CALLED,
): Report {
  const sides = {
    okta: sideOf(oktaJudge(contracts.okta), called.okta),
    graph: sideOf(graphJudge(contracts.graph), called.graph),
  };
  for (const exchange of exchanges) sides[exchange.side].hold(exchange);
  return { okta: sides.okta.report(), graph: sides.graph.report() };
}

interface Side {
  hold(exchange: Exchange): void;
  report(): SideReport;
}

function sideOf(judge: Judge, called: readonly string[]): Side {
  const seen = new Map<string, number>();
  const faults = new Map<string, number>();
  let exchanges = 0;
  let answers = 0;

  function holdOfProduct(exchange: Exchange): void {
    const blank = undescribed(exchange, called);
    const judged = blank === undefined ? judge(exchange) : { operation: blank, known: false, request: [], answer: [] };
    count(seen, judged.operation);
    if (judged.known) exchanges += 1;
    note(judged, [...judged.request, ...judged.answer]);
  }

  /** What a test asks may be wrong on purpose, and is then refused in ways that no description lists. */
  function holdOfTest(exchange: Exchange): void {
    const judged = judge(exchange);
    if (judged.known) answers += 1;
    note(
      judged,
      exchange.status >= 400 ? judged.answer.filter((fault) => !fault.startsWith('the status ')) : judged.answer,
    );
  }

  function note({ operation }: Judged, found: readonly Fault[]): void {
    for (const fault of found) count(faults, `${operation}: ${fault}`);
  }

  return {
    hold: (exchange) => (exchange.by === 'product' ? holdOfProduct(exchange) : holdOfTest(exchange)),
    report() {
      const missing = called.filter((operation) => !seen.has(operation));
      const strange = [...seen.keys()].filter((operation) => !called.includes(operation));
      for (const operation of missing) faults.set(`${operation}: it is called by the product, and was not seen`, 1);
      for (const operation of strange)
        faults.set(`${operation}: it is not in the list of what is called`, seen.get(operation) ?? 1);
      return { seen, exchanges, answers, faults };
    },
  };
}

/** The operation, where the contract has no word of it. Of those of Graph it has some. */
function undescribed({ side, method, target }: Exchange, called: readonly string[]): string | undefined {
  const [path = ''] = target.split('?');
  return called.find(
    (one) => side === 'okta' && one in UNDESCRIBED && one.startsWith(`${method} `) && isPathOf(one, path),
  );
}

function count(counts: Map<string, number>, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}
