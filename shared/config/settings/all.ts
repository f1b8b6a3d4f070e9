import type { Section, Setting } from '../setting.ts';
import { ENTRA } from './entra.ts';
import { OKTA } from './okta.ts';
import { POLICY } from './policy.ts';
import { REPAIR } from './repair.ts';
import { RUN } from './run.ts';
import { CAUSES, CERTIFICATE, SCAN } from './scan.ts';
import { STORAGE } from './storage.ts';
import { TELLING } from './telling.ts';
import { TEND } from './tend.ts';

/** Every section, in the order in which a newcomer meets them. */
export const SECTIONS: readonly Section[] = [
  RUN,
  OKTA,
  ENTRA,
  STORAGE,
  SCAN,
  CERTIFICATE,
  CAUSES,
  POLICY,
  REPAIR,
  TEND,
  TELLING,
];

export const SETTINGS: readonly Setting<unknown>[] = SECTIONS.flatMap((section) => section.settings);
