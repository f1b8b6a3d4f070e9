import { describe, expect, test } from 'vitest';
import type { EntraRecord } from '../../local/world/graph/records.ts';
import { MINUTE } from '../../shared/time.ts';
import { ANCHOR, CORRELATION, enter, extrasOf, groupOf, type Office, type Open, parkedName } from './repairs-office.ts';

const GLOBAL_ADMINISTRATOR = '62e90394-69f5-4237-9190-012177145e10';
const SYNCED = { status: 400, code: 'Request_BadRequest', clientRequestId: CORRELATION };

/** Whom a repair may write to, and how it learns that it may not. */
export function whomContract(open: Open): void {
  describe('an account that is synced', () => {
    syncedContract(open);
  });
  describe('an account that is protected', () => {
    protectedContract(open);
  });

  test('an account that is gone is invalid to write to, and null to read', async () => {
    const { entra, ada, created, clock, effect } = await enter(open);
    created.inside.state.entraUsers.remove(ada.id, clock.now());

    await expect(entra.setUserName(ada.id, parkedName(ada), effect())).rejects.toMatchObject({
      kind: 'invalid',
      fields: { status: 404, code: 'Request_ResourceNotFound', clientRequestId: CORRELATION },
    });
    await expect(entra.user(ada.id)).resolves.toBeNull();
  });
}

/** Both writes, each of which must be refused so; afterwards nothing may have changed. */
async function refusedBoth({ entra, effect }: Office, account: EntraRecord, refusal: object): Promise<void> {
  const before = await entra.user(account.id);
  await expect(entra.setUserName(account.id, parkedName(account), effect())).rejects.toMatchObject(refusal);
  await expect(entra.setAnchor(account.id, ANCHOR, effect())).rejects.toMatchObject(refusal);
  await expect(entra.user(account.id)).resolves.toEqual(before);
}

function syncedContract(open: Open): void {
  const mastered = {
    kind: 'refused',
    message: expect.stringContaining('on-premises mastered Directory Sync objects'),
    fields: SYNCED,
  };

  test('is refused where the tenant refuses it, assigned or not', async () => {
    const office = await enter(open, { switches: { syncedWrites: 'refused' } });

    await refusedBoth(office, office.ada, mastered);
    await unassign(office);
    await refusedBoth(office, office.ada, mastered);
    await expect(office.entra.user(office.ada.id)).resolves.toMatchObject({ synced: true, enabled: true });
  });

  test('is refused until its flag has gone with the assignment, where the tenant is so', async () => {
    const office = await enter(open, { switches: { syncedWrites: 'after-unassign' } });
    const { entra, ada, effect } = office;

    await refusedBoth(office, ada, mastered);
    await unassign(office);
    await entra.setUserName(ada.id, parkedName(ada), effect());
    await entra.setAnchor(ada.id, ANCHOR, effect());

    await expect(entra.user(ada.id)).resolves.toMatchObject({
      synced: null,
      userName: parkedName(ada),
      anchor: ANCHOR,
      enabled: true,
    });
  });

  test('is written to where the tenant takes it anyway', async () => {
    const { entra, ada, effect } = await enter(open, { switches: { syncedWrites: 'anyway' } });

    await entra.setUserName(ada.id, parkedName(ada), effect());
    await entra.setAnchor(ada.id, ANCHOR, effect());

    await expect(entra.user(ada.id)).resolves.toMatchObject({ synced: true, anchor: ANCHOR });
  });

  test('no longer, but was, is refused in every tenant', async () => {
    const office = await enter(open, { switches: { syncedWrites: 'anyway' } });

    await refusedBoth(office, office.make(office.ada, { synced: false }), {
      kind: 'refused',
      message: expect.stringContaining('originated within an external service'),
      fields: SYNCED,
    });
  });

  test('and was never so is written to in every tenant', async () => {
    const { entra, ada, make, effect } = await enter(open, { switches: { syncedWrites: 'refused' } });
    make(ada, { synced: null });

    await entra.setUserName(ada.id, parkedName(ada), effect());

    await expect(entra.user(ada.id)).resolves.toMatchObject({ userName: parkedName(ada) });
  });
}

/** With *Deactivate Users* off, and until whatever follows from it is done. */
async function unassign({ created, clock, ada }: Office): Promise<void> {
  const { hands, ids, inside } = created;
  const [assignment] = [
    ...(inside.state.assignments.get(ids.office365)?.lookup('externalId', ada.id, clock.now()) ?? []),
  ];
  hands.switchDeactivate(ids.office365, 'DISABLED', clock.now());
  hands.unassign(ids.office365, assignment?.user ?? '', clock.now());
  await clock.wait(5 * MINUTE);
}

function protectedContract(open: Open): void {
  const denied = {
    kind: 'denied',
    fields: { status: 403, code: 'Authorization_RequestDenied', clientRequestId: CORRELATION },
  };

  test('by a directory role is denied', async () => {
    const office = await enter(open);
    const admin = office.make(office.ada, { extras: { ...extrasOf(office.ada), roles: [GLOBAL_ADMINISTRATOR] } });

    await refusedBoth(office, admin, denied);
    await expect(office.entra.privileges(admin.id)).resolves.toMatchObject([{ kind: 'directory-role' }]);
  });

  test('by a group that roles can be given to is denied, a member of a member and an owner of it too', async () => {
    const office = await enter(open);
    const { entra, ada } = office;
    const assignable = groupOf(office, ({ assignableToRole }) => assignableToRole);
    const nested = groupOf(office, ({ memberOf }) => memberOf.includes(assignable.id));

    for (const extras of [{ groups: [assignable.id] }, { groups: [nested.id] }, { owns: [assignable.id] }]) {
      const member = office.make(ada, { extras: { ...extrasOf(ada), ...extras } });
      await refusedBoth(office, member, denied);
      await expect(entra.privileges(member.id)).resolves.toContainEqual({
        kind: 'role-assignable-group',
        name: assignable.displayName,
      });
    }
  });

  test('by a restricted unit is denied', async () => {
    const office = await enter(open);
    const restricted = office.make(office.ada, { extras: { ...extrasOf(office.ada), restricted: true } });

    await refusedBoth(office, restricted, denied);
    await expect(office.entra.user(restricted.id)).resolves.toMatchObject({ restricted: true });
  });
}
