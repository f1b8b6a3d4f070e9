import { isoTime } from '../../../shared/time.ts';
import { PROFILE_KEYS } from './app-user-json.ts';
import type { OktaRoute } from './context.ts';
import { theApp } from './named.ts';
import type { AppRecord } from './records.ts';

export const schemaRoutes: readonly OktaRoute[] = [
  {
    method: 'GET',
    path: '/api/v1/meta/schemas/apps/{app}/default',
    query: [],
    needs: ['okta.schemas.read', 'okta.schemas.manage'],
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
];

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
