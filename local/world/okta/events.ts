import type { Instant } from '../../../shared/time.ts';
import type { State } from '../state.ts';
import type { AppRecord, EventRecord, EventTarget, GroupRecord, OktaUserRecord } from './records.ts';

/** Okta itself, which is the actor of whatever nobody asked for. */
export const SYSTEM: EventRecord['actor'] = { id: 'system', type: 'SystemPrincipal', name: 'system@okta.com' };

/** Who asked: a service app or the owner of an API token. */
export function callerOf(name: string): EventRecord['actor'] {
  return { id: name, type: 'PublicClientApp', name };
}

/** Writes one line into the System Log. */
export function tell(
  state: State,
  event: Pick<EventRecord, 'eventType' | 'message' | 'actor' | 'transaction' | 'targets'>,
  at: Instant,
  reason: string | null = null,
): void {
  state.events.push({ ...event, published: at, result: reason === null ? 'SUCCESS' : 'FAILURE', reason });
}

export function appTarget({ id, label }: AppRecord): EventTarget {
  return { id, type: 'AppInstance', name: label };
}

export function userTarget({ id, login }: OktaUserRecord): EventTarget {
  return { id, type: 'User', name: login };
}

export function groupTarget({ id, name }: GroupRecord): EventTarget {
  return { id, type: 'UserGroup', name };
}
