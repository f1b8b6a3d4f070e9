import { oneOf, schedule } from '../kinds.ts';
import { DEFAULT_SCHEDULE, SCHEDULE_NAME } from '../timer.ts';
import type { DefaultedSetting, Section } from '../setting.ts';

export const MODE = {
  ...oneOf(['observe', 'propose', 'remediate']),
  name: 'ANCHORWATCH_MODE',
  fallback: 'observe',
  about:
    '`observe` finds and reports, and never queues nor changes anything. `propose` repairs whom somebody has approved. `remediate` repairs besides, without being asked, the people in the opted-in group, within the limits below.',
  example: 'observe',
  sample: 'observe',
} satisfies DefaultedSetting<'observe' | 'propose' | 'remediate'>;

export const SCHEDULE = {
  ...schedule(),
  name: SCHEDULE_NAME,
  fallback: DEFAULT_SCHEDULE,
  about:
    'When the scan begins: second, minute, hour, day of the month, month, day of the week, in UTC. Choose a time after the last import from Active Directory. A schedule that cannot be read is an error everywhere; the timer itself then runs at the default, so that the error is seen.',
  example: '0 30 3 * * MON-FRI',
} satisfies DefaultedSetting<string>;

export const RUN: Section = {
  title: 'Mode and schedule',
  intro: 'What Anchorwatch may do, and when. Leave both alone at first: the first nights should only be looked at.',
  settings: [MODE, SCHEDULE],
};
