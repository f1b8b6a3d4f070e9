import { AnchorwatchError } from '../../../shared/errors.ts';
import { DAY } from '../../../shared/time.ts';
import { type Dice, diceOf } from '../dice.ts';
import { guid, oktaId } from '../ids.ts';
import type { AppRecord } from '../okta/records.ts';
import { BARE_APP, directoryApp, directoryMapping, office365App, office365Mapping } from './company-apps.ts';
import { cloudGroups, directoryGroups, domains, grantingRule, oktaGroups } from './company-groups.ts';
import { defaultUserType } from './user-type.ts';
import { type Company, type CompanyPlan, type Directory, type DirectoryPlan, DOMAINS } from './company-plan.ts';
import { DEPARTMENTS } from './names.ts';

/** The company that a plan describes; the same seed founds the same one. */
export function foundCompany(plan: CompanyPlan): Company {
  const dice = diceOf(`${plan.seed} company`);
  const founded = plan.start - 3_000 * DAY;
  const id = (prefix: string) => oktaId(prefix, dice.next);
  const groups = { everyone: id('00g'), granting: id('00g'), optIn: id('00g'), exclusion: id('00g') };
  const [first, ...others] = plan.directories.map((directory) => foundDirectory(directory, dice));
  if (first === undefined) throw new AnchorwatchError('invalid', 'A company needs at least one Active Directory.');
  const directories = [first, ...others] as const;
  const office365 = [id('0oa'), ...Array.from({ length: plan.office365Apps - 1 }, () => id('0oa'))] as const;
  const inactiveOffice365 = id('0oa');
  const userType = id('oty');
  const entraGroups = { licensing: guid(dice.next), roleAssignable: guid(dice.next), nested: guid(dice.next) };
  const times = { created: founded, changed: founded };

  const apps = [
    ...directories.map((directory): AppRecord => directoryApp(directory, times)),
    ...office365.map((app, at) =>
      office365App(app, at === 0 ? 'Microsoft 365' : `Microsoft 365 (${at + 1})`, groups.granting, times),
    ),
    {
      ...office365App(inactiveOffice365, 'Microsoft Office 365 (old)', groups.granting, times),
      status: 'INACTIVE',
      groups: [],
    } as const,
    { ...BARE_APP, ...times, id: id('0oa'), name: 'salesforce', label: 'Salesforce', groups: [groups.everyone] },
  ];
  return {
    org: { id: id('00o'), subdomain: 'contoso', companyName: 'Contoso', created: founded },
    tenant: {
      id: guid(dice.next),
      displayName: 'Contoso',
      initialDomain: DOMAINS.initial,
      syncEnabled: plan.syncEnabled,
      created: founded,
    },
    directories,
    office365,
    inactiveOffice365,
    groups,
    entraGroups,
    records: {
      apps,
      groups: [
        ...oktaGroups(groups, times),
        ...directories.flatMap((directory) => directoryGroups(directory, dice, times)),
      ],
      rules: [grantingRule(id('0pr'), groups, founded)],
      userTypes: [defaultUserType(userType, times)],
      mappings: [
        ...office365.map((app) => office365Mapping(id('prm'), userType, app, plan.anchorExpression)),
        ...directories.map((directory) => directoryMapping(id('prm'), userType, directory.app)),
      ],
      domains: domains(),
      entraGroups: cloudGroups(entraGroups),
    },
  };
}

function foundDirectory(plan: DirectoryPlan, dice: Dice): Directory {
  return {
    ...plan,
    app: oktaId('0oa', dice.next),
    root: plan.name
      .split('.')
      .map((part) => `DC=${part}`)
      .join(','),
    sid: `S-1-5-21-${dice.bits()}-${dice.bits()}-${dice.bits()}`,
    groups: new Map(
      DEPARTMENTS.map((department) => [department, [oktaId('00g', dice.next), oktaId('00g', dice.next)]]),
    ),
  };
}
