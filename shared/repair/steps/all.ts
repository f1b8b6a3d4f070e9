import type { StepName } from '../../state/repair-rows.ts';
import type { Step } from '../step.ts';
import { assign } from './assign.ts';
import { anchor, park, unpark } from './entra.ts';
import { awaitImport, leaveGroups, rejoinGroups } from './groups.ts';
import { hold } from './hold.ts';
import { release } from './release.ts';
import { snapshot } from './snapshot.ts';
import { unassign } from './unassign.ts';
import { verify } from './verify.ts';

/** Every step behind the preflight, by name. */
export const STEP: Readonly<Record<Exclude<StepName, 'preflight'>, Step>> = {
  snapshot,
  hold,
  unassign,
  park,
  anchor,
  unpark,
  assign,
  release,
  'leave-groups': leaveGroups,
  'import-without': awaitImport,
  'rejoin-groups': rejoinGroups,
  'import-with': awaitImport,
  verify,
};

/** One of them is the first that is done to a person: none of them is, while repairs are stopped. */
export const BEGINS: ReadonlySet<StepName> = new Set(['hold', 'unassign', 'park', 'anchor', 'assign', 'leave-groups']);

/** They write to what belongs to one person; the hold is the app's. */
export const TOUCHES: ReadonlySet<StepName> = new Set([
  'unassign',
  'park',
  'anchor',
  'unpark',
  'assign',
  'leave-groups',
  'rejoin-groups',
]);
