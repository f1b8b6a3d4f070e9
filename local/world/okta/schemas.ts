import { isoTime } from '../../../shared/time.ts';
import { PROFILE_KEYS } from './app-user-json.ts';
import type { OktaCall, OktaRoute } from './context.ts';
import { theApp } from './named.ts';
import type { AppRecord, ProfileAttribute, UserTypeRecord } from './records.ts';
import { notFound } from './refusal.ts';

const NEEDS = ['okta.schemas.read', 'okta.schemas.manage'];

export const schemaRoutes: readonly OktaRoute[] = [
  {
    method: 'GET',
    path: '/api/v1/meta/schemas/apps/{app}/default',
    query: [],
    needs: NEEDS,
    handle(call) {
      const app = theApp(call);
      const { base, custom } = attributesOf(app);
      const body = {
        id: `${call.origin}/meta/schemas/apps/${app.id}/default`,
        $schema: 'http://json-schema.org/draft-04/schema#',
        name: app.label,
        title: `${app.label} User`,
        lastUpdated: isoTime(app.changed),
        created: isoTime(app.created),
        definitions: {
          custom: { id: '#custom', type: 'object', properties: properties(custom) },
          base: { id: '#base', type: 'object', properties: properties(base), required: ['userName'] },
        },
        type: 'object',
        properties: { profile: { allOf: [{ $ref: '#/definitions/custom' }, { $ref: '#/definitions/base' }] } },
      };
      return { status: 200, body };
    },
  },
  {
    method: 'GET',
    path: '/api/v1/meta/schemas/user/{schema}',
    query: [],
    needs: NEEDS,
    handle: (call) => ({ status: 200, body: userSchema(call, theTypeOf(call)) }),
  },
];

/** The type whose schema the path names, by its id or as `default`; 404 where there is none. */
function theTypeOf({ state, parameters }: OktaCall): UserTypeRecord {
  const name = parameters['schema'] ?? '';
  const types = [...state.userTypes.values()];
  const type = types.find(({ schema, isDefault }) => schema === name || (isDefault && name === 'default'));
  if (type === undefined) throw notFound(name, 'Schema');
  return type;
}

function userSchema({ origin }: OktaCall, type: UserTypeRecord) {
  const part = (wanted: ProfileAttribute['part']) => {
    const attributes = type.attributes.filter((one) => one.part === wanted);
    return {
      id: `#${wanted}`,
      type: 'object',
      properties: Object.fromEntries(attributes.map((one) => [one.name, profileProperty(one)])),
      required: attributes.flatMap(({ name, required }) => (required ? [name] : [])),
    };
  };
  return {
    id: `${origin}/meta/schemas/user/${type.isDefault ? 'default' : type.schema}`,
    $schema: 'http://json-schema.org/draft-04/schema#',
    name: type.name,
    title: 'User',
    description: 'Okta user profile template with default permission settings',
    lastUpdated: isoTime(type.changed),
    created: isoTime(type.created),
    definitions: { custom: part('custom'), base: part('base') },
    type: 'object',
    properties: { profile: { allOf: [{ $ref: '#/definitions/custom' }, { $ref: '#/definitions/base' }] } },
  };
}

/** `required` stands with an attribute only where it is. */
function profileProperty({ title, required, self, master, apps }: ProfileAttribute) {
  return {
    title,
    type: 'string',
    ...(required ? { required } : {}),
    mutability: 'READ_WRITE',
    scope: 'NONE',
    permissions: [{ principal: 'SELF', action: self }],
    master:
      master === 'OVERRIDE'
        ? { type: master, priority: apps.map((value) => ({ type: 'APP', value })) }
        : { type: master },
  };
}

function attributesOf(app: AppRecord): { readonly base: readonly string[]; readonly custom: readonly string[] } {
  const keys = PROFILE_KEYS[app.profileKeys];
  if (app.name === 'active_directory') {
    return {
      base: ['dn', 'email', 'firstName', 'lastName', 'managerUpn', 'objectSid', keys.group, keys.sam, 'userName'],
      custom: ['cn', 'displayName', 'department', keys.employee, 'mS-DS-ConsistencyGuid'],
    };
  }
  if (app.name === 'office365') {
    return {
      base: ['userName', 'email', 'firstName', 'lastName', 'displayName', 'immutableId', 'licenses', 'roles'],
      custom: [],
    };
  }
  return { base: ['userName', 'email'], custom: [] };
}

function properties(names: readonly string[]) {
  return Object.fromEntries(
    names.map((name) => {
      const type = name === 'licenses' || name === 'roles' ? 'array' : 'string';
      return [name, { title: name, externalName: name, type, scope: 'NONE', master: { type: 'PROFILE_MASTER' } }];
    }),
  );
}
