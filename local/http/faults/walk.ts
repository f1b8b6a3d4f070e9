import type { Call } from '../../world/call.ts';
import type { Fault } from './script.ts';

type Side = Call['side'];

/** A cursor that a fault made up: what it stands for, and what must happen when somebody follows it. */
export interface Alias {
  /** Path and query of the real page. */
  readonly target: string;
  /** A rule that has done its work on this page, and must not strike it again through this cursor. */
  readonly spent: number | null;
  /** A fault that this cursor carries on, whatever the rules say. */
  readonly again: Fault | null;
}

/** What the fault layer remembers of the walks through lists: which page led to which, and which cursors are its own. */
export interface Walks {
  /** The page number of a target, from 1; null for a cursor that no page led to. */
  page(side: Side, target: string): number | null;
  /** The target of the page that led to this one. */
  previous(side: Side, target: string): string | null;
  /** Notes that a page led to another. */
  led(side: Side, from: string, to: string): void;
  /** A target like the given one, with a cursor never seen before. */
  disguise(side: Side, alias: Alias): string;
  /** What a made-up cursor stands for; null for a call that carries none. */
  unmask(side: Side, target: string): Alias | null;
}

/** The query parameter that carries the cursor. */
const CURSOR = { okta: 'after', graph: '$skiptoken', identity: 'after' } as const satisfies Record<Side, string>;

export function createWalks(): Walks {
  const steps = new Map<string, { readonly from: string; readonly page: number | null }>();
  const aliases = new Map<string, Alias>();

  function page(side: Side, target: string): number | null {
    const step = steps.get(walkKey(side, target));
    if (step) return step.page;
    return cursorOf(side, target) === null ? 1 : null;
  }

  return {
    page,
    previous: (side, target) => steps.get(walkKey(side, target))?.from ?? null,
    led(side, from, to) {
      const key = walkKey(side, to);
      const before = page(side, from);
      if (!steps.has(key)) steps.set(key, { from, page: before === null ? null : before + 1 });
    },
    disguise(side, alias) {
      const cursor = `mirage-${aliases.size + 1}`;
      aliases.set(cursor, alias);
      const url = urlOf(alias.target);
      url.searchParams.set(CURSOR[side], cursor);
      return url.pathname + url.search;
    },
    unmask(side, target) {
      const cursor = cursorOf(side, target);
      return cursor === null ? null : (aliases.get(cursor) ?? null);
    },
  };
}

/** Path and query of an absolute address, as a call carries them. */
export function targetOf(address: string): string {
  const url = new URL(address);
  return url.pathname + url.search;
}

/** One text for all spellings of one page: clients may encode a link anew, or put its parameters in another order. */
export function walkKey(side: Side, target: string): string {
  const url = urlOf(target);
  const query = [...url.searchParams].map(([name, value]) => JSON.stringify([name, value])).sort();
  return `${side} ${url.pathname} ${query.join(' ')}`;
}

function cursorOf(side: Side, target: string): string | null {
  return urlOf(target).searchParams.get(CURSOR[side]);
}

function urlOf(target: string): URL {
  return new URL(`http://tenant.invalid${target}`);
}
