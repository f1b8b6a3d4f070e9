import type { ProfileAttribute, UserTypeRecord } from '../okta/records.ts';
import type { Times } from './company-apps.ts';

type Self = ProfileAttribute['self'];

/**
 * Okta's own attributes by what people may do with theirs, as an org comes: they write their names, addresses and mobile phone where
 * Okta is the source of their profile, and read or do not see the rest.
 */
const BASE: Readonly<Record<Self, readonly string[]>> = {
  READ_WRITE: ['firstName', 'lastName', 'email', 'secondEmail', 'mobilePhone'],
  READ_ONLY: [
    'login',
    'middleName',
    'honorificPrefix',
    'honorificSuffix',
    'title',
    'displayName',
    'nickName',
    'profileUrl',
    'preferredLanguage',
    'userType',
    'employeeNumber',
    'costCenter',
    'organization',
    'division',
    'department',
    'managerId',
    'manager',
  ],
  HIDE: [
    'primaryPhone',
    'streetAddress',
    'city',
    'state',
    'zipCode',
    'countryCode',
    'postalAddress',
    'locale',
    'timezone',
  ],
};

const REQUIRED: ReadonlySet<string> = new Set(['login', 'firstName', 'lastName', 'email']);

/** The default type of an org, as nobody has changed it. */
export function defaultUserType(id: string, times: Times): UserTypeRecord {
  const levels: readonly Self[] = ['READ_WRITE', 'READ_ONLY', 'HIDE'];
  return {
    ...times,
    id,
    schema: `osc${id.slice(3)}`,
    name: 'user',
    isDefault: true,
    attributes: levels.flatMap((self) => BASE[self].map((name) => baseAttribute(name, self))),
  };
}

function baseAttribute(name: string, self: Self): ProfileAttribute {
  return {
    name,
    title: name,
    part: 'base',
    required: REQUIRED.has(name),
    self,
    master: 'PROFILE_MASTER',
    apps: [],
  };
}
