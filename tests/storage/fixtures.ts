import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { z } from 'zod';
import type { ErrorKind } from '../../shared/errors.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { StorageSettings } from '../../shared/storage/clients.ts';
import type { StorageDeps } from '../../shared/storage/connection.ts';
import type { QueueSpec, TableSpec } from '../../shared/state/spec.ts';

/** A row with a field of every kind. */
export const sample = z.object({
  group: z.string(),
  id: z.string(),
  text: z.string(),
  at: z.number(),
  open: z.boolean(),
  note: z.string().nullable(),
  extra: z.string().optional(),
  list: z.array(z.object({ name: z.string(), count: z.number().nullable() })),
  bytes: z.instanceof(Uint8Array),
});
export type Sample = z.infer<typeof sample>;

/** Everybody shares the embedded storage: no two tests may share a name. */
export function uniqueName(): string {
  return `t${randomUUID().replaceAll('-', '')}`;
}

export function sampleSpec(name = uniqueName()): TableSpec<Sample> {
  return { name, version: 1, schema: sample, partition: (row) => row.group, key: (row) => row.id };
}

export function sampleRow(group: string, id: string, changes: Partial<Sample> = {}): Sample {
  return {
    group,
    id,
    text: 'seen',
    at: 1_795_392_000_123,
    open: true,
    note: null,
    list: [{ name: 'first', count: 1 }],
    bytes: new Uint8Array([0, 1, 255]),
    ...changes,
  };
}

export const order = z.object({ repair: z.string(), step: z.number().optional() });
export type Order = z.infer<typeof order>;

export function orderSpec(name = uniqueName()): QueueSpec<Order> {
  return { name, schema: order };
}

export interface TestClock extends Clock {
  /** Milliseconds of every wait, in order. */
  readonly waits: readonly number[];
  advance(ms: number): void;
  /** Aborts every deadline that runs. */
  expire(): void;
}

/** Time stands still but for `advance`; waits end at once and are written down; deadlines pass when a test says so. */
export function testClock(start = 1_795_392_000_000): TestClock {
  let now = start;
  const waits: number[] = [];
  const running = new Set<AbortController>();
  return {
    waits,
    now: () => now,
    advance(ms) {
      now += ms;
    },
    expire() {
      for (const controller of running) controller.abort();
    },
    async wait(ms) {
      waits.push(ms);
      now += ms;
    },
    deadline() {
      const controller = new AbortController();
      running.add(controller);
      return { signal: controller.signal, end: () => void running.delete(controller) };
    },
  };
}

export function settingsOf(connectionString: string): StorageSettings {
  return { kind: 'connection-string', connectionString };
}

function silent(): void {}

/** What a client of the service needs, on a clock that never makes a test wait. */
export function testDeps(clock: Clock = testClock()): StorageDeps {
  return { clock, random: () => 0, log: { debug: silent, info: silent, warn: silent, error: silent } };
}

/** Expects an AnchorwatchError of that kind, and gives its message. */
export async function failure(work: Promise<unknown> | (() => unknown), kind: ErrorKind): Promise<string> {
  const error: unknown = await (typeof work === 'function' ? (async () => work())() : work).then(
    () => 'nothing was thrown',
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ name: 'AnchorwatchError', kind });
  return error instanceof Error ? error.message : '';
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
