import { AnchorwatchError } from '../../shared/errors.ts';

type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'parameter' | 'optional' | 'rest'; readonly name: string };

/** A route template of an HTTP trigger: literals, `{name}`, `{name?}` at the end, `{*name}` at the end. */
export interface Route {
  readonly text: string;
  readonly segments: readonly Segment[];
}

const PARAMETER = /^\{(?<rest>\*?)(?<name>\w+)(?<optional>\??)\}$/;

/** Throws AnchorwatchError (`invalid`) for what Azure reserves, and for forms that this host does not know (`{id:int}`). */
export function readRoute(text: string): Route {
  const parts = text.split('/').filter((part) => part !== '');
  if (parts[0]?.toLowerCase() === 'admin' || parts[0]?.toLowerCase() === 'runtime') {
    throw new AnchorwatchError('invalid', `The route "${text}" conflicts with one or more built in routes`);
  }
  const segments = parts.map((part, index): Segment => {
    if (!/[{}]/.test(part)) return { kind: 'literal', text: part.toLowerCase() };
    const { rest = '', name = '', optional = '' } = PARAMETER.exec(part)?.groups ?? {};
    const isLast = index === parts.length - 1;
    if (name === '' || (!isLast && (rest !== '' || optional !== ''))) {
      throw new AnchorwatchError(
        'invalid',
        `The route "${text}" has a segment that this host does not understand: ${part}`,
      );
    }
    if (rest !== '') return { kind: 'rest', name };
    return { kind: optional === '' ? 'parameter' : 'optional', name };
  });
  return { text, segments };
}

/** The parameters when the path (without the prefix, in segments) fits, null when it does not. Literals fit in any case. */
export function matchRoute(route: Route, path: readonly string[]): Readonly<Record<string, string>> | null {
  const parameters: Record<string, string> = {};
  for (const [index, segment] of route.segments.entries()) {
    const part = path[index];
    if (segment.kind === 'rest') return { ...parameters, [segment.name]: path.slice(index).join('/') };
    if (part === undefined && segment.kind === 'optional') return parameters;
    if (part === undefined) return null;
    if (segment.kind === 'literal' && part.toLowerCase() !== segment.text) return null;
    if (segment.kind !== 'literal') parameters[segment.name] = part;
  }
  return path.length > route.segments.length ? null : parameters;
}

const RANK = { literal: '0', parameter: '1', optional: '2', rest: '3' } as const;

/** Orders routes as ASP.NET asks them: at the first segment that differs in kind, the more exact one goes first. */
export function precedence(route: Route): string {
  return route.segments.map(({ kind }) => RANK[kind]).join('');
}

/** Equal for two routes that no request can tell apart. */
export function shape(route: Route): string {
  return route.segments.map((segment) => (segment.kind === 'literal' ? segment.text : `{${segment.kind}}`)).join('/');
}
