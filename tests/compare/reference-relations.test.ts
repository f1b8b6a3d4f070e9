import fc from 'fast-check';
import { expect, test } from 'vitest';
import { relate, type Tie, UNTIED, type Wanting } from '../../shared/compare/relate.ts';
import type { DeletedUser, EntraUser } from '../../shared/compare/rows.ts';
import { DAY } from '../../shared/time.ts';
import { ANCHORS } from './crowds.ts';
import { deletedUser, entraUser } from './people.ts';

interface Graph {
  readonly drifting: readonly Wanting[];
  readonly others: readonly Wanting[];
  readonly live: readonly EntraUser[];
  readonly deleted: readonly DeletedUser[];
}

const held = fc.option(fc.constantFrom(...ANCHORS), { freq: 8 });
const KEYS = ['p1', 'p2', 'p3', 'p4', 'p5', 'p6'];

/** Of the anchors each is on one live account at most: on somebody's, or on a stranger's; deleted accounts may hold the same ones. */
const graphs: fc.Arbitrary<Graph> = fc
  .record({
    keys: fc.shuffledSubarray(KEYS),
    anchors: fc.shuffledSubarray([...ANCHORS, null], { minLength: ANCHORS.length + 1 }),
    wants: fc.array(fc.tuple(held, held, fc.boolean()), { minLength: KEYS.length, maxLength: KEYS.length }),
    drift: fc.nat({ max: KEYS.length }),
    strangers: fc.constantFrom(0, 0, 0, 1, 2),
    gone: fc.uniqueArray(fc.tuple(fc.constantFrom('i1', 'd1', 'd2'), fc.constantFrom(...ANCHORS), fc.boolean()), {
      selector: ([, anchor]) => anchor,
      maxLength: 3,
    }),
  })
  .map(({ keys, anchors, wants, drift, strangers, gone }) => {
    const people = keys.map((key, at): Wanting => {
      const [wanted, presents, isAlone] = wants[at]!;
      const holds = anchors[at + strangers] ?? null;
      return { key, objectId: isAlone && holds === null ? null : `i${at}`, wants: wanted, presents, holds };
    });
    return {
      drifting: people.slice(0, drift),
      others: people.slice(drift),
      live: [
        ...anchors.slice(0, strangers).map((anchor, at) => entraUser('', { id: `s${at}`, anchor })),
        ...people.flatMap(({ objectId, holds }) =>
          objectId === null ? [] : [entraUser('', { id: objectId, anchor: holds })],
        ),
      ],
      deleted: gone.map(([id, anchor, isDated]) => deletedUser(id, anchor, isDated ? 5 * DAY : null)),
    };
  });

/** Everybody's tie by itself, in the words of docs/verdicts.md. */
function tieOf(one: Wanting, { drifting, live, deleted }: Graph): Tie {
  const holderOf = ({ objectId }: Wanting, anchor: string | null): string | null => {
    const holder = byAnchor(live, anchor);
    return holder === undefined || holder.id === objectId ? null : holder.id;
  };
  const head = (of: Wanting): Wanting | undefined => {
    const giver = drifting.find(({ objectId }) => objectId !== null && objectId === holderOf(of, of.wants));
    return giver?.wants === null || giver?.wants === giver?.holds ? undefined : giver;
  };
  const holder = holderOf(one, one.wants);
  const presented = holderOf(one, one.presents);
  const another = holder !== null || presented !== null;
  const isDrifting = drifting.includes(one);
  const ahead: Wanting[] = [];
  for (let at = head(one); at !== undefined && !ahead.includes(at); at = head(at)) ahead.push(at);
  if (isDrifting && ahead.includes(one)) {
    // Those ahead end with the person; turned until the smallest key is the first.
    const keys = ahead.map(({ key }) => key);
    const from = keys.indexOf(keys.toSorted()[0]!);
    return { relation: 'ring', with: [...keys.slice(from), ...keys.slice(0, from)], holder, lastDay: null, another };
  }
  if (isDrifting && ahead[0] !== undefined)
    return { relation: 'chain', with: [ahead[0].key], holder, lastDay: null, another };
  if (another) return { relation: 'taken', with: [], holder: holder ?? presented, lastDay: null, another };
  const gone = byAnchor(deleted, one.wants);
  if (gone === undefined || gone.id === one.objectId) return UNTIED;
  const lastDay = gone.deleted === null ? null : gone.deleted + 30 * DAY;
  return { relation: 'taken-deleted', with: [], holder: gone.id, lastDay, another };
}

function byAnchor<Row extends EntraUser | DeletedUser>(rows: readonly Row[], anchor: string | null): Row | undefined {
  return anchor === null ? undefined : rows.find((row) => row.anchor === anchor);
}

function byHeld<Row extends EntraUser | DeletedUser>(rows: readonly Row[]): ReadonlyMap<string, Row> {
  return new Map(rows.flatMap((row) => (typeof row.anchor === 'string' ? [[row.anchor, row] as const] : [])));
}

test('whoever wants whose anchor, each is tied as one would tie them one by one', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(graphs, (graph) => {
      const { drifting, others, live, deleted } = graph;
      const holders = byHeld(live);
      const ties = relate(drifting, others, { live: (anchor) => holders.get(anchor)?.id, deleted: byHeld(deleted) });
      const people = [...drifting, ...others];
      expect(Object.fromEntries(ties)).toEqual(Object.fromEntries(people.map((one) => [one.key, tieOf(one, graph)])));
      for (const tie of ties.values()) seen.add(`${tie.relation} ${tie.with.length}`);
    }),
    { numRuns: 2_000 },
  );
  const all = ['none 0', 'ring 2', 'ring 3', 'chain 1', 'taken 0', 'taken-deleted 0'];
  expect([...seen]).toEqual(expect.arrayContaining(all));
});
