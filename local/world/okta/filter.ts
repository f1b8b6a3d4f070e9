import { type Instant, parseTime } from '../../../shared/time.ts';
import { OktaRefusal } from './refusal.ts';

export type Operator = 'eq' | 'sw' | 'co' | 'gt' | 'ge' | 'lt' | 'le';

export type Predicate<Row> = (row: Row) => boolean;

/** How a filter may ask for one attribute of a row. */
export interface Field<Row> {
  readonly operators: readonly Operator[];
  readonly test: (operator: Operator, value: string) => Predicate<Row>;
}

export type Fields<Row> = Readonly<Record<string, Field<Row>>>;

/** Text that is compared as it stands. */
export function exactText<Row>(held: (row: Row) => string | null, operators: readonly Operator[] = ['eq']): Field<Row> {
  return { operators, test: (operator, value) => (row) => compares(held(row), operator, value) };
}

/** Text that is compared without regard to case. */
export function looseText<Row>(
  held: (row: Row) => string | null,
  operators: readonly Operator[] = ['eq', 'sw'],
): Field<Row> {
  return {
    operators,
    test: (operator, value) => (row) => compares(held(row)?.toLowerCase() ?? null, operator, value.toLowerCase()),
  };
}

/** A time, which can also be asked for as earlier or later than another. */
export function time<Row>(
  held: (row: Row) => Instant,
  operators: readonly Operator[] = ['eq', 'gt', 'ge', 'lt', 'le'],
): Field<Row> {
  return {
    operators,
    test(operator, value) {
      const wanted = parseTime(value);
      if (wanted === null) throw refused(`Not a time: ${value}`);
      return (row) => compares(held(row), operator, wanted);
    },
  };
}

function compares<Value extends string | number>(held: Value | null, operator: Operator, value: Value): boolean {
  return held !== null && COMPARISONS[operator](held, value);
}

const COMPARISONS: Readonly<Record<Operator, (held: string | number, value: string | number) => boolean>> = {
  eq: (held, value) => held === value,
  gt: (held, value) => held > value,
  ge: (held, value) => held >= value,
  lt: (held, value) => held < value,
  le: (held, value) => held <= value,
  sw: (held, value) => String(held).startsWith(String(value)),
  co: (held, value) => String(held).includes(String(value)),
};

interface Lexeme {
  readonly kind: 'word' | 'text' | 'open' | 'close';
  readonly text: string;
}

/**
 * Okta's filter language as far as the known operations need it: comparisons with quoted values, `and`, `or` and parentheses. Each list
 * says which attributes it can be asked for and by which operators; all else is refused with E0000031, as Okta does.
 */
export function parseFilter<Row>(text: string, fields: Fields<Row>): Predicate<Row> {
  const lexemes = scan(text);
  let at = 0;

  function alternatives(): Predicate<Row> {
    const parts = [conjunction()];
    while (takeWord('or')) parts.push(conjunction());
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : (row) => parts.some((part) => part(row));
  }

  function conjunction(): Predicate<Row> {
    const parts = [primary()];
    while (takeWord('and')) parts.push(primary());
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : (row) => parts.every((part) => part(row));
  }

  function primary(): Predicate<Row> {
    if (lexemes[at]?.kind !== 'open') return comparison(take('word'), take('word').toLowerCase(), take('text'));
    at++;
    const inner = alternatives();
    take('close');
    return inner;
  }

  function comparison(attribute: string, word: string, value: string): Predicate<Row> {
    const field = Object.hasOwn(fields, attribute) ? fields[attribute] : undefined;
    if (field === undefined) throw refused(`Unsupported attribute: ${attribute}`);
    const operator = field.operators.find((one) => one === word);
    if (operator === undefined) throw refused(`Unsupported operator for ${attribute}: ${word}`);
    return field.test(operator, value);
  }

  function take(kind: Lexeme['kind']): string {
    const lexeme = lexemes[at];
    if (lexeme?.kind !== kind) throw refused(`Unexpected ${lexeme?.text ?? 'end of the expression'}`);
    at++;
    return lexeme.text;
  }

  function takeWord(word: string): boolean {
    const lexeme = lexemes[at];
    if (lexeme?.kind !== 'word' || lexeme.text.toLowerCase() !== word) return false;
    at++;
    return true;
  }

  const predicate = alternatives();
  if (at < lexemes.length) throw refused(`Unexpected ${lexemes[at]?.text}`);
  return predicate;
}

function scan(text: string): readonly Lexeme[] {
  const pattern = /\s*(?:(\()|(\))|"((?:[^"\\]|\\["\\])*)"|([A-Za-z][\w.]*))/y;
  const lexemes: Lexeme[] = [];
  while (text.slice(pattern.lastIndex).trim() !== '') {
    const from = pattern.lastIndex;
    const found = pattern.exec(text);
    if (found === null) throw refused(`Unexpected ${text.slice(from, from + 20)}`);
    const [, open, close, quoted, word] = found;
    if (open !== undefined) lexemes.push({ kind: 'open', text: open });
    else if (close !== undefined) lexemes.push({ kind: 'close', text: close });
    else if (quoted !== undefined) lexemes.push({ kind: 'text', text: quoted.replaceAll(/\\(["\\])/g, '$1') });
    else lexemes.push({ kind: 'word', text: word ?? '' });
  }
  return lexemes;
}

function refused(cause: string): OktaRefusal {
  return new OktaRefusal(400, 'E0000031', 'Invalid search criteria.', { causes: [cause] });
}
