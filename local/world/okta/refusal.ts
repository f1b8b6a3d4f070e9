interface Details {
  readonly causes?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  /** False where Okta answers without a body. */
  readonly withBody?: boolean;
}

/** An error as Okta's API words it; whatever an operation does, this ends it. */
export class OktaRefusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly causes: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly withBody: boolean;

  constructor(status: number, code: string, summary: string, details: Details = {}) {
    super(summary);
    this.status = status;
    this.code = code;
    this.causes = details.causes ?? [];
    this.headers = details.headers ?? {};
    this.withBody = details.withBody ?? true;
  }
}

/** 400: an argument is wrong. */
export function invalid(argument: string, cause: string): OktaRefusal {
  return new OktaRefusal(400, 'E0000001', `Api validation failed: ${argument}`, { causes: [cause] });
}

/** 404: no such thing of that kind. */
export function notFound(id: string, kind: string): OktaRefusal {
  return new OktaRefusal(404, 'E0000007', `Not found: Resource not found: ${id} (${kind})`);
}
