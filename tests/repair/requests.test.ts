import { expect, test } from 'vitest';
import type { JournalRow } from '../../shared/state/repair-rows.ts';
import { SCENARIOS } from '../simulation/scenarios.ts';
import { simulate } from '../simulation/simulation.ts';

async function journalOf(name: string): Promise<readonly JournalRow[]> {
  const scenario = SCENARIOS.find((one) => one.name === name);
  if (scenario === undefined) throw new Error(`There is no scenario ${name}.`);
  return (await simulate(scenario, '1')).mirror.journal;
}

test('an outcome says under which ids the tenants know what was asked of them', async () => {
  const journal = await journalOf('entra-stale');
  const outcomeOf = (step: string) => journal.find((row) => row.step === step && row.outcome === 'done')?.facts ?? {};
  const intentOf = (step: string) => journal.find((row) => row.step === step && row.outcome === 'intent')?.facts ?? {};

  for (const step of ['hold', 'unassign', 'assign', 'release'])
    expect(outcomeOf(step)).toMatchObject({ 'x-okta-request-id': expect.stringMatching(/^req\d+$/) });
  for (const step of ['park', 'anchor', 'unpark']) {
    expect(outcomeOf(step)).toMatchObject({
      'request-id': expect.stringMatching(/^graph-\d+$/),
      'client-request-id': intentOf(step)['correlation'],
    });
    expect(Object.keys(intentOf(step)).toSorted()).toEqual(['by', 'correlation']);
  }
  expect(Object.keys(journal.find(({ step }) => step === 'verify')?.facts ?? {})).toEqual([]);
});

test('a refusal says under which id it was refused', async () => {
  const journal = await journalOf('taking somebody out of a group by the API is refused');

  const refusal = journal.find(({ step, outcome }) => step === 'leave-groups' && outcome === 'refused');
  expect(refusal?.facts).toMatchObject({ 'x-okta-request-id': expect.stringMatching(/^req\d+$/) });
});
