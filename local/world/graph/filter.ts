import { parseTime } from '../../../shared/time.ts';
import { badRequest, unsupported } from './refusal.ts';

/** How a property may be filtered on; what is not named is refused. */
export type Operator = 'eq' | 'in' | 'ge' | 'le' | 'startsWith' | 'endsWith' | 'any';

export interface Field<Row> {
  readonly operators: readonly Operator[];
  /** What it is compared with; text unless told. */
  readonly type?: 'boolean' | 'number';
  get(row: Row): string | boolean | number | null | readonly string[];
}

export type Fields<Row> = Readonly<Record<string, Field<Row>>>;

/** `endsWith` is good in advanced queries alone. */
export type Clause = Comparison | Junction;

interface Comparison {
  readonly kind: 'compare';
  readonly property: string;
  readonly operator: Operator;
  readonly values: readonly Literal[];
}

interface Junction {
  readonly kind: 'and' | 'or';
  readonly parts: readonly Clause[];
}

/** A time is the number of its instant. */
export type Literal = string | boolean | number;

/** Graph refuses more alternatives than this in one filter. */
const MOST_ALTERNATIVES = 15;

interface Lexeme {
  readonly kind: 'word' | 'text' | 'sign' | 'time';
  readonly text: string;
}

/**
 * The part of OData's `$filter` that is known here: `eq`, `in`, `ge`, `le`, `startsWith`, `endsWith`, `property/any(p:p eq '…' or …)`,
 * `property/any(p:p/member eq '…')`, `and`, `or` and parentheses. Anything else is refused, with Graph's words where they are known.
 */
export function parseFilter<Row>(text: string, fields: Fields<Row>, advanced: boolean): Clause {
  const lexemes = scan(text);
  let at = 0;

  function joined(kind: 'and' | 'or', part: () => Clause): Clause {
    const parts = [part()];
    while (isNext('word', kind)) {
      at++;
      parts.push(part());
    }
    if (kind === 'or' && parts.length > MOST_ALTERNATIVES) throw tooMany(parts.length);
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind, parts };
  }

  function expression(): Clause {
    return joined('or', () => joined('and', primary));
  }

  function primary(): Clause {
    if (isNext('sign', '(')) {
      at++;
      const inner = expression();
      take('sign', ')');
      return inner;
    }
    const name = take('word');
    if (/^(starts|ends)with$/i.test(name))
      return affix(name.toLowerCase() === 'startswith' ? 'startsWith' : 'endsWith');
    if (name.endsWith('/any')) return any(name.slice(0, -'/any'.length));
    const operator = take('word');
    if (operator === 'in') return compare(name, 'in', list());
    if (operator === 'eq' || operator === 'ge' || operator === 'le') return compare(name, operator, [literal()]);
    throw unsupported(`Unsupported property filter clause operator '${operator}'.`);
  }

  function affix(operator: 'startsWith' | 'endsWith'): Clause {
    take('sign', '(');
    const property = take('word');
    take('sign', ',');
    const value = literal();
    take('sign', ')');
    if (operator === 'endsWith' && !advanced)
      throw unsupported("Operator 'endsWith' is not supported without advanced query parameters.");
    return compare(property, operator, [value]);
  }

  function any(property: string): Clause {
    take('sign', '(');
    const variable = take('word');
    take('sign', ':');
    const member = isNext('word', variable) ? '' : memberOf(variable);
    const values: Literal[] = [];
    do {
      if (values.length > 0) take('word', 'or');
      take('word', variable + member);
      take('word', 'eq');
      values.push(literal());
    } while (isNext('word', 'or'));
    take('sign', ')');
    return compare(property + member, 'any', values);
  }

  /** `/id` of `t/id`, which comes next. */
  function memberOf(variable: string): string {
    const next = lexemes[at]?.text ?? '';
    return next.startsWith(`${variable}/`) ? next.slice(variable.length) : '';
  }

  function compare(property: string, operator: Operator, values: readonly Literal[]): Clause {
    const field = Object.hasOwn(fields, property) ? fields[property] : undefined;
    if (field?.operators.includes(operator) !== true) {
      throw unsupported(
        `Unsupported or invalid query filter clause specified for property '${property}' of resource 'User'.`,
      );
    }
    if (values.some((value) => typeof value !== (field.type ?? 'string'))) {
      throw badRequest(`A binary operator with incompatible types was detected at property '${property}'.`);
    }
    if (values.length > MOST_ALTERNATIVES) throw tooMany(values.length);
    return { kind: 'compare', property, operator, values };
  }

  function list(): readonly Literal[] {
    take('sign', '(');
    const values = [literal()];
    while (isNext('sign', ',')) {
      at++;
      values.push(literal());
    }
    take('sign', ')');
    return values;
  }

  function literal(): Literal {
    const lexeme = lexemes[at++];
    if (lexeme?.kind === 'text') return lexeme.text;
    const time = lexeme?.kind === 'time' ? parseTime(lexeme.text) : null;
    if (time !== null) return time;
    if (lexeme?.kind === 'word' && (lexeme.text === 'true' || lexeme.text === 'false')) return lexeme.text === 'true';
    if (lexeme?.text === 'null') throw unsupported('Unsupported property filter clause: null.');
    throw badRequest('Invalid filter clause');
  }

  function take(kind: Lexeme['kind'], wanted?: string): string {
    const lexeme = lexemes[at++];
    if (lexeme?.kind !== kind || (wanted !== undefined && lexeme.text !== wanted))
      throw badRequest('Invalid filter clause');
    return lexeme.text;
  }

  function isNext(kind: Lexeme['kind'], wanted: string): boolean {
    return lexemes[at]?.kind === kind && lexemes[at]?.text === wanted;
  }

  const clause = expression();
  if (at < lexemes.length) throw badRequest('Invalid filter clause');
  return clause;
}

function scan(text: string): readonly Lexeme[] {
  const pattern = /\s*(?:'((?:[^']|'')*)'|([(),:])|(\d{4}-\d\d-\d\dT[\d:.]+Z)|([A-Za-z][\w/.]*))/y;
  const lexemes: Lexeme[] = [];
  while (text.slice(pattern.lastIndex).trim() !== '') {
    const found = pattern.exec(text);
    if (found === null) throw badRequest('Invalid filter clause');
    const [, quoted, sign, time, word] = found;
    if (quoted !== undefined) lexemes.push({ kind: 'text', text: quoted.replaceAll("''", "'") });
    else if (sign !== undefined) lexemes.push({ kind: 'sign', text: sign });
    else if (time !== undefined) lexemes.push({ kind: 'time', text: time });
    else lexemes.push({ kind: 'word', text: word ?? '' });
  }
  return lexemes;
}

function tooMany(count: number) {
  return badRequest(
    `Too many child clauses specified in search filter expression: ${count}. Max allowed: ${MOST_ALTERNATIVES}.`,
  );
}
