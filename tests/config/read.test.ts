import { describe, expect, test } from 'vitest';
import { readConfig, readLimitsConfig, readTenantConfig } from '../../shared/config/read.ts';
import { SETTINGS } from '../../shared/config/settings/all.ts';
import { CERTIFICATE_LIMITS } from '../../shared/rosters/limits.ts';
import { DAY, HOUR, MINUTE } from '../../shared/time.ts';
import { CLIENT, JWK, LEAST, OKTA_BY_KEY, problemsOf, TENANT } from './environment.ts';
import { TIMES } from '../../shared/config/settings/repair.ts';
import { settingsOf } from '../flows/night.ts';

/** The problems of the least configuration with these changes. */
function problemsWith(changes: Readonly<Record<string, string | undefined>>): readonly string[] {
  return problemsOf(() => readConfig({ ...LEAST, ...changes }));
}

/** Every time set to another number of seconds, each longer than the one before it but for the lease, the longest of them. */
const TIMES_OF_OUR_OWN = Object.fromEntries(Object.keys(TIMES).map((name, at) => [name, secondsOf(at) * 1_000]));

function secondsOf(at: number): number {
  return at === 0 ? 500 : 10 + at;
}

describe('a configuration without mistakes', () => {
  test('is complete with a way into Okta and storage alone, and watches without changing anything', () => {
    expect(readConfig(LEAST)).toEqual({
      mode: 'observe',
      schedule: '0 0 2 * * *',
      okta: {
        url: 'https://acme.okta.com',
        credential: { kind: 'private-key', clientId: '0oa1b2c3d4e5f6g7h8i9', privateKey: JWK },
        office365App: null,
        appDomains: [],
        directories: [],
        anchorAttribute: 'externalId',
        signInHosts: ['acme.okta.com'],
      },
      entra: {
        graphUrl: 'https://graph.microsoft.com',
        authorityHost: 'https://login.microsoftonline.com',
        tenantId: null,
        credential: { kind: 'managed-identity' },
      },
      storage: { kind: 'connection-string', connectionString: 'UseDevelopmentStorage=true' },
      scan: { budget: 20 * MINUTE, rateShare: 0.8, confirmLimit: 500 },
      certificate: { rows: 5, share: 0.001, shrink: 0.1, fill: 0.05, sourceAge: 26 * HOUR },
      causes: { people: 20, percent: 60 },
      policy: {
        optedInGroup: null,
        protectedGroup: null,
        protectedUsers: [],
        maxRepairs: 25,
        maxPercent: 2,
        approvalFor: 172_800_000,
        coolDown: 259_200_000,
        window: null,
        timeZone: 'UTC',
        parkDomain: null,
        provisioningType: null,
      },
      repair: settingsOf().repair,
      telling: { mail: null, teams: null, webhook: null, pageUrl: null, tenantName: null, attempts: 12 },
      tend: settingsOf().tend,
    });
  });

  test('believes the same reads by default as the rosters do', () => {
    expect(CERTIFICATE_LIMITS).toMatchObject(readConfig(LEAST).certificate);
  });

  test('takes every setting', () => {
    const config = readConfig({
      ...LEAST,
      ANCHORWATCH_MODE: 'remediate',
      ANCHORWATCH_SCHEDULE: '0 30 3 * * MON-FRI',
      ANCHORWATCH_OKTA_KEY_ID: 'two',
      ANCHORWATCH_OFFICE365_APP: 'Microsoft Office 365',
      ANCHORWATCH_AD_INSTANCES: ' corp.example.com , ,0oa5k4j3h2g1f0e9d8c7',
      ANCHORWATCH_APP_DOMAINS: 'Acme.com, sub.acme.com',
      ANCHORWATCH_ANCHOR_ATTRIBUTE: 'mS-DS-ConsistencyGuid',
      ANCHORWATCH_SIGN_IN_HOSTS: 'Login.acme.com',
      ANCHORWATCH_TENANT_ID: TENANT,
      ANCHORWATCH_ENTRA_CLIENT_ID: CLIENT,
      ANCHORWATCH_SCAN_BUDGET_MINUTES: '10',
      ANCHORWATCH_RATE_SHARE: '0.5',
      ANCHORWATCH_CONFIRM_LIMIT: '1000',
      ANCHORWATCH_COUNT_TOLERANCE_ROWS: '7',
      ANCHORWATCH_COUNT_TOLERANCE_PERCENT: '0.25',
      ANCHORWATCH_SHRINK_PERCENT: '15',
      ANCHORWATCH_FILL_DROP_POINTS: '2.5',
      ANCHORWATCH_IMPORT_MAX_AGE_HOURS: '6',
      ANCHORWATCH_CAUSE_PEOPLE: '10',
      ANCHORWATCH_CAUSE_PERCENT: '75.5',
      ANCHORWATCH_OPTED_IN_GROUP: '00g1a2b3c4d5e6f7g8h9',
      ANCHORWATCH_PROTECTED_GROUP: '00g9h8g7f6e5d4c3b2a1',
      ANCHORWATCH_PROTECTED_USERS: `ceo@example.com,${TENANT}, 00u1a2b3c4d5e6f7g8h9`,
      ANCHORWATCH_OKTA_OFFICE365_ADMIN: 'okta-sync@acme.onmicrosoft.com',
      ANCHORWATCH_MAX_REPAIRS: '5',
      ANCHORWATCH_MAX_REPAIR_PERCENT: '0.5',
      ANCHORWATCH_PARK_DOMAIN: 'Acme.onmicrosoft.com',
      ANCHORWATCH_PROVISIONING_TYPE: 'universal',
      ANCHORWATCH_EXCLUSION_GROUP: '00g5e6f7g8h9i0j1k2l3',
      ANCHORWATCH_ALLOW_RESIDUE: 'yes',
      ANCHORWATCH_DIRECTORY_GROUPS: 'directories-api',
      ANCHORWATCH_REPAIR_ATTEMPTS: '3',
      ANCHORWATCH_REPAIR_UNSETTLED: '2',
      ANCHORWATCH_REPAIR_WAVE: '10',
      ANCHORWATCH_TEND_LATE: '600',
      ANCHORWATCH_TEND_SWEEP: '1800',
      ANCHORWATCH_RETENTION_DAYS: '100',
      ...Object.fromEntries(Object.values(TIMES).map(({ name }, at) => [name, String(secondsOf(at))])),
    });

    expect(config).toMatchObject({
      mode: 'remediate',
      schedule: '0 30 3 * * MON-FRI',
      okta: {
        credential: { kind: 'private-key', keyId: 'two' },
        office365App: 'Microsoft Office 365',
        appDomains: ['acme.com', 'sub.acme.com'],
        directories: ['corp.example.com', '0oa5k4j3h2g1f0e9d8c7'],
        anchorAttribute: 'mS-DS-ConsistencyGuid',
        signInHosts: ['acme.okta.com', 'login.acme.com'],
      },
      entra: { tenantId: TENANT, credential: { kind: 'managed-identity', clientId: CLIENT } },
      scan: { budget: 10 * MINUTE, rateShare: 0.5, confirmLimit: 1000 },
      certificate: { rows: 7, share: 0.0025, shrink: 0.15, fill: 0.025, sourceAge: 6 * HOUR },
      causes: { people: 10, percent: 75.5 },
      policy: {
        optedInGroup: '00g1a2b3c4d5e6f7g8h9',
        protectedGroup: '00g9h8g7f6e5d4c3b2a1',
        protectedUsers: ['ceo@example.com', TENANT, '00u1a2b3c4d5e6f7g8h9', 'okta-sync@acme.onmicrosoft.com'],
        maxRepairs: 5,
        maxPercent: 0.5,
        parkDomain: 'acme.onmicrosoft.com',
        provisioningType: 'universal',
      },
      repair: {
        times: TIMES_OF_OUR_OWN,
        attempts: 3,
        unsettled: 2,
        wave: 10,
        exclusionGroup: '00g5e6f7g8h9i0j1k2l3',
        allowResidue: true,
        directoryGroups: 'directories-api',
      },
      tend: { late: 10 * MINUTE, sweep: 30 * MINUTE, retention: 100 * DAY },
    });
  });

  test.each(['', '  ', '\t\n'])('takes %j for not set', (blank) => {
    const config = readConfig({ ...LEAST, ANCHORWATCH_MAX_REPAIRS: blank, ANCHORWATCH_OFFICE365_APP: blank });

    expect(config.policy.maxRepairs).toBe(25);
    expect(config.okta.office365App).toBeNull();
  });

  test('takes 0 for 0', () => {
    const config = readConfig({
      ...LEAST,
      ANCHORWATCH_MAX_REPAIRS: '0',
      ANCHORWATCH_MAX_REPAIR_PERCENT: '0',
      ANCHORWATCH_CONFIRM_LIMIT: '0',
      ANCHORWATCH_COUNT_TOLERANCE_ROWS: '0',
      ANCHORWATCH_SHRINK_PERCENT: '0',
    });

    expect(config.policy).toMatchObject({ maxRepairs: 0, maxPercent: 0 });
    expect(config.scan.confirmLimit).toBe(0);
    expect(config.certificate).toMatchObject({ rows: 0, shrink: 0 });
  });

  test('does not look at variables of others', () => {
    expect(readConfig({ ...LEAST, PATH: '/bin', WEBSITE_SITE_NAME: 'x', OKTA_CLIENT_ORGURL: 'y' })).toEqual(
      readConfig(LEAST),
    );
  });
});

describe('a mistake', () => {
  test('never comes alone: all are named in one error, each with its way out', () => {
    const problems = problemsOf(() =>
      readConfig({
        ANCHORWATCH_MODE: 'suggest',
        ANCHORWATCH_OKTA_URL: 'http://acme.okta.com',
        ANCHORWATCH_OKTA_CLIENT_ID: '',
        ANCHORWATCH_RATE_SHARE: '80%',
        ANCHORWATCH_ENTRA_CREDENTIAL: 'client-secret',
        ANCHORWATCH_PROTECTED_GRUOP: '00g9h8g7f6e5d4c3b2a1',
      }),
    );

    expect(problems).toEqual([
      'ANCHORWATCH_MODE: expected one of observe, propose, remediate; found "suggest". Correct it, for example to observe, or remove it to get observe.',
      'ANCHORWATCH_OKTA_URL: expected an https address without a path, such as https://acme.okta.com; found "http://acme.okta.com": plain http, which is for 127.0.0.0/8, [::1] and localhost alone. Correct it, for example to https://acme.okta.com.',
      'ANCHORWATCH_OKTA_CLIENT_ID: expected text (needed without ANCHORWATCH_OKTA_API_TOKEN); found empty. Set it, for example to 0oa1b2c3d4e5f6g7h8i9.',
      expect.stringMatching(/^ANCHORWATCH_OKTA_PRIVATE_KEY: expected an RSA private key .*; found not set\. Set it/),
      expect.stringMatching(/^ANCHORWATCH_TENANT_ID: expected a GUID \(needed with client-secret.*found not set/),
      expect.stringMatching(/^ANCHORWATCH_ENTRA_CLIENT_ID: .*found not set/),
      expect.stringMatching(/^ANCHORWATCH_ENTRA_CLIENT_SECRET: .*found not set/),
      expect.stringMatching(/^ANCHORWATCH_RATE_SHARE: expected a number from 0\.05 to 1.*found "80%"/),
      expect.stringMatching(/^AzureWebJobsStorage: .*found not set/),
      expect.stringMatching(/^ANCHORWATCH_PROTECTED_GRUOP: .*Did you mean ANCHORWATCH_PROTECTED_GROUP\?/),
    ]);
  });

  test('is counted, and the error is of the kind that trying again does not mend', () => {
    expect(() => readConfig({ ...LEAST, ANCHORWATCH_MODE: 'x', ANCHORWATCH_CLOUD: 'y' })).toThrow(
      expect.objectContaining({
        kind: 'invalid',
        fields: { problems: 2 },
        message: expect.stringMatching(/^The configuration has 2 errors:/),
      }),
    );
  });

  test.each([
    ['ANCHORWATCH_MAX_REPAIRS', '-1'],
    ['ANCHORWATCH_MAX_REPAIRS', '2.5'],
    ['ANCHORWATCH_MAX_REPAIRS', '1e3'],
    ['ANCHORWATCH_MAX_REPAIRS', '0x10'],
    ['ANCHORWATCH_MAX_REPAIRS', 'many'],
    ['ANCHORWATCH_MAX_REPAIR_PERCENT', '0,5'],
    ['ANCHORWATCH_MAX_REPAIR_PERCENT', '101'],
    ['ANCHORWATCH_MAX_REPAIR_PERCENT', 'NaN'],
    ['ANCHORWATCH_RATE_SHARE', '0'],
    ['ANCHORWATCH_RATE_SHARE', '1.01'],
    ['ANCHORWATCH_SCAN_BUDGET_MINUTES', '0'],
    ['ANCHORWATCH_SCAN_BUDGET_MINUTES', '30'],
    ['ANCHORWATCH_IMPORT_MAX_AGE_HOURS', '0'],
    ['ANCHORWATCH_TENANT_ID', 'acme.onmicrosoft.com'],
    ['ANCHORWATCH_CLOUD', 'Global'],
    ['ANCHORWATCH_OPTED_IN_GROUP', 'Pilot people'],
    ['ANCHORWATCH_PROTECTED_USERS', 'ceo'],
    ['ANCHORWATCH_PROTECTED_USERS', ','],
    ['ANCHORWATCH_AD_INSTANCES', ' , '],
    ['ANCHORWATCH_PARK_DOMAIN', 'https://acme.onmicrosoft.com'],
    ['ANCHORWATCH_PARK_DOMAIN', 'acme'],
    ['ANCHORWATCH_APP_DOMAINS', 'acme.com, https://sub.acme.com'],
    ['ANCHORWATCH_PROVISIONING_TYPE', 'Universal Sync'],
    ['ANCHORWATCH_ANCHOR_ATTRIBUTE', 'two words'],
  ])('is %s=%j', (name, value) => {
    const [problem, ...others] = problemsWith({ [name]: value });

    expect(problem).toMatch(new RegExp(`^${name}: expected `));
    expect(problem).toContain(`found ${JSON.stringify(value.trim())}`);
    expect(others).toEqual([]);
  });

  test('in a list is named by its place', () => {
    expect(problemsWith({ ANCHORWATCH_PROTECTED_USERS: 'ceo@example.com, boss' })).toEqual([
      expect.stringContaining('item 2 is none of these'),
    ]);
  });

  test('is a mode remediate without an opted-in group', () => {
    expect(problemsWith({ ANCHORWATCH_MODE: 'remediate' })).toEqual([
      expect.stringMatching(/^ANCHORWATCH_OPTED_IN_GROUP: .*needed in mode remediate.*found not set/),
    ]);
  });

  test('is a Key Vault reference that Azure left as it was', () => {
    const [problem] = problemsWith({
      ANCHORWATCH_OKTA_PRIVATE_KEY: '@Microsoft.KeyVault(SecretUri=https://acme.vault.azure.net/secrets/okta-key)',
    });

    expect(problem).toMatch(/^ANCHORWATCH_OKTA_PRIVATE_KEY: .*a Key Vault reference that Azure could not resolve/);
    expect(problem).toContain('role Key Vault Secrets User');
    expect(problem).toContain('keyVaultReferenceIdentity');
    expect(problem).not.toContain('acme.vault');
  });

  const reference = '@Microsoft.KeyVault(SecretUri=https://acme.vault.azure.net/secrets/one)';

  test.each(SETTINGS)('is such a reference in $name, whatever way in the other settings choose', ({ name }) => {
    const ways = [
      LEAST,
      { ...LEAST, ANCHORWATCH_OKTA_API_TOKEN: '00token' },
      { ...LEAST, ANCHORWATCH_ENTRA_CREDENTIAL: 'client-secret' },
      { ...LEAST, ANCHORWATCH_ENTRA_CREDENTIAL: 'client_secret' },
      { ...OKTA_BY_KEY, AzureWebJobsStorage__accountName: 'stanchor' },
      {},
    ];

    for (const way of ways) {
      for (const text of [reference, `"${reference}"`, ` '${reference}`]) {
        const named = problemsOf(() => readConfig({ ...way, [name]: text })).filter((one) =>
          one.startsWith(`${name}: `),
        );
        expect(named).toContainEqual(expect.stringContaining('a Key Vault reference that Azure could not resolve'));
        expect(named.filter((one) => one.includes('Key Vault reference'))).toHaveLength(1);
      }
    }
  });

  test.each([
    ['ANCHORWATCH_SHEDULE', 'ANCHORWATCH_SCHEDULE'],
    ['ANCHORWATCH_MAX_REPAIR', 'ANCHORWATCH_MAX_REPAIRS'],
    ['ANCHORWATCH_OKTA_APITOKEN', 'ANCHORWATCH_OKTA_API_TOKEN'],
    ['anchorwatch_mode', 'ANCHORWATCH_MODE'],
  ])('is the name %s, which probably means %s', (name, meant) => {
    expect(problemsWith({ [name]: 'the value' })).toEqual([
      `${name}: expected the name of a setting; found one that nobody reads. Did you mean ${meant}? Otherwise remove it.`,
    ]);
  });

  test('is shown whole only where it is short; long text could be a secret in the wrong place', () => {
    const misplaced = 'x'.repeat(60);

    expect(problemsWith({ ANCHORWATCH_MODE: misplaced })).toEqual([
      expect.stringContaining('found text of 60 characters'),
    ]);
  });

  test('is shown on one line, whatever it holds', () => {
    const [problem, ...others] = problemsWith({ ANCHORWATCH_MODE: 'a\nb\u202ec\u001b[31m' });

    expect(problem).toContain(String.raw`found "a\nb\u{202e}c\u001b[31m"`);
    expect(others).toEqual([]);
  });
});

describe('a part of the configuration', () => {
  test('reads the tenants without storage', () => {
    const { storage: _, ...tenants } = readConfig(LEAST);

    expect(readTenantConfig(OKTA_BY_KEY)).toEqual(tenants);
    expect(readTenantConfig({ ...OKTA_BY_KEY, AzureWebJobsStorage: 'rubbish' })).toEqual(tenants);
  });

  test('reads the limits without any tenant', () => {
    expect(readLimitsConfig({ ANCHORWATCH_CAUSE_PEOPLE: '3' }).causes).toEqual({ people: 3, percent: 60 });
  });

  test('names its mistakes like the whole, typos too', () => {
    expect(problemsOf(() => readTenantConfig({}))).toHaveLength(3);
    expect(
      problemsOf(() => readLimitsConfig({ ANCHORWATCH_CAUSE_PEOPLE: '-3', ANCHORWATCH_CAUSES: '3' })),
    ).toHaveLength(2);
  });
});

test('a request may not outlast the lease of the repair that sends it', () => {
  const settings = { ...LEAST, ANCHORWATCH_REPAIR_LEASE: '60', ANCHORWATCH_REPAIR_REQUEST: '55' };

  expect(() => readConfig(settings)).toThrow(/ANCHORWATCH_REPAIR_REQUEST: .*lease of 60/);
  expect(readConfig({ ...settings, ANCHORWATCH_REPAIR_REQUEST: '54' }).repair.times.request).toBe(54_000);
});

test.each([
  ['LAG', 'PARKED', 'a lost answer would be an alarm before it is looked for'],
  ['QUIET', 'HOLD', 'no hold could be closed in time'],
])('%s is shorter than %s, or %s', (one, other) => {
  const settings = (seconds: number): Record<string, string> => ({
    ...LEAST,
    [`ANCHORWATCH_REPAIR_${one}`]: String(seconds),
    [`ANCHORWATCH_REPAIR_${other}`]: '900',
  });

  expect(problemsOf(() => readConfig(settings(900)))).toEqual([
    expect.stringMatching(new RegExp(`^ANCHORWATCH_REPAIR_${one}: .*_REPAIR_${other}; found 900 seconds beside 900`)),
  ]);
  expect(readConfig(settings(899)).repair.times).toMatchObject({ [one.toLowerCase()]: 899_000 });
});

test('the account that Okta’s app uses and the mailbox that tells people are protected like those who are listed', () => {
  const settings = {
    ...LEAST,
    ANCHORWATCH_PROTECTED_USERS: 'ceo@acme.com',
    ANCHORWATCH_OKTA_OFFICE365_ADMIN: 'Okta@acme.com',
    ANCHORWATCH_MAIL_FROM: 'watch@acme.com',
    ANCHORWATCH_MAIL_TO: 'identity@acme.com',
  };

  expect(readConfig(settings).policy.protectedUsers).toEqual(['ceo@acme.com', 'Okta@acme.com', 'watch@acme.com']);
  expect(problemsWith({ ANCHORWATCH_OKTA_OFFICE365_ADMIN: 'okta' })).toHaveLength(1);
  expect(problemsWith({ ANCHORWATCH_MAIL_FROM: 'watch', ANCHORWATCH_MAIL_TO: 'identity@acme.com' })).toHaveLength(1);
});
