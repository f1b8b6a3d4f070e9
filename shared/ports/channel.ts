import type { ErrorKind } from '../errors.ts';
import type { Audience, ChannelName } from '../state/rows.ts';
import type { Effect } from './effect.ts';

/** One letter in every form that a channel may want. Whoever makes these has escaped what came from directories. */
export interface Rendered {
  readonly html: string;
  readonly text: string;
  /** What a workflow of Teams is posted: a message with an Adaptive Card in it. */
  readonly card: object;
  readonly payload: object;
}

/** A file that goes with a letter where the channel can carry one: mail alone. */
export interface Attachment {
  /** Letters, digits, `.`, `_` and `-`. */
  readonly name: string;
  /** A table, made safe for spreadsheets before it comes here. */
  readonly csv: string;
}

/** One thing to tell, as one channel is given it. */
export interface Message {
  /** Letters and digits, the same however often it is sent. */
  readonly id: string;
  readonly audience: Audience;
  readonly severity: 'quiet' | 'news' | 'decision' | 'alarm';
  /** `freeze~2026-11-23T02-00-00Z`: which notice it is, for filters. */
  readonly notice: string;
  readonly run: string | null;
  /** For filters, like the run. */
  readonly tenant: string | null;
  readonly subject: string;
  /** It may have been sent before; subject and content say so already. */
  readonly repeat: boolean;
  readonly rendered: Rendered;
  readonly attachments: readonly Attachment[];
}

/** It was taken. `id` is the other side's own of the request or the thing, where it says one: what its support asks for. */
export interface Sent {
  readonly kind: 'sent';
  readonly status: number;
  readonly id: string | null;
}

/** It was surely not sent. */
export interface Refused {
  readonly kind: 'refused';
  readonly why: Extract<ErrorKind, 'denied' | 'invalid' | 'refused' | 'throttled' | 'transient'>;
  /** One sentence, fit for a log: no secret is in it. */
  readonly reason: string;
  readonly status: number | null;
  /** Milliseconds that the other side asked us to wait. */
  readonly retryAfter: number | null;
  readonly id: string | null;
}

/** The answer was lost, or says nothing of what became of it. */
export interface Unknown {
  readonly kind: 'unknown';
  readonly reason: string;
  readonly status: number | null;
}

export type Answer = Sent | Refused | Unknown;

/** Where a message stands that was made as a draft. */
export type Found = { readonly kind: 'draft' | 'sent'; readonly id: string } | { readonly kind: 'nowhere' };

/** A channel that can hold a message before it is sent, and find it again. */
export interface Drafts {
  /** Makes it, and sends nothing. The `id` of the answer is the draft's, and is never null. */
  make(message: Message, effect: Effect): Promise<(Sent & { readonly id: string }) | Refused | Unknown>;
  /** Sends the draft. One that is not there any more is `unknown`: it may be on its way. */
  send(draft: string, effect: Effect): Promise<Answer>;
  /**
   * By the draft's id, else by the message's. What was just sent may be nowhere for a while: it is in no folder while it is under way.
   * Throws AnchorwatchError when the mailbox cannot be asked.
   */
  find(draft: string | null, message: Pick<Message, 'id'>): Promise<Found>;
}

/** A way to tell people. It sends once, waits for nothing but the answer, and throws for nothing that the other side does. */
export interface Channel {
  readonly name: ChannelName;
  /** Ends by `effect.until`. */
  send(message: Message, effect: Effect): Promise<Answer>;
  /** Null where the other side can hold nothing for us. */
  readonly drafts: Drafts | null;
}
