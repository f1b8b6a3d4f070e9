import { describe, expect, test } from 'vitest';
import { enter, extrasOf, groupOf, type Open } from './repairs-office.ts';

const SKU = '05e9a617-0261-4cee-bb44-138d3ef5d965';
const OTHER_SKU = 'c5928f49-12ba-48f7-ada3-0d743a3601d5';

/** What a repair reads of Entra ID beside the preflight. */
export function lookupsContract(open: Open): void {
  describe('licences', () => {
    test('come with the group that gives them, and with none where they are assigned straight', async () => {
      const office = await enter(open);
      const group = groupOf(office, ({ displayName }) => displayName === 'Microsoft 365 E3').id;
      const licenses = [
        { skuId: SKU, group },
        { skuId: SKU, group: null },
        { skuId: OTHER_SKU, group: null },
      ];
      office.make(office.ada, { licenses });

      await expect(office.entra.licenses(office.ada.id)).resolves.toEqual(
        licenses.map(({ skuId, group: by }) => ({ sku: skuId, group: by })),
      );
    });

    test('are none where there are none', async () => {
      const { entra, ada, make } = await enter(open);
      make(ada, { licenses: [] });

      await expect(entra.licenses(ada.id)).resolves.toEqual([]);
    });
  });

  describe('the accounts on a domain', () => {
    test('are all whose user name is on this very domain, however many pages they are on', async () => {
      const office = await enter(open, { graph: { pageCap: 2 } });
      const { entra, created, clock } = office;
      const { entraUsers, tenant } = created.inside.state;
      const people = [...entraUsers.list(null, clock.now())].filter(({ kind }) => kind !== 'agentUser').slice(0, 5);
      for (const [at, one] of people.entries())
        entraUsers.put({ ...one, userName: `one${at}@${at < 4 ? '' : 'sub.'}Contoso.onmicrosoft.com` });
      const ending = `@${tenant.initialDomain}`;
      const expected = [...entraUsers.list(null, clock.now())].filter(({ userName }) =>
        userName.toLowerCase().endsWith(ending),
      );

      const found = (await entra.usersOnDomain(tenant.initialDomain)).map(({ id }) => id);

      expect(found).toEqual(expect.arrayContaining(people.slice(0, 4).map(({ id }) => id)));
      expect(found.toSorted()).toEqual(expected.map(({ id }) => id).toSorted());
    });
  });

  describe('the groups of an account', () => {
    test('are those that it is in directly, with what they are known by, and no roles', async () => {
      const office = await enter(open);
      const { entra, ada, make } = office;
      const list = groupOf(office, ({ sid, mail }) => sid !== null && mail !== null);
      const nested = groupOf(office, ({ memberOf }) => memberOf.length > 0);
      const extras = { ...extrasOf(ada), groups: [nested.id], roles: ['62e90394-69f5-4237-9190-012177145e10'] };
      make(ada, { licenses: [], syncedGroups: [list.id], extras });

      const groups = await entra.groupsOf(ada.id);

      expect(groups).toHaveLength(2);
      expect(groups).toContainEqual({
        id: list.id,
        displayName: list.displayName,
        mail: list.mail,
        sid: list.sid,
      });
      expect(groups).toContainEqual({ id: nested.id, displayName: nested.displayName, mail: null, sid: null });
    });

    test('come whole, however many pages they are on', async () => {
      const office = await enter(open);
      const all = [...office.created.inside.state.entraGroups.keys()];
      // Graph puts a hundred on a page where nobody asks for more or fewer.
      const more = Array.from({ length: 120 }, (_, at) => ({
        ...groupOf(office, () => true),
        id: `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`,
      }));
      for (const group of more) office.created.inside.state.entraGroups.set(group.id, group);
      office.make(office.ada, { licenses: [], syncedGroups: [...all, ...more.map(({ id }) => id)] });

      const groups = await office.entra.groupsOf(office.ada.id);

      expect(new Set(groups.map(({ id }) => id)).size).toBe(all.length + 120);
    });
  });

  describe('the twin of an AD group', () => {
    test('is the one with the security identifier, whatever the mail says', async () => {
      const office = await enter(open);
      const list = groupOf(office, ({ sid, mail }) => sid !== null && mail !== null);
      const other = groupOf(office, ({ id, mail }) => id !== list.id && mail !== null);

      await expect(office.entra.twinOf({ sid: list.sid, mail: other.mail })).resolves.toMatchObject({ id: list.id });
    });

    test('is the one with the mail where no group has the identifier, or none is known', async () => {
      const office = await enter(open);
      const { entraGroups } = office.created.inside.state;
      const list = groupOf(office, ({ mail }) => mail !== null);
      // A quote ends a text in a filter, and a plus sign is a space in a query.
      const mail = "o'neill+news@contoso.com";
      entraGroups.set(list.id, { ...list, mail });

      for (const sid of [null, 'S-1-5-21-1-2-3-4']) {
        await expect(office.entra.twinOf({ sid, mail })).resolves.toMatchObject({ id: list.id, mail });
      }
    });

    test('is nobody where neither is known, nor by a display name', async () => {
      const office = await enter(open);
      const { displayName } = groupOf(office, ({ sid }) => sid !== null);

      await expect(office.entra.twinOf({ sid: null, mail: null })).resolves.toBeNull();
      await expect(office.entra.twinOf({ sid: displayName, mail: displayName })).resolves.toBeNull();
    });
  });
}
