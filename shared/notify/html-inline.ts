import { type ComponentChild, h } from 'preact';
import { escapeControls } from '../controls.ts';

/** Times and short anchors, which nobody can read in two halves. */
const WHOLE = /(\d{4}-\d{2}-\d{2} \d{2}:\d{2} UTC|[^\s…]{1,4}…[^\s…;,)]{0,3})/;

/**
 * A text for a reader, with what would turn it around or hide in it made visible. Addresses are broken before their `@` rather than
 * anywhere.
 */
export function legible(text: string): ComponentChild[] {
  return escapeControls(text)
    .split(WHOLE)
    .flatMap((part, at) => (at % 2 === 1 ? [h('span', { class: 'k' }, part)] : breakable(part)));
}

function breakable(text: string): ComponentChild[] {
  const [first = '', ...others] = text.split('@');
  return [first, ...others.flatMap((other) => [h('wbr', null), `@${other}`])];
}
