import { expect, test } from 'vitest';
import type { NoticeRow } from '../../shared/state/rows.ts';
import { HOUR, MINUTE } from '../../shared/time.ts';
import { SCENARIOS } from '../simulation/scenarios.ts';
import { type Made, type Scenario, simulate } from '../simulation/simulation.ts';

const SUBJECT = 'A repair still waits';

async function waited(name: string, times: Partial<Made['settings']['repair']['times']>): Promise<Made> {
  const scenario = SCENARIOS.find((one) => one.name === name);
  if (scenario === undefined) throw new Error(`There is no scenario ${name}.`);
  const settings: Scenario['settings'] = (created) => {
    const usual = scenario.settings?.(created);
    if (usual?.repair === undefined) throw new Error(`The scenario ${name} has no settings of its own.`);
    return { ...usual, repair: { ...usual.repair, times: { ...usual.repair.times, ...times } } };
  };
  return simulate({ ...scenario, settings }, '1');
}

function told({ mirror }: Made, step: string): readonly NoticeRow[] {
  return mirror.notices.filter(({ subject, notice }) => subject === SUBJECT && notice.includes(`.${step}.`));
}

const OUT = 'groups are left and rejoined by the API';

test('whoever is out of a group for an import is told of, with the group and since when, as often as is set', async () => {
  const made = await waited(OUT, { out: 10 * MINUTE });
  const [first, second] = told(made, 'import-without');

  expect(first?.kind).toBe('needs-a-person');
  expect(first?.body).toMatch(/since 2026-11-2\dT\d\d:\d\d/);
  expect(first?.body).toMatch(/Out of the group .+ until the AD instance .+ was imported/);
  expect((second?.created ?? 0) - (first?.created ?? 0)).toBeGreaterThan(0);
  expect(new Set(told(made, 'import-without').map(({ notice }) => notice)).size).toBe(
    told(made, 'import-without').length,
  );
});

test('nobody is told of an import that comes in its time', async () => {
  expect(told(await waited(OUT, {}), 'import-without')).toEqual([]);
});

test('any other wait is told of when it has lasted as long as is set, and the time that Entra is given is no such wait', async () => {
  const made = await waited(OUT, { remind: 20 * MINUTE, cycle: 3 * HOUR });

  expect(told(made, 'verify')[0]?.body).toContain('set, not yet proven');
  expect(told(made, 'leave-groups').filter(({ body }) => body.includes('may catch up'))).toEqual([]);
});
