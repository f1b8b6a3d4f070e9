import { Ajv2019, type ErrorObject, type ValidateFunction } from 'ajv/dist/2019.js';
import addFormats from 'ajv-formats';
import type { Exchange } from './exchange.ts';
import type { Schema } from './openapi.ts';

/** What does not keep to the contract, in words. */
export type Fault = string;

export interface Judged {
  /** In the words of the contract; as it was sent where the contract has no such thing. */
  readonly operation: string;
  /** Whether the contract has the operation. */
  readonly known: boolean;
  /** Of the request: method, path, query and body. */
  readonly request: readonly Fault[];
  readonly answer: readonly Fault[];
}

export type Judge = (exchange: Exchange) => Judged;

/** Holds values against schemas. A schema may refer to the definitions as `#/$defs/…`, and is compiled once. */
export function validatorOver(definitions: Schema): (schema: Schema, value: unknown) => readonly Fault[] {
  const ajv = new Ajv2019({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema({ $id: 'contract', $defs: definitions });
  const compiled = new Map<string, ValidateFunction>();
  return (schema, value) => {
    const text = JSON.stringify(schema).replaceAll('"#/$defs/', '"contract#/$defs/');
    const check = compiled.get(text) ?? ajv.compile(JSON.parse(text));
    compiled.set(text, check);
    return check(value) ? [] : ofTheirOwn(check.errors ?? []).map(faultOf);
  };
}

/** Whatever does not fit makes its neighbours unevaluated too, and fails the condition that it stands behind. */
function ofTheirOwn(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const own = errors.filter(({ keyword }) => keyword !== 'if' && keyword !== 'unevaluatedProperties');
  return own.length > 0 ? own : errors;
}

/** Without the place in a list, and without the value: the same fault of two people is the same. */
function faultOf({ instancePath, message, params }: ErrorObject): Fault {
  const at = instancePath.replaceAll(/\/\d+(?=\/|$)/g, '/*');
  return `${at === '' ? 'the body' : at} ${message ?? ''} ${JSON.stringify(params)}`;
}

/** A body as JSON; null where it is none. */
export function jsonOf(text: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}

/** `application/json; charset=utf-8` → `application/json` */
export function mediaOf(contentType: string | null): string {
  return contentType?.split(';')[0]?.trim() ?? 'nothing';
}
