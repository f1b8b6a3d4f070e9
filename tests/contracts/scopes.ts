import { OKTA_ROUTES } from '../../local/world/okta/okta.ts';
import type { Fault } from './judge.ts';
import type { Description } from './openapi.ts';

type Route = Pick<(typeof OKTA_ROUTES)[number], 'method' | 'path' | 'needs'>;

/** Parameters go by other names in the description. */
const nameless = (path: string) => path.replaceAll(/\{\w+\}/g, '{}');

/** Where a route of the simulated Okta asks for other scopes than are described. Whoever may manage may read, which is not. */
export function scopeFaults({ operations }: Description, routes: readonly Route[] = OKTA_ROUTES): readonly Fault[] {
  return routes.flatMap(({ method, path, needs }) => {
    const operation = operations.find((one) => nameless(one.name) === `${method} ${nameless(path)}`);
    if (operation === undefined) return [];
    const described = operation.security.flatMap(({ oauth2 = [] }) => oauth2).toSorted();
    const asked = needs.filter((scope) => method !== 'GET' || scope.endsWith('.read')).toSorted();
    if (asked.join() === described.join()) return [];
    return [`${operation.name}: the simulated Okta asks for ${asked.join()}, described is ${described.join()}`];
  });
}
