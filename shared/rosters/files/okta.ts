import * as z from 'zod';
import type { Assignment } from '../../compare/rows.ts';
import { anchorCell, cell, instantCell, nameCell, readText, textCell, wrong } from './cells.ts';
import { invalid } from './decode.ts';
import { type FileRead, hasColumn, readRows, readTable, refuseFlattened } from './read.ts';

/** Where a file that `readOktaFile` reads comes from. */
const OKTA_EXPORT = 'GET /api/v1/apps/{id of the Office 365 app}/users?limit=500, and every page behind it';

const LESSON = `Give the users of the Office 365 app, as API JSON from\n  ${OKTA_EXPORT}\nor as CSV with the columns id, userName, immutableId, externalId, status, scope, syncState.`;

const FIELDS = {
  user: ['id', 'userId', 'user.id'],
  userName: ['credentials.userName', 'userName', 'credentials_userName'],
  anchor: ['profile.immutableId', 'immutableId', 'profile_immutableId'],
  externalId: ['externalId'],
  scope: ['scope'],
  status: ['status'],
  syncState: ['syncState'],
  created: ['created'],
  app: ['_links.app.href'],
} as const;

const userCell = cell((value): string => readText(value) ?? wrong('empty'));

const AppUser = z
  .object({
    user: userCell,
    userName: nameCell,
    anchor: anchorCell,
    externalId: textCell,
    scope: textCell,
    status: textCell,
    syncState: textCell,
    created: instantCell,
    app: textCell,
  })
  .transform(
    ({ app, scope, status, ...row }): Assignment => ({
      ...row,
      app: appIdOf(app) ?? 'file',
      scope: scope === 'USER' || scope === 'GROUP' ? scope : null,
      status: status ?? 'ACTIVE',
    }),
  );

/**
 * Reads the users of the Office 365 app: API JSON (a list, several one behind the other, a list of lists) or the CSV of admins' tools.
 * Okta's copy is `immutableId`; that it is empty everywhere is a finding, that it is not there at all is an error. A file that does
 * not name the app has `app` `file`; one without `status` counts as `ACTIVE`. Throws `invalid`.
 */
export function readOktaFile(bytes: Uint8Array, name: string): FileRead<Assignment> {
  const table = readTable(bytes, name);
  if (!hasColumn(table, FIELDS.anchor) && hasColumn(table, FIELDS.externalId)) {
    refuseFlattened(table);
    throw invalid(
      name,
      'has externalId but not immutableId. What is compared here is immutableId, the copy of the anchor that Okta presents at sign-in. ' +
        'The externalId of an Office 365 user is not that copy but, as a rule, the object id in Entra ID; the externalId of the Active ' +
        `Directory app is the source anchor, which the AD file gives. ${LESSON}`,
    );
  }
  const read = readRows(table, {
    fields: FIELDS,
    required: ['user', 'userName', 'anchor'],
    lesson: LESSON,
    schema: AppUser,
    key: { field: 'user', of: (row) => `${row.user} ${row.app}` },
  });
  return { ...read, notes: pageNotes(read.total), onePage: isOnePage(read.total) };
}

/** Okta answers 50 app users a page, or up to 500 when asked for them. */
export function isOnePage(total: number): boolean {
  return total === 50 || total === 500;
}

export function pageNotes(total: number): readonly string[] {
  return isOnePage(total)
    ? [`The file holds exactly ${total} rows, as one page of Okta's API does: make sure that it holds every page.`]
    : [];
}

/** `https://…/api/v1/apps/0oa…` → `0oa…` */
export function appIdOf(href: string | null): string | null {
  return /\/apps\/(?<id>0oa\w+)/.exec(href ?? '')?.groups?.id ?? null;
}
