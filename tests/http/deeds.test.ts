import { describe, expect, onTestFinished, test } from 'vitest';
import { createShiftedClock } from '../../local/http/clock.ts';
import { serveDesk } from '../../local/http/control.ts';
import type { Deed } from '../../local/http/deeds.ts';
import { type DeskClient, deskAt } from '../../local/http/desk-client.ts';
import { truthIn } from '../../local/world/truth.ts';
import { HOUR, MINUTE } from '../../shared/time.ts';
import { errorOf, type Json, START } from '../world/callers.ts';
import { ANCHOR, Office } from '../world/office.ts';
import { serving } from './serving.ts';
import { tinyWorld } from './tiny-world.ts';

/** An office whose desk is asked over HTTP, as from another process. */
async function officeWithDesk() {
  const office = new Office({ switches: { latePush: 'never' } });
  const ahead = START - Date.now();
  const clock = createShiftedClock(ahead);
  const tenants = await serving(tinyWorld(), [], { clock });
  const { hands } = office.created;
  const control = await serveDesk({
    clock,
    tenants,
    answerKey: () => null,
    hands,
    truth: truthIn(office.created),
    mails: () => [],
  });
  onTestFinished(() => control.close());
  const desk: DeskClient = deskAt(control.address);
  let later = ahead;

  return { office, desk, pass };

  async function pass(time: number): Promise<void> {
    later += time;
    await desk.shift(later);
    office.now = clock.now();
  }
}

test('whoever checks in another process is told what is so of everybody, at once', async () => {
  const { office, desk } = await officeWithDesk();
  const { app, user, objectId } = office;
  const of = async () => {
    const { people, accounts, deactivate } = await desk.truth();
    const account = accounts.find(({ id }) => id === objectId);
    return { deactivate, person: people.find((one) => one.user === user), account };
  };

  const before = await of();
  await desk.does({ does: 'editAccount', objectId, change: { anchor: ANCHOR } });
  await desk.does({ does: 'switchDeactivate', app, status: 'DISABLED' });
  const after = await of();

  const { person, account } = before;
  expect(person?.assignment).toMatchObject({ scope: 'USER', account: objectId, copy: account?.anchor });
  expect(person?.source).toBe(account?.anchor);
  expect(person?.groups.length).toBeGreaterThan(1);
  expect(account?.licenses.length).toBeGreaterThan(0);
  expect(after).toEqual({ person, account: { ...account, anchor: ANCHOR }, deactivate: 'DISABLED' });
  expect(before.deactivate).toBe('ENABLED');
});

test('an operator in another process unassigns, edits and assigns, as a guided repair asks for it', async () => {
  const { office, desk, pass } = await officeWithDesk();
  const { app, user, objectId } = office;
  const path = `/api/v1/apps/${app}/users/${user}`;

  await desk.does({ does: 'switchDeactivate', app, status: 'DISABLED' });
  await desk.does({ does: 'unassign', app, user });
  await pass(2 * MINUTE);
  expect(errorOf(office.okta(path))).toBe('404 E0000007');
  await desk.does({ does: 'editAccount', objectId, change: { anchor: ANCHOR } });
  await desk.does({ does: 'assign', app, user });
  await desk.does({ does: 'switchDeactivate', app, status: 'ENABLED' });
  await pass(3 * MINUTE);

  expect(office.account().onPremisesImmutableId).toBe(ANCHOR);
  expect(office.assignment()).toMatchObject({ status: 'PROVISIONED', externalId: objectId });
});

test('an operator in another process takes somebody out of an AD group and starts the import that brings it', async () => {
  const { office, desk, pass } = await officeWithDesk();
  const groups: Json[] = office.oktaRows(`/api/v1/users/${office.user}/groups`);
  const { id: group, _links } = groups.find(({ type }) => type === 'APP_GROUP');
  const directory: string = _links.source.href.split('/').at(-1);

  await desk.does({ does: 'changeGroup', user: office.user, group, change: 'leave' });
  await desk.does({ does: 'tripSafeguard', directory });
  await pass(3 * HOUR);
  const paused: Json[] = office.oktaRows(`/api/v1/users/${office.user}/groups`);
  await desk.does({ does: 'resumeImports', directory });
  await desk.does({ does: 'clickImport', directory });
  await pass(11 * MINUTE);

  expect(paused.map(({ id }) => id)).toContain(group);
  expect(office.oktaRows(`/api/v1/users/${office.user}/groups`).map(({ id }) => id)).not.toContain(group);
});

const licences = (office: Office) => office.account().assignedLicenses.length;

describe('each of the other hands', () => {
  test.each<[string, (office: Office) => Deed, (office: Office) => unknown, unknown]>([
    [
      'dismisses',
      ({ user }) => ({ does: 'dismiss', user }),
      (office) => office.okta(`/api/v1/users/${office.user}`).body.includes('"DEPROVISIONED"'),
      true,
    ],
    [
      'renames',
      ({ user }) => ({ does: 'rename', user, login: 'new@contoso.com' }),
      (office) => office.assignment().credentials.userName,
      'new@contoso.com',
    ],
    [
      'deletes',
      ({ objectId }) => ({ does: 'deleteAccount', objectId }),
      (office) => office.graph(`/v1.0/users/${office.objectId}`).status,
      404,
    ],
    ['grants', ({ objectId }) => ({ does: 'grantLicence', objectId, licence: 'SPE_E5' }), licences, 2],
    ['removes', ({ objectId }) => ({ does: 'removeLicence', objectId, licence: 'SPE_E3' }), licences, 0],
  ])('%s', async (_name, deed, seen, expected) => {
    const { office, desk, pass } = await officeWithDesk();
    const e3 = { ...office.account().assignedLicenses[0] };
    expect(e3.skuId).toBe('05e9a617-0261-4cee-bb44-138d3ef5d965');

    await desk.does(deed(office));
    await pass(1);

    expect(seen(office)).toEqual(expected);
  });

  test('restores, and joins groups of Entra’s own', async () => {
    const { office, desk, pass } = await officeWithDesk();
    const { objectId, created } = office;
    const twins = new Set(created.inside.state.twins.values());
    const own = [...created.inside.state.entraGroups.values()].find(({ id }) => !twins.has(id));

    await desk.does({ does: 'deleteAccount', objectId });
    await desk.does({ does: 'restoreAccount', objectId });
    await desk.does({ does: 'changeEntraGroup', objectId, group: own?.id ?? '', change: 'join' });
    await pass(1);

    expect(office.groups()).toContain(own?.displayName);
  });
});
