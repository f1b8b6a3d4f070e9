import type { Domain } from '../../compare/rows.ts';
import type { Setup } from '../../state/rows.ts';
import type { ReadPlan } from '../../state/read-plan.ts';
import type { Tools } from '../tools.ts';

/** What one look at both tenants tells before anything is listed. */
export interface Tenant {
  readonly plan: ReadPlan;
  readonly office365: string;
  /** Domains that the Office 365 app names. */
  readonly appDomains: readonly string[];
  readonly domains: readonly Domain[];
  readonly setup: Setup;
  /** Everybody's profile in Okta comes from the AD instance they are in, as far as the instances say. */
  readonly profilesAreSourced: boolean;
  /** What an admin should know about it, in whole sentences. */
  readonly warnings: readonly string[];
}

export async function lookAtTenant(tools: Tools): Promise<Tenant> {
  const { okta, entra } = tools;
  const [apps, domains] = await Promise.all([okta.apps(), entra.domains()]);
  const { office365 } = apps;
  const mapping = await okta.anchorMapping(office365.id);
  const provisioning = await okta.provisioning(office365.id);
  const warnings: string[] = [];
  if (provisioning.deactivateUsers === null) {
    warnings.push(`Provisioning is off for ${office365.label}: Okta pushes nothing, and what it holds may be old.`);
  }
  if (provisioning.importSchedule !== null) {
    warnings.push(
      `Users are imported from Microsoft 365 into Okta, ${provisioning.importSchedule}: names changed there come back.`,
    );
  }
  if (!mapping.isDefault) {
    const expression = mapping.expression === null ? 'no mapping was found' : `it is ${mapping.expression}`;
    warnings.push(
      `The Immutable ID is not mapped the default way: ${expression}. Check that the setting for the source anchor names the same attribute.`,
    );
  }
  for (const app of apps.otherOffice365) {
    warnings.push(
      `A second Office 365 app is active: ${app.label} (${app.id}). People assigned in both are pushed by both.`,
    );
  }
  const plan: ReadPlan = {
    directories: apps.directories.map(({ id, label }) => ({ id, label })),
    office365: office365.id,
    furtherOffice365: apps.otherOffice365.map(({ id, label }) => ({ id, label })),
  };
  return {
    plan,
    office365: office365.id,
    appDomains: office365.domains.map((domain) => domain.toLowerCase()),
    domains,
    setup: { mapping: mapping.expression, deactivateUsers: provisioning.deactivateUsers },
    profilesAreSourced: apps.directories.every(({ isProfileSource }) => isProfileSource),
    warnings,
  };
}
