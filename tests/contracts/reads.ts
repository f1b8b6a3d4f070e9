import { z } from 'zod';
import * as schemas from '../../shared/entra/schemas.ts';
import { elementOf, type GraphTypes } from './graph-types.ts';
import type { Fault } from './judge.ts';

type Name = Extract<keyof typeof schemas, `${string}Schema`>;

/** Which type each shape is read from; null for what is OData's own, or of a type that the excerpt does not have. */
const READ: Readonly<Record<Name, string | null>> = {
  AuditSchema: 'directoryAudit',
  CountSchema: null,
  CountedSchema: null,
  DeletedSchema: 'user',
  DetailSchema: 'user',
  DomainSchema: 'domain',
  EligibilitySchema: null,
  EntraGroupSchema: 'group',
  FederationSchema: 'internalDomainFederation',
  GroupSchema: 'group',
  HoldingsSchema: 'user',
  LicensesSchema: 'user',
  OrganizationSchema: 'organization',
  PageSchema: null,
  RoleSchema: 'directoryRole',
  SignInSchema: 'user',
  SkuSchema: null,
  TypedSchema: null,
  UserSchema: 'user',
};

/** As much of JSON Schema as zod makes of our shapes. */
interface Shape {
  readonly type?: string | string[] | undefined;
  readonly properties?: Readonly<Record<string, Shape>> | undefined;
  readonly items?: Shape | undefined;
  readonly anyOf?: readonly Shape[] | undefined;
}
const Shape: z.ZodType<Shape> = z.lazy(() =>
  z.object({
    type: z.union([z.string(), z.array(z.string())]).optional(),
    properties: z.record(z.string(), Shape).optional(),
    items: Shape.optional(),
    anyOf: z.array(Shape).optional(),
  }),
);

/** Where the product expects properties of Graph that are not published, or are of another type. */
export function readFaults(types: GraphTypes): readonly Fault[] {
  const shapes = new Map<string, unknown>(Object.entries(schemas));
  return Object.entries(READ).flatMap(([name, type]) => {
    if (type === null) return [];
    const shape = z.toJSONSchema(z.instanceof(z.ZodType).parse(shapes.get(name)), { io: 'input' });
    return shapeFaults(Shape.parse(shape), `graph.${type}`, types).map((fault) => `${name} ${fault}`);
  });
}

/** The same of one shape, as JSON Schema. What may be anything or null is fitting everywhere. */
export function shapeFaults(shape: Shape, type: string, types: GraphTypes): readonly Fault[] {
  if (shape.anyOf !== undefined) return shape.anyOf.flatMap((one) => shapeFaults(one, type, types));
  const expected = [shape.type ?? []].flat().filter((one) => one !== 'null');
  const strange = expected.filter((one) => !jsonTypes(type, types).includes(one));
  if (strange.length > 0) return [`expects ${strange.join(', ')} of ${type}`];
  const { name } = elementOf(type);
  if (shape.items !== undefined) return shapeFaults(shape.items, types.has(name) ? `graph.${name}` : name, types);
  return Object.entries(shape.properties ?? {}).flatMap(([key, value]) => {
    const property = types.get(name)?.properties[key];
    if (property === undefined) return [`reads ${key}, which ${type} does not have`];
    return shapeFaults(value, property.type, types).map((fault) => `${key}: ${fault}`);
  });
}

function jsonTypes(type: string, types: GraphTypes): readonly string[] {
  const { name, many } = elementOf(type);
  if (many) return ['array'];
  if (name === 'Edm.Boolean') return ['boolean'];
  if (name === 'Edm.Int32') return ['integer'];
  return name.startsWith('Edm.') || types.get(name)?.kind === 'EnumType' ? ['string'] : ['object'];
}
