import { describe, expect, test } from 'vitest';
import type { Exchange } from './exchange.ts';
import { graphJudge } from './graph.ts';
import { readTypes } from './graph-types.ts';
import { shapeFaults } from './reads.ts';

const text = { type: 'Edm.String' };

/** As much of Graph's types as these tests need. */
const TYPES = readTypes({
  types: {
    entity: { kind: 'EntityType', properties: { id: { type: 'Edm.String', nullable: false } } },
    directoryObject: { kind: 'EntityType', base: 'entity' },
    group: { kind: 'EntityType', base: 'directoryObject', properties: { displayName: text } },
    user: {
      kind: 'EntityType',
      base: 'directoryObject',
      properties: {
        accountEnabled: { type: 'Edm.Boolean' },
        createdDateTime: { type: 'Edm.DateTimeOffset' },
        mail: text,
        proxyAddresses: { type: 'Collection(Edm.String)', nullable: false },
        licenses: { type: 'Collection(graph.license)' },
        age: { type: 'graph.ageGroup' },
      },
      navigation: { memberOf: 'Collection(graph.directoryObject)', messages: 'Collection(graph.message)' },
    },
    license: { kind: 'ComplexType', properties: { skuId: { type: 'Edm.Guid' } } },
    ageGroup: { kind: 'EnumType', members: ['minor', 'adult'] },
  },
});

const judge = graphJudge(TYPES);
const ADA = {
  id: '1',
  accountEnabled: true,
  createdDateTime: '2024-01-31T18:25:01Z',
  mail: null,
  proxyAddresses: ['SMTP:ada@contoso.com'],
  licenses: [{ skuId: '3f0c1f0e-7a44-4d6b-9a53-0d3f6c1f2b11' }],
  age: 'adult',
};

/** A list that keeps to the types, but for what is given. */
function faultsOf(change: Partial<Exchange> = {}): readonly string[] {
  const { request, answer } = judge({
    by: 'product',
    side: 'graph',
    method: 'GET',
    target: '/v1.0/users?$select=id,mail&$top=999',
    contentType: null,
    body: '',
    status: 200,
    answerType: 'application/json',
    challenge: null,
    answer: JSON.stringify({ '@odata.context': 'x', value: [ADA] }),
    ...change,
  });
  return [...request, ...answer];
}

const filtered = (filter: string) => faultsOf({ target: `/v1.0/users?$filter=${encodeURIComponent(filter)}` });
const answering = (user: object) => faultsOf({ answer: JSON.stringify({ value: [{ ...ADA, ...user }] }) });
const patching = (change: object) =>
  faultsOf({
    method: 'PATCH',
    target: '/v1.0/users/1',
    contentType: 'application/json',
    body: JSON.stringify(change),
    status: 204,
    answer: '',
  });

describe('an exchange that keeps to Graph’s types', () => {
  test.each([
    ['a list', faultsOf()],
    [
      'a cast',
      faultsOf({
        target: '/v1.0/users/1/memberOf/microsoft.graph.group',
        answer: '{"value":[{"displayName":"Sales"}]}',
      }),
    ],
    ['a row that says what it is', answering({ '@odata.type': '#microsoft.graph.user' })],
    ['a row of an agent', answering({ '@odata.type': '#microsoft.graph.agentUser' })],
    ['a count', faultsOf({ target: '/v1.0/users/$count', answerType: 'text/plain', answer: '12' })],
    ['a change', patching({ mail: null })],
    [
      'an action',
      faultsOf({
        method: 'POST',
        target: '/v1.0/users/1/sendMail',
        contentType: 'application/json',
        body: '{}',
        status: 202,
        answer: '',
      }),
    ],
    ['an error', faultsOf({ status: 404, answer: '{"error":{"code":"NotFound","message":"No.","innerError":{}}}' })],
    ['a filter', filtered("mail eq 'o''hara@contoso.com' or endsWith(mail,'.com')")],
    ['a filter of a list', filtered("proxyAddresses/any(p:p eq 'SMTP:ada') and accountEnabled eq true")],
    ['a filter of what is in a list', filtered('licenses/any(l:l/skuId eq 3f0c1f0e-7a44-4d6b-9a53-0d3f6c1f2b11)')],
    ['a filter of times', filtered("createdDateTime ge 2024-01-31T18:25:01Z and age eq 'adult'")],
    ['a filter of a type that is not published', faultsOf({ target: "/v1.0/users/1/messages?$filter=subject eq 'x'" })],
  ])('is without a fault: %s', (_what, faults) => {
    expect(faults).toEqual([]);
  });
});

describe('an exchange that does not keep to Graph’s types is told', () => {
  test.each([
    ['where a path begins', faultsOf({ target: '/v1.0/people' }), 'the path begins where nothing is known'],
    ['the version', faultsOf({ target: '/beta/users' }), 'does not begin with /v1.0'],
    ['a segment', faultsOf({ target: '/v1.0/users/1/memberof' }), 'user has no memberof'],
    ['a cast', faultsOf({ target: '/v1.0/groups/microsoft.graph.user' }), 'user is not a group'],
    ['a method', faultsOf({ method: 'PATCH' }), 'the method PATCH is not for many'],
    ['a query option', faultsOf({ target: '/v1.0/users?$skip=5' }), '$skip=5 is not for many'],
    ['the size of a page', faultsOf({ target: '/v1.0/users?$top=1000' }), '$top=1000 is not for many'],
    ['a property that is selected', faultsOf({ target: '/v1.0/users?$select=id,email' }), '$select names email'],
    ['a property that is filtered on', filtered("email eq 'x'"), '$filter names email'],
    ['what it is compared with', filtered('mail eq true'), '$filter compares Edm.String with true'],
    ['a list that is compared', filtered("proxyAddresses eq 'x'"), '$filter compares Collection(Edm.String)'],
    ['text of what is none', filtered("startsWith(accountEnabled,'x')"), '$filter asks startsWith of Edm.Boolean'],
    ['a comparison', filtered("mail is 'x'"), '$filter has is where a comparison belongs'],
    ['the end of a filter', filtered("mail eq 'x' mail"), '$filter goes on where it should end'],
    [
      'a plus sign that was not encoded',
      faultsOf({ target: '/v1.0/users?$filter=createdDateTime+ge+2024-01-31T18:25:01+01:00' }),
      '$filter',
    ],
    ['a property that is written', patching({ email: 'x' }), '"additionalProperty":"email"'],
    ['the type of what is written', patching({ mail: 7 }), 'in the request: /mail must be string'],
    ['a status', faultsOf({ status: 201 }), 'the status 201 is not for GET'],
    ['a property of an answer', answering({ email: 'x' }), '"additionalProperty":"email"'],
    ['the type of a property', answering({ accountEnabled: 'yes' }), '/accountEnabled must be boolean'],
    ['null where there is none', answering({ id: null }), '/id must be string'],
    ['null for a list', answering({ proxyAddresses: null }), '/proxyAddresses must be array'],
    ['a format', answering({ createdDateTime: 'yesterday' }), '/createdDateTime must match format'],
    ['what is in a list', answering({ licenses: [{ skuId: 'E5' }] }), '/licenses/*/skuId must match pattern'],
    ['a member of an enumeration', answering({ age: 'old' }), '/age must be equal to one of the allowed values'],
    [
      'what a row says it is',
      answering({ '@odata.type': '#microsoft.graph.group' }),
      'a row is group, which is no user',
    ],
    ['a page', faultsOf({ answer: '{"rows":[]}' }), '"missingProperty":"value"'],
    ['a count', faultsOf({ target: '/v1.0/users/$count', answer: 'many' }), 'it is no number'],
    ['an error', faultsOf({ status: 404, answer: '{"error":{"code":"NotFound"}}' }), '"missingProperty":"message"'],
  ])('by %s', (_what, faults, words) => {
    expect(faults.join('\n')).toContain(words);
  });
});

describe('what the product reads of Graph', () => {
  test.each([
    [{ mail: { type: 'string' } }, []],
    [
      {
        mail: { anyOf: [{ type: 'string' }, { type: 'null' }] },
        licenses: { type: 'array', items: { type: 'object' } },
      },
      [],
    ],
    [{ email: { type: 'string' } }, ['reads email, which graph.user does not have']],
    [{ mail: { type: 'boolean' } }, ['mail: expects boolean of Edm.String']],
    [{ proxyAddresses: { type: 'string' } }, ['proxyAddresses: expects string of Collection(Edm.String)']],
    [
      { licenses: { type: 'array', items: { type: 'object', properties: { sku: { type: 'string' } } } } },
      ['licenses: reads sku, which graph.license does not have'],
    ],
  ])('is held against the types: %j', (properties, faults) => {
    expect(shapeFaults({ type: 'object', properties }, 'graph.user', TYPES)).toEqual(faults);
  });
});
