import { expect, test } from 'vitest';
import type { CauseKind, KeyEntry } from '../../local/world/generate/key.ts';
import { confirmBaseline } from '../../shared/flows/decide.ts';
import { repair } from '../../shared/flows/repair.ts';
import type { RepairRow } from '../../shared/state/repair-rows.ts';
import { MINUTE } from '../../shared/time.ts';
import { importsOften, type Outcome, type RealNight, realNight, runNight } from '../nights/tenants.ts';

/** Tokens are judged by the machine's clock, within an hour of it: so several nights fit into one hour. */
const SCHEDULE = '0 */10 * * * *';
const NIGHT = 10 * MINUTE;

async function nextNight(night: RealNight): Promise<Outcome> {
  await night.clock.wait(NIGHT);
  return runNight(night);
}

async function baseline(night: RealNight): Promise<Outcome> {
  const first = await runNight(night);
  expect([first.outcome, first.run.doubts]).toEqual(['good', []]);
  await confirmBaseline(first.run.id, 'ada', night.tools);
  return first;
}

const REPAIRABLE = new Set(['entra-stale', 'both-stale', 'entra-empty', 'okta-stale', 'okta-empty']);
/** In the truth table these leave open which value is right. */
const OPEN_ROWS = new Set([7, 10]);

function mayRun({ verdict, row, relation, guard, optedIn }: KeyEntry): boolean {
  if (!optedIn || !REPAIRABLE.has(verdict) || OPEN_ROWS.has(row ?? 0)) return false;
  return (relation === 'none' || relation === 'chain') && guard !== 'foreign-domain';
}

/** Said of the key alone: the people who opted in, whose repair is clear, and whose way is not barred by another. */
function expectedRepairs(entries: readonly KeyEntry[]): readonly KeyEntry[] {
  return entries.filter((entry) => {
    const chain = entry.relation === 'chain' ? entries.filter(({ kind }) => kind === entry.kind) : [entry];
    return chain.slice(chain.indexOf(entry)).every(mayRun);
  });
}

async function heads({ tools, repairs }: RealNight): Promise<RepairRow[]> {
  const ids = repairs.waiting().map(({ message }) => message.repair);
  const found = await Promise.all(ids.map((id) => tools.state.repairs.get(id, 'head')));
  return found.flatMap((stored) => (stored?.row.kind === 'head' ? [stored.row] : []));
}

test('the second night queues exactly those who opted in and may be repaired, and gives everybody else a rule and a reason', {
  timeout: 60_000,
}, async () => {
  const night = await realNight({ seed: 'second', people: 1_000 }, { schedule: SCHEDULE });
  const first = await baseline(night);
  expect(night.repairs.waiting()).toEqual([]);

  const { outcome, seen, run } = await nextNight(night);

  expect([outcome, run.doubts, run.summary?.freeze]).toEqual(['good', [], null]);
  expect(new Set(seen.map(({ change }) => change))).toEqual(new Set(['open']));
  expect(seen).toHaveLength(first.seen.length);
  const { entries } = night.created.answerKey;
  const queued = (await heads(night)).map((head) => head.members[0]?.user);
  const expected = expectedRepairs(entries).map(({ oktaUser }) => oktaUser);
  expect(expected.length).toBeGreaterThan(15);
  expect(queued.toSorted()).toEqual(expected.toSorted());
  expect(seen.filter(({ repair: id, hold }) => (id === null) === (hold === null))).toEqual([]);
  expect(seen.filter(({ hold }) => hold?.reason === '')).toEqual([]);
});

test('the preflight refuses the guarded, and lets the others pass', { timeout: 60_000 }, async () => {
  const night = await realNight({ seed: 'guards', people: 450 }, { schedule: SCHEDULE });
  await baseline(night);
  await nextNight(night);

  const before = await heads(night);
  for (const { id } of before) await repair(id, night.tools);

  const after = await heads(night);
  const { entries } = night.created.answerKey;
  const byUser = new Map(entries.map((entry) => [entry.oktaUser, entry]));
  const wrong = after
    .map(({ members, state, rule }) => ({ entry: byUser.get(members[0]?.user ?? ''), state, rule }))
    // Whoever wants what another gives up finds the anchor held until that other is done; in a managed domain there is only nothing to park.
    .filter(({ entry }) => entry?.relation !== 'chain' && entry?.guard !== 'managed-domain')
    .filter(({ entry, state }) => (state === 'ready') !== (entry?.guard === null));
  expect(wrong).toEqual([]);
  expect(after.filter(({ state }) => state === 'refused').length).toBeGreaterThan(8);
  expect(after.filter(({ state }) => state === 'ready').length).toBeGreaterThan(5);
});

test('the third night knows who has drifted since, and who is well again', { timeout: 60_000 }, async () => {
  const start = Date.now() - 50 * MINUTE;
  const between = { from: start + NIGHT / 2, until: start + NIGHT / 2 + MINUTE };
  const churn = [
    { kind: 'drifted', people: 5, ...between },
    { kind: 'healed', people: 4, ...between },
  ] as const;
  const world = { seed: 'third', people: 500, churn, imports: importsOften(start), start };
  const night = await realNight(world, { schedule: SCHEDULE });
  await baseline(night);
  const { changes } = night.created.answerKey;
  const [drifted, healed] = (['drifted', 'healed'] as const).map((kind) =>
    changes.filter((change) => change.kind === kind).map(({ oktaUser }) => oktaUser),
  );

  const second = await nextNight(night);
  const third = await nextNight(night);

  expect([second.run.doubts, third.run.doubts]).toEqual([[], []]);
  const fresh = second.seen.filter(({ change }) => change === 'new').map(({ finding }) => finding.user);
  expect(fresh.toSorted()).toEqual(drifted?.toSorted());
  expect(second.run.summary?.changes).toMatchObject({ new: 5, resolved: 4, gone: 0, worse: 0, returned: 0 });
  expect(second.seen.filter(({ finding }) => healed?.includes(finding.user ?? ''))).toEqual([]);
  expect(third.run.summary?.changes).toMatchObject({ new: 0, resolved: 0, gone: 0, worse: 0, returned: 0 });
  expect(third.seen.map(({ finding }) => finding.key)).toEqual(second.seen.map(({ finding }) => finding.key));
});

const CAUSES: readonly CauseKind[] = ['ou', 'directory', 'encoding', 'attribute'];

test.each(CAUSES)('a mass cause freezes the whole plan, and is what the freeze names: %s', async (kind) => {
  const world = { seed: `frozen ${kind}`, people: 700, causes: [{ kind, people: 50 }] };
  const night = await realNight({ ...world, plants: { 'entra-stale': 20 } }, { schedule: SCHEDULE });
  await baseline(night);

  const { run, seen } = await nextNight(night);

  const [cause] = night.created.answerKey.causes;
  expect(run.summary?.causes[0]).toMatchObject({ kind, value: cause?.value });
  expect(run.summary?.freeze?.reason).toContain(cause?.value);
  expect(run.summary?.causes.filter(({ value }) => value.startsWith('OU=Staff'))).toEqual([]);
  expect(run.summary?.freeze).toMatchObject({ rule: 'mass-cause' });
  expect(run.summary?.held['mass-cause']).toBeGreaterThan(0);
  expect(seen).toHaveLength(70);
  expect(night.repairs.waiting()).toEqual([]);
});
