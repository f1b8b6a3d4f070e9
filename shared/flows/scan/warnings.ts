import { assignedTwice } from '../../compare/assigned-twice.ts';
import type { Rosters } from '../../compare/rows.ts';
import type { Tools } from '../tools.ts';
import { fedGroupWarnings } from './fed-groups.ts';
import { listed } from './listed.ts';
import type { Past } from './past.ts';
import type { Tenant } from './tenant.ts';

/** What an admin should know beside the findings, in whole sentences. Whoever is assigned twice is among the rest: nobody plain is. */
export async function warningsOf(tenant: Tenant, past: Past, rest: Rosters, tools: Tools): Promise<readonly string[]> {
  const twice = assignedTwice(rest);
  return [
    ...tenant.warnings,
    ...past.warnings,
    ...(twice.length === 0 ? [] : [twiceSentence(twice)]),
    ...(await fedGroupWarnings(tenant, tools)),
  ];
}

function twiceSentence(names: readonly string[]): string {
  const are = names.length === 1 ? 'person is' : 'people are';
  return (
    `${names.length} ${are} assigned in two Office 365 apps, which overwrite each other: ${listed(names)}. ` +
    'Take one of the two assignments away.'
  );
}
