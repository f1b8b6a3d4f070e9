import { deletedIn, usersIn } from '../entra/users.ts';
import { accountsOf, appUsersIn, assignmentsOf } from '../okta/app-users.ts';
import type { AccountsOf, GraphPage } from '../ports/parsing.ts';
import { ACCOUNTS, ASSIGNMENTS, DELETED, USERS } from '../rosters/lists.ts';
import { type Packing, type Parcel, parcelOf } from '../rosters/parcel.ts';

/** Which list a body is a page of, as a message between threads. */
export type Task =
  | { readonly list: 'accounts'; readonly of: AccountsOf }
  | { readonly list: 'assignments'; readonly app: string }
  | { readonly list: 'users' | 'deleted' };

/** What was made of a body. */
export interface Made extends Omit<GraphPage<unknown>, 'rows'> {
  readonly rows: Parcel;
}

/** Throws AnchorwatchError, as `Parsing` does. Okta names the next page in a header, and lists nobody but people. */
export function done(task: Task, body: Uint8Array): Made {
  switch (task.list) {
    case 'accounts':
      return made({ rows: accountsOf(appUsersIn(body, task.of.instance), task.of), next: null, leftOut: 0 }, ACCOUNTS);
    case 'assignments':
      return made({ rows: assignmentsOf(appUsersIn(body, task.app), task.app), next: null, leftOut: 0 }, ASSIGNMENTS);
    case 'users':
      return made(usersIn(body), USERS);
    default:
      return made(deletedIn(body), DELETED);
  }
}

function made<Row>({ rows, next, leftOut }: GraphPage<Row>, list: Packing<Row>): Made {
  return { rows: parcelOf([...rows], list), next, leftOut };
}
