import { z } from 'zod';
import type { Schema } from './openapi.ts';

const Property = z.object({ type: z.string(), nullable: z.boolean().default(true) });
const Type = z.object({
  kind: z.enum(['EntityType', 'ComplexType', 'EnumType']),
  base: z.string().optional(),
  properties: z.record(z.string(), Property).default({}),
  navigation: z.record(z.string(), z.string()).default({}),
  members: z.array(z.string()).default([]),
});
const Published = z.object({ types: z.record(z.string(), Type) });

export type Property = Readonly<z.output<typeof Property>>;
export type GraphType = Readonly<z.output<typeof Type>>;

/** Graph's types by name. What a type inherits stands in it. */
export type GraphTypes = ReadonlyMap<string, GraphType>;

export function readTypes(json: unknown): GraphTypes {
  const { types } = Published.parse(json);

  function whole(name: string): GraphType {
    const type = types[name];
    if (type === undefined) throw new Error(`The published types have no ${name}, from which another is derived.`);
    if (type.base === undefined) return type;
    const base = whole(type.base);
    return {
      ...type,
      properties: { ...base.properties, ...type.properties },
      navigation: { ...base.navigation, ...type.navigation },
    };
  }

  return new Map(Object.keys(types).map((name) => [name, whole(name)]));
}

/** Whether `name` is `base` or derived from it. */
export function isA(types: GraphTypes, name: string, base: string): boolean {
  if (name === base) return true;
  const above = types.get(name)?.base;
  return above !== undefined && isA(types, above, base);
}

/** `Collection(graph.user)` → `graph.user`, and that there are many. */
export function elementOf(type: string): { readonly name: string; readonly many: boolean } {
  const inside = /^Collection\((.+)\)$/.exec(type)?.[1];
  return { name: (inside ?? type).replace(/^graph\./, ''), many: inside !== undefined };
}

const GUID = '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$';

const PRIMITIVES: Readonly<Record<string, Schema>> = {
  'Edm.String': { type: 'string' },
  'Edm.Boolean': { type: 'boolean' },
  'Edm.Int32': { type: 'integer', format: 'int32' },
  'Edm.Guid': { type: 'string', pattern: GUID },
  'Edm.DateTimeOffset': { type: 'string', format: 'date-time' },
  'Edm.TimeOfDay': { type: 'string', format: 'time' },
};

/** Annotations, of an object or of a property of it. */
const ANNOTATIONS = { '@odata\\.': true };

/**
 * The types as definitions of JSON Schema. Nothing is required, as what comes is what was selected. Also of an open type nothing else
 * is taken: what it is open for are the extensions of a tenant, and we ask for none.
 */
export function graphDefinitions(types: GraphTypes): Schema {
  return Object.fromEntries([...types].map(([name, type]) => [name, definitionOf(type)]));
}

function definitionOf({ kind, properties, members }: GraphType): Schema {
  if (kind === 'EnumType') return { enum: members };
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, valueOf(one)])),
    patternProperties: ANNOTATIONS,
    additionalProperties: false,
  };
}

function valueOf({ type, nullable }: Property): Schema {
  const { name, many } = elementOf(type);
  const one = PRIMITIVES[name] ?? { $ref: `#/$defs/${name}` };
  // Whether a list may be null is said nowhere, and OData knows empty lists alone (OData 4.01, JSON format, 7.4).
  if (many) return { type: 'array', items: one };
  return nullable ? { anyOf: [one, { type: 'null' }] } : one;
}
