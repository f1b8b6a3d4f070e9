import { AnchorwatchError } from '../../../shared/errors.ts';
import type { Instant } from '../../../shared/time.ts';
import { LICENCE_SKUS } from '../generate/basics.ts';
import type { Begin } from '../hands.ts';
import type { State } from '../state.ts';
import { noteUpdate } from './audits.ts';
import { restored, softDelete } from './bin.ts';
import { type EntraRecord, NO_EXTRAS, renamed } from './records.ts';
import { holderOf, noteAnchor } from './user-write.ts';

/** As the audit log names who works in the admin centre. */
export const ADMINISTRATOR = {
  id: '5e5ed7b1-0c3c-4b9c-9d3c-0a2b8f1c7e10',
  name: 'global.admin@contoso.onmicrosoft.com',
} as const;

/** By strong administrators in the Entra admin centre, who may do what an app may not. */
export interface EntraHands {
  /** `conflict` for the anchor of another, live or deleted: no administrator is strong enough for that. */
  editAccount(objectId: string, change: { readonly userName?: string; readonly anchor?: string }, now: Instant): void;
  /** Into the recycle bin, with licences and memberships. */
  deleteAccount(objectId: string, now: Instant): void;
  /** Out of it, under its old name; `conflict` where somebody else has that by now. */
  restoreAccount(objectId: string, now: Instant): void;
  /** Straight, where Okta knows nothing of it; `licence` as Okta calls it, such as `SPE_E5`. */
  grantLicence(objectId: string, licence: string, now: Instant): void;
  removeLicence(objectId: string, licence: string, now: Instant): void;
  /** Of a group of Entra's own: those that sync made are changed in Active Directory. A licence that a group gave goes with it. */
  changeEntraGroup(objectId: string, group: string, change: 'leave' | 'join', now: Instant): void;
}

export function entraHands(state: State, begin: Begin): EntraHands {
  function accountOf(id: string, now: Instant): EntraRecord {
    const account = state.entraUsers.get(id, now);
    if (account === undefined) throw new AnchorwatchError('invalid', `There is no account ${id} in this world.`);
    return account;
  }

  return {
    editAccount(objectId, { userName, anchor }, now) {
      begin(now);
      const account = accountOf(objectId, now);
      const holder = anchor === undefined ? null : holderOf(state, anchor, objectId, now);
      if (holder !== null) throw new AnchorwatchError('conflict', `${holder.id} holds that anchor.`);
      const named = userName === undefined ? account : renamed(account, userName, state.tenant.initialDomain);
      const changed = anchor === undefined ? named : { ...named, anchor };
      state.entraUsers.put(changed, now);
      noteUpdate(state, account, changed, { kind: 'user', ...ADMINISTRATOR }, now);
      if (changed.anchor !== account.anchor) noteAnchor(state, changed, now);
    },
    deleteAccount(objectId, now) {
      begin(now);
      softDelete(state, accountOf(objectId, now), now);
    },
    restoreAccount(objectId, now) {
      begin(now);
      const account = state.deletedUsers.get(objectId, now);
      if (account === undefined) throw new AnchorwatchError('invalid', `There is no deleted account ${objectId}.`);
      state.entraUsers.put(restored(state, account, now), now);
    },
    grantLicence(objectId, licence, now) {
      begin(now);
      const account = accountOf(objectId, now);
      const skuId = skuOf(licence);
      if (account.licenses.some((one) => one.skuId === skuId && one.group === null)) return;
      state.entraUsers.put({ ...account, licenses: [...account.licenses, { skuId, group: null }] }, now);
    },
    removeLicence(objectId, licence, now) {
      begin(now);
      const account = accountOf(objectId, now);
      const skuId = skuOf(licence);
      const licenses = account.licenses.filter((one) => one.skuId !== skuId || one.group !== null);
      state.entraUsers.put({ ...account, licenses }, now);
    },
    changeEntraGroup(objectId, group, change, now) {
      begin(now);
      const account = accountOf(objectId, now);
      if (!state.entraGroups.has(group) || [...state.twins.values()].includes(group))
        throw new AnchorwatchError('invalid', `${group} is no group of Entra's own.`);
      const extras = account.extras ?? NO_EXTRAS;
      const others = extras.groups.filter((one) => one !== group);
      const groups = change === 'join' ? [...others, group] : others;
      const licenses = change === 'join' ? account.licenses : account.licenses.filter((one) => one.group !== group);
      state.entraUsers.put({ ...account, licenses, extras: { ...extras, groups } }, now);
    },
  };
}

function skuOf(licence: string): string {
  const skuId = LICENCE_SKUS[licence];
  if (skuId === undefined) throw new AnchorwatchError('invalid', `There is no licence ${licence} in this world.`);
  return skuId;
}
