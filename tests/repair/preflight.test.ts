import { describe, expect, test } from 'vitest';
import type { EntraDetail } from '../../shared/ports/entra.ts';
import type { PreflightFacts, PreflightPolicy } from '../../shared/repair/facts.ts';
import { preflight } from '../../shared/repair/preflight.ts';
import { RULES } from '../../shared/repair/rules.ts';
import { adAccount, anchor, assignment, deletedUser, DOMAINS, entraUser } from '../compare/people.ts';

const OLD = anchor(2);
const ENTRA: EntraDetail = {
  ...entraUser('ada', { anchor: OLD, synced: null }),
  proxyAddresses: [],
  licenses: [],
  restricted: false,
  resourceAccount: false,
};
const POLICY: PreflightPolicy = {
  optedInGroup: '00gIn',
  protectedGroup: '00gProtected',
  protectedUsers: [],
  signInHosts: ['contoso.okta.com', 'login.contoso.com'],
  provisioningType: 'universal',
};

/** A person of whom nothing speaks against a repair. */
const FINE: PreflightFacts = {
  repair: {
    key: 'ada.id-ada',
    user: 'ada',
    objectId: 'id-ada',
    userName: 'ada@contoso.com',
    recipe: 'reanchor',
    park: true,
    after: null,
    before: { a: anchor(1), o: anchor(1), e: OLD },
  },
  app: {
    id: '0oaO365',
    label: 'Office 365',
    status: 'ACTIVE',
    domains: ['contoso.com'],
    features: ['PUSH_NEW_USERS', 'PUSH_PROFILE_UPDATES'],
  },
  provisioning: { deactivateUsers: 'ENABLED', importSchedule: null },
  user: { id: 'ada', login: 'ada@contoso.com', status: 'ACTIVE', created: 0 },
  directory: [adAccount('ada')],
  assignment: assignment('ada'),
  further: [],
  groups: ['00gIn'],
  isAdministrator: false,
  entra: ENTRA,
  privileges: [],
  organization: { id: 'tenant', displayName: 'Contoso', syncEnabled: true },
  domains: DOMAINS,
  signInHost: 'login.contoso.com',
  holders: [],
  deletedHolders: [],
  parking: { address: 'ada@contoso.onmicrosoft.com', holders: [] },
};

/** Each rule with the one fact that makes it refuse. */
const CASES: [string, Partial<PreflightFacts>, Partial<PreflightPolicy>?][] = [
  ['account-gone', { entra: null }],
  ['not-assigned', { assignment: null }],
  ['before-image', { directory: [adAccount('ada', { anchor: anchor(7) })] }],
  ['before-image', { assignment: assignment('ada', { anchor: anchor(7) }) }],
  ['before-image', { assignment: assignment('ada', { anchor: null }) }],
  ['before-image', { entra: { ...ENTRA, anchor: anchor(7) } }],
  ['before-image', { entra: { ...ENTRA, anchor: null } }],
  ['ad-unlinked', { directory: [] }],
  ['ad-unlinked', { directory: [adAccount('ada', { status: 'DEPROVISIONED' })] }],
  ['suspended', { directory: [adAccount('ada', { status: 'SUSPENDED' })] }],
  ['suspended', { assignment: assignment('ada', { status: 'SUSPENDED' }) }],
  ['already-equal', { entra: { ...ENTRA, anchor: anchor(1) } }],
  ['federated-elsewhere', { signInHost: 'adfs.contoso.com' }],
  ['federated-elsewhere', { signInHost: null }],
  ['federated-elsewhere', {}, { signInHosts: ['other.okta.com'] }],
  ['two-directories', { directory: [adAccount('ada'), adAccount('ada', { instance: '0oaAD2', anchor: anchor(7) })] }],
  ['name-differs', { entra: { ...ENTRA, userName: 'countess@contoso.com' } }],
  ['okta-user-not-active', { user: { id: 'ada', login: 'ada', status: 'SUSPENDED', created: 0 } }],
  ['okta-user-not-active', { user: null }],
  ['app-not-active', { app: { ...FINE.app, status: 'INACTIVE' } }],
  ['assignment-unsettled', { assignment: assignment('ada', { status: 'STAGED' }) }],
  ['assignment-unsettled', { assignment: assignment('ada', { syncState: 'ERROR' }) }],
  ['assigned-twice', { further: [assignment('ada', { app: '0oaOther' })] }],
  ['guest', { entra: { ...ENTRA, userType: 'Guest' } }],
  ['disabled', { entra: { ...ENTRA, enabled: false } }],
  ['resource-account', { entra: { ...ENTRA, resourceAccount: true } }],
  ['restricted', { entra: { ...ENTRA, restricted: true } }],
  ['privileged', { privileges: [{ kind: 'directory-role', name: 'Global Administrator' }] }],
  ['privileged', { privileges: [{ kind: 'eligible-role', name: 'User Administrator' }] }],
  ['privileged', { privileges: [{ kind: 'unknown', name: 'groups could not be read' }] }],
  ['okta-administrator', { isAdministrator: true }],
  ['protected', { groups: ['00gIn', '00gProtected'] }],
  ['protected', {}, { protectedUsers: ['ADA@contoso.com'] }],
  ['protected', {}, { protectedUsers: ['id-ada'] }],
  ['not-opted-in', { groups: [] }],
  ['not-opted-in', {}, { optedInGroup: null }],
  ['provisioning-off', { provisioning: { deactivateUsers: null, importSchedule: null } }],
  ['pushes-off', { app: { ...FINE.app, features: ['PUSH_NEW_USERS'] } }],
  ['domain-unknown', { domains: [] }],
  ['domain-unknown', { app: { ...FINE.app, domains: ['fabrikam.com'] } }],
  ['federation-changed', { domains: DOMAINS.map((domain) => ({ ...domain, federated: false })) }],
  ['no-parking', { parking: null }],
  ['parking-taken', { parking: { address: 'ada@contoso.onmicrosoft.com', holders: [entraUser('bob')] } }],
  ['parking-taken', { parking: { address: `${'a'.repeat(65)}@contoso.onmicrosoft.com`, holders: [] } }],
  ['anchor-held', { holders: [entraUser('bob', { anchor: anchor(1) })] }],
  ['anchor-held', { deletedHolders: [deletedUser('gone', anchor(1))] }],
  ['left-synchronisation', { entra: { ...ENTRA, synced: false } }],
  ['synced-by-another', { entra: { ...ENTRA, synced: true } }, { provisioningType: 'licenses' }],
];

test('a person of whom nothing speaks against it is ready for the API', () => {
  expect(preflight(FINE, POLICY)).toEqual({ state: 'ready', actor: 'api' });
});

test('whom Entra says is synchronised is ready for a person to be led: nobody has proven that a program may write', () => {
  expect(preflight({ ...FINE, entra: { ...ENTRA, synced: true } }, POLICY)).toEqual({
    state: 'ready',
    actor: 'person',
  });
});

test('a name that is the person’s own proxy address is no obstacle to parking', () => {
  const own = { address: 'ada@contoso.onmicrosoft.com', holders: [{ ...entraUser('ada') }] };

  expect(preflight({ ...FINE, parking: own }, POLICY).state).toBe('ready');
});

test('an AD account that is not linked any more does not count as a second directory', () => {
  const left = adAccount('ada', { instance: '0oaAD2', anchor: anchor(7), status: 'DEPROVISIONED' });

  expect(preflight({ ...FINE, directory: [adAccount('ada'), left] }, POLICY).state).toBe('ready');
});

test('a managed domain signs in at Entra itself, so nobody asks where it is federated to', () => {
  const managed: PreflightFacts = {
    ...FINE,
    repair: { ...FINE.repair, park: false },
    domains: DOMAINS.map((domain) => ({ ...domain, federated: false })),
    signInHost: null,
    parking: null,
  };

  expect(preflight(managed, POLICY).state).toBe('ready');
});

describe('each rule', () => {
  test.each(CASES)('%s refuses, and without that one fact it allows (%#)', (rule, facts, policy) => {
    const outcome = preflight({ ...FINE, ...facts }, { ...POLICY, ...policy });

    expect(outcome).toMatchObject({ state: 'refused', rule });
    expect(outcome.state === 'refused' && outcome.reason.length).toBeGreaterThan(15);
    expect(preflight(FINE, POLICY).state).toBe('ready');
  });

  test('anchor-malformed refuses what Entra would not take', () => {
    const before = { a: 'employee_7$', o: 'employee_7$', e: OLD };
    const odd: PreflightFacts = {
      ...FINE,
      repair: { ...FINE.repair, before },
      directory: [adAccount('ada', { anchor: before.a })],
      assignment: assignment('ada', { anchor: before.a }),
    };

    expect(preflight(odd, POLICY)).toMatchObject({ state: 'refused', rule: 'anchor-malformed' });
  });

  test('has a case', () => {
    const covered = new Set([...CASES.map(([rule]) => rule), 'anchor-malformed']);

    expect(RULES.map(({ name }) => name).filter((name) => !covered.has(name))).toEqual([]);
  });
});
