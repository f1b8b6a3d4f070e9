import type { Exchange } from './exchange.ts';
import { definitionsOf, type Way, wholeOf } from './json-schema.ts';
import { type Fault, type Judge, jsonOf, mediaOf, validatorOver } from './judge.ts';
import { type Description, findOperation, type Operation, type Schema } from './openapi.ts';

/** Holds exchanges with Okta against its description. */
export function oktaJudge(description: Description): Judge {
  const validate = validatorsOf(description);
  return (exchange) => {
    const [path = '', query = ''] = exchange.target.split('?');
    const found = findOperation(description, exchange.method, path);
    if (found.kind !== 'found') {
      const fault = found.kind === 'unknown' ? 'the path is not described' : 'the method is not described';
      return { operation: `${exchange.method} ${path}`, known: false, request: [fault], answer: [] };
    }
    const { operation, values } = found;
    const request = [
      ...parameterFaults(operation, 'path', Object.entries(values), validate),
      ...parameterFaults(operation, 'query', [...new URLSearchParams(query)], validate),
      ...requestFaults(operation, exchange, validate),
    ];
    return { operation: operation.name, known: true, request, answer: answerFaults(operation, exchange, validate) };
  };
}

type Validate = (schema: Schema, way: Way, value: unknown) => readonly Fault[];

function validatorsOf({ schemas }: Description): Validate {
  const validators = {
    request: validatorOver(definitionsOf(schemas, 'request')),
    answer: validatorOver(definitionsOf(schemas, 'answer')),
  };
  return (schema, way, value) => validators[way](wholeOf(schema, schemas, way), value);
}

function parameterFaults(
  { parameters }: Operation,
  place: 'path' | 'query',
  values: ReadonlyArray<readonly [string, string]>,
  validate: Validate,
): readonly Fault[] {
  return values.flatMap(([name, value]) => {
    const parameter = parameters.find((one) => one.in === place && one.name === name);
    if (parameter === undefined) return [`in the ${place}: ${name} is not described`];
    const faults = validate(parameter.schema, 'request', typed(value, parameter.schema));
    return faults.map((fault) => `in the ${place}: ${name}: ${fault}`);
  });
}

/** An address knows text alone; what does not read as the type that is described stays text, which is then the fault. */
function typed(value: string, { type }: Schema): unknown {
  if ((type === 'integer' || type === 'number') && /^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  if (type === 'boolean' && /^(true|false)$/.test(value)) return value === 'true';
  return type === 'array' ? value.split(',') : value;
}

function requestFaults({ requestBody }: Operation, exchange: Exchange, validate: Validate): readonly Fault[] {
  const { body, contentType } = exchange;
  if (body === '') return requestBody?.required === true ? ['in the request: there is no body'] : [];
  if (requestBody === undefined) return ['in the request: there is a body, and none is described'];
  const faults = bodyFaults(requestBody.content, contentType, body, (schema, value) =>
    validate(schema, 'request', value),
  );
  return faults.map((fault) => `in the request: ${fault}`);
}

function answerFaults({ responses }: Operation, exchange: Exchange, validate: Validate): readonly Fault[] {
  const { status, answer, answerType, challenge } = exchange;
  // Why a token is not enough is said in a header, with or without a body (RFC 6750, section 3; okta-sdk-golang#145).
  if (challenge !== null && answer === '' && (status === 401 || status === 403)) return [];
  const described = responses[String(status)];
  if (described === undefined) return [`the status ${status} is not described`];
  const { content = {} } = described;
  if (Object.keys(content).length === 0 && answer === '') return [];
  const faults = bodyFaults(content, answerType, answer, (schema, value) => validate(schema, 'answer', value));
  return faults.map((fault) => `in the answer ${status}: ${fault}`);
}

function bodyFaults(
  content: NonNullable<Operation['requestBody']>['content'],
  contentType: string | null,
  body: string,
  validate: (schema: Schema, value: unknown) => readonly Fault[],
): readonly Fault[] {
  const media = mediaOf(contentType);
  const described = content[media];
  if (described === undefined) return [`there is ${media}, which is not described`];
  const json = jsonOf(body);
  if (json === null) return ['the body is no JSON'];
  return described.schema === undefined ? [] : validate(described.schema, json.value);
}
