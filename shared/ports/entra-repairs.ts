import type { Effect, Receipt } from './effect.ts';

/** A licence and where it comes from. */
export interface License {
  readonly sku: string;
  /** The group that gives it; null where it is assigned straight. */
  readonly group: string | null;
}

/** An Entra group that an account is in, directly. */
export interface EntraGroup {
  readonly id: string;
  readonly displayName: string | null;
  readonly mail: string | null;
  /** Of the AD group that it is the twin of. */
  readonly sid: string | null;
}

/**
 * What a repair reads of Entra ID beside the preflight, and everything that it changes there. Accounts are named by object id in every
 * call, for their names move. Writes are sent once and never repeated here. Throws AnchorwatchError: `refused` where the account is
 * mastered elsewhere, `conflict` with `property` and `holder` where another account has the value.
 */
export interface EntraRepairs {
  /** What was granted, as the token says it: the app, and its permissions or the delegated ones. It asks for nothing but the token. */
  rights(): Promise<readonly string[]>;
  licenses(id: string): Promise<readonly License[]>;
  groupsOf(id: string): Promise<readonly EntraGroup[]>;
  /** The group that sync made of an AD group: by security identifier, else by mail; null where there is none. Never by display name. */
  twinOf(group: { readonly sid: string | null; readonly mail: string | null }): Promise<EntraGroup | null>;

  setUserName(id: string, userName: string, effect: Effect): Promise<Receipt>;
  setAnchor(id: string, anchor: string, effect: Effect): Promise<Receipt>;
}
