import { DAY } from '../../../shared/time.ts';
import { DOMAINS } from './company-plan.ts';
import type { Maker } from './maker.ts';
import type { Wish } from './people.ts';
import { anchorOf, type WholePerson, withAnchors, withAssignment, withEntra, withExtras, withOkta } from './person.ts';

const GLOBAL_ADMINISTRATOR = '62e90394-69f5-4237-9190-012177145e10';
const EXCHANGE_ADMINISTRATOR = '29232cdf-9323-42fd-ade2-1d097af3e4de';

/** Why a repair must be refused although the drift is as plain as can be. */
const GUARDS = {
  'directory-role': (person: WholePerson) => withExtras(person, { roles: [GLOBAL_ADMINISTRATOR] }),
  'eligible-role': (person: WholePerson) => withExtras(person, { eligibleRoles: [EXCHANGE_ADMINISTRATOR] }),
  'role-assignable-group': (person: WholePerson, make: Maker) =>
    withExtras(person, { groups: [make.company.entraGroups.roleAssignable] }),
  'nested-role-assignable-group': (person: WholePerson, make: Maker) =>
    withExtras(person, { groups: [make.company.entraGroups.nested] }),
  'owner-of-role-assignable-group': (person: WholePerson, make: Maker) =>
    withExtras(person, { owns: [make.company.entraGroups.roleAssignable] }),
  restricted: (person: WholePerson) => withExtras(person, { restricted: true }),
  'resource-account': (person: WholePerson) => withExtras(person, { resourceAccount: true }),
  'okta-administrator': (person: WholePerson) => withOkta(person, { adminRoles: ['APP_ADMIN'] }),
  'roles-in-assignment': (person: WholePerson) => withAssignment(person, { roles: ['Exchange Administrator'] }),
  'licences-outside-okta': (person: WholePerson, make: Maker) =>
    withEntra(withAssignment(person, { licenses: [] }), { licenses: make.licence() }),
  disabled: (person: WholePerson) => withEntra(person, { enabled: false }),
  'fell-out-of-sync': (person: WholePerson, make: Maker) =>
    withExtras(withEntra(person, { synced: false }), { lastSync: make.start - 90 * DAY }),
  'managed-domain': (person: WholePerson) => person,
  'foreign-domain': (person: WholePerson) => person,
} satisfies Readonly<Record<string, (person: WholePerson, make: Maker) => WholePerson>>;

export type Guard = keyof typeof GUARDS;

export const GUARD_NAMES = [
  'directory-role',
  'eligible-role',
  'role-assignable-group',
  'nested-role-assignable-group',
  'owner-of-role-assignable-group',
  'restricted',
  'resource-account',
  'okta-administrator',
  'roles-in-assignment',
  'licences-outside-okta',
  'disabled',
  'fell-out-of-sync',
  'managed-domain',
  'foreign-domain',
] as const satisfies readonly Guard[];

const WISHES: Partial<Readonly<Record<Guard, Wish>>> = {
  'managed-domain': { domain: DOMAINS.managed },
  'foreign-domain': { domain: DOMAINS.foreign },
};

/** Row 2, opted in, and guarded. In a managed domain the anchor plays no part in signing in. */
export function guarded(make: Maker, guard: Guard): void {
  const person = GUARDS[guard](make.person({ ...WISHES[guard], optedIn: true }), make);
  const a = anchorOf(person);
  make.plant(withAnchors(person, { a, o: a, e: make.anchor() }), {
    kind: `guarded: ${guard}`,
    verdict: 'entra-stale',
    row: 2,
    impact: guard === 'managed-domain' ? 'groups only' : 'cannot sign in',
    guard,
  });
}
