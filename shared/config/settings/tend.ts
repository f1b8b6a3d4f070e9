import { DAY, SECOND } from '../../time.ts';
import { duration } from '../kinds.ts';
import type { DefaultedSetting, Section } from '../setting.ts';

export const LATE = {
  ...duration(SECOND, 1, 86_400),
  name: 'ANCHORWATCH_TEND_LATE',
  fallback: '1200',
  unit: 'seconds',
  about:
    'The health endpoint is red when `tend`, which comes by every five minutes, has not done so for longer. Nobody is woken meanwhile, and no hold is given back.',
  example: '1200',
} satisfies DefaultedSetting<number>;

export const SWEEP = {
  ...duration(SECOND, 1, 86_400),
  name: 'ANCHORWATCH_TEND_SWEEP',
  fallback: '3600',
  unit: 'seconds',
  about:
    'How often `tend` does what costs more than a look into its own rows: it asks Entra ID for people on the park domain of whom no repair knows, and deletes a portion of what is past its time.',
  example: '3600',
} satisfies DefaultedSetting<number>;

export const RETENTION = {
  // No less: runs are looked back on for 60 days.
  ...duration(DAY, 90, 36_500),
  name: 'ANCHORWATCH_RETENTION_DAYS',
  fallback: '400',
  unit: 'days',
  about:
    'For how long runs, findings that are over, history, ended repairs with their journals and sent notices are kept. What is open or was never sent is kept whatever its age, and so are the last good run and the confirmed one. The pages of a run go as soon as it is over.',
  example: '400',
} satisfies DefaultedSetting<number>;

export const TEND: Section = {
  title: 'Tending',
  intro: 'What `tend` does beside waking repairs and giving back holds.',
  settings: [LATE, SWEEP, RETENTION],
};
