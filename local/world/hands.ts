import type { Instant } from '../../shared/time.ts';
import { type EntraHands, entraHands } from './graph/hands.ts';
import type { Act } from './okta/context.ts';
import { type DirectoryHands, directoryHands } from './okta/directory-hands.ts';
import { ADMIN, type OktaHands, oktaHands } from './okta/hands.ts';
import type { ImportSchedule } from './okta/imports.ts';
import type { State } from './state.ts';

/**
 * What people do in consoles and in Active Directory, where no API is asked and no switch of the world refuses. Whatever was due by then
 * has happened before. Throws `invalid` for what there is not in this world, `conflict` for what is another's.
 */
export type Hands = DirectoryHands & OktaHands & EntraHands;

/** Begins something that a person does at an instant. */
export type Begin = (now: Instant) => Act;

export function handsOf(state: State, imports: readonly ImportSchedule[]): Hands {
  const begin: Begin = (now) => {
    state.agenda.runUpTo(now);
    return { state, now, caller: ADMIN.id, requestId: `console.${now}` };
  };
  return { ...directoryHands(state, imports, begin), ...oktaHands(state, begin), ...entraHands(state, begin) };
}
