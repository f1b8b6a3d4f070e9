import { expect, test } from 'vitest';
import { createEntraReader } from '../../shared/entra/reader.ts';
import type { EntraReader } from '../../shared/ports/entra.ts';
import { asManagedIdentity, misbehave, PASSING, readToEnd, startWorld } from '../okta/world.ts';
import { NEVER } from '../okta/org.ts';

const world = startWorld();

asManagedIdentity(world);

function reader(): EntraReader {
  const { created, tenants, tools } = world();
  const credential = { kind: 'managed-identity', clientId: created.credentials.identity.clientId } as const;
  return createEntraReader({ graphUrl: tenants.addresses.graph, credential, rateShare: 0.8 }, tools);
}

test('every user of a tenant of 2,000 is read, once, agents are counted, and the count agrees', async () => {
  const entra = reader();
  const { created, errors } = world();
  const { rows } = created.answerKey;

  const users = await readToEnd((cursor) => entra.usersPage(cursor, NEVER));
  expect(users.leftOut).toBe(rows.agents);
  expect(users.rows.length + users.leftOut).toBe(rows.entraUsers);
  expect(new Set(users.rows.map((row) => row.id)).size).toBe(users.rows.length);
  expect(users.pages).toBe(Math.ceil(rows.entraUsers / 999));
  await expect(entra.userCount()).resolves.toBe(rows.entraUsers);

  const deleted = await readToEnd((cursor) => entra.deletedPage(cursor, NEVER));
  expect(deleted.rows).toHaveLength(rows.deletedUsers);
  await expect(entra.deletedCount()).resolves.toBe(rows.deletedUsers);
  expect(errors).toEqual([]);
});

test('domains and organisation are those of the tenant', async () => {
  const entra = reader();

  const domains = await entra.domains();
  expect(domains.filter((domain) => domain.initial)).toHaveLength(1);
  expect(domains.some((domain) => domain.federated)).toBe(true);
  await expect(entra.organization()).resolves.toMatchObject({ id: world().created.ids.tenant, syncEnabled: true });
});

test('every anchor of the first page finds its holder, whatever signs are in it', async () => {
  const entra = reader();
  const { rows } = await entra.usersPage(null, NEVER);
  const anchors = [...rows].flatMap((row) => (typeof row.anchor === 'string' ? [{ ...row, anchor: row.anchor }] : []));
  const difficult = anchors.filter(({ anchor }) => /[+/]/.test(anchor)).slice(0, 40);

  expect(difficult.length).toBeGreaterThan(20);
  for (const row of difficult) expect(await entra.usersByAnchor(row.anchor)).toContainEqual(row);
});

test('deleted holders of an anchor are found by it', async () => {
  const entra = reader();
  const { rows } = await entra.deletedPage(null, NEVER);
  const [holder] = [...rows].flatMap((row) => (typeof row.anchor === 'string' ? [{ ...row, anchor: row.anchor }] : []));

  await expect(entra.deletedByAnchor(holder!.anchor)).resolves.toContainEqual(holder);
});

test('one person is read singly as in the list, and found by name and by address', async () => {
  const entra = reader();
  const listed = [...(await entra.usersPage(null, NEVER)).rows].find((row) => row.licensed)!;

  const single = await entra.user(listed.id);
  expect(single).toMatchObject(listed);
  await expect(entra.usersByAddress(listed.userName.toUpperCase())).resolves.toContainEqual(listed);
  for (const proxy of single?.proxyAddresses ?? []) {
    if (/^smtp:/i.test(proxy)) expect(await entra.usersByAddress(proxy.slice(5))).toContainEqual(listed);
  }
  await expect(entra.user('99999999-9999-9999-9999-999999999999')).resolves.toBeNull();
});

test.each([
  ['directory-role', 'directory-role'],
  ['eligible-role', 'eligible-role'],
  ['role-assignable-group', 'role-assignable-group'],
  ['nested-role-assignable-group', 'role-assignable-group'],
] as const)('whoever was planted with %s is privileged by a %s', async (guard, kind) => {
  const planted = world().created.answerKey.entries.filter((entry) => entry.guard === guard);

  expect(planted.length).toBeGreaterThan(0);
  for (const { objectId } of planted) {
    expect(await reader().privileges(objectId!)).toContainEqual({ kind, name: expect.any(String) });
  }
});

test('an ordinary person is not privileged', async () => {
  const { entries } = world().created.answerKey;
  const ordinary = entries.find((entry) => entry.kind === 'entra-stale' && entry.guard === null)!;

  await expect(reader().privileges(ordinary.objectId!)).resolves.toEqual([]);
});

test.each([
  ['restricted', { restricted: true }],
  ['resource-account', { resourceAccount: true }],
  ['disabled', { enabled: false }],
  ['fell-out-of-sync', { synced: false }],
])('whoever was planted as %s reads so', async (guard, expected) => {
  const planted = world().created.answerKey.entries.find((entry) => entry.guard === guard)!;

  await expect(reader().user(planted.objectId!)).resolves.toMatchObject(expected);
});

const LIST = { side: 'graph', path: '/v1.0/users' } as const;

async function everybody(entra: EntraReader): Promise<readonly string[]> {
  const read = await readToEnd((cursor) => entra.usersPage(cursor, NEVER));
  return read.rows.map((row) => row.id);
}

test.each(PASSING.filter((fault) => fault.kind !== 'concurrency-throttled'))(
  'a list is read whole through %j',
  async (fault) => {
    const entra = reader();
    const expected = await everybody(entra);
    misbehave(world(), [{ when: { ...LIST, ordinals: [1, 3, 5] }, fault }]);

    await expect(everybody(entra)).resolves.toEqual(expected);
  },
);

test.each([
  [{ kind: 'next-elsewhere' }, 'refused'],
  [{ kind: 'body-endless' }, 'invalid'],
] as const)('%j ends the read as %s', async (fault, kind) => {
  misbehave(world(), [{ when: LIST, fault }]);

  await expect(everybody(reader())).rejects.toMatchObject({ kind });
});
