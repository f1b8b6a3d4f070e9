import { createHash } from 'node:crypto';
import { type ComponentChild, h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { escapeControls } from '../controls.ts';
import { at, type Room, ROOT } from '../notify/pages.ts';
import { mainHeading, back, sentence } from './blocks.ts';
import { SHEET } from './style.ts';
import type { Visitor } from './visitor.ts';

/** What goes back to a browser. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A page before it is put into its frame. */
export interface Page {
  readonly room: Room;
  readonly title: string;
  readonly inside: readonly ComponentChild[];
}

/** What every page is shown in. */
export interface Frame {
  readonly tenant: string;
  readonly visitor: Visitor;
  /** `2026-11-23 02:00 UTC` */
  readonly moment: string;
}

const PLACES: readonly (readonly [Room, string])[] = [
  ['', 'Tonight'],
  ['findings', 'Findings'],
  ['proposals', 'Decisions'],
  ['repairs', 'Repairs'],
  ['audit', 'Audit'],
];

/**
 * No script, no picture, nothing from elsewhere, and in nobody's frame. The referrer stays on this origin, without which a browser would send
 * `Origin: null` with our own forms (fetch.spec.whatwg.org, append a request Origin header). Nothing is kept by a browser or a proxy: it is about people.
 */
const HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(SHEET).digest('base64')}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
};

export function shown({ room, title, inside }: Page, { tenant, visitor, moment }: Frame, status = 200): Answer {
  const places = PLACES.map(([place, name]) =>
    h('a', { href: at(place), ...(place === room ? { 'aria-current': 'page' } : {}) }, name),
  );
  const may = visitor.mayDecide ? 'may decide' : 'may look';
  return answer(status, `${title} – ${tenant}`, [
    h('header', null, h('nav', { 'aria-label': 'Pages' }, h('strong', null, 'Anchorwatch'), ...places)),
    h('main', null, ...inside),
    h('footer', null, escapeControls(`${tenant}, ${moment}. Signed in as ${visitor.name}, who ${may}. `), SIGN_OUT),
  ]);
}

/** App Service Authentication ends the session, and comes back to ask who one is. */
const SIGN_OUT = h('a', { href: `/.auth/logout?post_logout_redirect_uri=${ROOT}` }, 'Sign out');

/** For whoever is not let in, and for what went wrong: it shows nothing of the tenant. */
export function plainly(status: number, title: string, words: string): Answer {
  return answer(status, title, [h('main', null, mainHeading(title), sentence(words), back('', 'To the beginning'))]);
}

/** The browser asks another address. `to` is ours alone. */
export function elsewhere(to: string): Answer {
  return { status: 302, headers: { ...HEADERS, location: to }, body: '' };
}

function answer(status: number, title: string, body: readonly ComponentChild[]): Answer {
  const page = h('html', { lang: 'en' }, [
    h('head', null, [
      h('meta', { charset: 'utf-8' }),
      h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      h('title', null, escapeControls(title)),
      h('style', null, SHEET),
    ]),
    h('body', null, ...body),
  ]);
  return { status, headers: HEADERS, body: `<!DOCTYPE html>\n${renderToString(page)}\n` };
}
