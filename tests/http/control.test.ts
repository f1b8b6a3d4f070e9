import { expect, onTestFinished, test } from 'vitest';
import { createShiftedClock } from '../../local/http/clock.ts';
import { serveDesk } from '../../local/http/control.ts';
import { truthIn } from '../../local/world/truth.ts';
import { Office } from '../world/office.ts';
import { serving } from './serving.ts';
import { OKTA_LIST, tinyWorld } from './tiny-world.ts';

const KEY = { people: [{ id: 'r1', planted: 'entra-stale' }] };

async function desk() {
  const clock = createShiftedClock(60_000);
  const tenants = await serving(tinyWorld(), [], { clock });
  const { created } = new Office();
  const { hands } = created;
  const control = await serveDesk({
    clock,
    tenants,
    answerKey: () => KEY,
    hands,
    truth: truthIn(created),
    mails: () => [],
  });
  onTestFinished(() => control.close());
  return { clock, tenants, ask };

  async function ask(method: string, path: string, body?: unknown) {
    const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
    const response = await fetch(control.address + path, { method, ...sent });
    return { status: response.status, body: await response.json() };
  }
}

test('the desk moves the tenants’ clock to the next night', async () => {
  const { ask, clock, tenants } = await desk();
  const before = clock.now();

  const moved = await ask('POST', '/clock', { offset: 86_400_000 });
  const answer = await fetch(`${tenants.addresses.okta}/who`);

  expect(moved).toMatchObject({ status: 200, body: { offset: 86_400_000 } });
  expect(Date.parse(answer.headers.get('date') ?? '') - before).toBeGreaterThan(86_000_000);
  expect((await ask('GET', '/clock')).body).toMatchObject({ offset: 86_400_000 });
});

test('the desk sets faults and takes them away again', async () => {
  const { ask, tenants } = await desk();
  const status = async () => (await fetch(tenants.addresses.okta + OKTA_LIST)).status;

  const set = await ask('POST', '/faults', { rules: [{ fault: { kind: 'outage', status: 503 } }] });
  const during = await status();
  await ask('POST', '/faults', { rules: [] });

  expect(set).toEqual({ status: 200, body: { rules: 1 } });
  expect([during, await status()]).toEqual([503, 200]);
});

test('the desk shows what is in the mailboxes', async () => {
  const { ask } = await desk();

  expect(await ask('GET', '/mails')).toEqual({ status: 200, body: [] });
});

test('the desk gives the answer key', async () => {
  const { ask } = await desk();

  expect(await ask('GET', '/answer-key')).toEqual({ status: 200, body: KEY });
});

test('the desk counts calls, and begins to count anew', async () => {
  const { ask, tenants } = await desk();
  await (await fetch(tenants.addresses.okta + OKTA_LIST)).text();

  const counted = await ask('GET', '/meter');
  const emptied = await ask('DELETE', '/meter');

  expect(counted.body).toMatchObject([{ side: 'okta', operation: 'GET /api/v1/apps/{id}/users', calls: 1 }]);
  expect(emptied).toEqual({ status: 200, body: [] });
  expect((await ask('GET', '/meter')).body).toEqual([]);
});

test('the desk keeps every write in order, by whoever it was asked, and no read and no token', async () => {
  const { ask, tenants, clock } = await desk();
  const correlation = '3f1c7a52-0000-8000-8000-000000000000';
  const sent = { method: 'PATCH', body: '{"a":1}', headers: { 'client-request-id': correlation } };
  await fetch(tenants.addresses.okta + OKTA_LIST);
  await fetch(`${tenants.addresses.okta}/oauth2/v1/token`, { method: 'POST' });
  await fetch(`${tenants.addresses.graph}/v1.0/users/1`, sent);
  await fetch(`${tenants.addresses.okta}/api/v1/groups/1/users/2?x=1`, { method: 'PUT' });

  const { body } = await ask('GET', '/ledger');

  const common = { at: expect.closeTo(clock.now(), -5), status: 200 };
  expect(body).toEqual([
    { ...common, side: 'graph', method: 'PATCH', target: '/v1.0/users/1', body: '{"a":1}', correlation },
    { ...common, side: 'okta', method: 'PUT', target: '/api/v1/groups/1/users/2?x=1', body: '', correlation: null },
  ]);
});

test.each([
  ['an offset that is no number', '/clock', { offset: 'tomorrow' }, 'offset'],
  ['an option it does not know', '/clock', { offset: 1, zone: 'UTC' }, 'zone'],
  ['a body that is no JSON', '/clock', '{"offset":', 'not JSON'],
  ['no body at all', '/clock', undefined, 'The clock takes'],
  ['hands that do nothing known', '/hands', { does: 'pray' }, 'nothing that hands can do'],
  ['hands that are told half', '/hands', { does: 'rename', user: '00u1' }, 'login'],
  ['hands that are told too much', '/hands', { does: 'dismiss', user: '00u1', softly: true }, 'softly'],
  ['hands on somebody who is not there', '/hands', { does: 'dismiss', user: '00u1' }, 'There is no Okta user 00u1'],
  ['a fault that does not exist', '/faults', { rules: [{ fault: { kind: 'flood' } }] }, 'fault script'],
])('the desk refuses %s, and says why', async (_, path, body, reason) => {
  const { ask, clock } = await desk();

  const answer = await ask('POST', path, body);

  expect(answer).toEqual({ status: 400, body: { error: expect.stringContaining(reason) } });
  expect(clock.offset()).toBe(60_000);
});

test('the desk names what it knows when it is asked for something else', async () => {
  const { ask } = await desk();

  const answer = await ask('GET', '/toString');

  expect(answer.status).toBe(404);
  expect(answer.body).toEqual({ error: expect.stringContaining('POST /clock') });
});
