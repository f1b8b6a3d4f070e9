import { expect, test } from 'vitest';
import type { ProfileAttribute, RuleRecord } from '../../local/world/okta/records.ts';
import { READ_SCOPES, type WorldOptions, WRITE_SCOPES } from '../../local/world/options.ts';
import type { FlowSettings } from '../../shared/flows/tools.ts';
import { DAY } from '../../shared/time.ts';
import { misbehave, type RealNight, realNight, runNight } from './tenants.ts';

const RULE = '0prPhones00000000000';

/** A tenant of a few people, with a rule that puts everybody with a mobile phone into the opted-in group. */
async function fed(
  change: { readonly rule?: Partial<RuleRecord>; readonly world?: Partial<WorldOptions> } = {},
  settings: Partial<FlowSettings> = {},
): Promise<RealNight> {
  const night = await realNight({ seed: 'fed', people: 10, plants: 'none', ...change.world }, settings);
  const { rules } = night.created.inside.state;
  rules.set(RULE, {
    id: RULE,
    name: 'Who has a phone',
    status: 'ACTIVE',
    expression: 'user.mobilePhone != null',
    groups: [night.created.ids.groups.optIn],
    excludedUsers: [],
    created: 0,
    ...change.rule,
  });
  return night;
}

/** An admin changes an attribute in the Profile Editor. */
function edit({ created }: RealNight, name: string, change: Partial<ProfileAttribute>): void {
  const { userTypes } = created.inside.state;
  for (const type of userTypes.values()) {
    const attributes = type.attributes.map((one) => (one.name === name ? { ...one, ...change } : one));
    userTypes.set(type.id, { ...type, attributes });
  }
}

async function warnings(night: RealNight): Promise<readonly string[]> {
  const { outcome, run } = await runNight(night);
  expect(outcome).toBe('good');
  return run.summary?.warnings ?? [];
}

/** How often schemas of users were asked for. */
function schemaReads({ tenants }: RealNight): number {
  return tenants.meter
    .counts()
    .filter(({ operation }) => operation.includes('/meta/schemas/user'))
    .reduce((sum, { calls }) => sum + calls, 0);
}

const EVERYBODYS = { master: 'OKTA' } as const;

test('a rule that opts people in by what they may edit is warned of: rule, group, attribute and the way out', async () => {
  const night = await fed();
  edit(night, 'mobilePhone', EVERYBODYS);

  const { optIn } = night.created.ids.groups;
  expect(await warnings(night)).toEqual([
    `Okta’s group rule "Who has a phone" (${RULE}) puts people into the opted-in group ${optIn} by mobilePhone, which people may edit ` +
      'themselves, so that they can opt themselves in. Make it read-only for users in Okta’s Profile Editor, or let the rule ask for something else.',
  ]);
});

test('it is warned of also where the rule stands on a later page, after hundreds of others', async () => {
  const night = await fed();
  edit(night, 'mobilePhone', EVERYBODYS);
  const { rules } = night.created.inside.state;
  for (let at = 100; at < 600; at += 1)
    rules.set(`0pr${at}`, { ...rules.get(RULE)!, id: `0pr${at}`, groups: ['00gElse'] });

  expect(await warnings(night)).toEqual([expect.stringContaining(RULE)]);
});

test.each<readonly [string, Partial<ProfileAttribute>]>([
  ['read alone', { ...EVERYBODYS, self: 'READ_ONLY' }],
  ['not see', { ...EVERYBODYS, self: 'HIDE' }],
  ['not edit because a directory is its source', { master: 'PROFILE_MASTER' }],
  ['not edit because another app is its source', { master: 'OVERRIDE', apps: ['0oaHr'] }],
])('what people may %s is nothing to warn of', async (_, change) => {
  const night = await fed();
  edit(night, 'mobilePhone', change);

  expect(await warnings(night)).toEqual([]);
  expect(schemaReads(night)).toBe(1);
});

test('what is left to the source of a profile is warned of where an AD instance is no source', async () => {
  const night = await fed();
  const { apps } = night.created.inside.state;
  const [directory] = night.created.ids.directories;
  apps.set(directory!.id, { ...apps.get(directory!.id)!, features: ['IMPORT_NEW_USERS'] });

  expect(await warnings(night)).toEqual([
    expect.stringContaining('by mobilePhone, which people whose profile comes from no directory may edit themselves'),
  ]);
});

test('a type of user of its own has its own permissions', async () => {
  const night = await fed();
  const { userTypes, mappings } = night.created.inside.state;
  const [usual] = userTypes.values();
  const attributes = usual!.attributes.map((one) => ({ ...one, ...EVERYBODYS }));
  userTypes.set('otyContractor', {
    ...usual!,
    id: 'otyContractor',
    schema: 'oscContractor',
    isDefault: false,
    attributes,
  });
  const [mapping] = [...mappings.values()].filter(({ target }) => target.id === night.created.ids.office365);
  mappings.set('prmMore', { ...mapping!, id: 'prmMore', source: { ...mapping!.source, id: 'otyContractor' } });

  expect(await warnings(night)).toEqual([expect.stringContaining('mobilePhone')]);
});

test.each(['INACTIVE', 'INVALID'] as const)(
  'a rule that is %s feeds nobody, and no schema is read for it',
  async (status) => {
    const night = await fed({ rule: { status } });
    edit(night, 'mobilePhone', EVERYBODYS);

    expect(await warnings(night)).toEqual([]);
    expect(schemaReads(night)).toBe(0);
  },
);

const WITHOUT = [...READ_SCOPES, ...WRITE_SCOPES].filter((scope) => scope !== 'okta.schemas.read');

test('without the scope for schemas the run is good, and says once that it could not look and which scope is missing', async () => {
  const night = await fed({ world: { okta: { scopes: WITHOUT, tokenLifetime: DAY } } });
  const began = night.clock.now();

  expect(await warnings(night)).toEqual([
    expect.stringMatching(/^Whether people can change by themselves .* could not be checked.*okta\.schemas\.read/),
  ]);
  expect(night.clock.now() - began).toBeLessThan(60_000);
});

test('without that scope nothing is said where no rule feeds the group', async () => {
  const night = await fed({ rule: { groups: [] }, world: { okta: { scopes: WITHOUT, tokenLifetime: DAY } } });

  expect(await warnings(night)).toEqual([]);
});

test.each(['/api/v1/groups/rules', '/api/v1/meta/schemas/user/*'])(
  'a run is good also where Okta answers nothing but errors to %s',
  async (path) => {
    const night = await fed();
    misbehave(night, [{ when: { side: 'okta', path }, fault: { kind: 'outage', status: 503 } }]);

    expect(await warnings(night)).toEqual([expect.stringMatching(/could not be checked: Okta answered 503/)]);
  },
);

test('in mode observe the groups decide nothing, and nothing is read for them', async () => {
  const night = await fed({}, { mode: 'observe' });
  edit(night, 'mobilePhone', EVERYBODYS);

  expect(await warnings(night)).toEqual([]);
  expect(schemaReads(night)).toBe(0);
});
