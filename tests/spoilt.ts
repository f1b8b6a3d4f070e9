import fc from 'fast-check';

type Step = string | number;

const NESTED: unknown = JSON.parse(`${'['.repeat(3_000)}${']'.repeat(3_000)}`);

/** What stands in the place of something that was right. */
const other: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, 0, -1, 0.5, 2 ** 53, 1e308, '', ' ', 'x', '\0', '\uD800', '\u202E', [], {}),
  fc.constantFrom<unknown>([null], [{}], { length: 1 }, 'x'.repeat(100_000), NESTED),
  fc.jsonValue(),
);

const fault = fc.record({
  place: fc.nat(),
  how: fc.constantFrom('leave out', 'replace', 'retype', 'add a key'),
  key: fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then', 'added'),
  other,
});
type Fault = typeof fault extends fc.Arbitrary<infer One> ? One : never;

/** Plain data with one to three things wrong in it, at any depth: as another version, another program or somebody unkind writes it. */
export function spoilt(value: unknown): fc.Arbitrary<unknown> {
  return fc
    .array(fault, { minLength: 1, maxLength: 3 })
    .map((faults) => faults.reduce<unknown>(strike, structuredClone(value)));
}

function strike(value: unknown, { place, how, key, other: instead }: Fault): unknown {
  const places = placesIn(value);
  const path = places[place % places.length] ?? [];
  if (how === 'leave out') return changed(value, path, () => undefined);
  if (how === 'retype') return changed(value, path, retyped);
  if (how === 'replace') return changed(value, path, () => instead);
  return changed(value, path, (at) => (isPlain(at) ? withOwn(at, key, instead) : instead));
}

/** Every place in it, the whole among them, but nothing below what is nested without end. */
function placesIn(value: unknown, path: readonly Step[] = []): readonly (readonly Step[])[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array || path.length > 8) return [path];
  const steps: readonly Step[] = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return [path, ...steps.flatMap((step) => placesIn(Reflect.get(value, step), [...path, step]))];
}

function changed(value: unknown, path: readonly Step[], change: (at: unknown) => unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return change(value);
  if (typeof value !== 'object' || value === null) return value;
  const inner = changed(Reflect.get(value, step), rest, change);
  if (Array.isArray(value)) {
    return inner === undefined ? value.toSpliced(Number(step), 1) : value.with(Number(step), inner);
  }
  if (inner !== undefined) return withOwn(value, String(step), inner);
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== step));
}

/** The same with a property of its own, though its name be `__proto__`, as JSON.parse makes one. */
function withOwn(value: object, key: string, inner: unknown): object {
  return Object.fromEntries([...Object.entries(value).filter(([name]) => name !== key), [key, inner]]);
}

function retyped(value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return { value };
  if (Array.isArray(value)) return Object.fromEntries(value.entries());
  return isPlain(value) ? Object.entries(value) : 'null';
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}
