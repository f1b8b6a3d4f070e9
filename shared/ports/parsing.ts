import type { AdAccount, Assignment, DeletedUser, EntraUser } from '../compare/rows.ts';
import type { Rows } from './okta.ts';

/** The body of an answer, in memory of its own: whoever is given it may take that away from the giver. */
export type Body = Uint8Array<ArrayBuffer>;

/** A page of Graph, which names the next one in its body. */
export interface GraphPage<Row> {
  readonly rows: Rows<Row>;
  /** The link as it stands there; null at the end. */
  readonly next: string | null;
  /** Rows that are no people. */
  readonly leftOut: number;
}

/** How an AD instance is read: its id, and where its anchors are. */
export interface AccountsOf {
  readonly instance: string;
  /** `externalId`, or the name of a profile attribute. */
  readonly anchorAttribute: string;
}

/** Whatever is only needed while long lists are read. */
export interface Standby {
  /** Long lists are about to be read. */
  begin(): void;
  /** They are read, or will not be: what is done with its work may go. */
  rest(): void;
}

/**
 * Makes rows of the pages of the long lists: nearly all the work of a scan, and nothing else, so that it may be done elsewhere. Throws
 * AnchorwatchError: `transient` for what is no JSON, `invalid` for what has another shape than documented.
 */
export interface Parsing {
  accounts(body: Body, of: AccountsOf): Promise<Rows<AdAccount>>;
  assignments(body: Body, app: string): Promise<Rows<Assignment>>;
  users(body: Body): Promise<GraphPage<EntraUser>>;
  deleted(body: Body): Promise<GraphPage<DeletedUser>>;
}
