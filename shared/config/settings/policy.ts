import { HOUR } from '../../time.ts';
import {
  decimal,
  domainName,
  duration,
  oktaGroupId,
  oneOf,
  people,
  repairWindow,
  timeZone,
  userPrincipalName,
  wholeNumber,
} from '../kinds.ts';
import type { DefaultedSetting, Section, Setting } from '../setting.ts';
import type { Window } from '../window.ts';

const PROVISIONING_TYPES = ['licenses', 'profile', 'user', 'universal'] as const;

export const OPTED_IN_GROUP = {
  ...oktaGroupId(),
  name: 'ANCHORWATCH_OPTED_IN_GROUP',
  required: 'in mode remediate',
  about:
    'Id of the Okta group whose members may be repaired. Begin with a few people who know about it. A group rule that feeds it from what people may edit themselves is warned of: docs/operator.md, *Who can opt in*.',
  example: '00g1a2b3c4d5e6f7g8h9',
} satisfies Setting<string>;

export const PROTECTED_GROUP = {
  ...oktaGroupId(),
  name: 'ANCHORWATCH_PROTECTED_GROUP',
  about: 'Id of an Okta group whose members are never repaired, whatever other group they are in.',
  example: '00g9h8g7f6e5d4c3b2a1',
} satisfies Setting<string>;

export const PROTECTED_USERS = {
  ...people(),
  name: 'ANCHORWATCH_PROTECTED_USERS',
  about: 'People who are never repaired: user principal names, Entra object ids or Okta user ids.',
  example: 'ceo@example.com, 11111111-2222-3333-4444-555555555555',
} satisfies Setting<readonly string[]>;

export const OFFICE365_ADMIN = {
  ...userPrincipalName(),
  name: 'ANCHORWATCH_OKTA_OFFICE365_ADMIN',
  about:
    'User principal name of the Microsoft administrator as whom Okta’s Office 365 app provisions. This account is never repaired: for as long as its name is parked, Okta could not write for anybody.',
  example: 'okta-sync@acme.onmicrosoft.com',
} satisfies Setting<string>;

export const MAX_REPAIRS = {
  ...wholeNumber(0, 10_000),
  name: 'ANCHORWATCH_MAX_REPAIRS',
  fallback: '25',
  unit: 'repairs',
  about: 'Repairs a night at most. A plan with more is not cut short: all of it freezes. 0 allows none.',
  example: '5',
} satisfies DefaultedSetting<number>;

export const MAX_REPAIR_PERCENT = {
  ...decimal(0, 100),
  name: 'ANCHORWATCH_MAX_REPAIR_PERCENT',
  fallback: '2',
  unit: 'percent',
  about: 'The same as a part of the people watched, rounded down; the smaller of the two counts. 0 allows none.',
  example: '0.5',
} satisfies DefaultedSetting<number>;

export const APPROVAL_HOURS = {
  ...duration(HOUR, 1, 720),
  name: 'ANCHORWATCH_APPROVAL_HOURS',
  fallback: '48',
  unit: 'hours',
  about:
    'For how long a proposal can be approved, and what was approved may begin. Everything is looked at afresh before anything is done.',
  example: '24',
} satisfies DefaultedSetting<number>;

export const COOL_DOWN_HOURS = {
  ...duration(HOUR, 1, 8_760),
  name: 'ANCHORWATCH_COOL_DOWN_HOURS',
  fallback: '72',
  unit: 'hours',
  about:
    'How long a person is left alone after a repair that began and could not be brought to its end. After a second one somebody has to approve the next.',
  example: '72',
} satisfies DefaultedSetting<number>;

export const REPAIR_WINDOW = {
  ...repairWindow(),
  name: 'ANCHORWATCH_REPAIR_WINDOW',
  about:
    'When repairs may begin, by the clocks of the time zone below; what has begun is brought to its end. A window past midnight belongs to the day on which it opens. At any time when not set; a repair that a person leads is not kept waiting.',
  example: 'MON-FRI 20:00-05:00',
} satisfies Setting<Window>;

export const TIME_ZONE = {
  ...timeZone(),
  name: 'ANCHORWATCH_TIME_ZONE',
  fallback: 'UTC',
  about: 'By whose clocks the window is meant, in summer and in winter.',
  example: 'Europe/Berlin',
} satisfies DefaultedSetting<string>;

export const PARK_DOMAIN = {
  ...domainName(),
  name: 'ANCHORWATCH_PARK_DOMAIN',
  about:
    "A verified domain of the tenant that is not federated, for the minutes in which a person's anchor is set. The tenant's initial domain (`….onmicrosoft.com`) when not set.",
  example: 'acme.onmicrosoft.com',
} satisfies Setting<string>;

export const PROVISIONING_TYPE = {
  ...oneOf(PROVISIONING_TYPES),
  name: 'ANCHORWATCH_PROVISIONING_TYPE',
  about:
    "The Office 365 app's provisioning type, as Okta's console shows it: *Licenses/Roles Management Only*, *Profile Sync*, *User Sync* or *Universal Sync*. No API tells it; where it is set, the report can say what a finding means for the person.",
  example: 'universal',
} satisfies Setting<(typeof PROVISIONING_TYPES)[number]>;

export const POLICY: Section = {
  title: 'Policy',
  intro: 'Who may be repaired, and how many. None of it matters in mode `observe`.',
  settings: [
    OPTED_IN_GROUP,
    PROTECTED_GROUP,
    PROTECTED_USERS,
    OFFICE365_ADMIN,
    MAX_REPAIRS,
    MAX_REPAIR_PERCENT,
    APPROVAL_HOURS,
    COOL_DOWN_HOURS,
    REPAIR_WINDOW,
    TIME_ZONE,
    PARK_DOMAIN,
    PROVISIONING_TYPE,
  ],
};
