import type { Schema } from './openapi.ts';

/** Which way a body goes: what only the one side may write counts on that way alone. */
export type Way = 'request' | 'answer';

type Schemas = Readonly<Record<string, Schema>>;

/** Keywords that mean the same in both. */
const PLAIN = new Set(['const', 'minLength', 'maxLength', 'minimum', 'maximum', 'minItems', 'maxItems', 'uniqueItems']);

/** What OpenAPI and Okta call a format and JSON Schema knows; others are prose. */
const FORMATS: Readonly<Record<string, string>> = {
  'date-time': 'date-time',
  'ISO 8601 compliant timestamp': 'date-time',
  email: 'email',
  uri: 'uri',
  int32: 'int32',
  int64: 'int64',
  double: 'double',
};

/**
 * OpenAPI 3.0's schemas as definitions of JSON Schema 2019-09. Stricter than they are written in one way: an object has no properties
 * but those that are described, unless it says that it takes others or describes none. `Name` is the schema by itself, `Name.any`
 * the schema of whatever its discriminator tells.
 */
export function definitionsOf(schemas: Schemas, way: Way): Schemas {
  const context = { schemas, way };
  return Object.fromEntries(
    Object.entries(schemas).flatMap(([name, schema]) => {
      const plain = [name, partOf(schema, context)] as const;
      const kinds = kindsOf(schema);
      return kinds === null ? [plain] : [plain, [`${name}.any`, oneOfKinds(name, kinds)] as const];
    }),
  );
}

/** A schema that describes a whole value: a body, a property, an item. */
export function wholeOf(schema: Schema, schemas: Schemas, way: Way): Schema {
  return whole(schema, { schemas, way });
}

interface Context {
  readonly schemas: Schemas;
  readonly way: Way;
}

function whole(schema: Schema, context: Context): Schema {
  const part = partOf(schema, context, '.any');
  const isClosed = '$ref' in part || 'properties' in part || 'allOf' in part || 'oneOf' in part || 'anyOf' in part;
  return isClosed ? { ...part, unevaluatedProperties: false } : part;
}

/** A schema that may describe a part of a value, beside others. */
function partOf(schema: Schema, context: Context, kind: '' | '.any' = ''): Schema {
  const name = referenceOf(schema);
  if (name !== null) {
    const hasKinds = kindsOf(context.schemas[name] ?? {}) !== null;
    return { $ref: `#/$defs/${name}${hasKinds ? kind : ''}` };
  }
  const written = Object.entries(schema).flatMap(([key, value]) => keyword(key, value, schema, context));
  const converted: Schema = Object.fromEntries(isFree(schema) ? [...written, ['additionalProperties', true]] : written);
  return schema['nullable'] === true ? orNull(converted) : converted;
}

function keyword(key: string, value: unknown, schema: Schema, context: Context): ReadonlyArray<[string, unknown]> {
  if (PLAIN.has(key) || key === 'type' || key === 'enum') return [[key, value]];
  if (key === 'format' || (key === 'pattern' && typeof value === 'string')) {
    const format = key === 'format' ? FORMATS[String(value)] : String(value);
    return format === undefined ? [] : [[key, format]];
  }
  if (key === 'properties') return [[key, propertiesOf(objectOf(value), context)]];
  if (key === 'required') return [[key, requiredOf(value, schema, context)]];
  if (key === 'items') return [[key, whole(objectOf(value), context)]];
  if (key === 'additionalProperties')
    return [[key, typeof value === 'boolean' ? value : whole(objectOf(value), context)]];
  if (key === 'allOf') return [[key, listOf(value).map((one) => partOf(one, context))]];
  if (key === 'oneOf' || key === 'anyOf') {
    // Beside properties of its own each of them describes a part; alone, the whole.
    const convert = 'properties' in schema ? partOf : whole;
    return [[key, listOf(value).map((one) => convert(one, context))]];
  }
  return [];
}

/** An object that describes no property takes any, and so does what Okta calls extensible. */
function isFree(schema: Schema): boolean {
  if ('additionalProperties' in schema) return false;
  if (schema['x-okta-extensible'] === true) return true;
  if (schema['type'] !== 'object') return false;
  const { properties = {} } = schema;
  return !['allOf', 'oneOf', 'anyOf'].some((key) => key in schema) && Object.keys(objectOf(properties)).length === 0;
}

function propertiesOf(properties: Schema, context: Context): Schema {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => {
      const property = objectOf(value);
      return [name, isOthers(property, context) ? false : whole(property, context)];
    }),
  );
}

/** Of what the other side alone writes nothing is sent, and nothing is missing. */
function requiredOf(value: unknown, schema: Schema, context: Context): readonly string[] {
  const properties = objectOf(schema['properties'] ?? {});
  const names = Array.isArray(value) ? value.map(String) : [];
  return names.filter((name) => !isOthers(objectOf(properties[name] ?? {}), context));
}

function isOthers(property: Schema, { schemas, way }: Context): boolean {
  const flag = way === 'request' ? 'readOnly' : 'writeOnly';
  const name = referenceOf(property);
  const parts = listOf(property['allOf'] ?? []);
  return [property, ...parts, ...(name === null ? [] : [schemas[name] ?? {}])].some((one) => one[flag] === true);
}

function orNull({ type, enum: values, ...rest }: Schema): Schema {
  if (typeof type !== 'string')
    return { anyOf: [{ ...rest, ...(values === undefined ? {} : { enum: values }) }, { type: 'null' }] };
  return { ...rest, type: [type, 'null'], ...(Array.isArray(values) ? { enum: [...values, null] } : {}) };
}

interface Kinds {
  readonly property: string;
  readonly names: ReadonlyArray<readonly [string, string]>;
}

/** What a discriminator tells apart, where the schema does not list it by `oneOf` or `anyOf` itself. */
function kindsOf(schema: Schema): Kinds | null {
  if (!('discriminator' in schema) || 'oneOf' in schema || 'anyOf' in schema) return null;
  const { propertyName, mapping } = objectOf(schema['discriminator']);
  const names = Object.entries(objectOf(mapping)).map(
    ([value, at]) => [value, String(at).split('/').at(-1) ?? ''] as const,
  );
  return { property: String(propertyName), names };
}

function oneOfKinds(name: string, { property, names }: Kinds): Schema {
  const kinds = names.map(([value, kind]) => ({
    if: { type: 'object', properties: { [property]: { const: value } }, required: [property] },
    // oxlint-disable-next-line unicorn/no-thenable -- JSON Schema's own word
    then: { $ref: `#/$defs/${kind}` },
  }));
  return { allOf: [{ $ref: `#/$defs/${name}` }, ...kinds] };
}

function referenceOf(schema: Schema): string | null {
  const reference = schema['$ref'];
  if (typeof reference !== 'string') return null;
  return /^#\/components\/schemas\/(\w+)$/.exec(reference)?.[1] ?? null;
}

function objectOf(value: unknown): Schema {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new Error(`The description has ${JSON.stringify(value)} where an object belongs.`);
}

function listOf(value: unknown): readonly Schema[] {
  return Array.isArray(value) ? value.map(objectOf) : [];
}
