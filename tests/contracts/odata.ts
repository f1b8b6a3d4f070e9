import { elementOf, type GraphTypes } from './graph-types.ts';

const TOKEN = /'(?:[^']|'')*'|\d{4}-\d\d-\d\dT[\d:.]+Z|[\w.-]+|[(),:/]|\s+/g;
const COMPARISONS = new Set(['eq', 'ne', 'gt', 'ge', 'lt', 'le']);
const FUNCTIONS = new Set(['startsWith', 'endsWith', 'contains']);

/** How a literal of each type is written (OData 4.01, ABNF). */
const LITERALS: Readonly<Record<string, RegExp>> = {
  'Edm.String': /^'/,
  'Edm.Boolean': /^(true|false)$/,
  'Edm.Int32': /^-?\d+$/,
  'Edm.Guid': /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i,
  'Edm.DateTimeOffset': /^\d{4}-\d\d-\d\dT[\d:.]+Z$/,
};

/** The type of what a name stands for; null where the published types leave it out. */
type Known = string | null;

/** The types of the variables; by the empty name that of what is filtered. */
type Scope = ReadonlyMap<string, Known>;

/**
 * Holds a `$filter` against a type: each property on its path, and the literals they are compared with. Reads as much of OData as we
 * ask: comparisons, functions of text and `any`, joined by `and` or `or`. Throws an Error that says what is wrong.
 */
export function checkFilter(filter: string, type: string, types: GraphTypes): void {
  const tokens = filter.match(TOKEN) ?? [];
  if (tokens.join('') !== filter) throw new Error('has characters that belong to no word');
  const words = tokens.filter((token) => token.trim() !== '');
  new FilterReader(words, types).whole(types.has(type) ? type : null);
}

class FilterReader {
  readonly #left: string[];
  readonly #types: GraphTypes;

  constructor(words: readonly string[], types: GraphTypes) {
    this.#left = [...words];
    this.#types = types;
  }

  whole(type: Known): void {
    this.#terms(new Map([['', type]]));
    if (this.#left.length > 0) throw new Error(`goes on where it should end: ${this.#left.join(' ')}`);
  }

  #terms(scope: Scope): void {
    this.#term(scope);
    while (['and', 'or'].includes(this.#peek())) {
      this.#next();
      this.#term(scope);
    }
  }

  #term(scope: Scope): void {
    if (FUNCTIONS.has(this.#peek()) && this.#left[1] === '(') {
      const name = this.#next();
      this.#expect('(');
      const type = this.#path(scope);
      if (type !== null && type !== 'Edm.String') throw new Error(`asks ${name} of ${type}`);
      this.#expect(',');
      this.#literal('Edm.String');
      this.#expect(')');
      return;
    }
    const type = this.#path(scope);
    if (type === 'condition') return;
    const operator = this.#next();
    if (!COMPARISONS.has(operator)) throw new Error(`has ${operator} where a comparison belongs`);
    this.#literal(type);
  }

  #literal(of: Known): void {
    const written = this.#next();
    if (of === null) return;
    const text = this.#types.get(elementOf(of).name)?.kind === 'EnumType' ? LITERALS['Edm.String'] : LITERALS[of];
    if (text?.test(written) !== true) throw new Error(`compares ${of} with ${written}`);
  }

  /** A path that ends in `any(…)` is a condition by itself. */
  #path(scope: Scope): Known {
    const first = this.#next();
    let at: Known = scope.has(first) ? (scope.get(first) ?? null) : this.#property(scope.get('') ?? null, first);
    while (this.#peek() === '/') {
      this.#next();
      const name = this.#next();
      if (name === 'any' && this.#peek() === '(') {
        this.#any(at, scope);
        return 'condition';
      }
      at = this.#property(at, name);
    }
    return at;
  }

  #any(of: Known, scope: Scope): void {
    if (of !== null && !elementOf(of).many) throw new Error(`looks for any of one ${of}`);
    this.#expect('(');
    const variable = this.#next();
    this.#expect(':');
    this.#terms(new Map([...scope, [variable, of === null ? null : elementOf(of).name]]));
    this.#expect(')');
  }

  #property(of: Known, name: string): Known {
    if (of === null) return null;
    const found = this.#types.get(elementOf(of).name)?.properties[name];
    if (found === undefined) throw new Error(`names ${name}, which ${of} does not have`);
    return found.type;
  }

  #peek(): string {
    return this.#left[0] ?? 'nothing';
  }

  #next(): string {
    return this.#left.shift() ?? 'nothing';
  }

  #expect(token: string): void {
    const next = this.#next();
    if (next !== token) throw new Error(`has ${next} where ${token} belongs`);
  }
}
