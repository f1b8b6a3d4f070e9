import { describe, expect, test } from 'vitest';
import { amended } from './amendments.ts';
import type { Exchange } from './exchange.ts';
import { oktaJudge } from './okta.ts';
import { readDescription } from './openapi.ts';
import { scopeFaults } from './scopes.ts';

const to = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: object) => ({ content: { 'application/json': { schema } } });
const text = { type: 'string' };

/** A description of an API of our own, with what Okta's has that is not plain. */
const DESCRIPTION = {
  paths: {
    '/api/v1/boats': {
      get: {
        parameters: [
          { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 200 } },
          { $ref: '#/components/parameters/queryExpand' },
        ],
        responses: { 200: json({ type: 'array', items: to('Boat') }), 403: { $ref: '#/components/responses/Denied' } },
        security: [{ oauth2: ['boats.read'] }],
      },
    },
    '/api/v1/boats/lost': { get: { responses: { 200: json({ type: 'array', items: text }) } } },
    '/api/v1/boats/{boatId}': {
      parameters: [{ name: 'boatId', in: 'path', schema: { type: 'string', minLength: 3 } }],
      put: { requestBody: { required: true, ...json(to('Boat')) }, responses: { 200: json(to('Boat')) } },
      delete: { responses: { 204: { content: {} } } },
    },
  },
  components: {
    parameters: { queryExpand: { name: 'expand', in: 'query', schema: { type: 'string', enum: ['crew', 'rig'] } } },
    responses: { Denied: json(to('Error')) },
    schemas: {
      Error: { type: 'object', properties: { errorCode: text } },
      Boat: {
        type: 'object',
        properties: {
          id: { type: 'string', readOnly: true },
          kind: { type: 'string', enum: ['SAIL', 'ROW'] },
          built: { type: 'string', format: 'date-time' },
          name: { type: 'string', nullable: true },
          notes: { type: 'object' },
        },
        required: ['id', 'kind'],
        discriminator: {
          propertyName: 'kind',
          mapping: { SAIL: '#/components/schemas/SailBoat', ROW: '#/components/schemas/RowBoat' },
        },
      },
      SailBoat: { allOf: [to('Boat'), { type: 'object', properties: { masts: { type: 'integer' } } }] },
      RowBoat: { allOf: [to('Boat'), { type: 'object', properties: { oars: { type: 'integer' } } }] },
    },
  },
};

const judge = oktaJudge(readDescription(DESCRIPTION));
const BOAT = { id: 'b01', kind: 'SAIL', built: '2024-01-31T18:25:01.000Z', name: null, notes: { any: 1 }, masts: 2 };

/** A list that keeps to the description, but for what is given. */
function faultsOf(change: Partial<Exchange> = {}): readonly string[] {
  const { request, answer } = judge({
    by: 'product',
    side: 'okta',
    method: 'GET',
    target: '/api/v1/boats?limit=200&expand=rig',
    contentType: null,
    body: '',
    status: 200,
    answerType: 'application/json; charset=utf-8',
    challenge: null,
    answer: JSON.stringify([BOAT]),
    ...change,
  });
  return [...request, ...answer];
}

function answering(boat: object): readonly string[] {
  return faultsOf({ answer: JSON.stringify([{ ...BOAT, ...boat }]) });
}

function putting(boat: object | string, change: Partial<Exchange> = {}): readonly string[] {
  const body = typeof boat === 'string' ? boat : JSON.stringify(boat);
  const answer = JSON.stringify(BOAT);
  return faultsOf({
    method: 'PUT',
    target: '/api/v1/boats/b01',
    contentType: 'application/json',
    body,
    answer,
    ...change,
  });
}

describe('an exchange that keeps to Okta’s description', () => {
  test.each([
    ['a list', faultsOf()],
    ['a change', putting({ kind: 'ROW', oars: 4 })],
    ['a fixed word before one in braces', faultsOf({ target: '/api/v1/boats/lost', answer: '["Mary Celeste"]' })],
    [
      'an answer without a body',
      faultsOf({ method: 'DELETE', target: '/api/v1/boats/b01', status: 204, answerType: null, answer: '' }),
    ],
    ['an error', faultsOf({ status: 403, answer: '{"errorCode":"E0000006"}' })],
    [
      'a token that is not enough',
      faultsOf({ status: 403, answer: '', answerType: null, challenge: 'Bearer error="insufficient_scope"' }),
    ],
  ])('is without a fault: %s', (_what, faults) => {
    expect(faults).toEqual([]);
  });
});

describe('an exchange that does not keep to Okta’s description is told', () => {
  test.each([
    ['a path', faultsOf({ target: '/api/v1/ships' }), 'the path is not described'],
    ['a method', faultsOf({ method: 'POST' }), 'the method is not described'],
    [
      'a part of the path',
      faultsOf({ method: 'DELETE', target: '/api/v1/boats/b', status: 204, answer: '' }),
      'in the path: boatId',
    ],
    ['a query option', faultsOf({ target: '/api/v1/boats?colour=red' }), 'in the query: colour is not described'],
    ['the type of a query option', faultsOf({ target: '/api/v1/boats?limit=many' }), 'limit: the body must be integer'],
    ['the size of a query option', faultsOf({ target: '/api/v1/boats?limit=201' }), 'must be <= 200'],
    [
      'the value of a query option',
      faultsOf({ target: '/api/v1/boats?expand=keel' }),
      'must be equal to one of the allowed values',
    ],
    ['a body where none is', faultsOf({ body: '{}' }), 'in the request: there is a body'],
    ['no body where one is', putting(''), 'in the request: there is no body'],
    [
      'the type of a body',
      putting({ kind: 'ROW' }, { contentType: 'text/plain' }),
      'in the request: there is text/plain',
    ],
    ['a body that is no JSON', putting('{'), 'in the request: the body is no JSON'],
    ['a property of a body', putting({ kind: 'ROW', sunk: true }), '"unevaluatedProperty":"sunk"'],
    ['a property of another kind', putting({ kind: 'ROW', masts: 1 }), '"unevaluatedProperty":"masts"'],
    ['a property that is missing', putting({ name: 'Ada' }), '"missingProperty":"kind"'],
    ['a property that Okta alone writes', putting({ id: 'b01', kind: 'ROW' }), 'in the request: /id'],
    ['a status', faultsOf({ status: 418 }), 'the status 418 is not described'],
    ['the type of a property', answering({ masts: 'two' }), '/*/masts must be integer'],
    ['the value of a property', answering({ kind: 'STEAM' }), '/*/kind must be equal to one of the allowed values'],
    ['the format of a property', answering({ built: 'yesterday' }), '/*/built must match format "date-time"'],
    ['null where there is none', answering({ built: null }), '/*/built must be string'],
    ['a property that is not there', answering({ id: undefined }), '"missingProperty":"id"'],
    ['a property of an answer', answering({ sunk: true }), '"unevaluatedProperty":"sunk"'],
    ['the type of an answer', faultsOf({ answerType: 'text/html' }), 'in the answer 200: there is text/html'],
    ['an answer that is no JSON', faultsOf({ answer: '<html>' }), 'in the answer 200: the body is no JSON'],
    ['an error', faultsOf({ status: 403, answer: '{"errorCode":6}' }), '/errorCode must be string'],
  ])('by %s', (_what, faults, words) => {
    expect(faults.join('\n')).toContain(words);
  });
});

describe('an amendment', () => {
  const at = ['components', 'schemas', 'Boat', 'properties', 'built'];

  test('is held to instead', () => {
    const description = amended(DESCRIPTION, [{ at, put: { nullable: true }, why: 'as an example' }]);
    const answer = JSON.stringify([{ ...BOAT, built: null }]);
    const exchange = {
      by: 'product',
      side: 'okta',
      method: 'GET',
      target: '/api/v1/boats',
      contentType: null,
      body: '',
    } as const;

    const judged = oktaJudge(readDescription(description))({
      ...exchange,
      status: 200,
      answerType: 'application/json',
      challenge: null,
      answer,
    });

    expect([...judged.request, ...judged.answer]).toEqual([]);
  });

  test('of what is not there any more is an error', () => {
    const gone = [{ at: [...at, 'keel'], put: { nullable: true }, why: 'as an example' }];
    expect(() => amended(DESCRIPTION, gone)).toThrow(
      'The description has nothing at components schemas Boat properties built keel',
    );
  });
});

describe('a route of the simulated Okta', () => {
  const route = { method: 'GET', path: '/api/v1/boats' } as const;

  test.each([
    [['boats.read', 'boats.manage'], []],
    [['ships.read'], ['GET /api/v1/boats: the simulated Okta asks for ships.read, described is boats.read']],
  ])('that opens for %j is held against the scopes that are described', (needs, faults) => {
    expect(scopeFaults(readDescription(DESCRIPTION), [{ ...route, needs }])).toEqual(faults);
  });
});
