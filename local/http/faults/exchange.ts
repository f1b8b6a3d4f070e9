import type { Answer } from '../../world/call.ts';
import type { Fault } from './script.ts';

/** What happens on the socket beyond sending the answer. */
export type SocketAct =
  | { readonly kind: 'send' }
  | { readonly kind: 'close'; readonly when: 'before-headers' | 'after-headers' }
  /** Only the first `bytes` of the body are sent. */
  | { readonly kind: 'cut'; readonly bytes: number; readonly ending: 'closed' | 'chunk-closed' | 'stalled' }
  /** So many blanks are sent before the last character of the body. */
  | { readonly kind: 'pad'; readonly bytes: number };

/** One call's outcome: what the tenant answers, and how much of that arrives. */
export interface Exchange {
  /** Header names are lower case; `date` is always there. */
  readonly answer: Answer;
  readonly act: SocketAct;
  /** Milliseconds before anything is sent. */
  readonly delay: number;
  /** The fault that struck, for the meter. */
  readonly fault: Fault['kind'] | null;
}

/** Bytes of the body that leave the tenant. */
export function bodyBytes({ answer, act }: Exchange): number {
  const whole = Buffer.byteLength(answer.body);
  if (act.kind === 'close') return 0;
  if (act.kind === 'cut') return act.bytes;
  return act.kind === 'pad' ? whole + act.bytes : whole;
}
