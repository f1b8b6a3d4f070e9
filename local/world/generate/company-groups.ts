import type { Instant } from '../../../shared/time.ts';
import { type Dice, diceOf } from '../dice.ts';
import type { DomainRecord, EntraGroupRecord } from '../graph/records.ts';
import { guid, guidBytes } from '../ids.ts';
import type { GroupRecord, RuleRecord } from '../okta/records.ts';
import type { Times } from './company-apps.ts';
import { type Company, type Directory, DOMAINS, SIGN_IN_HOST } from './company-plan.ts';

type GroupIds = Company['groups'];

export function oktaGroups(ids: GroupIds, times: Times): readonly GroupRecord[] {
  const group = (
    id: string,
    name: string,
    description: string,
    kind: GroupRecord['kind'] = 'OKTA_GROUP',
  ): GroupRecord => {
    return { id, kind, name, description, directory: null, ...times };
  };
  return [
    group(ids.everyone, 'Everyone', 'All users in your organization', 'BUILT_IN'),
    group(ids.granting, 'Microsoft 365 users', 'Grants Microsoft 365'),
    group(ids.optIn, 'Anchorwatch opt-in', 'People whose anchor may be repaired without a click'),
    group(ids.exclusion, 'Microsoft 365 paused', 'Members are left out of Microsoft 365 users'),
  ];
}

/** For each department a security group and a distribution group. */
export function directoryGroups(directory: Directory, dice: Dice, times: Times): readonly GroupRecord[] {
  const kinds = ['Security', 'Distribution'] as const;
  return [...directory.groups].flatMap(([department, ids]) =>
    kinds.map((groupType, at): GroupRecord => {
      const name = `${department} ${groupType === 'Security' ? 'staff' : 'news'}`;
      return {
        ...times,
        id: ids[at] ?? '',
        kind: 'APP_GROUP',
        name,
        description: null,
        directory: {
          app: directory.app,
          groupType,
          groupScope: groupType === 'Security' ? 'Global' : 'Universal',
          objectSid: `${directory.sid}-${dice.below(100_000) + 600_000}`,
          externalId: guidBytes(dice.next).toString('base64'),
          dn: `CN=${name},OU=Groups,${directory.root}`,
          samAccountName: name,
          domain: (directory.name.split('.')[0] ?? '').toUpperCase(),
        },
      };
    }),
  );
}

/** What Universal Sync makes of AD groups, by their ids in Okta: the same security identifier, and mail for a distribution group. */
export function twinsOf(groups: readonly GroupRecord[]): ReadonlyMap<string, EntraGroupRecord> {
  return new Map(
    groups.flatMap(({ id, name, directory }) => {
      if (directory === null) return [];
      const isList = directory.groupType === 'Distribution';
      const mail = `${name.toLowerCase().replaceAll(' ', '.')}.${directory.domain.toLowerCase()}@${DOMAINS.main}`;
      const twin = cloudGroup(guid(diceOf(`twin of ${id}`).next), name, {
        mail: isList ? mail : null,
        securityEnabled: !isList,
        sid: directory.objectSid,
      });
      return [[id, twin] as const];
    }),
  );
}

export function grantingRule(id: string, groups: GroupIds, created: Instant): RuleRecord {
  return {
    id,
    name: 'Everyone in a department gets Microsoft 365',
    status: 'ACTIVE',
    expression: `user.department != null and !isMemberOfGroup("${groups.exclusion}")`,
    groups: [groups.granting],
    excludedUsers: [],
    created,
  };
}

export function domains(): readonly DomainRecord[] {
  return [
    domain(DOMAINS.main, { federated: true, signInHost: SIGN_IN_HOST, isDefault: true }),
    domain(DOMAINS.foreign, { federated: true, signInHost: `adfs.${DOMAINS.foreign}` }),
    domain(DOMAINS.managed, {}),
    domain(DOMAINS.initial, { initial: true }),
    domain('contoso.example', { verified: false }),
  ];
}

function domain(name: string, change: Partial<DomainRecord>): DomainRecord {
  return { name, federated: false, signInHost: null, initial: false, isDefault: false, verified: true, ...change };
}

export function cloudGroups(ids: Company['entraGroups']): readonly EntraGroupRecord[] {
  return [
    cloudGroup(ids.licensing, 'Microsoft 365 E3', {}),
    cloudGroup(ids.roleAssignable, 'Exchange operators', {
      assignableToRole: true,
      roles: ['29232cdf-9323-42fd-ade2-1d097af3e4de'],
    }),
    cloudGroup(ids.nested, 'Messaging team', { memberOf: [ids.roleAssignable] }),
  ];
}

function cloudGroup(id: string, displayName: string, change: Partial<EntraGroupRecord>): EntraGroupRecord {
  const plain = { mail: null, securityEnabled: true, assignableToRole: false, sid: null, memberOf: [], roles: [] };
  return { id, displayName, ...plain, ...change };
}
