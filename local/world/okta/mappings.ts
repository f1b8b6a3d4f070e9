import type { OktaCall, OktaRoute } from './context.ts';
import { theUserType } from './named.ts';
import { page } from './paging.ts';
import type { MappingEnd, MappingRecord } from './records.ts';
import { notFound } from './refusal.ts';

const NEEDS = ['okta.profileMappings.read', 'okta.profileMappings.manage'];

export const mappingRoutes: readonly OktaRoute[] = [
  {
    method: 'GET',
    path: '/api/v1/mappings',
    query: ['sourceId', 'targetId', 'limit', 'after'],
    needs: NEEDS,
    handle(call) {
      const source = call.target.query.get('sourceId');
      const target = call.target.query.get('targetId');
      const mappings = [...call.state.mappings.values()]
        .filter((one) => source === undefined || one.source.id === source)
        .filter((one) => target === undefined || one.target.id === target)
        .sort((one, other) => (one.id < other.id ? -1 : 1));
      const list = {
        name: 'mappings',
        usual: 20,
        most: 200,
        above: 'refuse',
        rows: (after: string | null) => mappings.filter((mapping) => after === null || mapping.id > after),
        keyOf: (mapping: MappingRecord) => mapping.id,
      } as const;
      return page(call, list, (mapping) => mappingJson(call, mapping));
    },
  },
  {
    method: 'GET',
    path: '/api/v1/mappings/{mapping}',
    query: [],
    needs: NEEDS,
    handle(call) {
      const id = call.parameters['mapping'] ?? '';
      const mapping = call.state.mappings.get(id);
      if (mapping === undefined) throw notFound(id, 'ProfileMapping');
      return { status: 200, body: { ...mappingJson(call, mapping), properties: mapping.properties } };
    },
  },
];

/** The list says which mappings there are; the expressions come only with the single mapping. */
function mappingJson(call: OktaCall, mapping: MappingRecord) {
  return {
    id: mapping.id,
    source: endJson(call, mapping.source),
    target: endJson(call, mapping.target),
    _links: { self: { href: `${call.origin}/api/v1/mappings/${mapping.id}` } },
  };
}

function endJson(call: OktaCall, end: MappingEnd) {
  const [self, schema] =
    end.type === 'user'
      ? [`/api/v1/meta/types/user/${end.id}`, `/api/v1/meta/schemas/user/${theUserType(call, end.id).schema}`]
      : [`/api/v1/apps/${end.id}`, `/api/v1/meta/schemas/apps/${end.id}/default`];
  return {
    id: end.id,
    name: end.name,
    type: end.type,
    _links: { self: { href: `${call.origin}${self}` }, schema: { href: `${call.origin}${schema}` } },
  };
}
