/** Stands in for `vitest` while mutants are tried: the tests are kept to be run, one by one, as soon as one of them fails no further. */
export { expect } from 'vitest';

export interface Collected {
  readonly name: string;
  readonly run: () => unknown;
}

export const collected: Collected[] = [];

function one(name: string, run: () => unknown): void {
  collected.push({ name, run });
}

function each(rows: readonly unknown[]) {
  return (name: string, run: (...row: readonly unknown[]) => unknown): void =>
    rows.forEach((row, at) => one(`${name} (${at})`, () => run(...(Array.isArray(row) ? row : [row]))));
}

export const test = Object.assign(one, { each });

export const describe = Object.assign((_name: string, body: () => void) => body(), {
  each: (rows: readonly unknown[]) => (_name: string, body: (...row: readonly unknown[]) => void) =>
    rows.forEach((row) => body(...(Array.isArray(row) ? row : [row]))),
});
