import { type ComponentChild, h } from 'preact';
import { escapeControls } from '../controls.ts';

/** Times, short anchors, and a rule that is a whole cell: nobody can read them in two halves. */
const WHOLE = /(\d{4}-\d{2}-\d{2} \d{2}:\d{2} UTC|[^\s…]{1,4}…[^\s…;,)]{0,3}|^[a-z-]{1,20}$)/;

/** Letters of a word that is never broken. The widest table of a mail has room for such words beside each other. */
const LONGEST = 20;
const LONG = /(\S{21,})/;

/**
 * A text for a reader, with what would turn it around or hide in it made visible. Words are broken only where they are long: an address
 * before its `@`, a name behind a dot, and what has neither after so many letters.
 */
export function legible(text: string): ComponentChild[] {
  return escapeControls(text)
    .split(WHOLE)
    .flatMap((part, at) => (at % 2 === 1 ? [h('span', { class: 'k' }, part)] : breakable(part)));
}

function breakable(text: string): ComponentChild[] {
  return text.split(LONG).flatMap((part, at) => (at % 2 === 1 ? broken(part) : [part]));
}

function broken(word: string): ComponentChild[] {
  const pieces = word.split(/(?=@)|(?<=\.(?=\S{8}))/).flatMap(cut);
  return pieces.flatMap((piece, at) => (at === 0 ? [piece] : [h('wbr', null), piece]));
}

function cut(piece: string): string[] {
  const letters = Array.from(piece);
  const count = Math.max(1, Math.ceil(letters.length / LONGEST));
  return Array.from({ length: count }, (_, at) => letters.slice(at * LONGEST, (at + 1) * LONGEST).join(''));
}
