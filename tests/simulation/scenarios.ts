import { DECIDED } from './scenarios/decided.ts';
import { GRANTED, REGROUPING } from './scenarios/groups.ts';
import { MEANWHILE } from './scenarios/meanwhile.ts';
import { ROWS, TOGETHER } from './scenarios/rows.ts';
import { TROUBLE } from './scenarios/trouble.ts';
import { TOLD } from './scenarios/told.ts';
import { SWITCHED, SYNCED } from './scenarios/worlds.ts';
import type { Scenario } from './simulation.ts';

export const SCENARIOS: readonly Scenario[] = [
  ...ROWS,
  ...TOGETHER,
  ...SYNCED,
  ...SWITCHED,
  ...MEANWHILE,
  ...GRANTED,
  ...REGROUPING,
  ...TROUBLE,
  ...DECIDED,
  ...TOLD,
];
