import type { Domain } from '../compare/rows.ts';
import { domainOf } from '../compare/rule.ts';
import type { PlannedRepair } from '../plan/plan.ts';
import type { EntraReader } from '../ports/entra.ts';
import type { OktaReader } from '../ports/okta.ts';
import type { PreflightFacts } from './facts.ts';

/** Reads both sides fresh, singly, for one repair. Throws AnchorwatchError when a side cannot be read. */
export async function look(
  repair: PlannedRepair,
  { okta, entra }: { readonly okta: OktaReader; readonly entra: EntraReader },
  parkDomain: string | null,
): Promise<PreflightFacts> {
  const { user, objectId, before } = repair;
  const [apps, domains, organization] = await Promise.all([okta.apps(), entra.domains(), entra.organization()]);
  const { office365, otherOffice365, directories } = apps;
  const accounts = [];
  for (const { id } of directories) accounts.push(await okta.directoryAccount(id, user));
  const further = [];
  for (const { id } of otherOffice365) further.push(await okta.assignment(id, user));
  const address = parkingOf(repair, domains, parkDomain);
  return {
    repair,
    app: office365,
    provisioning: await okta.provisioning(office365.id),
    user: await okta.user(user),
    directory: accounts.filter((account) => account !== null),
    assignment: await okta.assignment(office365.id, user),
    further: further.filter((assignment) => assignment !== null),
    groups: await okta.groupsOf(user),
    isAdministrator: await okta.isAdministrator(user),
    entra: await entra.user(objectId),
    privileges: await entra.privileges(objectId),
    organization,
    domains,
    signInHost: isFederated(repair, domains) ? await entra.signInHost(domainOf(repair.userName)) : null,
    holders: await entra.usersByAnchor(before.a),
    deletedHolders: await entra.deletedByAnchor(before.a),
    parking: address === null ? null : { address, holders: await entra.usersByAddress(address) },
  };
}

function isFederated({ userName }: PlannedRepair, domains: readonly Domain[]): boolean {
  return domains.some(({ name, federated }) => federated && name.toLowerCase() === domainOf(userName));
}

/** The person's own name on the managed domain: the configured one, else the tenant's initial domain. */
function parkingOf(repair: PlannedRepair, domains: readonly Domain[], parkDomain: string | null): string | null {
  if (!repair.park) return null;
  const wanted = (domain: Domain): boolean =>
    parkDomain === null ? domain.initial : domain.name.toLowerCase() === parkDomain.toLowerCase();
  const domain = domains.find((one) => wanted(one) && one.verified && !one.federated);
  return domain === undefined ? null : `${repair.userName.slice(0, repair.userName.lastIndexOf('@'))}@${domain.name}`;
}
