import type { OktaCall } from './context.ts';
import { OktaRefusal } from './refusal.ts';

/** The JSON of a request; 400 E0000003 where there is none. */
export function bodyOf({ body }: OktaCall): unknown {
  try {
    const json: unknown = JSON.parse(body);
    return json;
  } catch {
    throw new OktaRefusal(400, 'E0000003', 'The request body was not well-formed.');
  }
}
