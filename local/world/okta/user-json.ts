import { isoTime } from '../../../shared/time.ts';
import type { OktaCall } from './context.ts';
import type { OktaUserRecord } from './records.ts';

export function userJson(call: OktaCall, user: OktaUserRecord) {
  return {
    id: user.id,
    status: user.status,
    created: isoTime(user.created),
    activated: user.status === 'STAGED' ? null : isoTime(user.created),
    statusChanged: isoTime(user.changed),
    lastLogin: null,
    lastUpdated: isoTime(user.changed),
    passwordChanged: null,
    type: { id: `oty${call.state.org.id.slice(3)}` },
    profile: {
      login: user.login,
      email: user.email,
      secondEmail: null,
      firstName: user.firstName,
      lastName: user.lastName,
      displayName: user.displayName,
      mobilePhone: null,
      employeeNumber: user.employeeNumber,
      department: user.department,
    },
    credentials: { provider: { type: 'ACTIVE_DIRECTORY', name: call.state.org.subdomain } },
    _links: { self: { href: `${call.origin}/api/v1/users/${user.id}` } },
  };
}
