import { expect, test } from 'vitest';
import { oktaRepairsOver } from '../../shared/okta/repairs.ts';
import type { OktaRepairs } from '../../shared/ports/okta-repairs.ts';

const SCHEMA = '/api/v1/meta/schemas/apps/0oa365/default';
const BASE = { properties: { userName: {}, email: {}, licenses: {}, roles: {} } };

/** An app with this schema, and with this mapping of users into it. */
function appWith(definitions: unknown, properties: Readonly<Record<string, unknown>>): OktaRepairs {
  const answers: Readonly<Record<string, unknown>> = {
    [SCHEMA]: { definitions },
    '/api/v1/mappings': [{ id: 'prm1', source: { type: 'user' }, target: { id: '0oa365' } }],
    '/api/v1/mappings/prm1': { properties },
  };
  return oktaRepairsOver({
    rights: async () => [],
    untilRoom: () => 0,
    origin: 'https://acme.okta.com',
    get: async (path) => ({ body: answers[path.split('?')[0] ?? ''], link: null }),
    send: async () => ({ requestId: null }),
  });
}

test('whatever the schema names and no mapping fills is lost with an assignment, of the app’s own and of the organisation’s', async () => {
  const okta = appWith(
    { base: BASE, custom: { properties: { costCentre: {} } } },
    { email: { expression: 'user.email' } },
  );

  await expect(okta.unmappedAttributes('0oa365')).resolves.toEqual(['costCentre', 'licenses', 'roles']);
});

test.each([{ expression: null }, { expression: '' }, {}])(
  'a mapping without an expression fills nothing (%j)',
  async (licenses) => {
    const okta = appWith({ base: BASE }, { email: { expression: 'user.email' }, licenses });

    await expect(okta.unmappedAttributes('0oa365')).resolves.toEqual(['licenses', 'roles']);
  },
);

test.each([{}, { base: null }, { base: {}, custom: BASE }])(
  'a schema without a base is not taken for one without attributes (%j)',
  async (definitions) => {
    await expect(appWith(definitions, {}).unmappedAttributes('0oa365')).rejects.toMatchObject({ kind: 'invalid' });
  },
);
