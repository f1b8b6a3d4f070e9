import fc from 'fast-check';
import type { z } from 'zod';

const id = fc.stringMatching(/^[a-z0-9]{1,12}$/);

/** Anything that a schema takes. Texts are ids, for keys are made of them; numbers are instants, or whole and small. */
export function anyOf(schema: z.core.$ZodType): fc.Arbitrary<unknown> {
  if (!isKnown(schema)) throw new Error('no row is made of what is no schema');
  const { def } = schema._zod;
  switch (def.type) {
    case 'object':
      return fc.record(Object.fromEntries(Object.entries(def.shape).map(([name, inner]) => [name, anyOf(inner)])));
    case 'string':
      return id;
    case 'number':
      return 'format' in def ? fc.nat(999) : fc.nat({ max: 4_000_000_000_000 });
    case 'boolean':
      return fc.boolean();
    case 'enum':
      return fc.constantFrom(...Object.values(def.entries));
    case 'literal':
      return fc.constantFrom(...def.values);
    case 'template_literal':
      return fc
        .tuple(...def.parts.map((part) => (isSchema(part) ? anyOf(part) : fc.constant(part))))
        .map((all) => all.join(''));
    case 'null':
      return fc.constant(null);
    case 'nullable':
      return fc.option(anyOf(def.innerType));
    case 'default':
      return anyOf(def.innerType);
    case 'array':
      return fc.array(anyOf(def.element), { minLength: 1, maxLength: 3 });
    case 'record':
      return fc.dictionary(def.keyType._zod.def.type === 'enum' ? anyOfNames(def.keyType) : id, anyOf(def.valueType));
    case 'union':
      return fc.oneof(...def.options.map(anyOf));
    case 'custom':
      return fc.uint8Array({ minLength: 1, maxLength: 20 });
    default:
      throw new Error(`no row is made of a schema of type ${def.type} yet`);
  }
}

/** The library's own union of all its schemas, by whose type the switch goes. */
function isKnown(schema: z.core.$ZodType): schema is z.core.$ZodTypes {
  return '_zod' in schema;
}

function isSchema(part: unknown): part is z.core.$ZodType {
  return typeof part === 'object' && part !== null;
}

function anyOfNames(schema: z.core.$ZodType): fc.Arbitrary<string> {
  return anyOf(schema).map(String);
}
