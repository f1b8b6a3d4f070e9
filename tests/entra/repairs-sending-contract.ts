import { describe, expect, test } from 'vitest';
import { MINUTE, SECOND } from '../../shared/time.ts';
import { ANCHOR, enter, MAY_WRITE, type Open, parkedName } from './repairs-office.ts';

/** What becomes of a write on its way, and when it is seen. */
export function sendingContract(open: Open): void {
  describe('a write', () => {
    test('that is repeated ends where the first one ended', async () => {
      const { entra, ada, effect } = await enter(open);

      await twice(() => entra.setUserName(ada.id, parkedName(ada), effect()));
      await twice(() => entra.setAnchor(ada.id, ANCHOR, effect()));
      const after = await entra.user(ada.id);
      await twice(() => entra.setUserName(ada.id, ada.userName, effect()));

      expect(after).toMatchObject({ userName: parkedName(ada), anchor: ANCHOR });
      await expect(entra.user(ada.id)).resolves.toEqual({ ...after, userName: ada.userName });
    });

    test.each([0, SECOND])('is not sent at its last instant, nor later: %i ms', async (late) => {
      const { entra, ada, clock, make, effect } = await enter(open);
      make(ada, { userName: parkedName(ada) });
      const before = await entra.user(ada.id);
      const past = { ...effect(), until: clock.now() - late };

      const tooLate = {
        kind: 'transient',
        message: 'It is too late for this request to Microsoft Graph: nothing was sent.',
      };
      await expect(entra.setUserName(ada.id, ada.userName, past)).rejects.toMatchObject(tooLate);
      await expect(entra.setAnchor(ada.id, ANCHOR, past)).rejects.toMatchObject(tooLate);
      await expect(entra.user(ada.id)).resolves.toEqual(before);
    });

    test('is not seen by a replica that lags, and is after a while', async () => {
      const { entra, ada, clock, effect } = await enter(open, { graph: { ...MAY_WRITE, replicaLag: 10 * MINUTE } });

      await entra.setUserName(ada.id, parkedName(ada), effect());
      await clock.wait(SECOND);
      await expect(entra.user(ada.id)).resolves.toMatchObject({ userName: ada.userName });
      await expect(entra.usersByAddress(ada.userName)).resolves.toMatchObject([{ userName: ada.userName }]);

      await clock.wait(10 * MINUTE);
      await expect(entra.user(ada.id)).resolves.toMatchObject({ userName: parkedName(ada) });
    });

    test('of an anchor right after the name was moved is refused where the replica has not heard of it', async () => {
      const { entra, ada, clock, effect } = await enter(open, { graph: { ...MAY_WRITE, replicaLag: 10 * MINUTE } });
      await entra.setUserName(ada.id, parkedName(ada), effect());
      await clock.wait(SECOND);

      await expect(entra.setAnchor(ada.id, ANCHOR, effect())).rejects.toMatchObject({
        kind: 'invalid',
        fields: { status: 400, code: 'Request_BadRequest' },
      });
      await clock.wait(10 * MINUTE);
      await entra.setAnchor(ada.id, ANCHOR, effect());
      await clock.wait(10 * MINUTE);
      await expect(entra.user(ada.id)).resolves.toMatchObject({ anchor: ANCHOR });
    });
  });
}

async function twice(write: () => Promise<unknown>): Promise<void> {
  await write();
  await write();
}
