import { describeAnchor } from '../anchor/forms.ts';
import { domainOf } from '../compare/rule.ts';
import { isGuest, isLinked, isLive } from '../compare/standing.ts';
import type { PreflightFacts, PreflightPolicy } from './facts.ts';
import { HOUR, MINUTE } from '../time.ts';
import { anchorFault, nameFault } from './limits.ts';

/** A repair that begins now is through with its parked names by then. */
const IMPORT_NEAR = HOUR;

export interface Rule {
  readonly name: string;
  /** The reason to refuse, or null. */
  readonly refuses: (facts: PreflightFacts, policy: PreflightPolicy) => string | null;
  /** Not asked where a person has approved this very repair. */
  readonly liftedByApproval?: boolean;
}

/** An assignment that Okta is done with (Okta's OpenAPI, AppUser.status and AppUser.syncState). */
const SETTLED: ReadonlySet<string> = new Set(['ACTIVE', 'PROVISIONED']);
const UNSETTLED: ReadonlySet<string | null> = new Set(['SYNCING', 'ERROR', 'DISABLED']);

const SKU_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What a list in a profile names, each once and in lower case; null where it is no list of names. */
function namesIn(value: unknown): readonly string[] | null {
  if (!Array.isArray(value)) return null;
  const names = value.flatMap((name: unknown) => (typeof name === 'string' ? [name.toLowerCase()] : []));
  return names.length === value.length ? [...new Set(names)] : null;
}

/**
 * Whether what the scan saw as evidence holds by fresh reads. That the two were seen equal once stays true; equal anchors are what the
 * before-image compares.
 */
function isWitnessed({ repair, directory, assignment, entra }: PreflightFacts): boolean {
  const accounts = directory.filter(isLinked);
  if (repair.witness === 'external-id') return assignment?.externalId === repair.objectId;
  if (repair.witness === 'sid') return accounts.some(({ sid }) => sid !== null && sid === entra?.sid);
  if (repair.witness === 'employee-id')
    return accounts.some(({ employeeId }) => employeeId !== null && employeeId === entra?.employeeId);
  return repair.witness !== null;
}

/** Every rule, in the order in which it is asked. The first that refuses gives the reason; nothing has happened by then. */
export const RULES: readonly Rule[] = [
  {
    name: 'account-gone',
    refuses: ({ entra }) => (entra === null ? 'the Entra account is gone; it may be among the deleted users' : null),
  },
  {
    name: 'not-assigned',
    refuses: ({ assignment }) =>
      assignment !== null && isLive(assignment) ? null : 'Office 365 is not assigned any more',
  },
  {
    name: 'suspended',
    refuses: ({ assignment, directory }) =>
      [assignment, ...directory].some((one) => one?.status === 'SUSPENDED') ? 'the account is suspended in Okta' : null,
  },
  {
    name: 'ad-unlinked',
    refuses: ({ directory }) =>
      directory.some(isLinked) ? null : 'Okta holds no live link to an AD account of this person any more',
  },
  {
    name: 'already-equal',
    refuses: ({ directory, assignment, entra, purpose }) => {
      if (purpose.kind === 'undo') return null;
      const anchor = assignment?.anchor ?? null;
      const equal = typeof anchor === 'string' && anchor === entra?.anchor;
      return equal && directory.filter(isLinked).some((account) => account.anchor === anchor)
        ? 'all three sides are equal by now: somebody was here first'
        : null;
    },
  },
  {
    name: 'before-image',
    refuses: ({ repair, directory, assignment, entra, purpose }) => {
      const { a, o, e } = repair.before;
      // What is taken back is AD's no more.
      const source = purpose.kind === 'undo' ? o : a;
      const moved = [
        directory.filter(isLinked).some(({ anchor }) => anchor === source) ? [] : ['AD'],
        assignment?.anchor === o ? [] : ['Okta'],
        entra?.anchor === e ? [] : ['Entra'],
      ].flat();
      return moved.length === 0
        ? null
        : `the anchor in ${moved.join(' and ')} is not what the scan saw; the next scan looks again`;
    },
  },
  {
    name: 'no-witness',
    refuses: (facts) =>
      isWitnessed(facts)
        ? null
        : 'nothing shows any more that the two accounts are one person’s: equal names do not; the next scan looks again',
  },
  {
    name: 'two-directories',
    refuses: ({ directory }) => {
      const anchors = new Set(directory.filter(isLinked).map(({ anchor }) => JSON.stringify(anchor)));
      return anchors.size > 1 ? `the person has ${anchors.size} different anchors in AD instances` : null;
    },
  },
  {
    name: 'name-differs',
    refuses: ({ repair, assignment, entra }) => {
      const names = [repair.userName, assignment?.userName, entra?.userName].map((name) => name?.toLowerCase());
      return new Set(names).size === 1
        ? null
        : 'the user name that Okta pushes, the UPN and the planned name are not one';
    },
  },
  {
    name: 'okta-user-not-active',
    refuses: ({ user }) =>
      user?.status === 'ACTIVE' ? null : `the Okta user is ${user?.status ?? 'gone'}, not ACTIVE`,
  },
  {
    name: 'app-not-active',
    refuses: ({ app }) => (app.status === 'ACTIVE' ? null : `the Office 365 app is ${app.status}`),
  },
  {
    name: 'assignment-unsettled',
    refuses: ({ assignment }) => {
      if (assignment === null || (SETTLED.has(assignment.status) && !UNSETTLED.has(assignment.syncState))) return null;
      const state = `${assignment.status}${assignment.syncState === null ? '' : `, ${assignment.syncState}`}`;
      return `Okta has not finished with the assignment (${state}); see its tasks under Dashboard, Tasks`;
    },
  },
  {
    name: 'assigned-twice',
    refuses: ({ further }) => (further.length > 0 ? 'a second Office 365 app pushes this person too' : null),
  },
  {
    name: 'guest',
    refuses: ({ entra }) => (entra !== null && isGuest(entra) ? 'the account is a guest’s' : null),
  },
  {
    name: 'disabled',
    refuses: ({ entra }) => (entra?.enabled === true ? null : 'the Entra account is disabled'),
  },
  {
    name: 'resource-account',
    refuses: ({ entra }) => (entra?.resourceAccount === true ? 'the account is a resource account' : null),
  },
  {
    name: 'restricted',
    refuses: ({ entra }) =>
      entra?.restricted === true ? 'the account is in a restricted management administrative unit' : null,
  },
  {
    name: 'privileged',
    refuses: ({ privileges }) => {
      const [first] = privileges;
      if (first === undefined) return null;
      if (first.kind === 'unknown') return `it cannot be read whether the account is privileged (${first.name})`;
      return `the account is privileged: ${first.kind} ${first.name}`;
    },
  },
  {
    name: 'okta-administrator',
    refuses: ({ isAdministrator }) =>
      isAdministrator ? 'the person is an Okta administrator, or that cannot be read' : null,
  },
  {
    name: 'protected',
    refuses: ({ repair, groups }, { protectedGroup, protectedUsers }) => {
      const names = new Set([repair.user, repair.objectId, repair.userName].map((name) => name.toLowerCase()));
      const listed = protectedUsers.some((entry) => names.has(entry.toLowerCase()));
      const grouped = protectedGroup !== null && groups.includes(protectedGroup);
      return listed || grouped ? 'the person is protected by configuration' : null;
    },
  },
  {
    name: 'roles-in-assignment',
    refuses({ assignment }) {
      const roles: unknown = assignment?.profile['roles'];
      const has = Array.isArray(roles) ? roles.length > 0 : roles !== undefined && roles !== null && roles !== '';
      return has ? 'Okta’s assignment gives the person roles in Entra' : null;
    },
  },
  {
    name: 'licences-outside-okta',
    refuses({ assignment, licenses }) {
      const straight = [...new Set(licenses.flatMap(({ sku, group }) => (group === null ? [sku.toLowerCase()] : [])))];
      if (straight.length === 0) return null;
      const pushed = namesIn(assignment?.profile['licenses']);
      if (pushed === null)
        return `the account has ${straight.length} licences that no group gives, and it cannot be told whether Okta’s assignment gives them: assigning again might take them away`;
      // Nobody has written down how Okta names licences. Ids of Microsoft's compare as they are, all other names by their number alone.
      const outside = pushed.every((name) => SKU_ID.test(name))
        ? straight.filter((sku) => !pushed.includes(sku))
        : straight.slice(pushed.length);
      return outside.length > 0
        ? `the account has ${straight.length} licences that no group gives, and ${outside.length} of them are not in Okta’s assignment: assigning again would take them away`
        : null;
    },
  },
  {
    name: 'office365-import-due',
    refuses({ provisioning: { nextImport }, now }) {
      if (nextImport === 'unknown')
        return 'it cannot be read when the next import from Office 365 into Okta is due, and it would carry a parked name along';
      if (nextImport === null || nextImport - now > IMPORT_NEAR) return null;
      const minutes = Math.max(0, Math.round((nextImport - now) / MINUTE));
      return `an import from Office 365 into Okta is due in ${minutes} minutes and would carry a parked name along`;
    },
  },
  {
    name: 'not-opted-in',
    liftedByApproval: true,
    refuses: ({ groups }, { optedInGroup }) =>
      optedInGroup !== null && groups.includes(optedInGroup) ? null : 'the person is not in the opted-in Okta group',
  },
  {
    name: 'provisioning-off',
    refuses: ({ provisioning }) =>
      provisioning.deactivateUsers === null
        ? 'provisioning is off for the Office 365 app, so that assigning again links nothing'
        : null,
  },
  {
    name: 'pushes-off',
    refuses: ({ app }) => {
      const missing = ['PUSH_NEW_USERS', 'PUSH_PROFILE_UPDATES'].filter((feature) => !app.features.includes(feature));
      return missing.length > 0 ? `the Office 365 app does not push: ${missing.join(', ')} off` : null;
    },
  },
  {
    name: 'domain-unknown',
    refuses: ({ repair, app, domains }) => {
      const name = domainOf(repair.userName);
      const domain = domains.find((one) => one.name.toLowerCase() === name);
      if (domain === undefined || !domain.verified) return `the domain ${name} is not a verified domain of the tenant`;
      const ours = app.domains.some((one) => one.toLowerCase() === name);
      return ours ? null : `the domain ${name} is not a domain of this Office 365 app`;
    },
  },
  {
    name: 'federation-changed',
    refuses: ({ repair, domains }) => {
      const federated = domains.find((one) => one.name.toLowerCase() === domainOf(repair.userName))?.federated === true;
      if (repair.recipe === 'reassign' || federated === repair.park) return null;
      return `the domain is ${federated ? 'federated' : 'managed'} now and was not when this was planned; the next scan plans anew`;
    },
  },
  {
    name: 'federated-elsewhere',
    refuses: ({ repair, domains, signInHost }, { signInHosts }) => {
      const name = domainOf(repair.userName);
      const federated = domains.some((one) => one.federated && one.name.toLowerCase() === name);
      if (!federated || (signInHost !== null && signInHosts.includes(signInHost))) return null;
      return `Entra sends the sign-ins of ${name} to ${signInHost ?? 'an address it does not tell'}, not to ${signInHosts.join(' or ')}; if that is your Okta, name it in ANCHORWATCH_SIGN_IN_HOSTS`;
    },
  },
  {
    name: 'no-parking',
    refuses: ({ repair, parking }) =>
      repair.park && parking === null ? 'the tenant has no verified managed domain to park the UPN on' : null,
  },
  {
    name: 'parking-taken',
    refuses: ({ repair, parking }) => {
      if (parking === null) return null;
      const fault = nameFault(parking.address);
      if (fault !== null) return `the UPN cannot be parked: ${fault}`;
      const others = parking.holders.filter(({ id }) => id !== repair.objectId);
      return others.length > 0 ? `the address to park on belongs to another account (${others[0]?.id})` : null;
    },
  },
  {
    name: 'parking-residue',
    refuses({ repair, parking, entra }, { allowResidue }) {
      if (!repair.park || parking === null || entra === null || allowResidue) return null;
      const own = entra.proxyAddresses.map((address) => address.toLowerCase());
      if (own.length === 0 || own.includes(`smtp:${parking.address.toLowerCase()}`)) return null;
      return `${parking.address} is not among the person’s addresses, and would stay one for good`;
    },
  },
  {
    name: 'second-account',
    refuses({ named, repair }) {
      const other = named.find(({ id }) => id !== repair.objectId);
      return other === undefined ? null : `another account (${other.id}) has the person’s user name or address`;
    },
  },
  {
    name: 'anchor-malformed',
    // What is taken back stood there once, whatever it is.
    refuses: ({ repair: { before }, purpose }, { anchorIsGuid }) =>
      anchorIsGuid && purpose.kind !== 'undo' && describeAnchor(before.a).form !== 'base64'
        ? 'the anchor is no base64 of an objectGUID, and no other attribute is configured as the source anchor'
        : anchorFault(before.a),
  },
  {
    name: 'anchor-held',
    refuses: ({ holders, deletedHolders, together }) => {
      const other = holders.find(({ id }) => !together.includes(id));
      if (other !== undefined) return `the live account ${other.id} holds the anchor`;
      const deleted = deletedHolders[0];
      return deleted === undefined
        ? null
        : `the deleted account ${deleted.id} holds the anchor, and may be restored with it`;
    },
  },
  {
    name: 'left-synchronisation',
    refuses: ({ entra }) =>
      entra?.synced === false
        ? 'the account was synchronised once and is not any more; Entra does not let its anchor be written'
        : null,
  },
  {
    name: 'synced-by-another',
    refuses: ({ entra, organization }, { provisioningType }) => {
      const byOkta = provisioningType === null || provisioningType === 'user' || provisioningType === 'universal';
      const synced = organization.syncEnabled === true && entra?.synced === true;
      return synced && !byOkta
        ? 'the tenant is synchronised, and not by Okta: the anchor belongs to the other tool'
        : null;
    },
  },
];
