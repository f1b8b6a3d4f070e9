import type { Finding } from './finding.ts';
import { order } from './pair.ts';

/** One thing that explains most of the new drift: then it is one repair in one place, and no person is to be touched. */
export interface MassCause {
  readonly kind: 'ou' | 'directory' | 'encoding' | 'attribute';
  /** The OU, the AD instance, the form, or the AD attribute that Entra holds instead. */
  readonly value: string;
  readonly people: number;
  /** New findings in all; `people` of them share the cause. */
  readonly of: number;
}

export interface CauseLimits {
  /** At least this many people … */
  readonly people: number;
  /** … and at least this share of the new drift, in percent. */
  readonly percent: number;
}

/** How many people stand in each place at all, drifted or not: an OU that holds everybody explains nothing. */
export interface Population {
  readonly total: number;
  readonly ous: ReadonlyMap<string, number>;
  readonly directories: ReadonlyMap<string, number>;
}

/** Drift must be this many times likelier inside a place than outside it before the place is called its cause. */
const CLEARLY = 3;

export function massCauses(
  fresh: readonly Finding[],
  population: Population,
  limits: CauseLimits,
): readonly MassCause[] {
  const causes = [
    ...places(
      'ou',
      fresh,
      (finding) => (finding.ou === null ? [] : enclosing(finding.ou)),
      population.ous,
      population.total,
    ),
    ...places('directory', fresh, (finding) => finding.directories, population.directories, population.total),
    ...marks('encoding', fresh, (finding) => finding.encoding.entra ?? finding.encoding.okta),
    ...marks('attribute', fresh, (finding) => finding.instead),
  ];
  const named = causes.filter(
    (cause) => cause.people >= limits.people && cause.people * 100 >= limits.percent * fresh.length,
  );
  return withoutWider(withoutWiderOus(named), fresh, population).sort(
    (one, other) => other.people - one.people || order(one.kind, other.kind),
  );
}

/** Whether the finding bears the mark of the cause. */
export function bears(finding: Finding, { kind, value }: MassCause): boolean {
  switch (kind) {
    case 'ou':
      return finding.ou !== null && enclosing(finding.ou).includes(value);
    case 'directory':
      return finding.directories.includes(value);
    case 'encoding':
      return (finding.encoding.entra ?? finding.encoding.okta) === value;
    default:
      return finding.instead === value;
  }
}

/** `OU=Sales,OU=People,DC=…` and every OU around it, for the cause may sit at any height. */
export function enclosing(ou: string): readonly string[] {
  const parts = ou.split(/(?<!\\),/);
  const all: string[] = [];
  for (let from = 0; from < parts.length && !/^dc=/i.test(parts[from] ?? ''); from += 1)
    all.push(parts.slice(from).join(','));
  return all;
}

function places(
  kind: MassCause['kind'],
  fresh: readonly Finding[],
  placesOf: (finding: Finding) => readonly string[],
  populations: ReadonlyMap<string, number>,
  total: number,
): MassCause[] {
  const drifted = count(fresh.flatMap((finding) => [...placesOf(finding)]));
  const causes: MassCause[] = [];
  for (const [value, people] of drifted) {
    const inside = populations.get(value) ?? people;
    if (likelier(people, inside, fresh.length - people, total - inside))
      causes.push({ kind, value, people, of: fresh.length });
  }
  return causes;
}

function marks(
  kind: MassCause['kind'],
  fresh: readonly Finding[],
  markOf: (finding: Finding) => string | null,
): MassCause[] {
  const marked = count(fresh.map(markOf).filter((mark) => mark !== null));
  return [...marked].map(([value, people]) => ({ kind, value, people, of: fresh.length }));
}

/** people/inside against others/outside, without dividing by an empty outside: where nobody is outside, nothing is shown. */
function likelier(people: number, inside: number, others: number, outside: number): boolean {
  return outside > 0 && people * outside >= CLEARLY * others * inside;
}

/** The narrowest OU that covers the same people is the cause; those around it only repeat it. */
function withoutWiderOus(causes: readonly MassCause[]): MassCause[] {
  return causes.filter(
    (cause) =>
      cause.kind !== 'ou' ||
      !causes.some(
        (other) => other.kind === 'ou' && other.value.endsWith(`,${cause.value}`) && other.people === cause.people,
      ),
  );
}

/**
 * A place around a named one is a cause of its own only when drift is clearly likelier in the rest of it too: otherwise the freeze
 * would blame a whole directory for one of its OUs. One person is added outside, for there nobody may have drifted by chance.
 */
function withoutWider(causes: readonly MassCause[], fresh: readonly Finding[], population: Population): MassCause[] {
  const around = causes
    .filter(({ kind }) => kind === 'ou' || kind === 'directory')
    .map((cause) => ({
      cause,
      people: new Set(fresh.filter((finding) => bears(finding, cause))),
      inside: (cause.kind === 'ou' ? population.ous : population.directories).get(cause.value) ?? cause.people,
    }));
  const repeats = around.filter((wide) =>
    around.some((narrow) => {
      if (narrow.inside >= wide.inside || ![...narrow.people].every((one) => wide.people.has(one))) return false;
      const rest = wide.people.size - narrow.people.size;
      const others = fresh.length - wide.people.size + 1;
      return !likelier(rest, wide.inside - narrow.inside, others, population.total - wide.inside);
    }),
  );
  const dropped = new Set(repeats.map(({ cause }) => cause));
  return causes.filter((cause) => !dropped.has(cause));
}

function count(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
