import { describe, expect, test } from 'vitest';
import type { EntraRecord } from '../../local/world/graph/records.ts';
import { NO_EXTRAS } from '../../local/world/graph/records.ts';
import type { WorldOptions } from '../../local/world/options.ts';
import type { Switches } from '../../local/world/switches.ts';
import type { CreatedWorld } from '../../local/world/world.ts';
import { AnchorwatchError } from '../../shared/errors.ts';
import type { Effect } from '../../shared/ports/effect.ts';
import type { EntraRepairs } from '../../shared/ports/entra-repairs.ts';
import type { EntraReader } from '../../shared/ports/entra.ts';
import { peopleOfTheirOwn, strangeAnchor } from '../simulation/people.ts';

/** One face of the port, over a world of its own. */
export interface EntraFace {
  readonly entra: EntraReader & EntraRepairs;
  readonly created: CreatedWorld;
  now(): number;
}

export type OpenEntra = (world: Partial<WorldOptions>) => Promise<EntraFace>;

const INITIAL = 'contoso.onmicrosoft.com';
const EXCHANGE_ADMINISTRATOR = '29232cdf-9323-42fd-ade2-1d097af3e4de';

async function refusal(call: Promise<unknown>): Promise<readonly unknown[]> {
  try {
    await call;
    return ['taken'];
  } catch (error) {
    if (!(error instanceof AnchorwatchError)) throw error;
    const { status, code, property, holder } = error.fields;
    return [error.kind, status ?? null, code ?? null, property ?? null, holder ?? null];
  }
}

/** Both faces answer alike: the same values, the same kinds of errors, the same codes, the same holder named. */
export function entraRepairsContract(name: string, open: OpenEntra): void {
  async function faceWith(world: Partial<WorldOptions> = {}) {
    const face = await open({ people: 12, plants: 'none', synced: 'never', ...world });
    const [one, other] = peopleOfTheirOwn(face.created, 2);
    if (one === undefined || other === undefined) throw new Error('the world is too small');
    const { account } = one;
    const local = account.userName.slice(0, account.userName.indexOf('@'));
    const effect = (within = 30_000): Effect => ({
      until: face.now() + within,
      correlation: '00000000-0000-8000-8000-000000000000',
    });
    return {
      ...face,
      account,
      other: other.account,
      parked: `${local}@${INITIAL}`,
      effect,
      put: (change: Partial<EntraRecord>) => face.created.inside.state.entraUsers.put({ ...account, ...change }),
      name: (userName: string) => refusal(face.entra.setUserName(account.id, userName, effect())),
      anchor: (value: string) => refusal(face.entra.setAnchor(account.id, value, effect())),
    };
  }

  describe(`${name}: the procedure`, () => {
    test('moves the name away, sets the anchor and moves the name back, each with the id of its request', async () => {
      const { entra, account, parked, effect } = await faceWith();
      const wanted = strangeAnchor('plus and slash');

      expect((await entra.setUserName(account.id, parked, effect())).requestId).toMatch(/\S/);
      expect(await entra.user(account.id)).toMatchObject({ userName: parked });
      await entra.setAnchor(account.id, wanted, effect());
      expect((await entra.usersByAnchor(wanted)).map(({ id }) => id)).toEqual([account.id]);
      await entra.setUserName(account.id, account.userName, effect());
      expect(await entra.user(account.id)).toMatchObject({ userName: account.userName, anchor: wanted, enabled: true });
    });

    test('leaves the parked name behind as an address where it was none before', async () => {
      const { entra, account, effect } = await faceWith();
      await entra.setUserName(account.id, 'never.seen@contoso-labs.com', effect());
      await entra.setUserName(account.id, account.userName, effect());

      expect((await entra.user(account.id))?.proxyAddresses).toContain('smtp:never.seen@contoso-labs.com');
    });
  });

  describe(`${name}: a name is refused`, () => {
    test('in a domain that is not verified, or that nobody knows', async () => {
      const { name: move } = await faceWith();
      expect(await move('ada@contoso.example')).toEqual(['invalid', 400, 'Request_BadRequest', null, null]);
      expect(await move('ada@nowhere.test')).toEqual(['invalid', 400, 'Request_BadRequest', null, null]);
    });

    test('that is too long', async () => {
      const { name: move } = await faceWith();
      expect(await move(`${'a'.repeat(65)}@${INITIAL}`)).toEqual(['invalid', 400, 'Request_BadRequest', null, null]);
    });

    test('that is another’s name or address, and the other is named', async () => {
      const { name: move, other } = await faceWith();
      const conflict = ['conflict', 400, 'Request_BadRequest', 'userPrincipalName', `User_${other.id}`];
      expect(await move(other.userName)).toEqual(conflict);
      const local = other.userName.slice(0, other.userName.indexOf('@'));
      expect(await move(`${local}@${INITIAL}`)).toEqual(conflict);
    });

    test('in a federated domain for somebody without an anchor', async () => {
      const { name: move, put, parked, account } = await faceWith();
      put({ anchor: null, userName: parked });
      expect(await move(account.userName)).toEqual(['invalid', 400, 'Request_BadRequest', null, null]);
    });
  });

  describe(`${name}: an anchor is refused`, () => {
    test('while the name is in a federated domain', async () => {
      const { anchor } = await faceWith();
      expect(await anchor(strangeAnchor('x'))).toEqual(['invalid', 400, 'Request_BadRequest', null, null]);
    });

    test('that a live account holds, which is named', async () => {
      const { anchor, name: move, parked, other } = await faceWith();
      await move(parked);
      expect(await anchor(other.anchor ?? '')).toEqual([
        'conflict',
        400,
        'Request_BadRequest',
        'onPremisesImmutableId',
        `User_${other.id}`,
      ]);
    });

    test('that a deleted account holds, which is named', async () => {
      const face = await faceWith();
      const { anchor, name: move, parked, other, created, entra } = face;
      const { state } = created.inside;
      state.entraUsers.remove(other.id, face.now());
      state.deletedUsers.put({ ...other, deleted: face.now() });
      await move(parked);
      expect(await anchor(other.anchor ?? '')).toEqual([
        'conflict',
        400,
        'Request_BadRequest',
        'onPremisesImmutableId',
        `User_${other.id}`,
      ]);
      expect((await entra.deletedByAnchor(other.anchor ?? '')).map(({ id }) => id)).toEqual([other.id]);
    });

    test.each<[Switches['syncedWrites'], string]>([
      ['refused', 'refused'],
      ['after-unassign', 'refused'],
      ['anyway', 'taken'],
    ])('or taken of somebody who is synchronised, as the tenant has it: %s', async (syncedWrites, kind) => {
      const { name: move, parked } = await faceWith({ synced: 'universal-sync', switches: { syncedWrites } });
      expect((await move(parked))[0]).toBe(kind);
    });

    test('of somebody who fell out of synchronisation', async () => {
      const { name: move, put, parked } = await faceWith({ switches: { syncedWrites: 'anyway' } });
      put({ synced: false });
      expect(await move(parked)).toEqual(['refused', 400, 'Request_BadRequest', null, null]);
    });

    test('of whoever is privileged, by a role, by a group or by a restricted unit', async () => {
      const { name: move, put, parked, created } = await faceWith();
      const [roleAssignable] = [...created.inside.state.entraGroups.values()].filter(
        ({ assignableToRole }) => assignableToRole,
      );
      const privileged = [
        { roles: [EXCHANGE_ADMINISTRATOR] },
        { groups: [roleAssignable?.id ?? ''] },
        { restricted: true },
      ];
      for (const extras of privileged) {
        put({ extras: { ...NO_EXTRAS, ...extras } });
        expect(await move(parked)).toEqual(['denied', 403, 'Authorization_RequestDenied', null, null]);
      }
    });

    test('of an account that is not there', async () => {
      const { entra, effect } = await faceWith();
      const nobody = '00000000-0000-4000-8000-000000000000';
      expect(await refusal(entra.setAnchor(nobody, strangeAnchor('x'), effect()))).toEqual([
        'invalid',
        404,
        'Request_ResourceNotFound',
        null,
        null,
      ]);
    });
  });

  describe(`${name}: what is read`, () => {
    test('says of each licence which group gives it', async () => {
      const { entra, put, account, created } = await faceWith();
      const [group] = [...created.inside.state.entraGroups.keys()];
      put({
        licenses: [
          { skuId: 'aaaaaaaa-0000-4000-8000-000000000000', group: null },
          { skuId: 'bbbbbbbb-0000-4000-8000-000000000000', group: group ?? '' },
        ],
      });

      expect(await entra.licenses(account.id)).toEqual([
        { sku: 'aaaaaaaa-0000-4000-8000-000000000000', group: null },
        { sku: 'bbbbbbbb-0000-4000-8000-000000000000', group: group ?? '' },
      ]);
    });

    test('finds the twin of an AD group by its security identifier, else by mail, and never by its name', async () => {
      const { entra, account } = await faceWith();
      const groups = await entra.groupsOf(account.id);
      const list = groups.find(({ mail }) => mail !== null);
      expect(list).toMatchObject({ sid: expect.stringMatching(/^S-1-5-/) });

      expect(await entra.twinOf({ sid: list?.sid ?? '', mail: null })).toEqual(list);
      expect(await entra.twinOf({ sid: 'S-1-5-21-0', mail: list?.mail ?? '' })).toEqual(list);
      expect(await entra.twinOf({ sid: null, mail: null })).toBeNull();
      expect(await entra.twinOf({ sid: 'S-1-5-21-0', mail: 'nobody@contoso.com' })).toBeNull();
    });
  });

  test(`${name}: a write that comes too late is not sent`, async () => {
    const { entra, account, parked, effect } = await faceWith();
    expect(await refusal(entra.setUserName(account.id, parked, effect(0)))).toEqual([
      'transient',
      null,
      null,
      null,
      null,
    ]);
    expect((await entra.user(account.id))?.userName).toBe(account.userName);
  });
}
