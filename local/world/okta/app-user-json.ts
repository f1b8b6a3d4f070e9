import { isoTime } from '../../../shared/time.ts';
import type { OktaCall } from './context.ts';
import type { AppRecord, AssignmentRecord, DirectoryRecord } from './records.ts';

/** An AD account as an app user. */
export function directoryJson(call: OktaCall, app: AppRecord, account: DirectoryRecord) {
  const spelled = PROFILE_KEYS[app.profileKeys];
  return {
    id: account.user,
    externalId: account.externalId,
    created: isoTime(account.created),
    lastUpdated: isoTime(account.changed),
    scope: 'USER',
    status: account.status,
    statusChanged: isoTime(account.created),
    passwordChanged: null,
    syncState: 'SYNCHRONIZED',
    lastSync: isoTime(account.changed),
    credentials: { userName: account.userName },
    profile: {
      dn: `CN=${escapeDn(account.displayName)},${account.unit}`,
      cn: account.displayName,
      email: account.mail,
      firstName: account.firstName,
      lastName: account.lastName,
      displayName: account.displayName,
      managerUpn: null,
      objectSid: account.sid,
      [spelled.group]: '513',
      [spelled.sam]: account.samAccountName,
      userName: account.userName,
      [spelled.employee]: account.employeeId,
      department: account.department,
      'mS-DS-ConsistencyGuid': account.consistencyGuid,
    },
    _links: linksOf(call, app, account.user, null),
  };
}

/** Okta's pages do not agree on the spelling of these keys, and a schema may name them either way. */
export const PROFILE_KEYS = {
  usual: { group: 'primaryGroupID', sam: 'samAccountName', employee: 'employeeID' },
  variant: { group: 'primaryGroupId', sam: 'sAMAccountName', employee: 'employeeId' },
};

/** An Office 365 assignment. A person who was never provisioned has no `externalId`. */
export function assignmentJson(call: OktaCall, app: AppRecord, assignment: AssignmentRecord) {
  return {
    id: assignment.user,
    externalId: assignment.externalId,
    created: isoTime(assignment.created),
    lastUpdated: isoTime(assignment.changed),
    scope: assignment.scope,
    status: assignment.status,
    statusChanged: isoTime(assignment.created),
    passwordChanged: null,
    syncState: assignment.syncState,
    lastSync: isoTime(assignment.changed),
    credentials: { userName: assignment.userName },
    profile: {
      email: assignment.email,
      firstName: assignment.firstName,
      lastName: assignment.lastName,
      displayName: assignment.displayName,
      immutableId: assignment.immutableId,
      licenses: assignment.licenses,
      roles: assignment.roles,
    },
    _links: linksOf(call, app, assignment.user, assignment.grantedBy),
  };
}

function linksOf(call: OktaCall, app: AppRecord, user: string, group: string | null) {
  const links = {
    app: { href: `${call.origin}/api/v1/apps/${app.id}` },
    user: { href: `${call.origin}/api/v1/users/${user}` },
  };
  if (group === null) return links;
  return { ...links, group: { name: group, href: `${call.origin}/api/v1/groups/${group}` } };
}

/** The characters that a distinguished name must escape, and control characters, which Active Directory writes as octets. */
export function escapeDn(name: string): string {
  return name
    .replaceAll(/[\\,+"<>;=#]/g, String.raw`\$&`)
    .replaceAll(/\p{Cc}/gu, (character) => `\\${character.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`);
}
