import { expect, test } from 'vitest';
import { newHead } from '../../shared/flows/scan/queue-repairs.ts';
import { effectsOf } from '../../shared/repair/effects.ts';
import type { JournalRow, RepairRow, StepName } from '../../shared/state/repair-rows.ts';
import { reanchorOf } from '../flows/second-night.ts';
import { nameOf } from '../rosters/tenant.ts';

const COURSE = {
  app: '0oa',
  unassign: 'direct',
  writes: 'api',
  gate: false,
  lag: null,
  nudge: false,
  undoes: false,
  parking: ['person7@contoso.onmicrosoft.com'],
} as const;

const OLD = 'x9y8AAAAAAAAAAAAAAAAAA==';
const NEW = 'q1w2AAAAAAAAAAAAAAAAAA==';
const MEMBER = { ...reanchorOf(7), before: { a: NEW, o: NEW, e: OLD } };

function done(over: Partial<RepairRow> = {}): RepairRow {
  return { ...newHead('2026-11-23T02-00-00Z', 'r-1', [MEMBER], 1), course: COURSE, state: 'done', ...over };
}

function journal(
  ...entries: readonly (readonly [StepName, JournalRow['outcome'], JournalRow['facts']?])[]
): JournalRow[] {
  return entries.map(([step, outcome, facts = {}], at) => ({
    kind: 'step',
    repair: 'r-1',
    sequence: at + 1,
    fence: 1,
    at: 1_000 + at,
    step,
    member: 0,
    outcome,
    facts,
  }));
}

test('what a repair did is a row for each act, with what there was, what there is and the ids of requests', () => {
  const rows = effectsOf(
    done(),
    journal(
      ['snapshot', 'seen'],
      ['park', 'intent', { by: 'api' }],
      ['park', 'done', { 'request-id': 'graph-4', lag: '3 s' }],
      ['anchor', 'intent', { by: 'api' }],
      ['anchor', 'done', { 'request-id': 'graph-9' }],
      ['leave-groups', 'seen'],
      ['verify', 'seen'],
    ),
  );

  expect(rows).toMatchObject([
    { at: 1, id: 'r-1.begin', actor: 'Anchorwatch', what: 'queued', after: 'reanchor' },
    {
      at: 1_002,
      id: 'r-1.3',
      person: nameOf(7),
      actor: 'Anchorwatch',
      what: 'park: done',
      before: nameOf(7),
      after: 'person7@contoso.onmicrosoft.com',
      requests: { 'request-id': 'graph-4' },
    },
    { what: 'anchor: done', before: 'x9y8…A==', after: 'q1w2…A==', requests: { 'request-id': 'graph-9' } },
    { id: 'r-1.end', what: 'done', actor: 'Anchorwatch' },
  ]);
  expect(rows).toHaveLength(4);
});

test('what a person did is said to be theirs, and what was refused is a row of its own', () => {
  const approval = { by: 'bob', at: 1, checksum: '', expires: 2 };
  const head = done({
    approval,
    state: 'undone',
    operator: { name: 'ada', until: 9 },
    rule: 'denied',
    reason: 'no right',
  });

  const rows = effectsOf(
    head,
    journal(
      ['unassign', 'intent', { by: 'person', operator: 'ada' }],
      ['unassign', 'done'],
      ['anchor', 'intent', { by: 'api' }],
      ['anchor', 'back'],
      ['assign', 'intent', { by: 'person', operator: 'eve' }],
      ['assign', 'done'],
    ),
  );

  expect(rows.map(({ actor, what, after }) => [actor, what, after])).toEqual([
    ['bob', 'queued', 'reanchor'],
    ['ada', 'unassign: done', 'Office 365 not assigned'],
    ['Anchorwatch', 'anchor: back', 'not q1w2…A=='],
    ['eve', 'assign: done', 'Office 365 assigned'],
    ['Anchorwatch', 'undone', 'denied: no right'],
  ]);
});

test('the same journal gives the same rows, so that writing them twice adds none', () => {
  const rows = journal(['hold', 'intent', { by: 'api' }], ['hold', 'done']);

  expect(effectsOf(done(), rows)).toEqual(effectsOf(done(), rows));
});

test('a repair that is still open has the same rows up to now, and none for an end', () => {
  const entries = journal(['park', 'intent', { by: 'api' }], ['park', 'done'], ['anchor', 'intent', { by: 'api' }]);
  const later = [
    ...entries,
    ...journal(['park', 'seen'], ['park', 'seen'], ['park', 'seen'], ['anchor', 'done']).slice(3),
  ];

  const open = effectsOf(done({ state: 'needs-a-person', touched: true }), entries);

  expect(open.map(({ what }) => what)).toEqual(['queued', 'park: done']);
  expect(effectsOf(done(), later).slice(0, open.length)).toEqual(open);
  expect(effectsOf(done(), later).at(-1)).toMatchObject({ id: 'r-1.end' });
});
