import { z } from 'zod';

const JsonObject = z.record(z.string(), z.unknown());

/** A schema as OpenAPI 3.0 writes it. */
export type Schema = Readonly<Record<string, unknown>>;

const Parameter = z.object({ name: z.string(), in: z.enum(['query', 'path', 'header', 'cookie']), schema: JsonObject });
const Content = z.record(z.string(), z.object({ schema: JsonObject.optional() }));
const Answer = z.object({ content: Content.optional() });
const Operation = z.object({
  parameters: z.array(Parameter).default([]),
  requestBody: z.object({ content: Content, required: z.boolean().default(false) }).optional(),
  responses: z.record(z.string(), Answer),
  security: z.array(z.record(z.string(), z.array(z.string()))).default([]),
});
const Description = z.object({
  paths: z.record(z.string(), JsonObject),
  components: z.object({ schemas: z.record(z.string(), JsonObject) }).catchall(JsonObject),
});

export interface Operation extends Readonly<z.output<typeof Operation>> {
  /** `GET /api/v1/apps/{appId}` */
  readonly name: string;
  readonly method: string;
  /** Segments of the path; what stands in braces takes anything. */
  readonly path: readonly string[];
}

export interface Description {
  readonly operations: readonly Operation[];
  readonly schemas: Readonly<Record<string, Schema>>;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** An OpenAPI 3.0 description. References are followed but for those to schemas, which lead in circles. */
export function readDescription(json: unknown): Description {
  const { paths, components } = Description.parse(json);
  const operations = Object.entries(paths).flatMap(([path, item]) => {
    const shared = z.array(z.unknown()).default([]).parse(item['parameters']);
    return METHODS.flatMap((method) => {
      if (item[method] === undefined) return [];
      const own = JsonObject.parse(item[method]);
      const parameters = [...z.array(z.unknown()).default([]).parse(own['parameters']), ...shared];
      const read = Operation.parse(followed({ ...own, parameters }, components));
      const upper = method.toUpperCase();
      return [{ ...read, name: `${upper} ${path}`, method: upper, path: path.split('/').slice(1) }];
    });
  });
  return { operations, schemas: components.schemas };
}

const REFERENCE = /^#\/components\/(?!schemas\/)(\w+)\/(\w+)$/;

/** Examples refer to nothing that matters, and are left out. */
function followed(part: unknown, components: Readonly<Record<string, Readonly<Record<string, unknown>>>>): unknown {
  if (Array.isArray(part)) return part.map((one) => followed(one, components));
  if (typeof part !== 'object' || part === null) return part;
  const entries = Object.entries(part);
  const [room, name] = REFERENCE.exec(String(new Map(entries).get('$ref') ?? ''))?.slice(1) ?? [];
  if (room !== undefined && name !== undefined) return followed(components[room]?.[name], components);
  return Object.fromEntries(
    entries.flatMap(([key, value]) => (key === 'examples' ? [] : [[key, followed(value, components)]])),
  );
}

export type Found =
  | { readonly kind: 'found'; readonly operation: Operation; readonly values: Readonly<Record<string, string>> }
  | { readonly kind: 'wrong-method' | 'unknown' };

/** Fixed words go before what is in braces: `/groups/rules` is no group called rules. */
export function findOperation({ operations }: Description, method: string, path: string): Found {
  const segments = path.split('/').slice(1);
  const fitting = operations
    .filter((operation) => fits(operation.path, segments))
    .toSorted((one, other) => bracesIn(one) - bracesIn(other));
  const [first] = fitting;
  if (first === undefined) return { kind: 'unknown' };
  const words = bracesIn(first);
  const operation = fitting.find((one) => one.method === method && bracesIn(one) === words);
  if (operation === undefined) return { kind: 'wrong-method' };
  return { kind: 'found', operation, values: valuesOf(operation.path, segments) };
}

function fits(path: readonly string[], segments: readonly string[]): boolean {
  if (path.length !== segments.length) return false;
  return path.every((part, at) => (part.startsWith('{') ? segments[at] !== '' : part === segments[at]));
}

function bracesIn({ path }: Operation): number {
  return path.filter((part) => part.startsWith('{')).length;
}

function valuesOf(path: readonly string[], segments: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    path.flatMap((part, at) =>
      part.startsWith('{') ? [[part.slice(1, -1), decodeURIComponent(segments[at] ?? '')]] : [],
    ),
  );
}
