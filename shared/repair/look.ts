import type { Domain } from '../compare/rows.ts';
import { domainOf } from '../compare/rule.ts';
import type { PlannedRepair } from '../plan/plan.ts';
import type { State } from '../ports/state.ts';
import { joinKey } from '../state/keys.ts';
import type { CapabilityRow, Purpose } from '../state/repair-rows.ts';
import { rightsOf } from './capability.ts';
import type { Grant, PreflightFacts } from './facts.ts';
import type { RepairTools } from './tools.ts';

type LookTools = Pick<RepairTools, 'okta' | 'entra' | 'state' | 'clock'>;

/** What the configuration names that is to be looked at. */
interface Wanted {
  readonly parkDomain: string | null;
  readonly exclusionGroup: string | null;
}

/** Reads both sides fresh, singly, for one repair. Throws AnchorwatchError when a side cannot be read. */
export async function look(
  repair: PlannedRepair,
  tools: LookTools,
  { parkDomain, exclusionGroup }: Wanted,
  together: readonly PlannedRepair[] = [repair],
  purpose: Purpose = { kind: 'drift' },
): Promise<PreflightFacts> {
  const { okta, entra, state, clock } = tools;
  const { user, objectId, before, userName } = repair;
  const [apps, domains, organization] = await Promise.all([okta.apps(), entra.domains(), entra.organization()]);
  const { office365, otherOffice365, directories } = apps;
  const accounts = [];
  for (const { id } of directories) accounts.push(await okta.directoryAccount(id, user));
  const further = [];
  for (const { id } of otherOffice365) further.push(await okta.assignment(id, user));
  const address = parkingOf(repair, domains, parkDomain);
  const groups = await okta.groupsOf(user);
  const entraUser = await entra.user(objectId);
  return {
    repair,
    app: office365,
    provisioning: await okta.provisioning(office365.id),
    user: await okta.user(user),
    directory: accounts.filter((account) => account !== null),
    assignment: await okta.assignmentDetail(office365.id, user),
    unmapped: await okta.unmappedAttributes(office365.id),
    grant: await grantOf(office365.id, groups, exclusionGroup, tools),
    further: further.filter((assignment) => assignment !== null),
    groups,
    isAdministrator: await okta.isAdministrator(user),
    entra: entraUser,
    licenses: entraUser === null ? [] : await entra.licenses(objectId),
    privileges: await entra.privileges(objectId),
    organization,
    domains,
    signInHost: isFederated(repair, domains) ? await entra.signInHost(domainOf(userName)) : null,
    holders: await entra.usersByAnchor(before.a),
    together: together.map((member) => member.objectId),
    named: await entra.usersByAddress(userName),
    deletedHolders: await entra.deletedByAnchor(before.a),
    parking: address === null ? null : { address, holders: await entra.usersByAddress(address) },
    capability: await capabilityOf(organization.id, office365.id, state),
    rights: await rightsOf(tools),
    purpose,
    now: clock.now(),
  };
}

/** What a pilot has proven of this tenant and app. */
export async function capabilityOf(
  tenant: string,
  app: string,
  { capabilities }: Pick<State, 'capabilities'>,
): Promise<CapabilityRow | null> {
  return (await capabilities.get('capability', joinKey(tenant, app)))?.row ?? null;
}

/** The first group by priority that grants the app to somebody in these groups. */
async function grantOf(
  app: string,
  groups: readonly string[],
  exclusionGroup: string | null,
  { okta }: LookTools,
): Promise<Grant | null> {
  const granting = (await okta.groupsGranting(app)).filter((group) => groups.includes(group));
  const [group, ...others] = granting;
  if (group === undefined) return null;
  const all = await okta.groupRules();
  const rules = all.filter((rule) => rule.groups.includes(group));
  const isNamedElsewhere = all.some(
    (rule) => exclusionGroup !== null && !rules.includes(rule) && rule.expression.includes(exclusionGroup),
  );
  const grantsNothing = exclusionGroup === null || (await okta.appsOf(exclusionGroup)).length === 0;
  return { group, apps: await okta.appsOf(group), rules, exclusionIsAlone: grantsNothing && !isNamedElsewhere, others };
}

function isFederated({ userName }: PlannedRepair, domains: readonly Domain[]): boolean {
  return domains.some(({ name, federated }) => federated && name.toLowerCase() === domainOf(userName));
}

/** The managed domain on which UPNs are parked: the configured one, else the tenant's initial domain. */
export function parkDomainOf(domains: readonly Domain[], configured: string | null): Domain | null {
  const wanted = (domain: Domain): boolean =>
    configured === null ? domain.initial : domain.name.toLowerCase() === configured.toLowerCase();
  return domains.find((one) => wanted(one) && one.verified && !one.federated) ?? null;
}

/** The person's own name on that domain. */
function parkingOf(repair: PlannedRepair, domains: readonly Domain[], parkDomain: string | null): string | null {
  const domain = repair.park ? parkDomainOf(domains, parkDomain) : null;
  return domain === null ? null : `${repair.userName.slice(0, repair.userName.lastIndexOf('@'))}@${domain.name}`;
}
