import type { AnchorValue } from '../anchor/value.ts';
import { order } from './pair.ts';
import type { Assignment } from './rows.ts';
import { isLive } from './standing.ts';

/** Live assignments by the copy that Okta presents at sign-in, in fixed order. */
export type Presented = ReadonlyMap<string, readonly Assignment[]>;

/**
 * Who presents these anchors. All assignments count, those of suspended people and of further apps too: each can be used to sign in one
 * day.
 */
export function presented(
  assignments: readonly Assignment[],
  anchors: ReadonlySet<AnchorValue | undefined>,
): Presented {
  const byCopy = new Map<string, Assignment[]>();
  for (const assignment of assignments) {
    if (typeof assignment.anchor !== 'string' || !anchors.has(assignment.anchor) || !isLive(assignment)) continue;
    const found = byCopy.get(assignment.anchor);
    if (found === undefined) byCopy.set(assignment.anchor, [assignment]);
    else found.push(assignment);
  }
  for (const found of byCopy.values())
    found.sort((one, other) => order(one.user, other.user) || order(one.app, other.app));
  return byCopy;
}

/** The name under which another Okta user presents this anchor; null when nobody else does. */
export function presenterBeside(user: string | null, anchor: string, by: Presented): string | null {
  const other = by.get(anchor)?.find((assignment) => assignment.user !== user);
  return other === undefined ? null : (other.userName ?? other.user);
}
