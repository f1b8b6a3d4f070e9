import { OktaRefusal } from './refusal.ts';

/** How a filter may ask for one attribute of a row. */
export interface Field<Row> {
  readonly equals: (row: Row, value: string) => boolean;
  /** Its values, where `ne`, `sw` and `co` are supported too. */
  readonly values?: (row: Row) => readonly string[];
}

export type Predicate<Row> = (row: Row) => boolean;

export function textField<Row>(values: (row: Row) => readonly string[]): Field<Row> {
  return { equals: (row, value) => values(row).includes(value), values };
}

interface Lexeme {
  readonly kind: 'word' | 'text' | 'open' | 'close';
  readonly text: string;
}

/**
 * Okta's filter language as far as the known operations need it: `eq`, `ne`, `sw`, `co`, `and`, `or`, `not` and parentheses over
 * quoted values. An attribute or operator that is not supported is refused with E0000031, as Okta does.
 */
export function parseFilter<Row>(text: string, fields: Readonly<Record<string, Field<Row>>>): Predicate<Row> {
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
    if (takeWord('not')) {
      const inner = primary();
      return (row) => !inner(row);
    }
    if (lexemes[at]?.kind === 'open') {
      at++;
      const inner = alternatives();
      take('close');
      return inner;
    }
    return comparison(take('word'), take('word').toLowerCase(), take('text'));
  }

  function comparison(attribute: string, operator: string, value: string): Predicate<Row> {
    const field = Object.hasOwn(fields, attribute) ? fields[attribute] : undefined;
    if (field === undefined) throw refused(`Unsupported attribute: ${attribute}`);
    if (operator === 'eq') return (row) => field.equals(row, value);
    const { values } = field;
    if (values !== undefined) {
      if (operator === 'ne') return (row) => !field.equals(row, value);
      if (operator === 'sw') return (row) => values(row).some((held) => held.startsWith(value));
      if (operator === 'co') return (row) => values(row).some((held) => held.includes(value));
    }
    throw refused(`Unsupported operator for ${attribute}: ${operator}`);
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
