import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { emptyTally, storyOf, tableOf, watched } from './explore.ts';
import { APPLIES, EFFECT_KINDS, FAULTS, planned, WHY_NOT } from './faults.ts';
import { MUTATIONS } from './mutations.ts';
import { SCENARIOS } from './scenarios.ts';

/** Of each scenario the first acts: opening the hold, unassigning or updating, parking, setting the anchor. */
const ACTS = 4;

describe('every scenario', () => {
  test.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
    '%s comes to the end that it names, whatever the order of things, and breaks no promise',
    { timeout: 60_000 },
    async (_name, scenario) => {
      for (const seed of ['1', '2']) {
        const run = await watched(scenario, seed);
        expect(run.violations.length === 0 ? '' : storyOf(run)).toBe('');
      }
    },
  );

  test('is the same for ever under the same seed', async () => {
    const [scenario] = SCENARIOS;
    if (scenario === undefined) throw new Error('there is no scenario');
    const faults = planned(new Map([[40, 'crash after'] as const]));
    const [one, other] = [await watched(scenario, '7', faults), await watched(scenario, '7', faults)];

    expect(one.history).toEqual(other.history);
    expect(one.history.length).toBeGreaterThan(100);
  });
});

test('a worker that dies between an intent and its act leaves nothing that was not sent behind as if it were', {
  timeout: 300_000,
}, async () => {
  const stories: string[] = [];
  for (const scenario of SCENARIOS) {
    const { history } = await watched(scenario, '1');
    const acts = [...history.entries()].flatMap(([at, { kind }]) => (kind === 'tenant-write' ? [at] : []));
    for (const at of acts.slice(0, ACTS)) {
      const run = await watched(scenario, '1', planned(new Map([[at, 'crash before'] as const])));
      if (run.violations.length > 0) stories.push(storyOf(run));
    }
  }

  expect(stories).toEqual([]);
});

test('every fault applies to some kind of effect, and a kind that is left out has a reason', () => {
  for (const fault of FAULTS) {
    expect(APPLIES[fault].length).toBeGreaterThan(0);
    const isWhole = APPLIES[fault].length === EFFECT_KINDS.length;
    expect([fault, isWhole || WHY_NOT[fault] !== undefined]).toEqual([fault, true]);
  }
  expect(tableOf(emptyTally()).split('\n')).toHaveLength(FAULTS.length + 1);
});

test('every deliberate mistake can still be made, and names scenarios that there are', async () => {
  expect(MUTATIONS.length).toBeGreaterThanOrEqual(30);
  const known = new Set(SCENARIOS.map(({ name }) => name));
  for (const { name, file, find, scenarios } of MUTATIONS) {
    const text = await readFile(resolve(import.meta.dirname, '../..', file), 'utf8');
    expect([name, text.split(find).length - 1]).toEqual([name, 1]);
    expect([name, scenarios.filter((scenario) => !known.has(scenario))]).toEqual([name, []]);
  }
});
