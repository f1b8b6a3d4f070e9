import { z } from 'zod';
import type { Exchange } from './exchange.ts';
import { walk, type Place } from './graph-paths.ts';
import { graphDefinitions, type GraphTypes, isA } from './graph-types.ts';
import { type Fault, type Judge, jsonOf, mediaOf, validatorOver } from './judge.ts';
import { checkFilter } from './odata.ts';
import type { Schema } from './openapi.ts';

/** Holds exchanges with Microsoft Graph against its published types. */
export function graphJudge(types: GraphTypes): Judge {
  const over = validatorOver({ ...graphDefinitions(types), 'odata.page': PAGE, 'odata.error': ERROR });
  const validate: Validate = (name, value) => over({ $ref: `#/$defs/${name}` }, value);
  return (exchange) => {
    const [path = '', query = ''] = exchange.target.split('?');
    const place = walk(path, types);
    if (typeof place === 'string')
      return { operation: `${exchange.method} ${path}`, known: false, request: [place], answer: [] };
    const request = [
      ...methodFaults(exchange.method, place),
      ...queryFaults(query, place, types),
      ...requestFaults(exchange, place, types, validate),
    ];
    const answer = answerFaults(exchange, place, types, validate);
    return { operation: `${exchange.method} ${place.name}`, known: true, request, answer };
  };
}

/** By the name of a type, or of one of the two shapes that are OData's own. */
type Validate = (name: string, value: unknown) => readonly Fault[];

const METHODS: Readonly<Record<Place['kind'], readonly string[]>> = {
  one: ['GET', 'PATCH', 'DELETE'],
  many: ['GET', 'POST'],
  count: ['GET'],
  action: ['POST'],
};

function methodFaults(method: string, { kind }: Place): readonly Fault[] {
  return METHODS[kind].includes(method) ? [] : [`the method ${method} is not for ${kind}`];
}

/** Graph, *Use query parameters*. What leads to the next page is Graph's own. */
function queryFaults(query: string, place: Place, types: GraphTypes): readonly Fault[] {
  return [...new URLSearchParams(query)].flatMap(([name, value]) => {
    try {
      return optionFaults(name, value, place, types);
    } catch (error) {
      return [`in the query: ${name} ${error instanceof Error ? error.message : ''}`];
    }
  });
}

function optionFaults(name: string, value: string, { type, kind }: Place, types: GraphTypes): readonly Fault[] {
  if (name === '$filter') {
    checkFilter(value, type, types);
    return [];
  }
  if (name === '$select' && (kind === 'one' || kind === 'many')) {
    const known = types.get(type);
    if (known === undefined) return [];
    const unknown = value.split(',').filter((one) => !Object.hasOwn(known.properties, one));
    return unknown.map((one) => `in the query: $select names ${one}, which ${type} does not have`);
  }
  const isFitting =
    (name === '$top' && kind === 'many' && /^[1-9]\d{0,2}$/.test(value)) ||
    (name === '$count' && kind === 'many' && /^(true|false)$/.test(value)) ||
    (name === '$skiptoken' && kind === 'many');
  return isFitting ? [] : [`in the query: ${name}=${value} is not for ${kind}`];
}

/** A change names what it changes; a new thing and what an action takes are held against their types where those are published. */
function requestFaults(
  { method, body, contentType }: Exchange,
  place: Place,
  types: GraphTypes,
  validate: Validate,
): readonly Fault[] {
  if (method === 'GET' || method === 'DELETE') return body === '' ? [] : ['in the request: there is a body'];
  const json = jsonOf(body);
  if (json === null || mediaOf(contentType) !== 'application/json') return ['in the request: there is no JSON'];
  if (place.kind === 'action' || !types.has(place.type)) return [];
  return validate(place.type, json.value).map((fault) => `in the request: ${fault}`);
}

/** What is answered to a request that was taken (Graph, the page of each operation). */
const TAKEN: Readonly<Record<string, readonly number[]>> = {
  GET: [200],
  POST: [201],
  PATCH: [200, 204],
  DELETE: [204],
};

function answerFaults(exchange: Exchange, place: Place, types: GraphTypes, validate: Validate): readonly Fault[] {
  const { method, status, answer, answerType } = exchange;
  const about = (fault: Fault): Fault => `in the answer ${status}: ${fault}`;
  const taken = place.kind === 'action' ? [202] : (TAKEN[method] ?? []);
  if (status < 400 && !taken.includes(status)) return [`the status ${status} is not for ${method} of ${place.kind}`];
  if (status === 202 || status === 204) return answer === '' ? [] : [about('there is a body')];
  if (status < 400 && place.kind === 'count') return /^\d+$/.test(answer) ? [] : [about('it is no number')];
  const json = jsonOf(answer);
  if (json === null || mediaOf(answerType) !== 'application/json') return [about('there is no JSON')];
  if (status >= 400) return validate('odata.error', json.value).map(about);
  if (place.kind === 'one' || method === 'POST') return rowFaults(json.value, place.type, types, validate).map(about);
  const faults = validate('odata.page', json.value);
  if (faults.length > 0) return faults.map(about);
  const { value } = Page.parse(json.value);
  return [...new Set(value.flatMap((row) => rowFaults(row, place.type, types, validate)))].map(about);
}

/** A row that says its type is of that one, which has to fit where it stands. */
function rowFaults(row: unknown, type: string, types: GraphTypes, validate: Validate): readonly Fault[] {
  const said = Typed.safeParse(row).data?.['@odata.type'].replace(/^#microsoft\.graph\./, '');
  // An agent is a user that has come since (Graph, user: list); the excerpt of the types does not have it.
  const own = said === undefined || said === 'agentUser' ? type : said;
  if (!types.has(own)) return own === type ? [] : [`a row is ${own}, which is not published`];
  if (!isA(types, own, type)) return [`a row is ${own}, which is no ${type}`];
  return validate(own, row);
}

const Typed = z.object({ '@odata.type': z.string() });
const Page = z.object({ value: z.array(z.unknown()) });

/** OData 4.01, JSON format, 13 to 15 and 21. */
const PAGE: Schema = {
  type: 'object',
  properties: {
    value: { type: 'array' },
    '@odata.nextLink': { type: 'string', format: 'uri' },
    '@odata.count': { type: 'integer', minimum: 0 },
  },
  required: ['value'],
  patternProperties: { '^@odata\\.': true },
  additionalProperties: false,
};

const CODED = {
  type: 'object',
  properties: { code: { type: 'string' }, message: { type: 'string' }, target: { type: 'string' } },
  required: ['code', 'message'],
};
const ERROR: Schema = {
  type: 'object',
  properties: {
    error: {
      ...CODED,
      properties: { ...CODED.properties, details: { type: 'array', items: CODED }, innerError: { type: 'object' } },
      additionalProperties: false,
    },
  },
  required: ['error'],
  additionalProperties: false,
};
