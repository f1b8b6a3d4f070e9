import fc from 'fast-check';
import type { AnchorValue } from '../../shared/anchor/value.ts';
import type { AdAccount, Assignment, EntraUser, Rosters } from '../../shared/compare/rows.ts';
import { adAccount, assignment, entraUser, rosters } from './people.ts';

/** Few people with fewer names and anchors among them, so that nearly everything collides with something. */
const USERS = ['u1', 'u2', 'u3', 'u4', 'u5'];
const NAMES = ['ann@contoso.com', 'Ann@Contoso.com', 'bob@contoso.com', 'cid@contoso.com', 'CID@contoso.com'];
export const ANCHORS = ['k1', 'k2', 'k3', 'k4'];

const anchors: fc.Arbitrary<AnchorValue> = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...ANCHORS) },
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.constant({ unreadable: 'a list' }) },
);

const users = fc.constantFrom(...USERS);
const names = fc.option(fc.constantFrom(...NAMES), { freq: 6 });

const accounts: fc.Arbitrary<AdAccount> = fc
  .tuple(users, fc.constantFrom('ad1', 'ad2', 'ad3'), anchors, names)
  .map(([user, instance, anchor, userName]) => adAccount(user, { instance, anchor, userName }));
const assignments: fc.Arbitrary<Assignment> = fc
  .tuple(users, fc.constantFrom('app1', 'app2', 'app3'), anchors, names)
  .map(([user, app, anchor, userName]) => assignment(user, { app, anchor, userName }));
const entra: fc.Arbitrary<EntraUser> = fc
  .tuple(fc.constantFrom('i1', 'i2', 'i3', 'i4', 'i5'), anchors, fc.constantFrom(...NAMES))
  .map(([id, anchor, userName]) => entraUser('', { id, anchor, userName }));

function each<Row>(rows: fc.Arbitrary<Row>, keyOf: (row: Row) => string): fc.Arbitrary<Row[]> {
  return fc.uniqueArray(rows, { selector: keyOf, minLength: 1, maxLength: 7 });
}

/** What no source sends is left out: two accounts of one person in one instance, two assignments in one app, two users with one id. */
export const crowds: fc.Arbitrary<Rosters> = fc
  .record({
    ad: each(accounts, ({ user, instance }) => user + instance),
    assignments: each(assignments, ({ user, app }) => user + app),
    entra: each(entra, ({ id }) => id),
  })
  .map(rosters);
