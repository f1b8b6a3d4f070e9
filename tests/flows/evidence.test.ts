import { expect, test } from 'vitest';
import { AnchorwatchError } from '../../shared/errors.ts';
import { proposals } from '../../shared/flows/proposals.ts';
import { readFindings, readSides } from '../../shared/flows/scan/snapshot.ts';
import type { Side } from '../../shared/plan/sides.ts';
import { isoDay, MINUTE, SECOND } from '../../shared/time.ts';
import { anchorOf, objectId, oktaId, tenantOf } from '../rosters/tenant.ts';
import { type Night, nextDay, nightOf, type NightOptions, runNight } from './night.ts';
import { confirmBaseline, lastRun, rowsOf } from './second-night.ts';

/** Two nights in which so many pairs of people hold each other's anchors, and may be asked about in the second. */
async function ringed(pairs: number, options: (night: () => Night) => NightOptions = () => ({})): Promise<Night> {
  const tenant = tenantOf(4 * pairs);
  for (let number = 1; number <= 2 * pairs; number += 1) {
    const id = objectId(number);
    const anchor = anchorOf(number % 2 === 1 ? number + 1 : number - 1);
    tenant.users.set(id, { ...tenant.users.get(id)!, anchor });
  }
  const night: Night = nightOf(tenant, { reading: { pageSize: 100 }, ...options(() => night) });
  expect(await runNight(night)).toBe('good');
  await confirmBaseline(night);
  nextDay(night);
  expect(await runNight(night)).toBe('good');
  return night;
}

async function sidesIn(night: Night): Promise<readonly Side[]> {
  const { id } = await lastRun(night);
  const sides: Side[] = [];
  for (const { finding } of await readFindings(id, night.tools))
    sides.push(...(await readSides(id, finding.key, night.tools)));
  return sides;
}

function cellsOf(sides: readonly Side[], what: string): ReadonlyMap<string, number> {
  const cells = sides.filter((side) => side.what === what).map(({ entra }) => entra);
  return new Map(cells.map((cell) => [cell, cells.filter((one) => one === cell).length]));
}

test('a hundred people a night are looked up, those of a question first, and each of them once', async () => {
  const asked: string[] = [];
  const night = await ringed(120, () => ({
    entra: { lastSignIn: async (id) => ({ told: (asked.push(id), null) }) },
  }));
  const [proposal] = await proposals(night.tools);
  const people = proposal?.items.flatMap(({ members }) => members.map((one) => one.objectId)) ?? [];

  const tonight = asked.slice(asked.length / 2);
  expect(tonight).toEqual(people.slice(0, 100));
  expect(cellsOf(proposal?.items.flatMap(({ sides }) => sides) ?? [], 'last sign-in')).toEqual(
    new Map([
      ['never', 100],
      ['not looked up', 100],
    ]),
  );
});

test('looks that take long are over after minutes', async () => {
  const night = await ringed(5, (itself) => ({
    entra: {
      lastSignIn: async () => {
        itself().clock.at += MINUTE;
        return { told: null };
      },
    },
  }));

  expect(cellsOf(await sidesIn(night), 'last sign-in').get('not looked up')).toBeGreaterThan(0);
});

test('an answer that cannot be read, or somebody who is gone, is that person’s alone', async () => {
  const odd = new AnchorwatchError('invalid', 'The answer has not the expected shape.');
  const night = await ringed(2, () => ({
    entra: { lastSignIn: (id) => (id === objectId(1) ? Promise.reject(odd) : Promise.resolve({ told: null })) },
    okta: {
      user: async (id) =>
        id === oktaId(2) ? null : { id, login: id, status: 'ACTIVE', created: null, lastLogin: null },
    },
  }));
  const sides = await sidesIn(night);

  expect(cellsOf(sides, 'last sign-in').get('not readable: the log of the run says why')).toBeGreaterThan(0);
  expect(cellsOf(sides, 'last sign-in').get('never')).toBeGreaterThan(0);
  const logins = sides.filter(({ what }) => what === 'last sign-in').map(({ directory }) => directory);
  expect(new Set(logins)).toEqual(new Set(['to Okta: never', 'not readable: the log of the run says why']));
});

test('a right that lacks for licences is said once', async () => {
  let asked = 0;
  const denied = new AnchorwatchError('denied', 'No.', { fields: { status: 403 } });
  const holdings = () => {
    asked += 1;
    return Promise.reject(denied);
  };
  const night = await ringed(2, () => ({ entra: { holdings } }));
  expect(cellsOf(await sidesIn(night), 'licences')).toEqual(
    new Map([['not readable: the right to it is not granted', expect.any(Number)]]),
  );
  expect(asked).toBe(2);
});

test('a mistake of ours ends no run, and is an error in its log', async () => {
  const night = await ringed(2, () => ({ entra: { holdings: () => Promise.reject(new TypeError('ours')) } }));
  expect([...cellsOf(await sidesIn(night), 'licences').keys()]).toEqual(['not readable: the log of the run says why']);

  const errors: string[] = [];
  const error = (message: string, fields: object = {}) => void errors.push(`${message}: ${JSON.stringify(fields)}`);
  nextDay(night);
  expect(await runNight(night, { ...night.tools, log: { ...night.tools.log, error } })).toBe('good');
  expect(errors).toHaveLength(4);
  for (const one of errors) expect(one).toMatch(/not looked up: .*licences.*ours/);
});

/** Okta as it throttles somebody: no answer until nobody waits any more. */
function whenOver(_id: string, signal?: AbortSignal): Promise<never> {
  return Promise.reject(signal?.reason);
}

test('no look holds the run for longer than half a minute, and another kind of look is made all the same', async () => {
  const night = await ringed(2);
  const limits: (number | 'over')[] = [];
  const deadline = (ms: number) => {
    limits.push(ms);
    const signal = AbortSignal.abort(new AnchorwatchError('transient', `no answer within ${ms / SECOND} seconds`));
    return { signal, end: () => void limits.push('over') };
  };
  nextDay(night);

  const { tools } = night;
  const okta = { ...tools.okta, user: whenOver };
  expect(await runNight(night, { ...tools, okta, clock: { ...tools.clock, deadline } })).toBe('good');

  const sides = (await sidesIn(night)).filter(({ what }) => what === 'last sign-in');
  expect(new Set(sides.map(({ directory }) => directory))).toEqual(new Set(['not read tonight: no answer']));
  expect(new Set(sides.map(({ entra }) => entra))).toEqual(new Set(['never']));
  expect(limits.filter((_, at) => at % 2 === 1).every((one) => one === 'over')).toBe(true);
  expect(new Set(limits)).toEqual(new Set([60_000, 30_000, 'over']));
});

test('whoever may sign in as somebody else is told of before anybody is looked up', async () => {
  const kinds: string[][] = [];
  await ringed(2, (itself) => ({
    entra: {
      lastSignIn: async () => {
        const { tools, clock } = itself();
        kinds.push(await rowsOf(tools.state.outbox.list(isoDay(clock.at)), ({ kind }) => kind));
        return { told: null };
      },
    },
  }));

  expect(kinds[0]).toEqual(['alarm']);
});
