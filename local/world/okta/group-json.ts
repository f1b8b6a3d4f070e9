import { isoTime } from '../../../shared/time.ts';
import type { OktaCall } from './context.ts';
import type { GroupRecord } from './records.ts';

/** A group imported from Active Directory shows its kind in `profile.groupType`, which Okta's own description of the API leaves out. */
export function groupJson(call: OktaCall, group: GroupRecord) {
  const address = `${call.origin}/api/v1/groups/${group.id}`;
  const { directory } = group;
  const links = { users: { href: `${address}/users` }, apps: { href: `${address}/apps` } };
  // Okta's description knows no description that is null.
  const named = { name: group.name, ...(group.description === null ? {} : { description: group.description }) };
  const common = {
    id: group.id,
    created: isoTime(group.created),
    lastUpdated: isoTime(group.changed),
    lastMembershipUpdated: isoTime(group.changed),
    type: group.kind,
  };
  if (directory === null) {
    return {
      ...common,
      objectClass: ['okta:user_group'],
      profile: named,
      _links: links,
    };
  }
  return {
    ...common,
    objectClass: ['okta:windows_security_principal'],
    profile: {
      ...named,
      groupType: directory.groupType,
      groupScope: directory.groupScope,
      objectSid: directory.objectSid,
      dn: directory.dn,
      samAccountName: directory.samAccountName,
      windowsDomainQualifiedName: `${directory.domain}\\${directory.samAccountName}`,
      externalId: directory.externalId,
    },
    _links: { ...links, source: { href: `${call.origin}/api/v1/apps/${directory.app}` } },
  };
}
