/**
 * A text that somebody else wrote, cut so that no single value fills a mail: names in a directory may be as long as their owners like.
 * Whole characters are kept, so that no half of one is left at the cut.
 */
export function brief(text: string, most: number): string {
  const letters = Array.from(text);
  return letters.length <= most ? text : `${letters.slice(0, most - 1).join('')}…`;
}

/** The first of a list, and how many more there are: what a mail shows of any list. */
export interface Capped<Item> {
  readonly shown: readonly Item[];
  readonly more: number;
}

export function capped<Item>(items: readonly Item[], most: number): Capped<Item> {
  return { shown: items.slice(0, most), more: Math.max(0, items.length - most) };
}
