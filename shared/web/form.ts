import { type ComponentChild, h, type VNode } from 'preact';
import { escapeControls } from '../controls.ts';
import { legible } from '../notify/html-inline.ts';
import { at } from '../notify/pages.ts';
import type { Does } from './deed.ts';

/** What is sent with a button. Nothing is ever decided by a link. */
export interface Button {
  readonly does: Does;
  readonly label: string;
  /** Less likely what one wants. */
  readonly isOther?: boolean;
}

/** `fixed`: what the decision is bound to. */
export function form(
  fixed: Readonly<Record<string, string>>,
  inside: readonly ComponentChild[],
  buttons: readonly Button[],
): VNode {
  const hidden = Object.entries(fixed).map(([name, value]) => h('input', { type: 'hidden', name, value }));
  const sent = buttons.map(({ does, label, isOther }) =>
    h('button', { type: 'submit', name: 'does', value: does, ...(isOther === true ? { class: 'other' } : {}) }, label),
  );
  return h('form', { method: 'post', action: at('decide') }, ...hidden, ...inside, h('div', null, ...sent));
}

/** Framed, under what it is about. */
export function framed(title: string, inside: readonly ComponentChild[]): VNode {
  return h('fieldset', null, h('legend', null, ...legible(title)), ...inside);
}

export function field(name: string, label: string, more: Readonly<Record<string, string>>): VNode {
  return h('label', null, label, ' ', h('input', { name, required: '', ...more }));
}

/** Whoever sends the form has ticked it: nobody decides by a slip of the hand. */
export function oath(sentence: string): VNode {
  return h(
    'label',
    null,
    h('input', { type: 'checkbox', name: 'sure', value: 'yes', required: '' }),
    ...legible(sentence),
  );
}

/** One of several whom the form may be about. */
export function choice(name: string, value: string, about: string): VNode {
  const box = h('input', { type: 'checkbox', name, value, 'aria-label': escapeControls(`decide on ${about}`) });
  return h('label', { class: 'choice' }, box, 'decide');
}
