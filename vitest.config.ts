import { availableParallelism } from 'node:os';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { defineConfig } from 'vitest/config';

/** What takes longest, longest first: begun last, one of them would keep everything waiting while the other cores are idle. */
const LONGEST = [
  'simulation/singles.test.ts',
  'nights/answer.test.ts',
  'nights/honest.test.ts',
  'cli/any-exports.test.ts',
  'simulation/mixed.test.ts',
  'kill/kill.test.ts',
  'simulation/simulation.test.ts',
  'host/processes.test.ts',
  'host/main.test.ts',
  'endtoend/hardship.test.ts',
  'endtoend/later-nights.test.ts',
  'demo.test.ts',
];

function rankOf({ moduleId }: TestSpecification): number {
  const place = LONGEST.findIndex((name) => moduleId.endsWith(name));
  return place < 0 ? LONGEST.length : place;
}

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((one, other) => rankOf(one) - rankOf(other));
  }
}

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/azurite.ts'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // Most of them wait for something: one worker less than there are cores would leave half of a small machine idle.
    maxWorkers: Math.max(2, availableParallelism()),
    sequence: { sequencer: LongestFirst },
  },
});
