import { importCarrying } from '../../local/world/okta/imports.ts';
import type { Instant } from '../../shared/time.ts';
import type { EngineNight } from './engine.ts';
import { type Made, roomOf } from './line.ts';
import type { NaiveNight } from './naive.ts';
import type { Office } from './office.ts';
import type { Span, Watch } from './watch.ts';

/** What one way came to, in milliseconds and counts. */
export interface Figures {
  readonly people: number;
  /** Calls by method and path. */
  readonly calls: ReadonlyMap<string, number>;
  readonly throttled: number;
  /** While *Deactivate Users* was off, all in all. */
  readonly off: number;
  /** The same up to the last settled unassignment of each hold. */
  readonly unsettled: number;
  /** How long the calls made in that time take at the least: those of the fullest bucket, divided by what it takes a minute. */
  readonly bound: number;
  readonly holds: number;
  readonly longestUnassigned: number;
  readonly longestParked: number;
  /** Distinct imports that were waited for, of the AD instance with the most. */
  readonly imports: number;
  readonly exposed: number;
  /** Leavers of whom somebody was told by name. */
  readonly named: number;
  readonly whole: number;
  readonly lasted: number;
}

export function figuresOfEngine(office: Office, { line, watch, mirror, ended }: EngineNight): Figures {
  const settled = [...mirror.members.values()].flatMap(({ settled: at }) => (at === null ? [] : [at]));
  const spans = watch.off.map((span) => {
    const inside = settled.filter((at) => at >= span.from && at <= (span.until ?? ended));
    return { from: span.from, until: inside.length === 0 ? span.until : Math.max(...inside) };
  });
  const named = new Set(mirror.notices.map(({ notice }) => notice).filter((notice) => notice.includes('leaver'))).size;
  return { ...common(office, line.made, watch, spans, ended), imports: importsWaitedFor(office, mirror), named };
}

export function figuresOfNaive(office: Office, { line, watch, imports, ended }: NaiveNight): Figures {
  const most = Math.max(0, ...imports.values());
  return { ...common(office, line.made, watch, watch.off, ended), imports: most, named: 0 };
}

function common(
  office: Office,
  made: readonly Made[],
  watch: Watch,
  holds: readonly Span[],
  ended: Instant,
): Omit<Figures, 'imports' | 'named'> {
  const calls = new Map<string, number>();
  for (const { side, what } of made) calls.set(`${side} ${what}`, (calls.get(`${side} ${what}`) ?? 0) + 1);
  const lengthOf = ({ from, until }: Span): number => (until ?? ended) - from;
  const lengths = (spans: readonly Span[]): readonly number[] => spans.map(lengthOf);
  return {
    people: office.patients.length,
    calls,
    throttled: made.filter(({ throttled }) => throttled).length,
    off: sum(lengths(watch.off)),
    unsettled: sum(lengths(holds)),
    bound: sum(holds.map((span) => boundOf(span, made, ended, office))),
    holds: holds.length,
    longestUnassigned: Math.max(0, ...lengths(watch.unassigned)),
    longestParked: Math.max(0, ...lengths(watch.parked)),
    exposed: watch.exposed(ended),
    whole: watch.whole(ended),
    lasted: ended - office.begin,
  };
}

function boundOf({ from, until }: Span, made: readonly Made[], ended: Instant, office: Office): number {
  const inside = made.filter(({ at, throttled }) => !throttled && at >= from && at <= (until ?? ended));
  const counts = new Map<string, number>();
  for (const { bucket } of inside) counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
  const minutes = [...counts].map(([bucket, count]) => count / roomOf(bucket, office));
  return Math.max(0, ...minutes) * 60_000;
}

/**
 * Each of a repair's two waits is for the first good import that began after the step before it was done. Steps that had nothing to
 * wait for are at an end within their own call.
 */
function importsWaitedFor(
  { created: { inside } }: Pick<Office, 'created'>,
  { heads, journal }: EngineNight['mirror'],
): number {
  const waited = new Map<string, Set<string>>();
  for (const row of journal) {
    if (row.step !== 'leave-groups' && row.step !== 'rejoin-groups') continue;
    if (row.outcome !== 'done') continue;
    for (const { instance } of heads.get(row.repair)?.groups ?? []) {
      const schedule = inside.okta.imports.find(({ app }) => app === instance);
      const carrier = schedule === undefined ? null : importCarrying(schedule, row.at);
      if (carrier === null) continue;
      waited.set(instance, (waited.get(instance) ?? new Set()).add(carrier.transaction));
    }
  }
  return Math.max(0, ...[...waited.values()].map(({ size }) => size));
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((one, other) => one + other, 0);
}
