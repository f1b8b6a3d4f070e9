/** The path and query of a request, decoded. */
export interface Target {
  readonly path: string;
  readonly segments: readonly string[];
  readonly query: ReadonlyMap<string, string>;
}

/**
 * Null where a percent escape is broken or an option stands twice. A plus sign in the query becomes a space, as on the real servers:
 * this is how an anchor that somebody forgot to encode silently finds nobody.
 */
export function parseTarget(target: string): Target | null {
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  const segments: string[] = [];
  for (const part of path.split('/').slice(1)) {
    const text = decode(part);
    if (text === null) return null;
    segments.push(text);
  }

  const query = new Map<string, string>();
  for (const pair of mark < 0 ? [] : target.slice(mark + 1).split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode((equals < 0 ? pair : pair.slice(0, equals)).replaceAll('+', ' '));
    const value = decode((equals < 0 ? '' : pair.slice(equals + 1)).replaceAll('+', ' '));
    if (name === null || value === null || query.has(name)) return null;
    query.set(name, value);
  }
  return { path, segments, query };
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
