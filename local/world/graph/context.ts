import type { KeyObject } from 'node:crypto';
import type { Instant } from '../../../shared/time.ts';
import type { Parameters, Route } from '../routes.ts';
import type { State } from '../state.ts';
import type { Target } from '../target.ts';

export interface GraphSettings {
  /** What a token must be made out to: `https://graph.microsoft.com`. */
  readonly audience: string;
  readonly verifyingKey: KeyObject;
  /** Resource units that one application may use in each window, and how many milliseconds that lasts. */
  readonly quota: number;
  readonly quotaWindow: number;
  /** Rows a page at most, whatever was asked for. */
  readonly pageCap: number;
  readonly cursorLifetime: number;
  /** A read shows the directory as it was up to this long ago. */
  readonly replicaLag: number;
  /** The index behind `$count` and advanced queries is this far behind. */
  readonly countLag: number;
  /** The audit log hears of a change so much later. */
  readonly auditLag: number;
  /** Whether the tenant has Entra ID P1. */
  readonly premium: boolean;
}

/** One authorised call, as an operation sees it. */
export interface GraphCall {
  readonly state: State;
  readonly settings: GraphSettings;
  readonly target: Target;
  readonly parameters: Parameters;
  readonly body: string;
  /** `https://graph.microsoft.com`: the address the caller used. */
  readonly origin: string;
  /** Object id of the caller's service principal. */
  readonly principal: string;
  /** Roles in the caller's token. */
  readonly roles: ReadonlySet<string>;
  /** Whether the header `ConsistencyLevel: eventual` was sent. */
  readonly eventual: boolean;
  readonly now: Instant;
  /** The instant up to which the replica that answers has heard of changes. */
  readonly asOf: Instant;
}

export type GraphRoute = Route<GraphCall>;

/** Advanced queries need the header and `$count=true` together. */
export function isAdvanced(call: GraphCall): boolean {
  return call.eventual && call.target.query.get('$count') === 'true';
}
