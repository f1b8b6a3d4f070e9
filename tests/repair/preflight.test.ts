import { describe, expect, test } from 'vitest';
import type { EntraDetail } from '../../shared/ports/entra.ts';
import type { AssignmentDetail } from '../../shared/ports/okta-repairs.ts';
import type { Grant, PreflightFacts, PreflightPolicy } from '../../shared/repair/facts.ts';
import { setupOf } from '../../shared/repair/capability.ts';
import { modeAllows, preflight, runMayBegin } from '../../shared/repair/preflight.ts';
import { RULES } from '../../shared/repair/rules.ts';
import type { RunSummary } from '../../shared/state/rows.ts';
import type { CapabilityRow, Course } from '../../shared/state/repair-rows.ts';
import { DAY, HOUR, MINUTE } from '../../shared/time.ts';
import { adAccount, anchor, assignment, deletedUser, DOMAINS, entraUser } from '../compare/people.ts';

const OLD = anchor(2);
const NOW = Date.UTC(2026, 10, 23, 2);
const SKU = '05e9a617-0261-4cee-bb44-138d3ef5d965';
const OTHER_SKU = '06ebc4ee-1bb5-47dd-8120-11324bc54e06';
const ENTRA: EntraDetail = {
  ...entraUser('ada', { anchor: OLD, synced: null }),
  proxyAddresses: ['SMTP:ada@contoso.com', 'smtp:Ada@contoso.onmicrosoft.com'],
  licenses: [],
  restricted: false,
  resourceAccount: false,
};
const POLICY: PreflightPolicy = {
  mode: 'remediate',
  maxRepairs: 25,
  maxPercent: 2,
  anchorIsGuid: true,
  optedInGroup: '00gIn',
  protectedGroup: '00gProtected',
  protectedUsers: [],
  signInHosts: ['contoso.okta.com', 'login.contoso.com'],
  provisioningType: 'universal',
  exclusionGroup: '00gExcluded',
  allowResidue: false,
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
    witness: 'seen-matched',
  },
  app: {
    id: '0oaO365',
    label: 'Office 365',
    status: 'ACTIVE',
    domains: ['contoso.com'],
    features: ['PUSH_NEW_USERS', 'PUSH_PROFILE_UPDATES'],
  },
  provisioning: { deactivateUsers: 'ENABLED', importSchedule: null, nextImport: null },
  user: { id: 'ada', login: 'ada@contoso.com', status: 'ACTIVE', created: 0, lastLogin: null },
  directory: [adAccount('ada')],
  assignment: assigned(),
  unmapped: ['licenses', 'roles'],
  grant: null,
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
  together: ['id-ada'],
  named: [ENTRA],
  licenses: [{ sku: 'e3', group: null }],
  parking: { address: 'ada@contoso.onmicrosoft.com', holders: [] },
  capability: null,
  rights: 'all that is needed',
  purpose: { kind: 'drift' },
  now: NOW,
};

/** The assignment, with the licence that Okta pushes. */
function assigned(over: Partial<AssignmentDetail> = {}): AssignmentDetail {
  return { ...assignment('ada'), profile: { licenses: ['E3'], roles: [] }, grantedBy: null, ...over };
}

/** Somebody whose assignment names these licences, and whose account has those straight. */
function pushing(names: readonly unknown[], ...straight: readonly string[]): Partial<PreflightFacts> {
  return {
    assignment: assigned({ profile: { licenses: names } }),
    licenses: straight.map((sku) => ({ sku, group: null })),
  };
}

/** Each rule with the one fact that makes it refuse: a case for every condition in it. */
const CASES: [string, Partial<PreflightFacts>, Partial<PreflightPolicy>?][] = [
  ['account-gone', { entra: null }],
  ['not-assigned', { assignment: null }],
  ['not-assigned', { assignment: assigned({ status: 'DEPROVISIONED' }) }],
  ['not-assigned', { assignment: assigned({ status: 'REVOKED' }) }],
  ['ad-unlinked', { directory: [adAccount('ada', { status: 'REVOKED' })] }],
  ['before-image', { directory: [adAccount('ada', { anchor: anchor(7) })] }],
  ['before-image', { assignment: assigned({ anchor: anchor(7) }) }],
  ['before-image', { assignment: assigned({ anchor: null }) }],
  ['before-image', { entra: { ...ENTRA, anchor: anchor(7) } }],
  ['before-image', { entra: { ...ENTRA, anchor: null } }],
  ['no-witness', { repair: { ...FINE.repair, witness: null } }],
  [
    'no-witness',
    { repair: { ...FINE.repair, witness: 'external-id' }, assignment: assigned({ externalId: 'id-bob' }) },
  ],
  ['no-witness', { repair: { ...FINE.repair, witness: 'sid' }, directory: [adAccount('ada', { sid: null })] }],
  ['no-witness', { repair: { ...FINE.repair, witness: 'sid' }, entra: { ...ENTRA, sid: 'S-1-5-21-7' } }],
  ['no-witness', { repair: { ...FINE.repair, witness: 'employee-id' }, entra: { ...ENTRA, employeeId: '7' } }],
  ['ad-unlinked', { directory: [] }],
  ['ad-unlinked', { directory: [adAccount('ada', { status: 'DEPROVISIONED' })] }],
  ['suspended', { directory: [adAccount('ada', { status: 'SUSPENDED' })] }],
  ['suspended', { assignment: assigned({ status: 'SUSPENDED' }) }],
  ['already-equal', { entra: { ...ENTRA, anchor: anchor(1) } }],
  ['federated-elsewhere', { signInHost: 'adfs.contoso.com' }],
  ['federated-elsewhere', { signInHost: null }],
  ['federated-elsewhere', {}, { signInHosts: ['other.okta.com'] }],
  ['two-directories', { directory: [adAccount('ada'), adAccount('ada', { instance: '0oaAD2', anchor: anchor(7) })] }],
  ['name-differs', { assignment: assigned({ userName: 'countess@contoso.com' }) }],
  ['name-differs', { assignment: assigned({ userName: null }) }],
  ['name-differs', { entra: { ...ENTRA, userName: 'countess@contoso.com' } }],
  ['okta-user-not-active', { user: { id: 'ada', login: 'ada', status: 'SUSPENDED', created: 0, lastLogin: null } }],
  ['okta-user-not-active', { user: null }],
  ['app-not-active', { app: { ...FINE.app, status: 'INACTIVE' } }],
  ['assignment-unsettled', { assignment: assigned({ status: 'STAGED' }) }],
  ['assignment-unsettled', { assignment: assigned({ status: 'PENDING' }) }],
  ['assignment-unsettled', { assignment: assigned({ status: 'IMPORTED' }) }],
  ['assignment-unsettled', { assignment: assigned({ syncState: 'SYNCING' }) }],
  ['assignment-unsettled', { assignment: assigned({ syncState: 'DISABLED' }) }],
  ['assignment-unsettled', { assignment: assigned({ syncState: 'ERROR' }) }],
  ['assigned-twice', { further: [assignment('ada', { app: '0oaOther' })] }],
  ['guest', { entra: { ...ENTRA, userType: 'Guest' } }],
  ['guest', { entra: { ...ENTRA, creationType: 'Invitation' } }],
  ['guest', { entra: { ...ENTRA, externalUserState: 'Accepted' } }],
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
  ['protected', {}, { protectedUsers: ['Ada'] }],
  [
    'roles-in-assignment',
    { assignment: assigned({ profile: { licenses: ['E3'], roles: ['Exchange Administrator'] } }) },
  ],
  ['roles-in-assignment', { assignment: assigned({ profile: { licenses: ['E3'], roles: 'a role' } }) }],
  ['licences-outside-okta', { assignment: assigned({ profile: { licenses: [] } }) }],
  ['licences-outside-okta', { assignment: assigned({ profile: {} }) }],
  [
    'licences-outside-okta',
    {
      licenses: [
        { sku: 'e3', group: null },
        { sku: 'visio', group: null },
      ],
    },
  ],
  ['licences-outside-okta', { assignment: assigned({ profile: { licenses: 'E3' } }) }],
  ['licences-outside-okta', { assignment: assigned({ profile: { licenses: [{ sku: SKU }] } }) }],
  ['licences-outside-okta', pushing([OTHER_SKU], SKU)],
  ['licences-outside-okta', pushing([SKU, SKU], SKU, OTHER_SKU)],
  ['licences-outside-okta', pushing(['E3', 'E3'], SKU, OTHER_SKU)],
  ['second-account', { named: [ENTRA, entraUser('bob')] }],
  ['office365-import-due', { provisioning: { ...FINE.provisioning, nextImport: 'unknown' } }],
  ['office365-import-due', { provisioning: { ...FINE.provisioning, nextImport: NOW + HOUR } }],
  ['parking-residue', { parking: { address: 'ada@labs.example', holders: [] } }],
  ['not-opted-in', { groups: [] }],
  ['not-opted-in', {}, { optedInGroup: null }],
  ['provisioning-off', { provisioning: { deactivateUsers: null, importSchedule: null, nextImport: null } }],
  ['pushes-off', { app: { ...FINE.app, features: ['PUSH_PROFILE_UPDATES'] } }],
  ['pushes-off', { app: { ...FINE.app, features: ['PUSH_NEW_USERS'] } }],
  ['domain-unknown', { domains: [] }],
  ['domain-unknown', { domains: DOMAINS.map((domain) => ({ ...domain, verified: false })) }],
  ['domain-unknown', { app: { ...FINE.app, domains: ['fabrikam.com'] } }],
  ['federation-changed', { domains: DOMAINS.map((domain) => ({ ...domain, federated: false })) }],
  ['no-parking', { parking: null }],
  ['parking-taken', { parking: { address: 'ada@contoso.onmicrosoft.com', holders: [entraUser('bob')] } }],
  ['parking-taken', { parking: { address: `${'a'.repeat(65)}@contoso.onmicrosoft.com`, holders: [] } }],
  ['parking-taken', { parking: { address: `ada@${'b'.repeat(49)}`, holders: [] } }],
  ['parking-taken', { parking: { address: 'ad\u00E4@contoso.onmicrosoft.com', holders: [] } }],
  ['parking-taken', { parking: { address: 'ada', holders: [] } }],
  ['anchor-held', { holders: [entraUser('bob', { anchor: anchor(1) })] }],
  ['anchor-held', { holders: [entraUser('ada'), entraUser('bob', { anchor: anchor(1) })] }],
  ['anchor-held', { deletedHolders: [deletedUser('gone', anchor(1))] }],
  ['left-synchronisation', { entra: { ...ENTRA, synced: false } }],
  ['synced-by-another', { entra: { ...ENTRA, synced: true } }, { provisioningType: 'licenses' }],
];

test('a person of whom nothing speaks against it is ready for the API', () => {
  expect(preflight(FINE, POLICY)).toMatchObject({ state: 'ready', course: { writes: 'api', unassign: 'direct' } });
});

test('whom Entra says is synchronised is ready for a person to be led: nobody has proven that a program may write', () => {
  expect(preflight({ ...FINE, entra: { ...ENTRA, synced: true } }, POLICY)).toMatchObject({
    state: 'ready',
    course: { writes: 'person' },
  });
});

test.each<[string, Partial<PreflightFacts>]>([
  ['that a group gives, whatever Okta’s assignment says of licences', groupLicensed({ licenses: [] })],
  ['that a group gives, where Okta’s assignment says nothing of licences', groupLicensed({})],
  ['that Okta’s assignment names by their ids, in whatever letters', pushing([OTHER_SKU, SKU.toUpperCase()], SKU)],
  ['of which Okta’s assignment names as many', pushing(['E3', 'Visio'], SKU, OTHER_SKU)],
  ['of which one is given twice, and named once', pushing(['E3'], SKU, SKU)],
])('licences %s are no obstacle', (_which, facts) => {
  expect(preflight({ ...FINE, ...facts }, POLICY).state).toBe('ready');
});

function groupLicensed(profile: AssignmentDetail['profile']): Partial<PreflightFacts> {
  return { assignment: assigned({ profile }), licenses: [{ sku: SKU, group: '00gLicences' }] };
}

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

  test.each([
    ['xyz', true],
    ['6f9619ff-8b86-d011-b42d-00c04fc964ff', true],
    ['employee_7$', false],
    ['with space', false],
    ['7'.repeat(60), false],
  ])('anchor-malformed refuses %s (only GUIDs: %s), and allows what Entra takes', (text, anchorIsGuid) => {
    expect(preflight(withAnchor(text), { ...POLICY, anchorIsGuid })).toMatchObject({ rule: 'anchor-malformed' });
    expect(preflight(withAnchor('employee-7'), { ...POLICY, anchorIsGuid: false }).state).toBe('ready');
    expect(preflight(withAnchor(anchor(1)), POLICY).state).toBe('ready');
  });

  test('has a case', () => {
    const covered = new Set([...CASES.map(([rule]) => rule), 'anchor-malformed']);

    expect(RULES.map(({ name }) => name).filter((name) => !covered.has(name))).toEqual([]);
  });
});

/** Everything as before, with another source anchor. */
function withAnchor(text: string): PreflightFacts {
  return {
    ...FINE,
    repair: { ...FINE.repair, before: { a: text, o: text, e: OLD } },
    directory: [adAccount('ada', { anchor: text })],
    assignment: assigned({ anchor: text }),
  };
}

test('an account that holds the wanted anchor itself is no obstacle', () => {
  expect(preflight({ ...FINE, holders: [entraUser('ada')] }, POLICY).state).toBe('ready');
});

test('whether the domain is federated matters only to repairs that write to Entra', () => {
  const managed = DOMAINS.map((domain) => ({ ...domain, federated: false }));
  const reassign: PreflightFacts = {
    ...FINE,
    repair: { ...FINE.repair, recipe: 'reassign', park: false, before: { a: anchor(1), o: OLD, e: anchor(1) } },
    assignment: assigned({ anchor: OLD }),
    entra: { ...ENTRA, anchor: anchor(1) },
    parking: null,
  };

  expect(preflight(reassign, POLICY).state).toBe('ready');
  expect(preflight({ ...reassign, domains: managed }, POLICY).state).toBe('ready');
});

test('a domain that was managed when the repair was planned must not have become federated', () => {
  const planned = { ...FINE, repair: { ...FINE.repair, park: false }, parking: null };

  expect(preflight(planned, POLICY)).toMatchObject({ rule: 'federation-changed' });
});

test('another tool’s synchronisation owns the anchor only where the tenant and the account are synchronised', () => {
  const policy: PreflightPolicy = { ...POLICY, provisioningType: 'profile' };
  const synced = { ...FINE, entra: { ...ENTRA, synced: true } };
  const off = { ...synced, organization: { ...FINE.organization, syncEnabled: false } };

  expect(preflight(synced, policy)).toMatchObject({ rule: 'synced-by-another' });
  expect(preflight(off, policy).state).toBe('ready');
  expect(preflight(FINE, policy).state).toBe('ready');
});

test('a privilege that cannot be read is said to be unknown, not held', () => {
  const unknown = preflight({ ...FINE, privileges: [{ kind: 'unknown', name: 'eligible roles' }] }, POLICY);

  expect(unknown).toMatchObject({ reason: expect.stringMatching(/cannot be read .*eligible roles/) });
});

describe('before anybody is looked at', () => {
  const good: Parameters<typeof runMayBegin>[0] = { state: 'good', summary: null };
  const frozen = { rule: 'over-limit', reason: 'too many' } as const;

  test.each<[string, Parameters<typeof runMayBegin>[0], Partial<PreflightPolicy>]>([
    ['run-gone', null, {}],
    ['run-not-good', { ...good, state: 'could-not-tell' }, {}],
    ['run-not-good', { ...good, state: 'reading' }, {}],
    ['frozen', { ...good, summary: summaryOf({ freeze: frozen }) }, {}],
    ['observe-mode', good, { mode: 'observe' }],
    ['wants-approval', good, { mode: 'propose' }],
    ['limit-zero', good, { maxRepairs: 0 }],
    ['limit-zero', good, { maxPercent: 0 }],
  ])('%s refuses', (rule, run, policy) => {
    expect(runMayBegin(run, null) ?? allows(policy)).toMatchObject({ state: 'refused', rule });
    expect(runMayBegin({ ...good, summary: summaryOf({ freeze: null }) }, null) ?? allows({})).toBeNull();
  });
});

function allows(more: Partial<PreflightPolicy>): ReturnType<typeof modeAllows> {
  return modeAllows({ ...POLICY, ...more }, { purpose: { kind: 'drift' }, approval: null });
}

function summaryOf(over: Pick<RunSummary, 'freeze'>): RunSummary {
  const none = { directories: {}, assignments: {}, entra: {}, deleted: {} };
  return {
    baseline: false,
    paired: 0,
    matched: 0,
    verdicts: {},
    impacts: {},
    changes: {},
    unconfirmed: 0,
    buckets: none,
    causes: [],
    checksum: '',
    queued: 0,
    proposed: 0,
    setup: null,
    held: {},
    refused: {},
    warnings: [],
    ...over,
  };
}

const LEFT_OUT = [
  '!isMemberOfGroup("00gExcluded")',
  "a AND ! isMemberOfGroup( '00gExcluded' ) && b",
  '(a or b) and !isMemberOfGroup("00gExcluded")',
  'user.title == "this or that (and more)" and !isMemberOfGroup("00gExcluded")',
];
const NOT_LEFT_OUT = [
  'isMemberOfGroup("00gExcluded")',
  'a || !isMemberOfGroup("00gExcluded")',
  'a ? b : c and !isMemberOfGroup("00gExcluded")',
  '!(a and !isMemberOfGroup("00gExcluded") and b)',
  'user.title == "a and !isMemberOfGroup(\'00gExcluded\') and b"',
  '(a and !isMemberOfGroup("00gExcluded"))',
  '!isMemberOfGroup("00gExcluded") == b',
];

describe('the course of a repair', () => {
  const granting: Grant = {
    group: '00gGranting',
    apps: ['0oaO365'],
    rules: [
      {
        id: '0pr1',
        name: 'Everyone in a department',
        status: 'ACTIVE',
        expression: 'user.department != null and !isMemberOfGroup("00gExcluded")',
        groups: ['00gGranting'],
        excludedUsers: [],
      },
    ],
    exclusionIsAlone: true,
    others: [],
  };
  const proof: CapabilityRow = {
    tenant: 'tenant',
    app: '0oaO365',
    syncedWrites: 'anyway',
    lag: null,
    nudge: true,
    proven: NOW - DAY,
    by: 'pilot',
    note: '',
    rights: FINE.rights,
    setup: setupOf(FINE.app, POLICY),
    probes: [],
  };
  const [rule] = granting.rules;
  const byGroup = (over: Partial<Grant> = {}): Partial<PreflightFacts> => ({
    assignment: assigned({ scope: 'GROUP', grantedBy: '00gGranting' }),
    grant: { ...granting, ...over },
  });
  const ruled = (over: object): Partial<PreflightFacts> =>
    byGroup({ rules: rule === undefined ? [] : [{ ...rule, ...over }] });
  const ofRule = (
    expression: string,
    unassign: Course['unassign'],
  ): [string, Partial<PreflightFacts>, Partial<Course>] => [
    `where the rule reads ${expression}`,
    ruled({ expression }),
    { unassign },
  ];
  const synced = { ...ENTRA, synced: true };
  const reassign = {
    ...FINE.repair,
    recipe: 'reassign',
    park: false,
    before: { a: anchor(1), o: OLD, e: anchor(1) },
  } as const;
  const stale = {
    repair: reassign,
    parking: null,
    assignment: assigned({ anchor: OLD }),
    entra: { ...ENTRA, anchor: anchor(1) },
  };

  test.each<[string, Partial<PreflightFacts>, Partial<Course>]>([
    [
      'of somebody with an assignment of their own',
      {},
      { unassign: 'direct', writes: 'api', gate: false, nudge: false },
    ],
    ['of somebody whom a group with an exclusion grants it', byGroup(), { unassign: 'exclusion-group' }],
    ['where the group grants another app too', byGroup({ apps: ['0oaO365', '0oaSlack'] }), { unassign: 'guided' }],
    ['where the exclusion group does more than that', byGroup({ exclusionIsAlone: false }), { unassign: 'guided' }],
    ['where a second group grants it', byGroup({ others: ['00gOther'] }), { unassign: 'guided' }],
    ['where no rule fills the group', byGroup({ rules: [] }), { unassign: 'guided' }],
    ['where the rule is off', ruled({ status: 'INACTIVE' }), { unassign: 'guided' }],
    [
      'where the rule leaves out another group',
      ruled({ expression: '!isMemberOfGroup("00gElse")' }),
      { unassign: 'guided' },
    ],
    ...LEFT_OUT.map((expression) => ofRule(expression, 'exclusion-group')),
    ...NOT_LEFT_OUT.map((expression) => ofRule(expression, 'guided')),
    [
      'where another rule fills the group too',
      byGroup({ rules: [...granting.rules, ...granting.rules.map((one) => ({ ...one, expression: 'true' }))] }),
      { unassign: 'guided' },
    ],
    [
      'of somebody who is left out by the rule already, and is in the group all the same',
      { ...byGroup(), groups: ['00gIn', '00gGranting', '00gExcluded'] },
      { unassign: 'guided' },
    ],
    [
      'where Okta names another group as the one that grants it',
      { ...byGroup(), assignment: assigned({ scope: 'GROUP', grantedBy: '00gElse' }) },
      { unassign: 'guided' },
    ],
    [
      'where the condition is an alternative',
      ruled({ expression: 'a or !isMemberOfGroup("00gExcluded")' }),
      { unassign: 'guided' },
    ],
    ['where the person is excepted from the rule', ruled({ excludedUsers: ['ada'] }), { unassign: 'guided' }],
    ['where a group grants what is assigned straight', { grant: granting }, { unassign: 'guided' }],
    [
      'of an empty anchor',
      {
        repair: { ...FINE.repair, recipe: 'set', before: { ...FINE.repair.before, e: null } },
        entra: { ...ENTRA, anchor: null },
      },
      { unassign: 'none' },
    ],
    ['of somebody synchronised, nothing proven', { entra: synced }, { writes: 'person', unassign: 'guided' }],
    [
      'of somebody synchronised, proven refused',
      { entra: synced, capability: { ...proof, syncedWrites: 'refused' } },
      { writes: 'person' },
    ],
    [
      'of somebody synchronised, proven writable',
      { entra: synced, capability: proof },
      { writes: 'api', gate: false, unassign: 'direct' },
    ],
    [
      'of somebody synchronised, writable once unassigned',
      { entra: synced, capability: { ...proof, syncedWrites: 'after-unassign', lag: 4 * MINUTE } },
      { writes: 'api', gate: true, lag: 4 * MINUTE },
    ],
    [
      'of somebody synchronised, proven too long ago',
      { entra: synced, capability: { ...proof, proven: NOW - 91 * DAY } },
      { writes: 'person' },
    ],
    ['of a stale copy, where a nudge helps', { ...stale, capability: proof }, { unassign: 'none', nudge: true }],
    [
      'of a stale copy, where it does not',
      { ...stale, capability: { ...proof, nudge: false } },
      { unassign: 'direct', nudge: false },
    ],
  ])('%s', (_whose, facts, course) => {
    expect(preflight({ ...FINE, ...facts }, POLICY)).toMatchObject({ state: 'ready', course });
  });

  test('a schedule of imports that cannot be read is said to be that, not to be due', () => {
    const unread = { ...FINE.provisioning, nextImport: 'unknown' } as const;
    expect(preflight({ ...FINE, provisioning: unread }, POLICY)).toMatchObject({
      reason: expect.stringMatching(/cannot be read when/),
    });
  });

  test('an import from Office 365 that is far off is no obstacle', () => {
    const later = { ...FINE.provisioning, nextImport: NOW + HOUR + MINUTE };
    expect(preflight({ ...FINE, provisioning: later }, POLICY).state).toBe('ready');
  });

  test('a residue is allowed where it is allowed, and leaves nothing behind where there is no mailbox', () => {
    const elsewhere = { parking: { address: 'ada@labs.example', holders: [] } };
    expect(preflight({ ...FINE, ...elsewhere }, { ...POLICY, allowResidue: true }).state).toBe('ready');
    expect(preflight({ ...FINE, ...elsewhere, entra: { ...ENTRA, proxyAddresses: [] } }, POLICY).state).toBe('ready');
  });
});
