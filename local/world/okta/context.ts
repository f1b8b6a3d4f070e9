import type { KeyObject } from 'node:crypto';
import type { Instant } from '../../../shared/time.ts';
import type { Parameters, Route } from '../routes.ts';
import type { State } from '../state.ts';
import type { Target } from '../target.ts';
import type { ImportSchedule } from './imports.ts';

/** Calls in a window that the org allows, by bucket. */
export interface OktaLimits {
  /** Everything under `/api/v1/apps` but one app itself. */
  readonly apps: number;
  /** `/api/v1/apps/{id}` exactly. */
  readonly app: number;
  readonly groups: number;
  readonly users: number;
  readonly logs: number;
  readonly token: number;
  readonly other: number;
}

export interface OktaSettings {
  readonly clientId: string;
  readonly clientKeyId: string;
  readonly clientKey: KeyObject;
  readonly grantedScopes: ReadonlySet<string>;
  /** A scope opens nothing for a service app that has no administrator role. */
  readonly hasAdminRole: boolean;
  readonly apiTokens: ReadonlySet<string>;
  readonly signingKey: KeyObject;
  readonly verifyingKey: KeyObject;
  readonly tokenLifetime: number;
  readonly limits: OktaLimits;
  /** Milliseconds. */
  readonly limitWindow: number;
  /** The share of each bucket that one service app or token may use. */
  readonly share: number;
  /** Rows a page at most, whatever was asked for. */
  readonly pageCap: number;
  readonly cursorLifetime: number;
  /** How far `search` lags behind. */
  readonly searchLag: number;
  readonly imports: readonly ImportSchedule[];
}

/** One authorised call, as an operation sees it. */
export interface OktaCall {
  readonly state: State;
  readonly settings: OktaSettings;
  readonly target: Target;
  /** As received, for the link to itself. */
  readonly rawTarget: string;
  readonly parameters: Parameters;
  /** `https://contoso.okta.com`: the address the caller used. */
  readonly origin: string;
  readonly body: string;
  /** The service app's client id, or the API token, of the caller. */
  readonly caller: string;
  /** As in `x-okta-request-id`; what the System Log tells of the call bears it. */
  readonly requestId: string;
  readonly now: Instant;
  readonly random: () => number;
}

/** Whoever changes something, by the API or by hand, and when. */
export type Act = Pick<OktaCall, 'state' | 'caller' | 'requestId' | 'now'>;

export type OktaRoute = Route<OktaCall> & {
  /** Takes access tokens alone: an API token opens it to nobody. */
  readonly oauthOnly?: boolean;
};
