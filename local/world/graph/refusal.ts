/** Which property of which object was in the way. */
export interface ConflictDetail {
  readonly code: string;
  readonly target: string;
}

/** An error as Graph words it; whatever an operation does, this ends it. */
export class GraphRefusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly details: readonly ConflictDetail[];

  constructor(
    status: number,
    code: string,
    message: string,
    headers: Readonly<Record<string, string>> = {},
    details: readonly ConflictDetail[] = [],
  ) {
    super(message);
    this.details = details;
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

export function unsupported(message: string): GraphRefusal {
  return new GraphRefusal(400, 'Request_UnsupportedQuery', message);
}

export function badRequest(message: string): GraphRefusal {
  return new GraphRefusal(400, 'BadRequest', message);
}

export function notFound(id: string): GraphRefusal {
  const message = `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`;
  return new GraphRefusal(404, 'Request_ResourceNotFound', message);
}
