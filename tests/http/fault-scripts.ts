import fc from 'fast-check';
import type { FaultScriptInput } from '../../local/http/faults/script.ts';

type Rule = FaultScriptInput['rules'][number];
export type FaultInput = Rule['fault'];

const links = fc.constantFrom('moved' as const, 'kept' as const);
const reached = fc.boolean();

/** Faults that change what a page holds or where it leads. */
export const pageFaults: fc.Arbitrary<FaultInput> = fc.oneof(
  fc.record({ kind: fc.constant('page-dropped' as const), links }),
  fc.record({ kind: fc.constant('page-repeated' as const), links }),
  fc.record({ kind: fc.constant('pages-swapped' as const), links }),
  fc.record(
    { kind: fc.constant('page-shortened' as const), rows: fc.integer({ min: 1, max: 5 }) },
    { requiredKeys: ['kind'] },
  ),
  fc.constant({ kind: 'page-emptied' as const }),
  fc.constant({ kind: 'empty-page-inserted' as const }),
  fc.constant({ kind: 'next-lost' as const }),
  fc.constant({ kind: 'next-elsewhere' as const }),
  fc.record({ kind: fc.constant('cursor-cycles' as const), back: fc.integer({ min: 0, max: 3 }) }),
  fc.record({
    kind: fc.constant('list-endless' as const),
    rows: fc.constantFrom('repeated' as const, 'none' as const),
    pages: fc.integer({ min: 1, max: 5 }),
  }),
);

/** Faults after which the same call, asked again, may well succeed. */
export const passingFaults: fc.Arbitrary<FaultInput> = fc.oneof(
  fc.record({
    kind: fc.constant('throttled' as const),
    reset: fc.constantFrom('past' as const, 'future' as const, 'missing' as const),
    form: fc.constantFrom('seconds' as const, 'http-date' as const),
  }),
  fc.constant({ kind: 'concurrency-throttled' as const }),
  fc.record({
    kind: fc.constant('outage' as const),
    status: fc.constantFrom(500 as const, 502 as const, 503 as const, 504 as const),
    reached,
  }),
  fc.record({ kind: fc.constant('html' as const), status: fc.constantFrom(200 as const, 502 as const), reached }),
  fc.constant({ kind: 'token-refused' as const }),
  fc.constant({ kind: 'session-refused' as const }),
  fc.record({
    kind: fc.constant('body-cut' as const),
    ending: fc.constantFrom('clean' as const, 'closed' as const, 'chunk-closed' as const),
    share: fc.double({ min: 0, max: 0.9, noNaN: true }),
  }),
  fc.record({
    kind: fc.constant('socket-closed' as const),
    when: fc.constantFrom('before-headers' as const, 'after-headers' as const),
    reached,
  }),
  fc.record({ kind: fc.constant('body-endless' as const), bytes: fc.integer({ min: 1, max: 200_000 }) }),
);

const selections: fc.Arbitrary<NonNullable<Rule['when']>> = fc.record(
  {
    side: fc.constantFrom('okta' as const, 'graph' as const),
    pages: fc.uniqueArray(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }),
    ordinals: fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 3 }),
    from: fc.integer({ min: 1, max: 6 }),
    times: fc.integer({ min: 1, max: 4 }),
    probability: fc.double({ min: 0, max: 1, noNaN: true }),
  },
  { requiredKeys: [] },
);

/** Fault scripts as plain data, of the given faults. */
export function faultScripts(faults: fc.Arbitrary<FaultInput>): fc.Arbitrary<FaultScriptInput> {
  const rules = fc.array(fc.record({ when: selections, fault: faults }, { requiredKeys: ['fault'] }), { maxLength: 4 });
  return fc.record({ seed: fc.nat(), rules });
}
