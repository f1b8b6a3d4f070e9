import { expect, test } from 'vitest';
import { check } from './check.ts';
import type { Exchange } from './exchange.ts';
import { readTypes } from './graph-types.ts';
import { readDescription } from './openapi.ts';
import { linesOf } from './report.ts';

const CONTRACTS = {
  okta: readDescription({
    paths: { '/api/v1/org': { get: { responses: { 200: {} } } }, '/api/v1/users': { get: { responses: { 200: {} } } } },
    components: { schemas: {} },
  }),
  graph: readTypes({ types: { user: { kind: 'EntityType' } } }),
};

const ORG: Exchange = {
  by: 'product',
  side: 'okta',
  method: 'GET',
  target: '/api/v1/org',
  contentType: null,
  body: '',
  status: 200,
  answerType: null,
  challenge: null,
  answer: '',
};
const ROLES = { ...ORG, target: '/api/v1/users/00u1/roles' };
const COUNT: Exchange = { ...ORG, side: 'graph', target: '/v1.0/users/$count', answer: '12' };
const CALLED = { okta: ['GET /api/v1/org'], graph: ['GET /v1.0/users/$count'] };

function faultsOf(exchanges: readonly Exchange[], called = CALLED): readonly string[] {
  const { okta, graph } = check(exchanges, CONTRACTS, called);
  return [...okta.faults.keys(), ...graph.faults.keys()];
}

test('what was seen of all that is called is held against the contracts, and counted', () => {
  const { okta, graph } = check([ORG, COUNT, ORG], CONTRACTS, CALLED);

  expect([okta.exchanges, graph.exchanges, okta.faults.size, graph.faults.size]).toEqual([2, 1, 0, 0]);
  expect(okta.seen).toEqual(new Map([['GET /api/v1/org', 2]]));
});

test('an operation that is called and was not seen is a fault', () => {
  expect(faultsOf([ORG])).toEqual(['GET /v1.0/users/$count: it is called by the product, and was not seen']);
});

test('an operation that was seen and is not in the list is a fault', () => {
  const users = { ...ORG, target: '/api/v1/users' };
  expect(faultsOf([ORG, COUNT, users])).toEqual(['GET /api/v1/users: it is not in the list of what is called']);
});

test('an operation that no contract describes is a fault, but for those of which that is known', () => {
  const known = { ...CALLED, okta: ['GET /api/v1/org', 'GET /api/v1/users/{userId}/roles'] };
  const zones = { ...ORG, target: '/api/v1/zones' };

  expect(faultsOf([ORG, COUNT, ROLES], known)).toEqual([]);
  expect(faultsOf([ORG, COUNT, zones], { ...CALLED, okta: ['GET /api/v1/org', 'GET /api/v1/zones'] })).toEqual([
    'GET /api/v1/zones: the path is not described',
  ]);
});

test('of what a test asked by itself the answer alone is held, and it counts for nothing as seen', () => {
  const asked = { ...ORG, by: 'test', target: '/api/v1/org?nonsense=1' } as const;

  expect(faultsOf([asked, COUNT])).toEqual(['GET /api/v1/org: it is called by the product, and was not seen']);
  expect(faultsOf([ORG, COUNT, { ...asked, status: 400 }])).toEqual([]);
  expect(faultsOf([ORG, COUNT, { ...asked, status: 204 }])).toEqual([
    'GET /api/v1/org: the status 204 is not described',
  ]);
  expect(faultsOf([ORG, COUNT, { ...asked, answer: 'what?' }])).toHaveLength(1);
});

test('the same fault is told once, with how often it was seen', () => {
  const wrong = { ...ORG, status: 418 };
  const { okta } = check([wrong, wrong, COUNT], CONTRACTS, CALLED);

  expect([...okta.faults]).toEqual([['GET /api/v1/org: the status 418 is not described', 2]]);
});

test('the report has the figures, what is not described and every fault', () => {
  const report = check([{ ...ORG, status: 418 }, COUNT], CONTRACTS);
  const lines = linesOf(report, ['UserSchema reads email'], { okta: 'Okta’s', graph: 'Graph’s' });

  expect(lines[0]).toMatch(/^Okta’s: 0 of \d+ called operations checked, with 1 requests and 1 answers\.$/);
  expect(lines).toContain('- GET /api/v1/org: the status 418 is not described (1 times)');
  expect(lines).toContain('- UserSchema reads email');
  expect(lines.join('\n')).toContain('not whole: GET /api/v1/users/{userId}/roles');
  expect(lines.at(-1)).toMatch(/^\d+ things do not keep to the contracts\.$/);
});
