import { describe, expect, test } from 'vitest';
import { NEVER, org, refusal, token } from './org.ts';

const DEFAULT = '/api/v1/meta/schemas/user/default';
const RULES = '/api/v1/groups/rules';
const APP = '0oa365';

/** An attribute as a schema shows it. */
function attribute(action: string, master: unknown = { type: 'OKTA' }, principal = 'SELF') {
  return {
    title: 'x',
    type: 'string',
    mutability: 'READ_WRITE',
    scope: 'NONE',
    permissions: [{ principal, action }],
    master,
  };
}

function schema(base: Readonly<Record<string, unknown>>, custom?: unknown) {
  return { body: { definitions: { base: { id: '#base', properties: base }, custom } } };
}

/** A mapping of one type of user into the app, with the link to that type's schema. */
function mapping(type: string, href?: string) {
  const source = { id: `oty${type}`, type: 'user', _links: href === undefined ? undefined : { schema: { href } } };
  return { id: `prm${type}`, source, target: { id: APP } };
}

const address = (id: string): string => `https://elsewhere.example/api/v1/meta/schemas/user/${id}`;

const rule = (id: string, groups: readonly string[], more: object = {}) => ({
  type: 'group_rule',
  id,
  status: 'ACTIVE',
  name: `rule ${id}`,
  conditions: {
    people: { users: { exclude: ['00u1'] }, groups: { exclude: [] } },
    expression: { value: 'user.role=="Engineer"', type: 'urn:okta:expression:1.0' },
  },
  actions: { assignUserToGroups: { groupIds: groups } },
  ...more,
});

const NO_MAPPINGS = { '/api/v1/mappings': { body: [] } };

describe('attributes that people may edit', () => {
  test('are those for which they have the permission, and of which Okta or the profile’s source is the source', async () => {
    const profile = { type: 'PROFILE_MASTER' };
    const { okta, server } = await org({
      ...NO_MAPPINGS,
      [DEFAULT]: schema(
        {
          login: attribute('READ_ONLY', profile),
          primaryPhone: attribute('HIDE'),
          firstName: attribute('READ_WRITE', profile),
          mobilePhone: attribute('READ_WRITE'),
          title: attribute('READ_WRITE', { type: 'OVERRIDE', priority: [{ type: 'APP', value: '0oaHr' }] }),
          nickName: attribute('READ_WRITE', null),
          city: attribute('READ_WRITE', { type: 'SOMETHING_NEW' }),
          manager: attribute('READ_WRITE', undefined, 'OTHERS'),
          division: { type: 'string' },
        },
        { id: '#custom', properties: { shoeSize: attribute('READ_WRITE') } },
      ),
    });

    await expect(okta.editableAttributes(APP, NEVER)).resolves.toEqual([
      { name: 'firstName', by: 'unsourced' },
      { name: 'mobilePhone', by: 'everybody' },
      { name: 'nickName', by: 'unsourced' },
      { name: 'city', by: 'everybody' },
      { name: 'shoeSize', by: 'everybody' },
    ]);
    expect(server.to('/mappings')[0]?.query.get('targetId')).toBe(APP);
  });

  test('are those of every type of user that is mapped to the app, each schema once', async () => {
    const other = {
      id: 'prm9',
      source: { type: 'user', _links: { schema: { href: address('osc9') } } },
      target: { id: '0oaElse' },
    };
    const back = {
      id: 'prm8',
      source: { type: 'appuser', _links: { schema: { href: address('osc8') } } },
      target: { id: APP },
    };
    const { okta, server } = await org({
      '/api/v1/mappings': {
        body: [
          mapping('1', address('osc1')),
          mapping('2', address('osc2')),
          mapping('3', address('osc1')),
          other,
          back,
        ],
      },
      '/api/v1/meta/schemas/user/osc1': schema({ city: attribute('READ_WRITE', { type: 'PROFILE_MASTER' }) }),
      '/api/v1/meta/schemas/user/osc2': schema({ city: attribute('READ_WRITE'), state: attribute('READ_WRITE') }),
    });

    await expect(okta.editableAttributes(APP, NEVER)).resolves.toEqual([
      { name: 'city', by: 'everybody' },
      { name: 'state', by: 'everybody' },
    ]);
    expect(server.seen.filter(({ path }) => path.includes('/meta/')).map(({ path }) => path)).toEqual([
      '/api/v1/meta/schemas/user/osc1',
      '/api/v1/meta/schemas/user/osc2',
    ]);
  });

  test.each([undefined, 'nonsense', 'https://acme.okta.com/api/v1/meta/types/user/oty1'])(
    'are those of the default type where mappings link to no schema (%s)',
    async (href) => {
      const { okta } = await org({
        '/api/v1/mappings': { body: [mapping('1', href)] },
        [DEFAULT]: schema({ city: attribute('READ_WRITE') }),
      });

      await expect(okta.editableAttributes(APP, NEVER)).resolves.toHaveLength(1);
    },
  );

  test.each([{}, { definitions: {} }, { definitions: { base: {} } }, { definitions: { custom: { properties: {} } } }])(
    'are not thought to be none where the answer is no schema (%j)',
    async (body) => {
      const { okta } = await org({ ...NO_MAPPINGS, [DEFAULT]: { body } });

      await expect(okta.editableAttributes(APP, NEVER)).rejects.toMatchObject({ kind: 'invalid' });
    },
  );

  test.each([refusal(403, 'E0000006'), { status: 403, body: '' }])(
    'are denied to whoever may not read schemas (%j)',
    async (answer) => {
      const { okta } = await org({ ...NO_MAPPINGS, [DEFAULT]: answer });

      await expect(okta.editableAttributes(APP, NEVER)).rejects.toMatchObject({ kind: 'denied' });
    },
  );

  test('take a token of their own, so that nothing else is lost where its scope was not granted', async () => {
    const scopes: string[] = [];
    const { okta } = await org({
      '/oauth2/v1/token': (request, turn) => {
        const scope = new URLSearchParams(request.body).get('scope') ?? '';
        scopes.push(scope);
        const body = { error: 'invalid_scope', error_description: 'One or more scopes are not configured.' };
        return scope.includes('okta.schemas.read') ? { status: 400, body } : token(turn);
      },
      ...NO_MAPPINGS,
      [RULES]: { body: [] },
    });

    await expect(okta.editableAttributes(APP, NEVER)).rejects.toMatchObject({
      kind: 'denied',
      message: expect.stringMatching(/invalid_scope.*okta\.schemas\.read/),
    });
    await expect(okta.rulesFeeding(['00g1'], NEVER)).resolves.toEqual([]);
    expect(scopes.filter((scope) => scope.includes('schemas'))).toEqual(['okta.schemas.read']);
  });

  test('are read by an API token as by everybody else', async () => {
    const credential = { kind: 'ssws', token: 'secret' } as const;
    const { okta, server } = await org({ ...NO_MAPPINGS, [DEFAULT]: schema({}) }, { credential });

    await expect(okta.editableAttributes(APP, NEVER)).resolves.toEqual([]);
    expect(server.to(DEFAULT)[0]?.headers.authorization).toBe('SSWS secret');
  });
});

describe('rules that feed a group', () => {
  test('are found on any page, of every status', async () => {
    const { okta, server } = await org({
      [RULES]: (request, turn) =>
        turn === 1
          ? {
              headers: { link: `<http://${request.headers.host}${RULES}?after=0pr1&limit=200>; rel="next"` },
              body: [rule('0pr1', ['00gElse'])],
            }
          : { body: [rule('0pr2', ['00gElse', '00g1'], { status: 'INVALID' }), rule('0pr3', ['00g2'])] },
    });

    await expect(okta.rulesFeeding(['00g1', '00g2'], NEVER)).resolves.toEqual([
      {
        id: '0pr2',
        name: 'rule 0pr2',
        status: 'INVALID',
        expression: 'user.role=="Engineer"',
        groups: ['00gElse', '00g1'],
        excludedUsers: ['00u1'],
      },
      expect.objectContaining({ id: '0pr3' }),
    ]);
    expect(server.to(RULES).map(({ query }) => query.get('limit'))).toEqual(['200', '200']);
  });

  test('may have no name and no expression', async () => {
    const { okta } = await org({ [RULES]: { body: [rule('0pr1', ['00g1'], { name: null, conditions: null })] } });

    await expect(okta.rulesFeeding(['00g1'], NEVER)).resolves.toMatchObject([{ name: '', expression: '' }]);
  });

  test('are waited for no longer than the caller waits', async () => {
    const { okta } = await org({ [RULES]: { silent: true } });
    const controller = new AbortController();
    const reading = okta.rulesFeeding(['00g1'], controller.signal);
    controller.abort(new Error('enough'));

    await expect(reading).rejects.toThrow('enough');
  });
});
