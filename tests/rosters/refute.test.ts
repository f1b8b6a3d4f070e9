import { describe, expect, test } from 'vitest';
import { MINUTE } from '../../shared/time.ts';
import { addAd, LONG_AGO, refuteAfter, removeAd } from './missing.ts';
import { anchorOf, assignment, entraUser, NOW, objectId, oktaId, type Tenant } from './tenant.ts';

describe('an absence', () => {
  test('that is true gives no doubt', async () => {
    const { outcome } = await refuteAfter(
      () => undefined,
      (tenant) => {
        removeAd(tenant, 7);
        tenant.assignments.delete(oktaId(8));
        tenant.users.delete(objectId(9));
      },
    );
    expect(outcome.doubts).toEqual([]);
    expect(outcome.checks).toEqual([
      { missing: 'directory', suspects: 1, asked: 1, refuted: 0 },
      { missing: 'assignment', suspects: 1, asked: 1, refuted: 0 },
      { missing: 'assignment-named', suspects: 0, asked: 0, refuted: 0 },
      { missing: 'entra-user', suspects: 1, asked: 1, refuted: 0 },
    ]);
  });

  test.each<[string, number, (tenant: Tenant) => void, (tenant: Tenant) => void, string]>([
    ['an AD account', 7, (tenant) => removeAd(tenant, 7), (tenant) => addAd(tenant, 7, LONG_AGO), 'directory:0oaNorth'],
    [
      'an AD account of the second directory',
      9,
      (tenant) => removeAd(tenant, 9),
      (tenant) => addAd(tenant, 9, LONG_AGO),
      'directory:0oaSouth',
    ],
    [
      'an AD account without a date',
      7,
      (tenant) => removeAd(tenant, 7),
      (tenant) => addAd(tenant, 7, null),
      'directory:0oaNorth',
    ],
    [
      'an assignment',
      8,
      (tenant) => tenant.assignments.delete(oktaId(8)),
      (tenant) => tenant.assignments.set(oktaId(8), assignment(8)),
      'assignments',
    ],
    [
      'an assignment of a person Okta had nothing of',
      8,
      (tenant) => {
        tenant.assignments.delete(oktaId(8));
        removeAd(tenant, 8);
      },
      (tenant) => tenant.assignments.set(oktaId(8), assignment(8)),
      'assignments',
    ],
    [
      'an Entra user',
      9,
      (tenant) => tenant.users.delete(objectId(9)),
      (tenant) => tenant.users.set(objectId(9), entraUser(9)),
      'users',
    ],
  ])('of %s that is there after all makes its list incomplete', async (_, number, before, change, list) => {
    const { outcome } = await refuteAfter(change, before);
    expect(outcome.doubts.map((doubt) => [doubt.rule, doubt.list])).toEqual([['absence-refuted', list]]);
    expect(outcome.doubts[0]!.message).toMatch(
      new RegExp(`1 people.*${list === 'users' ? objectId(number) : oktaId(number)}`),
    );
  });

  test.each<[string, (tenant: Tenant) => void, (tenant: Tenant) => void]>([
    ['made since the read began', (tenant) => removeAd(tenant, 7), (tenant) => addAd(tenant, 7, NOW)],
    [
      'made so shortly before that replicas may lag',
      (tenant) => removeAd(tenant, 7),
      (tenant) => addAd(tenant, 7, NOW - 5 * MINUTE),
    ],
    [
      'no longer linked',
      (tenant) => removeAd(tenant, 7),
      (tenant) => addAd(tenant, 7, LONG_AGO, { status: 'DEPROVISIONED' }),
    ],
    [
      'an assignment made since',
      (tenant) => tenant.assignments.delete(oktaId(8)),
      (tenant) => tenant.assignments.set(oktaId(8), assignment(8, NOW)),
    ],
    [
      'an assignment that was taken away',
      (tenant) => tenant.assignments.delete(oktaId(8)),
      (tenant) => tenant.assignments.set(oktaId(8), { ...assignment(8), status: 'DEPROVISIONED' }),
    ],
    [
      'an assignment read under another name',
      (tenant) => {
        removeAd(tenant, 8);
        tenant.assignments.set(oktaId(8), { ...assignment(8), userName: 'before@contoso.com', anchor: null });
      },
      (tenant) => tenant.assignments.set(oktaId(8), assignment(8)),
    ],
    [
      'an Entra user made since',
      (tenant) => tenant.users.delete(objectId(9)),
      (tenant) => tenant.users.set(objectId(9), entraUser(9, NOW)),
    ],
    [
      'an Entra user read under another name',
      (tenant) =>
        tenant.users.set(objectId(9), { ...entraUser(9), userName: 'before@contoso.com', anchor: anchorOf(900) }),
      (tenant) => tenant.users.set(objectId(9), entraUser(9)),
    ],
    [
      'an Entra user who only has the address beside the name',
      (tenant) => tenant.users.delete(objectId(9)),
      (tenant) => tenant.users.set('e-other', { ...entraUser(9), id: 'e-other', userName: 'other@contoso.com' }),
    ],
  ])('is not refuted by a row that was %s', async (_, before, change) => {
    const { outcome } = await refuteAfter(change, before);
    expect(outcome.checks.some((check) => check.suspects > 0)).toBe(true);
    expect(outcome.doubts).toEqual([]);
  });

  test('of each kind is counted by itself', async () => {
    const { outcome } = await refuteAfter(
      (tenant) => {
        addAd(tenant, 7, LONG_AGO);
        tenant.users.set(objectId(9), entraUser(9));
      },
      (tenant) => {
        removeAd(tenant, 7);
        tenant.users.delete(objectId(9));
      },
    );
    expect(outcome.checks.map(({ missing, refuted }) => [missing, refuted])).toEqual([
      ['directory', 1],
      ['assignment', 0],
      ['assignment-named', 0],
      ['entra-user', 1],
    ]);
  });
});
