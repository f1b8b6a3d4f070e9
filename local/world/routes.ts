/** One operation of a tenant: what it is called by, what it takes, what it needs, what it does. */
export interface Route<Context> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `/api/v1/apps/{app}/users`. The first route that fits wins, so that fixed words stand before `{…}`. */
  readonly path: string;
  /** Query options it understands; any other is refused. */
  readonly query: readonly string[];
  /** Scopes or roles, any one of which opens it; empty where a valid token is enough. */
  readonly needs: readonly string[];
  handle(context: Context): Reply;
}

/** What a route answers; the side it belongs to adds its own headers. `body` is JSON unless it is text. */
export interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The parts of a path that stood in braces, by name. */
export type Parameters = Readonly<Record<string, string>>;

export type Found<Context> =
  | { readonly kind: 'found'; readonly route: Route<Context>; readonly parameters: Parameters }
  | { readonly kind: 'wrong-method'; readonly allowed: readonly string[] }
  | { readonly kind: 'unknown' };

export function findRoute<Context>(
  routes: readonly Route<Context>[],
  method: string,
  segments: readonly string[],
): Found<Context> {
  const allowed: string[] = [];
  for (const route of routes) {
    const parameters = match(route.path, segments);
    if (parameters === null) continue;
    if (route.method === method) return { kind: 'found', route, parameters };
    allowed.push(route.method);
  }
  return allowed.length > 0 ? { kind: 'wrong-method', allowed } : { kind: 'unknown' };
}

function match(path: string, segments: readonly string[]): Parameters | null {
  const parts = path.split('/').slice(1);
  if (parts.length !== segments.length) return null;
  const parameters: Record<string, string> = {};
  for (const [at, part] of parts.entries()) {
    const segment = segments[at];
    if (segment === undefined || segment === '') return null;
    if (part.startsWith('{')) parameters[part.slice(1, -1)] = segment;
    else if (part !== segment) return null;
  }
  return parameters;
}
