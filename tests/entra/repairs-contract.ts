import { describe, expect, test } from 'vitest';
import { lookupsContract } from './repairs-lookups-contract.ts';
import { ANCHOR, CORRELATION, enter, type Open, parkedName } from './repairs-office.ts';
import { sendingContract } from './repairs-sending-contract.ts';
import { whomContract } from './repairs-whom-contract.ts';

/** What a repair may rely on in Entra ID, whichever face of the port it has: the same answers, and the same kinds of errors. */
export function entraRepairsContract(open: Open): void {
  describe('a user name', () => {
    namesContract(open);
  });
  describe('an anchor', () => {
    anchorsContract(open);
  });
  sendingContract(open);
  whomContract(open);
  lookupsContract(open);
}

const REFUSED_BODY = { status: 400, code: 'Request_BadRequest', clientRequestId: CORRELATION };

function namesContract(open: Open): void {
  test('goes to a managed domain and comes back, and the account is as it was', async () => {
    const { entra, ada, effect } = await enter(open);
    const before = await entra.user(ada.id);

    const { requestId } = await entra.setUserName(ada.id, parkedName(ada), effect());
    expect(requestId).toEqual(expect.any(String));
    await expect(entra.user(ada.id)).resolves.toEqual({ ...before, userName: parkedName(ada) });

    await entra.setUserName(ada.id, ada.userName, effect());
    await expect(entra.user(ada.id)).resolves.toEqual(before);
  });

  test('that is not one of the mailbox’s addresses stays behind as one', async () => {
    const { entra, ada, effect } = await enter(open);
    const before = (await entra.user(ada.id))?.proxyAddresses ?? [];

    await entra.setUserName(ada.id, 'elsewhere@contoso.onmicrosoft.com', effect());
    await entra.setUserName(ada.id, ada.userName, effect());

    const after = (await entra.user(ada.id))?.proxyAddresses ?? [];
    expect(after.toSorted()).toEqual([...before, 'smtp:elsewhere@contoso.onmicrosoft.com'].toSorted());
    await expect(entra.usersByAddress('elsewhere@contoso.onmicrosoft.com')).resolves.toMatchObject([{ id: ada.id }]);
  });

  test.each([
    ['a domain that is not verified yet', 'ada@contoso.example'],
    ['a domain of somebody else', 'ada@elsewhere.example'],
    ['more than 64 signs before the @', `${'a'.repeat(65)}@contoso.onmicrosoft.com`],
    ['an accent', 'adä@contoso.onmicrosoft.com'],
  ])('with %s is invalid, and changes nothing', async (_what, name) => {
    const { entra, ada, effect } = await enter(open);

    await expect(entra.setUserName(ada.id, name, effect())).rejects.toMatchObject({
      kind: 'invalid',
      fields: REFUSED_BODY,
    });
    await expect(entra.user(ada.id)).resolves.toMatchObject({ userName: ada.userName });
  });

  test('that another account has is a conflict that names the other', async () => {
    const { entra, ada, bob, effect } = await enter(open);

    await expect(entra.setUserName(ada.id, bob.userName.toUpperCase(), effect())).rejects.toMatchObject({
      kind: 'conflict',
      fields: { ...REFUSED_BODY, property: 'userPrincipalName', holder: `User_${bob.id}` },
    });
    await expect(entra.user(ada.id)).resolves.toMatchObject({ userName: ada.userName });
  });

  test('that is an address of another account is the same conflict', async () => {
    const { entra, ada, bob, effect } = await enter(open);

    await expect(entra.setUserName(ada.id, parkedName(bob), effect())).rejects.toMatchObject({
      kind: 'conflict',
      fields: { ...REFUSED_BODY, property: 'userPrincipalName', holder: `User_${bob.id}` },
    });
  });

  test('does not come to a federated domain while the anchor is empty', async () => {
    const { entra, ada, make, effect } = await enter(open);
    make(ada, { userName: parkedName(ada), anchor: null });

    await expect(entra.setUserName(ada.id, ada.userName, effect())).rejects.toMatchObject({
      kind: 'invalid',
      fields: REFUSED_BODY,
    });
    await entra.setAnchor(ada.id, ANCHOR, effect());
    await entra.setUserName(ada.id, ada.userName, effect());
    await expect(entra.user(ada.id)).resolves.toMatchObject({ userName: ada.userName, anchor: ANCHOR });
  });
}

function anchorsContract(open: Open): void {
  test('is not set while the name is federated, but by way of a managed domain', async () => {
    const { entra, ada, effect } = await enter(open);
    const before = await entra.user(ada.id);

    await expect(entra.setAnchor(ada.id, ANCHOR, effect())).rejects.toMatchObject({
      kind: 'invalid',
      fields: REFUSED_BODY,
    });
    await expect(entra.user(ada.id)).resolves.toEqual(before);

    await entra.setUserName(ada.id, parkedName(ada), effect());
    const { requestId } = await entra.setAnchor(ada.id, ANCHOR, effect());
    await entra.setUserName(ada.id, ada.userName, effect());
    expect(requestId).toEqual(expect.any(String));
    await expect(entra.user(ada.id)).resolves.toEqual({ ...before, anchor: ANCHOR });
  });

  test('with plus signs and slashes is kept as it is, and found by them', async () => {
    const { entra, ada, make, effect } = await enter(open);
    make(ada, { userName: parkedName(ada) });

    await entra.setAnchor(ada.id, ANCHOR, effect());

    await expect(entra.usersByAnchor(ANCHOR)).resolves.toMatchObject([{ id: ada.id, anchor: ANCHOR }]);
    await expect(entra.usersByAnchor(ANCHOR.replaceAll('+', ' '))).resolves.toEqual([]);
  });

  test.each([
    ['an underscore', '_/+/+/+/+/+/+/+/+/+/+w=='],
    ['a dollar', '$/+/+/+/+/+/+/+/+/+/+w=='],
    ['nothing in it', ''],
  ])('with %s is invalid', async (_what, anchor) => {
    const { entra, ada, make, effect } = await enter(open);
    make(ada, { userName: parkedName(ada) });

    await expect(entra.setAnchor(ada.id, anchor, effect())).rejects.toMatchObject({
      kind: 'invalid',
      fields: REFUSED_BODY,
    });
    await expect(entra.user(ada.id)).resolves.toMatchObject({ anchor: ada.anchor });
  });

  test.each(['live', 'deleted'])('that a %s account has is a conflict that names it', async (holder) => {
    const { entra, ada, bob, make, created, clock, effect } = await enter(open);
    make(ada, { userName: parkedName(ada) });
    if (holder === 'deleted') {
      const { entraUsers, deletedUsers } = created.inside.state;
      entraUsers.remove(bob.id, clock.now());
      deletedUsers.put({ ...bob, deleted: clock.now() });
    }

    await expect(entra.setAnchor(ada.id, bob.anchor ?? '', effect())).rejects.toMatchObject({
      kind: 'conflict',
      fields: { ...REFUSED_BODY, property: 'onPremisesImmutableId', holder: `User_${bob.id}` },
    });
    await expect(entra.user(ada.id)).resolves.toMatchObject({ anchor: ada.anchor });
    const [live, deleted] = [entra.usersByAnchor(bob.anchor ?? ''), entra.deletedByAnchor(bob.anchor ?? '')];
    await expect(holder === 'deleted' ? deleted : live).resolves.toMatchObject([{ id: bob.id }]);
    await expect(holder === 'deleted' ? live : deleted).resolves.toEqual([]);
  });

  test('that differs from another’s in the case of a letter alone is another anchor', async () => {
    const { entra, ada, bob, make, effect } = await enter(open);
    make(ada, { userName: parkedName(ada) });
    make(bob, { anchor: 'AbCdEfGhIjKlMnOpQrStUg==' });

    await entra.setAnchor(ada.id, 'abCdEfGhIjKlMnOpQrStUg==', effect());

    await expect(entra.usersByAnchor('AbCdEfGhIjKlMnOpQrStUg==')).resolves.toMatchObject([{ id: bob.id }]);
  });
}
