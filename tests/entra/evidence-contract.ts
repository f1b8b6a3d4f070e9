import { describe, expect, test } from 'vitest';
import { ADMINISTRATOR } from '../../local/world/graph/hands.ts';
import { EVIDENCE_ROLES, READ_ROLES, type WorldOptions, WRITE_ROLES } from '../../local/world/options.ts';
import { MINUTE } from '../../shared/time.ts';
import { ANCHOR, enter, type Open } from './repairs-office.ts';

/** Licences by the names that the tenant has for them. */
const E5 = '06ebc4ee-1bb5-47dd-8120-11324bc54e06';
const FREE = 'c5928f49-12ba-48f7-ada3-0d743a3601d5';

/** Tokens are kept for the whole process, one for each identity: a world with other rights needs a seed of its own. */
function open(world: Open, premium: boolean) {
  const graph: WorldOptions['graph'] = { roles: [...READ_ROLES, ...WRITE_ROLES, ...EVIDENCE_ROLES], premium };
  return enter(world, { seed: `evidence ${premium}`, graph });
}

/** What is looked up for somebody who compares two accounts, or wants to know who changed one. */
export function evidenceContract(world: Open): void {
  describe('the last sign-in', () => {
    test('is the last one that succeeded, as long as that is kept, and null for whoever never came', async () => {
      const { entra, ada, created } = await open(world, true);
      const { signIns } = created.inside.state;
      const at = Date.parse('2026-11-20T08:01:02Z');

      signIns.set(ada.id, at);
      await expect(entra.lastSignIn(ada.id)).resolves.toEqual({ told: { at, attempt: false } });
      signIns.set(ada.id, Date.parse('2023-05-01T00:00:00Z'));
      await expect(entra.lastSignIn(ada.id)).resolves.toMatchObject({ told: { attempt: true } });
      signIns.set(ada.id, null);
      await expect(entra.lastSignIn(ada.id)).resolves.toEqual({ told: null });
    });

    test('is withheld by a tenant without the licence, and from an app without the right', async () => {
      const poor = await open(world, false);
      await expect(poor.entra.lastSignIn(poor.ada.id)).resolves.toEqual({ withheld: 'licence' });
      const usual = await enter(world);
      await expect(usual.entra.lastSignIn(usual.ada.id)).resolves.toEqual({ withheld: 'right' });
    });

    test('of an account that is gone is an error', async () => {
      const { entra } = await open(world, true);

      await expect(entra.lastSignIn('99999999-9999-4999-8999-999999999999')).rejects.toMatchObject({ kind: 'invalid' });
    });
  });

  test('what an account was given is read with no right but that of the scan, and licences have names', async () => {
    const { entra, ada, make } = await enter(world);
    make(ada, { licenses: [{ skuId: E5, group: null }] });

    await expect(entra.holdings(ada.id)).resolves.toEqual({ licenses: [E5], mailbox: true });
    expect((await entra.licenseNames()).get(E5)).toBe('SPE_E5');
    make(ada, { licenses: [{ skuId: FREE, group: null }] });
    await expect(entra.holdings(ada.id)).resolves.toEqual({ licenses: [FREE], mailbox: false });
    expect((await entra.licenseNames()).has(FREE)).toBe(false);
  });

  describe('who changed an anchor', () => {
    test('is the last one who was not this app, once the log has heard of it', async () => {
      const { entra, ada, created, clock, effect } = await open(world, true);
      const since = clock.now();
      created.hands.editAccount(
        ada.id,
        { userName: ada.userName.replace('@contoso.com', '@contoso.onmicrosoft.com') },
        since,
      );
      await entra.setAnchor(ada.id, ANCHOR, effect());
      await clock.wait(MINUTE);
      const at = clock.now();
      created.hands.editAccount(ada.id, { anchor: 'BAECAwQFBgcICQoLDA0ODw==' }, at);
      await expect(entra.anchorChange(ada.id, since)).resolves.toEqual({ told: null });
      await clock.wait(MINUTE);
      await entra.setAnchor(ada.id, ANCHOR, effect());
      await clock.wait(10 * MINUTE);

      const by = { kind: 'user', name: ADMINISTRATOR.name };
      await expect(entra.anchorChange(ada.id, since)).resolves.toEqual({ told: { at, by } });
      await expect(entra.anchorChange(ada.id, at + 1)).resolves.toEqual({ told: null });
    });

    test('is withheld from an app without the right', async () => {
      const { entra, ada, clock } = await enter(world);

      await expect(entra.anchorChange(ada.id, clock.now())).resolves.toEqual({ withheld: 'right' });
    });
  });
}
