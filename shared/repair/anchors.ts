import type { AnchorValue } from '../anchor/value.ts';
import { immutableIdOf } from '../anchor/write.ts';
import { guidOf } from './journal.ts';
import type { Work } from './step.ts';

/** What an `anchor` step sets, and what it may find. */
export interface WantedAnchor {
  readonly value: string;
  readonly reached: (found: AnchorValue) => boolean;
  /** What stands there before the step, if nobody else was here. */
  readonly expected: (found: AnchorValue) => boolean;
  /** On the way back of a single person: the value that was given up for refused stands there after all. */
  readonly doneAfterAll: (found: AnchorValue) => boolean;
}

/** A member of a ring makes room for the others by holding this for a moment. It follows from the repair, so that a crash is recognised by it. */
export function placeholderOf(repair: string): string {
  return immutableIdOf(guidOf(`placeholder ${repair}`));
}

function never(): boolean {
  return false;
}

export function anchorNow({ head, cursor, member }: Pick<Work, 'head' | 'cursor' | 'member'>): WantedAnchor {
  const { a, e } = member.before;
  const isRing = head.members.length > 1;
  const placeholder = placeholderOf(head.id);
  const isFirst = cursor.member === 0;
  if (cursor.target === 'placeholder') {
    // On the way back the first member may never have left its place.
    const forth = cursor.goal === 'repaired';
    return {
      value: placeholder,
      reached: (found) => found === placeholder || (!forth && found === e),
      expected: (found) => found === (forth ? e : a),
      doneAfterAll: never,
    };
  }
  const room = isRing && isFirst ? placeholder : null;
  if (cursor.target === 'before') {
    return {
      value: e ?? '',
      reached: (found) => found === e,
      expected: (found) => isRing && found === (room ?? a),
      doneAfterAll: (found) => !isRing && found === a,
    };
  }
  return {
    value: a,
    reached: (found) => found === a,
    expected: (found) => found === (room ?? e),
    doneAfterAll: never,
  };
}
