import type { Clause, Fields, Literal, Operator } from './filter.ts';

/** Text is compared without regard to case, as the directory does: whoever looks for an anchor must compare again. */
export function matches<Row>(clause: Clause, fields: Fields<Row>, row: Row): boolean {
  if ('parts' in clause) {
    return clause.kind === 'and'
      ? clause.parts.every((part) => matches(part, fields, row))
      : clause.parts.some((part) => matches(part, fields, row));
  }
  const held = fields[clause.property]?.get(row) ?? null;
  return clause.values.some((value) => compares(clause.operator, held, value));
}

function compares(
  operator: Operator,
  held: string | boolean | number | null | readonly string[],
  value: Literal,
): boolean {
  if (typeof value === 'boolean') return held === value;
  if (typeof value === 'number') {
    if (typeof held !== 'number') return false;
    return operator === 'ge' ? held >= value : operator === 'le' ? held <= value : held === value;
  }
  const wanted = value.toLowerCase();
  if (operator === 'any') return Array.isArray(held) && held.some((one) => one.toLowerCase() === wanted);
  if (typeof held !== 'string') return false;
  if (operator === 'startsWith') return held.toLowerCase().startsWith(wanted);
  if (operator === 'endsWith') return held.toLowerCase().endsWith(wanted);
  return held.toLowerCase() === wanted;
}

/** Texts, one of which an indexed property must equal for a row to match at all. */
export interface Narrowed {
  readonly index: string;
  readonly texts: readonly string[];
}

/** Null where the filter does not narrow the rows by an index. */
export function indexed(clause: Clause, indexes: readonly string[]): Narrowed | null {
  if ('parts' in clause) {
    if (clause.kind === 'or') return null;
    for (const part of clause.parts) {
      const found = indexed(part, indexes);
      if (found !== null) return found;
    }
    return null;
  }
  if (!['eq', 'in', 'any'].includes(clause.operator)) return null;
  if (!indexes.includes(clause.property)) return null;
  return { index: clause.property, texts: clause.values.map((value) => String(value).toLowerCase()) };
}
