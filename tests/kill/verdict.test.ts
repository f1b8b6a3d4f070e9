import { expect, test } from 'vitest';
import type { LedgerEntry } from '../../local/http/ledger.ts';
import type { Truth } from '../../local/world/truth.ts';
import { MINUTE } from '../../shared/time.ts';
import { judgeRest } from './at-rest.ts';
import { judgeDeeds } from './deeds.ts';
import type { Evidence } from './evidence.ts';
import { A, ACCOUNT, CLOSED, E, head, journal, night, OTHER, switchTo, truth, USER, writes } from './good-night.ts';
import { Verdict } from './verdict.ts';

// The verdict over a night of kills has to be able to say no: a good night of one person, spoilt in one thing at a time.

function verdictOn(evidence: Evidence): Verdict {
  const verdict = new Verdict();
  judgeRest(evidence, verdict);
  judgeDeeds(evidence, verdict);
  return verdict;
}

/** The writes, one of them changed. */
function spoilt(index: number, change: Partial<LedgerEntry>): Partial<Evidence> {
  return { writes: writes().map((write, at) => (at === index ? { ...write, ...change } : write)) };
}

function ended(change: Partial<Truth>): Partial<Evidence> {
  return { after: { ...truth(A, A), ...change } };
}

function account(change: Partial<Truth['accounts'][number]>): Partial<Evidence> {
  return ended({ accounts: truth(A, A).accounts.map((one) => (one.id === ACCOUNT ? { ...one, ...change } : one)) });
}

function assigned(change: object): Partial<Evidence> {
  const [person] = truth(A, A).people;
  if (!person?.assignment) throw new Error('nobody');
  return ended({ people: [{ ...person, assignment: { ...person.assignment, ...change } }] });
}

test('a good night has no violation, and everything in it was checked', () => {
  const { violations, checked } = verdictOn(night());

  expect(violations).toEqual([]);
  expect([...checked.keys()].sort()).toEqual([0, 10, 2, 3, 4, 5, 6, 7]);
});

test.each<[string, number, string, Partial<Evidence>]>([
  ['the switch stays off', 2, 'Deactivate Users', ended({ deactivate: 'DISABLED' })],
  ['the hold stays open', 2, 'the hold is open', { hold: { ...CLOSED, state: 'open' } }],
  ['the switch is never given back', 2, 'never given back', { writes: writes().slice(0, -1) }],
  ['it is given back too early', 2, 'too early', spoilt(6, { at: MINUTE + 20_000 })],
  ['somebody is unassigned with the switch on', 2, 'while Deactivate', spoilt(0, { body: switchTo('ENABLED') })],
  ['somebody stays parked', 3, 'UPN', account({ userName: 'ada@contoso.onmicrosoft.com' })],
  ['somebody is parked for long and nobody is told', 3, 'nobody was told', spoilt(4, { at: 40 * MINUTE })],
  ['a stranger’s name is written', 3, 'another name', spoilt(2, { body: '{"userPrincipalName":"bob@contoso.com"}' })],
  ['the account ends disabled', 4, 'enabled', account({ enabled: false })],
  ['licences are lost', 4, 'licences', account({ licenses: [] })],
  ['a group is lost', 4, 'lost the groups news', account({ groups: [] })],
  ['the scope changes', 4, 'assignment', assigned({ scope: 'GROUP' })],
  ['roles are lost', 4, 'assignment', assigned({ roles: ['owner'] })],
  ['an account is deleted', 4, 'the recycle bin', ended({ deleted: [OTHER] })],
  ['somebody else is written to', 5, 'not to be repaired', spoilt(3, { target: `/v1.0/users/${OTHER}` })],
  ['something unheard-of is asked for', 5, 'nobody may ask', spoilt(3, { method: 'DELETE' })],
  ['there is a second account', 6, 'second account', ended({ accounts: [...truth(A, A).accounts, twin()] })],
  ['two accounts have one anchor', 6, 'one anchor', ended({ accounts: truth(A, A).accounts.map(withA) })],
  ['another’s anchor is written', 6, 'nobody’s own', spoilt(3, { body: '{"onPremisesImmutableId":"bobs"}' })],
  ['a write comes before its intent', 7, 'last row was', spoilt(3, { at: 3 * MINUTE - 1 })],
  ['a write bears another’s id', 7, 'correlation', spoilt(3, { correlation: 'park' })],
  ['a journal has a gap', 7, 'gaps', { repairs: [{ id: 'r-1', head: head(), journal: journal().slice(1) }] }],
  [
    'a repair ends elsewhere',
    0,
    'ended refused',
    { repairs: [{ id: 'r-1', head: head({ state: 'refused' }), journal: [] }] },
  ],
  ['a person is not repaired', 0, 'anchor', account({ anchor: E })],
  ['a person stays claimed', 0, 'still holds', { claimed: [USER] }],
  ['whoever is brought back hears nothing', 9, 'nobody was told', { denied: USER }],
  ['the log shows an anchor', 10, 'stands in the log', { log: ['set to MsNKjF+XF0ete7pKTpaP/w=='] }],
])('it is seen that %s', (_, promise, words, change) => {
  const { violations } = verdictOn(night(change));

  expect(violations).toContainEqual({ promise, what: expect.stringContaining(words) });
});

function twin(): Truth['accounts'][number] {
  return { id: 'twin', userName: 'ada2@contoso.com', anchor: null, enabled: true, licenses: [], groups: [] };
}

function withA(one: Truth['accounts'][number]): Truth['accounts'][number] {
  return { ...one, anchor: A };
}
