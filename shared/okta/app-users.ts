import { inShape, parseJson, textOf } from '../answers.ts';
import type { AdAccount, Assignment } from '../compare/rows.ts';
import type { AccountsOf } from '../ports/parsing.ts';
import { listIn } from './pager.ts';
import { adAccount, assignment } from './rows.ts';
import { AppUserSchema } from './schemas.ts';

/** Path of the users of an app. */
export function usersOf(app: string): string {
  return `/api/v1/apps/${encodeURIComponent(app)}/users`;
}

/** Throws `invalid` with the place of what has another shape. */
export function accountsOf(rows: readonly unknown[], { instance, anchorAttribute }: AccountsOf): readonly AdAccount[] {
  const what = `GET ${usersOf(instance)}`;
  return rows.map((row) => adAccount(inShape(AppUserSchema, row, what), instance, anchorAttribute));
}

/** Throws `invalid` with the place of what has another shape. */
export function assignmentsOf(rows: readonly unknown[], app: string): readonly Assignment[] {
  const what = `GET ${usersOf(app)}`;
  return rows.map((row) => assignment(inShape(AppUserSchema, row, what), app));
}

/** The rows of a body. Throws `transient` for what is no JSON, and `invalid` for what is no list of app users. */
export function appUsersIn(body: Uint8Array, app: string): readonly unknown[] {
  const what = `GET ${usersOf(app)}`;
  return listIn(parseJson(textOf(body), what), what);
}
