import { MINUTE } from '../../shared/time.ts';
import { type Figures, sum } from './figures.ts';
import { leastByCall } from './least.ts';
import type { Target } from '../target.ts';

/** What a night of repairs is measured by. */
export function targetsOf(found: Figures): readonly Target[] {
  const least = sum([...leastByCall().values()]);
  const calls = sum([...found.calls.values()]);
  const perPerson = calls / found.people;
  const throttled = found.throttled / calls;
  const ratio = found.unsettled / found.bound;
  const longest = Math.max(found.longestUnassigned, found.longestParked);
  return [
    {
      name: 'API calls a person',
      found: perPerson.toFixed(1),
      wanted: `at most ${least + 2}: the least number, ${least}, and two`,
      isMet: perPerson <= least + 2,
    },
    {
      name: 'hold open, beside its calls by the bucket',
      found: ratio.toFixed(2),
      wanted: 'at most 1.3 times',
      isMet: ratio <= 1.3,
    },
    {
      name: 'longest unassigned or parked',
      found: minutes(longest),
      wanted: 'at most 5 min',
      isMet: longest <= 5 * MINUTE,
    },
    {
      name: 'distinct imports an instance waited for',
      found: String(found.imports),
      wanted: 'at most 3',
      isMet: found.imports <= 3,
    },
    {
      name: 'calls throttled',
      found: `${(100 * throttled).toFixed(2)} %`,
      wanted: 'fewer than 1 %',
      isMet: throttled < 0.01,
    },
    {
      name: 'people whole in the end',
      found: `${found.whole} of ${found.people}`,
      wanted: 'everybody',
      isMet: found.whole === found.people,
    },
  ];
}

export function minutes(milliseconds: number): string {
  return `${(milliseconds / MINUTE).toFixed(1)} min`;
}
