import { expect, inject, test } from 'vitest';
import { checkAnswer } from '../../local/answer.ts';
import { nightly } from '../../shared/flows/nightly.ts';
import { runsBetween } from '../../shared/flows/run.ts';
import { scan } from '../../shared/flows/scan.ts';
import { readFindings, writeFindings } from '../../shared/flows/scan/snapshot.ts';
import type { State } from '../../shared/ports/state.ts';
import { personPartition } from '../../shared/state/keys.ts';
import type { FindingRow, RunRow, SeenFinding } from '../../shared/state/rows.ts';
import { openTable } from '../../shared/storage/table.ts';
import { MINUTE } from '../../shared/time.ts';
import { stateOf } from '../../shared/wiring.ts';
import { type RealNight, realNight, runNight } from '../nights/tenants.ts';
import { settingsOf, testDeps, uniqueName } from '../storage/fixtures.ts';

const settings = settingsOf(inject('azurite').connectionString);

/** State in Table Storage, in tables that nobody else uses. */
function storedState(): State {
  const prefix = uniqueName();
  return stateOf((spec) => openTable(settings, { ...spec, name: `${prefix}${spec.name.slice(-8)}` }, testDeps()));
}

async function storedNight(seed: string): Promise<RealNight> {
  const night = await realNight(
    { seed, people: 420, okta: { pageCap: 100 }, graph: { pageCap: 100 } },
    { schedule: '0 */10 * * * *' },
  );
  return { ...night, tools: { ...night.tools, state: storedState() } };
}

/** The process ends when it would store its n-th page. */
function dyingAt({ tools }: RealNight, nth: number): RealNight['tools'] {
  const { pages } = tools.state;
  let stored = 0;
  const dying: State['pages'] = {
    get: (...args) => pages.get(...args),
    insert: (row) => pages.insert(row),
    replace: (...args) => pages.replace(...args),
    putAll: (rows) => pages.putAll(rows),
    remove: (...args) => pages.remove(...args),
    list: (...args) => pages.list(...args),
    put: (row) => pages.put(row),
    async transact(writes) {
      stored += 1;
      if (stored >= nth) throw new Error('killed');
      await pages.transact(writes);
    },
  };
  return { ...tools, state: { ...tools.state, pages: dying } };
}

test('a night that is killed is carried on from Table Storage by another worker', { timeout: 60_000 }, async () => {
  const night = await storedNight('killed');
  const { id } = await nightly('timer', night.tools);
  expect(night.scans.take()?.run).toBe(id);
  for (const nth of [3, 4, 5]) {
    await expect(scan(id, dyingAt(night, nth))).rejects.toThrow('killed');
    await night.clock.wait(MINUTE);
  }

  expect(await scan(id, { ...night.tools, owner: 'another worker' })).toBe('good');

  const seen = await readFindings(id, night.tools);
  const listed: RunRow[] = [];
  for await (const row of runsBetween(night.tools.state, night.clock.now())) listed.push(row);
  expect(listed).toEqual([expect.objectContaining({ id, state: 'good', slices: 4 })]);
  const { wrong } = checkAnswer(
    listed[0]!,
    seen.map(({ finding }) => finding),
    night.created.answerKey,
  );
  expect(wrong).toEqual([]);
});

test('of three workers at once one scans and the others ask again later', { timeout: 60_000 }, async () => {
  const night = await storedNight('contended');
  const { id } = await nightly('timer', night.tools);
  night.scans.take();
  const workers = ['one', 'two', 'three'].map((owner) => ({ ...night.tools, owner }));

  const outcomes = await Promise.all(workers.map((tools) => scan(id, tools)));

  expect(outcomes.toSorted()).toEqual(['busy', 'busy', 'good']);
  expect(night.scans.waiting()).toHaveLength(2);
  await night.clock.wait(10 * MINUTE);
  expect(await scan(id, night.tools)).toBe('finished');
});

test('runs are listed with the newest first, and the second knows the first', { timeout: 60_000 }, async () => {
  const night = await storedNight('listed');
  const first = await runNight(night);
  await night.clock.wait(10 * MINUTE);
  const second = await runNight(night);

  const listed: string[] = [];
  for await (const row of runsBetween(night.tools.state, night.clock.now())) listed.push(row.id);
  expect(listed).toEqual([second.run.id, first.run.id]);
  expect(new Set(second.seen.map(({ change }) => change))).toEqual(new Set(['open']));
  expect(second.run.summary?.checksum).toBe(first.run.summary?.checksum);
});

test('20,000 findings are recorded and listed', { timeout: 120_000 }, async () => {
  const { seen, run } = await runNight(await storedNight('many'));
  const [pattern] = seen;
  if (pattern === undefined) throw new Error('nothing was found');
  const state = storedState();
  const many = Array.from({ length: 20_000 }, (_, at): SeenFinding => {
    const user = `00u${String(at).padStart(17, '0')}`;
    return { ...pattern, finding: { ...pattern.finding, user, key: `${user}.${pattern.finding.objectId}` } };
  });

  await writeFindings(run.id, many, { state });
  await state.findings.putAll(many.map((one): FindingRow => ({ ...one, run: run.id, lastSeen: run.scheduled })));

  expect(await readFindings(run.id, { state })).toEqual(many);
  const keys: string[] = [];
  for (const partition of new Set(many.map(({ finding }) => personPartition(finding.key)))) {
    for await (const { row } of state.findings.list(partition)) keys.push(row.finding.key);
  }
  expect(keys.toSorted()).toEqual(many.map(({ finding }) => finding.key).toSorted());
});
