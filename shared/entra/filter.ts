/**
 * Text in an OData filter, quotes doubled. What comes out still has to be encoded: Graph's client does not do it, and a `+` of base64
 * that arrives as a space finds nobody.
 */
export function odataText(value: string): string {
  return `'${value.toWellFormed().replaceAll("'", "''")}'`;
}

/** `$filter=…`, encoded. */
export function filterQuery(expression: string): string {
  return `$filter=${encodeURIComponent(expression)}`;
}
