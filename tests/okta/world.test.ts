import { expect, test } from 'vitest';
import { createOktaReader } from '../../shared/okta/reader.ts';
import { OKTA_SCOPES } from '../../shared/okta/settings.ts';
import type { OktaReader } from '../../shared/ports/okta.ts';
import { HOUR } from '../../shared/time.ts';
import { misbehave, PASSING, readToEnd, startWorld } from './world.ts';
import { NEVER } from './org.ts';

const world = startWorld();

function reader(): OktaReader {
  const { created, tenants, tools } = world();
  const { clientId, keyId, privateJwk } = created.credentials.okta;
  const credential = { kind: 'private-key', clientId, privateKey: JSON.stringify(privateJwk), keyId } as const;
  const { office365 } = created.ids;
  return createOktaReader(
    {
      orgUrl: tenants.addresses.okta,
      credential,
      office365App: office365,
      appDomains: [],
      directories: [],
      anchorAttribute: 'externalId',
      rateShare: 0.8,
    },
    tools,
  );
}

test('every account and every assignment of 2,000 people is read, once, within the announced limits', async () => {
  const okta = reader();
  const { created, errors } = world();
  const { rows } = created.answerKey;

  const apps = await okta.apps();
  expect(apps.directories.map((one) => one.id).sort()).toEqual(created.ids.directories.map((one) => one.id).sort());
  expect(apps.office365.id).toBe(created.ids.office365);
  expect(apps.otherOffice365.map((one) => one.id)).toEqual(created.ids.otherOffice365);

  for (const { id } of apps.directories) {
    const read = await readToEnd((cursor) => okta.directoryPage(id, cursor, NEVER));
    expect(read.rows).toHaveLength(rows.directories[id]!);
    expect(new Set(read.rows.map((row) => row.user)).size).toBe(read.rows.length);
    expect(read.pages).toBe(Math.ceil(read.rows.length / 500));
  }
  const read = await readToEnd((cursor) => okta.assignmentPage(apps.office365.id, cursor, NEVER));
  expect(read.rows).toHaveLength(rows.assignments[apps.office365.id]!);
  expect(errors).toEqual([]);
});

test('the circumstances are read: mapping, provisioning and the last import of each directory', async () => {
  const okta = reader();
  const { created, tools } = world();

  await expect(okta.anchorMapping(created.ids.office365)).resolves.toMatchObject({ isDefault: true });
  await expect(okta.provisioning(created.ids.office365)).resolves.toMatchObject({ deactivateUsers: 'ENABLED' });
  for (const { id } of created.ids.directories) {
    const last = await okta.lastImport(id, tools.clock.now() - 24 * HOUR);
    expect(last?.ended).toBeGreaterThan(last?.began ?? Number.POSITIVE_INFINITY);
    expect(last?.ended).toBeLessThanOrEqual(tools.clock.now());
  }
});

test('one person is read singly as in the list', async () => {
  const okta = reader();
  const { created } = world();
  const { office365 } = created.ids;
  const { rows } = await okta.assignmentPage(office365, null, NEVER);
  const listed = [...rows].find((row) => row.userName?.includes("'") !== true && row.anchor !== null)!;

  await expect(okta.assignment(office365, listed.user)).resolves.toEqual(listed);
  await expect(okta.assignmentsNamed(office365, listed.userName!.toUpperCase())).resolves.toContainEqual(listed);
  await expect(okta.user(listed.user)).resolves.toMatchObject({ id: listed.user });
  await expect(okta.groupsOf(listed.user)).resolves.toEqual(expect.any(Array));
  await expect(okta.isAdministrator(listed.user)).resolves.toEqual(expect.any(Boolean));
  await expect(okta.assignment(office365, '00unobody')).resolves.toBeNull();
  await expect(okta.user('00unobody')).resolves.toBeNull();
});

test('the members of the opted-in group are those whom the tenant’s makers put there', async () => {
  const { created } = world();
  const opted = created.answerKey.entries.filter((entry) => entry.optedIn).map((entry) => entry.oktaUser);

  const members = await reader().groupMembers(created.ids.groups.optIn);
  expect(members).toEqual(expect.arrayContaining(opted));
});

test('a scope that was not granted is named, and nothing is asked without a token', async () => {
  const { created, tenants, tools } = world();
  const { clientId, keyId, privateJwk } = created.credentials.okta;
  const scopes = [...OKTA_SCOPES, 'okta.everything.manage'];
  const credential = { kind: 'private-key', clientId, privateKey: JSON.stringify(privateJwk), keyId, scopes } as const;
  const okta = createOktaReader(
    {
      orgUrl: tenants.addresses.okta,
      credential,
      office365App: null,
      appDomains: [],
      directories: [],
      anchorAttribute: 'externalId',
      rateShare: 0.8,
    },
    tools,
  );

  await expect(okta.apps()).rejects.toMatchObject({
    kind: 'denied',
    message: expect.stringContaining('okta.everything.manage'),
  });
});

const LIST = { side: 'okta', path: '/api/v1/apps/*/users' } as const;

async function usersOfFirstDirectory(okta: OktaReader): Promise<readonly string[]> {
  const [directory] = world().created.ids.directories;
  const read = await readToEnd((cursor) => okta.directoryPage(directory!.id, cursor, NEVER));
  return read.rows.map((row) => row.user);
}

test.each([...PASSING, { kind: 'session-refused' } as const])('a list is read whole through %j', async (fault) => {
  const okta = reader();
  const expected = await usersOfFirstDirectory(okta);
  misbehave(world(), [{ when: { ...LIST, ordinals: [1, 3, 6] }, fault }]);

  await expect(usersOfFirstDirectory(okta)).resolves.toEqual(expected);
});

test.each(['page-dropped', 'page-repeated', 'pages-swapped'] as const)(
  'a page that took another’s place once (%s) is noticed and asked for again',
  async (kind) => {
    const okta = reader();
    const expected = await usersOfFirstDirectory(okta);
    misbehave(world(), [{ when: { ...LIST, ordinals: [2] }, fault: { kind, links: 'moved' } }]);

    await expect(usersOfFirstDirectory(okta)).resolves.toEqual(expected);
  },
);

test('a page that takes another’s place again is refused', async () => {
  misbehave(world(), [{ when: { ...LIST, pages: [2] }, fault: { kind: 'page-dropped', links: 'moved' } }]);

  await expect(usersOfFirstDirectory(reader())).rejects.toMatchObject({ kind: 'refused' });
});

test.each([
  [{ kind: 'next-elsewhere' }, 'refused'],
  [{ kind: 'body-endless' }, 'invalid'],
] as const)('%j ends the read as %s', async (fault, kind) => {
  misbehave(world(), [{ when: LIST, fault }]);

  await expect(usersOfFirstDirectory(reader())).rejects.toMatchObject({ kind });
});

test('a token request that fails in every way is outlived', async () => {
  const faults = PASSING.filter(
    (fault) => fault.kind === 'outage' || fault.kind === 'html' || fault.kind === 'body-cut',
  );
  for (const fault of faults) {
    misbehave(world(), [{ when: { side: 'okta', path: '/oauth2/v1/token', times: 2 }, fault }]);
    await expect(reader().user('00unobody')).resolves.toBeNull();
  }
});
