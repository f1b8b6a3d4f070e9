import { assignedTwice } from '../../compare/assigned-twice.ts';
import type { Rosters } from '../../compare/rows.ts';
import type { Past } from './past.ts';
import type { Tenant } from './tenant.ts';

/** People who are named; of more only the number is told. */
const NAMED = 5;

/** What an admin should know beside the findings, in whole sentences. */
export function warningsOf(tenant: Tenant, past: Past, rosters: Rosters): readonly string[] {
  const twice = assignedTwice(rosters);
  return [...tenant.warnings, ...past.warnings, ...(twice.length === 0 ? [] : [twiceSentence(twice)])];
}

function twiceSentence(names: readonly string[]): string {
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  const are = names.length === 1 ? 'person is' : 'people are';
  return (
    `${names.length} ${are} assigned in two Office 365 apps, which overwrite each other: ${names.slice(0, NAMED).join(', ')}${more}. ` +
    'Take one of the two assignments away.'
  );
}
