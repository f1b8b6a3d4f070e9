import { beforeAll, expect, test } from 'vitest';
import type { App } from '../../local/host/core.ts';
import { byHand } from '../../local/host/byhand.ts';
import { createInvoker } from '../../local/host/invoke.ts';
import { statusFiles } from '../../local/host/schedule.ts';
import { keepTimer, type TimerParts } from '../../local/host/timers.ts';
import type { Triggers } from '../../local/host/triggers.ts';
import { DAY, HOUR, MINUTE, parseTime, SECOND } from '../../shared/time.ts';
import { type ManualClock, manualClock } from './clock.ts';
import { behave, loadRecorder, recordingLog, makeFolder } from './recorder.ts';

const TEN = parseTime('2026-11-23T10:00:00Z')!;
let app: App;
let triggers: Triggers;

beforeAll(async () => {
  ({ app, triggers } = await loadRecorder('UseDevelopmentStorage=true', recordingLog().log));
});

interface Bench {
  readonly clock: ManualClock;
  readonly parts: TimerParts;
  readonly start: (name: string) => { stop(): Promise<void> };
}

/** A host's timers, with a folder of their own or one that another host left behind. */
async function bench(now: number, folder?: string): Promise<Bench & { readonly folder: string }> {
  const clock = manualClock(now);
  const { log } = recordingLog();
  const state = folder ?? (await makeFolder());
  const { invoke } = createInvoker(app, { clock, log, functionTimeout: null, overrun: () => undefined });
  const parts = { clock, log, statuses: statusFiles(state), invoke };
  return {
    clock,
    parts,
    folder: state,
    start(name) {
      const stopping = new AbortController();
      const running = keepTimer(triggers.timers.find((timer) => timer.name === name)!, parts, stopping.signal);
      return {
        stop: () => {
          stopping.abort();
          return running;
        },
      };
    },
  };
}

test('a timer fires at its time, with the status it had before', async () => {
  const calls = behave(() => undefined);
  const { clock, start } = await bench(TEN);
  const timer = start('nightly');
  await clock.parked();
  clock.advance(16 * HOUR - 1);
  await clock.parked();
  const early = calls.length;

  clock.advance(1);
  await clock.parked();
  clock.advance(DAY);
  await clock.parked();
  await timer.stop();

  expect(early).toBe(0);
  expect(calls.map(({ name, input }) => ({ name, input }))).toEqual([
    {
      name: 'nightly',
      input: {
        schedule: { adjustForDST: true },
        scheduleStatus: {
          last: '0001-01-01T00:00:00+00:00',
          next: '2026-11-24T02:00:00.000+00:00',
          lastUpdated: '2026-11-23T10:00:00.000+00:00',
        },
        isPastDue: false,
      },
    },
    {
      name: 'nightly',
      input: {
        schedule: { adjustForDST: true },
        scheduleStatus: {
          last: '2026-11-24T02:00:00.000+00:00',
          next: '2026-11-25T02:00:00.000+00:00',
          lastUpdated: '2026-11-24T02:00:00.000+00:00',
        },
        isPastDue: false,
      },
    },
  ]);
  expect(calls[0]!.context.triggerMetadata).toBeUndefined();
});

test('five nights without a host give one call that is past due', async () => {
  const calls = behave(() => undefined);
  const first = await bench(TEN);
  const timer = first.start('nightly');
  await first.clock.parked();
  await timer.stop();

  const second = await bench(TEN + 5 * DAY, first.folder);
  const later = second.start('nightly');
  await second.clock.parked();
  await later.stop();
  const third = await bench(TEN + 5 * DAY + MINUTE, first.folder);
  const again = third.start('nightly');
  await third.clock.parked();
  await again.stop();

  expect(calls.map(({ input }) => input)).toMatchObject([
    { isPastDue: true, scheduleStatus: { next: '2026-11-24T02:00:00.000+00:00' } },
  ]);
});

test('a call that outlasts its next occurrences is followed by one call, never joined by one', async () => {
  const release = Promise.withResolvers<void>();
  const began: number[] = [];
  const { clock, start } = await bench(TEN);
  const firstBegan = Promise.withResolvers<void>();
  behave(() => {
    began.push(clock.now());
    firstBegan.resolve();
    return began.length === 1 ? release.promise : undefined;
  });
  const timer = start('nightly');
  await clock.parked();
  clock.advance(16 * HOUR);
  await firstBegan.promise;
  clock.advance(3 * DAY);
  const meanwhile = [...began];

  release.resolve();
  await clock.parked();
  await timer.stop();

  expect(meanwhile).toEqual([TEN + 16 * HOUR]);
  expect(began).toEqual([TEN + 16 * HOUR, TEN + 16 * HOUR + 3 * DAY]);
});

test('a call that fails is not repeated before its next time', async () => {
  const calls = behave(() => {
    throw new Error('no luck');
  });
  const { clock, start } = await bench(TEN);
  const timer = start('nightly');
  await clock.parked();

  clock.advance(16 * HOUR);
  await clock.parked();
  clock.advance(HOUR);
  await clock.parked();
  await timer.stop();

  expect(calls).toHaveLength(1);
});

test('runOnStartup fires at the start, not past due', async () => {
  const calls = behave(() => undefined);
  const { clock, start } = await bench(TEN);

  const timer = start('eager');
  await clock.parked();
  await timer.stop();

  expect(calls.map(({ name, input }) => ({ name, input }))).toMatchObject([
    { name: 'eager', input: { isPastDue: false } },
  ]);
});

test('a machine that slept through an occurrence fires within a minute of waking', async () => {
  const calls = behave(() => undefined);
  const { clock, start } = await bench(TEN);
  const timer = start('nightly');

  const wait = await clock.parked();
  clock.advance(2 * DAY);
  await clock.parked();
  await timer.stop();

  expect(wait).toBeLessThanOrEqual(60 * SECOND);
  expect(calls).toHaveLength(1);
});

test('stopping waits for the running call and begins no other', async () => {
  const release = Promise.withResolvers<void>();
  const began = Promise.withResolvers<void>();
  const calls = behave(() => {
    began.resolve();
    return release.promise;
  });
  const { clock, start } = await bench(TEN);
  const timer = start('nightly');
  await clock.parked();
  clock.advance(16 * HOUR);
  await began.promise;

  const stopped = timer.stop();
  clock.advance(DAY);
  release.resolve();
  await stopped;

  expect(calls).toHaveLength(1);
});

test('a call by hand gets the stored status and leaves the schedule alone', async () => {
  const called = Promise.withResolvers<void>();
  const calls = behave(() => called.resolve());
  const { clock, parts, start } = await bench(TEN);
  const timer = start('nightly');
  await clock.parked();
  const before = await parts.statuses.read('nightly');

  const isKnown = byHand(triggers, parts)('nightly', null);
  await called.promise;
  await timer.stop();

  expect(isKnown).toBe(true);
  expect(calls[0]!.input).toMatchObject({
    isPastDue: false,
    scheduleStatus: { next: '2026-11-24T02:00:00.000+00:00' },
  });
  expect(await parts.statuses.read('nightly')).toEqual(before);
});
