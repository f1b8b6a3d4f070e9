import type { Instant } from '../../../shared/time.ts';
import type { AppRecord, MappingRecord } from '../okta/records.ts';
import { type Directory, DOMAINS } from './company-plan.ts';

/** When a record of the company was made and last changed. */
export interface Times {
  readonly created: Instant;
  readonly changed: Instant;
}

export const BARE_APP = {
  status: 'ACTIVE',
  signOnMode: 'SAML_2_0',
  settings: {},
  features: [],
  profileKeys: 'usual',
  provisioning: null,
  inbound: null,
} as const;

/** Active Directory has no sign-on mode. Its second instance spells profile keys in Okta's other way. */
export function directoryApp(directory: Directory, times: Times): AppRecord {
  return {
    ...BARE_APP,
    ...times,
    id: directory.app,
    name: 'active_directory',
    label: directory.name,
    signOnMode: null,
    settings: {
      namingContext: directory.name,
      filterGroupsByOU: false,
      jitGroupsAcrossDomains: false,
      scanRate: null,
      searchOrgUnit: null,
      login: null,
      password: null,
      activationEmail: null,
    },
    features: ['PROFILE_MASTERING', 'OUTBOUND_DEL_AUTH', 'IMPORT_NEW_USERS', 'IMPORT_PROFILE_UPDATES'],
    profileKeys: directory.name === DOMAINS.main ? 'usual' : 'variant',
    groups: [],
  };
}

export function office365App(id: string, label: string, granting: string, times: Times): AppRecord {
  return {
    ...BARE_APP,
    ...times,
    id,
    name: 'office365',
    label,
    signOnMode: 'SAML_1_1',
    settings: { msftTenant: 'contoso', domain: DOMAINS.main, domains: [DOMAINS.main, DOMAINS.managed] },
    provisioning: { create: 'ENABLED', update: 'ENABLED', deactivate: 'ENABLED', password: 'DISABLED' },
    groups: [granting],
  };
}

export function office365Mapping(id: string, userType: string, app: string, expression: string): MappingRecord {
  return {
    id,
    source: { id: userType, name: 'user', type: 'user' },
    target: { id: app, name: 'office365', type: 'appuser' },
    properties: {
      immutableId: { expression, pushStatus: 'PUSH' },
      email: { expression: 'user.email', pushStatus: 'PUSH' },
      firstName: { expression: 'user.firstName', pushStatus: 'PUSH' },
      lastName: { expression: 'user.lastName', pushStatus: 'PUSH' },
      displayName: { expression: 'user.displayName', pushStatus: 'PUSH' },
    },
  };
}

export function directoryMapping(id: string, userType: string, app: string): MappingRecord {
  return {
    id,
    source: { id: app, name: 'active_directory', type: 'appuser' },
    target: { id: userType, name: 'user', type: 'user' },
    properties: {
      firstName: { expression: 'appuser.firstName', pushStatus: 'PUSH' },
      lastName: { expression: 'appuser.lastName', pushStatus: 'PUSH' },
      login: { expression: 'appuser.userName', pushStatus: 'PUSH' },
    },
  };
}
