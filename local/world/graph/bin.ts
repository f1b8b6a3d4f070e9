import { AnchorwatchError } from '../../../shared/errors.ts';
import type { Instant } from '../../../shared/time.ts';
import type { State } from '../state.ts';
import type { EntraRecord } from './records.ts';

/** Entra keeps a deleted account with all that it has; the object id before its name frees the name for others. */
export function softDelete(state: State, account: EntraRecord, at: Instant): void {
  const userName = `${idText(account)}${account.userName}`;
  state.entraUsers.remove(account.id, at);
  state.deletedUsers.put({ ...account, userName, deleted: at }, at);
}

/** Takes an account out of the bin by the name that it had; `conflict` where another has it. */
export function restored(state: State, binned: EntraRecord, at: Instant): EntraRecord {
  const mark = idText(binned);
  const userName = binned.userName.startsWith(mark) ? binned.userName.slice(mark.length) : binned.userName;
  for (const other of state.entraUsers.lookup('userPrincipalName', userName.toLowerCase(), at)) {
    if (other.userName.toLowerCase() === userName.toLowerCase())
      throw new AnchorwatchError('conflict', `${userName} is the name of ${other.id} by now.`);
  }
  state.deletedUsers.remove(binned.id, at);
  return { ...binned, userName, deleted: null };
}

function idText({ id }: EntraRecord): string {
  return id.replaceAll('-', '');
}
