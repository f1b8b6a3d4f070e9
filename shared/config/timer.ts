import { type Environment, textOf } from './environment.ts';
import { scheduleFault } from './schedule.ts';

export const SCHEDULE_NAME = 'ANCHORWATCH_SCHEDULE';
export const DEFAULT_SCHEDULE = '0 0 2 * * *';

/**
 * The timer's schedule, for registering it. That happens while the module loads, where a throw makes Azure say that there are no
 * functions at all: so what is not set, or wrong, is the default here, and `readConfig` complains of it.
 */
export function scheduleText(environment: Environment): string {
  const text = textOf(environment, SCHEDULE_NAME);
  return text === null || scheduleFault(text) !== null ? DEFAULT_SCHEDULE : text;
}
