import { beforeAll, expect, test } from 'vitest';
import type { App } from '../../local/host/core.ts';
import { createInvoker, type Invoker } from '../../local/host/invoke.ts';
import type { Triggers } from '../../local/host/triggers.ts';
import { MINUTE } from '../../shared/time.ts';
import { type ManualClock, manualClock } from './clock.ts';
import { behave, type LogLine, loadRecorder, recordingLog } from './recorder.ts';

let app: App;
let triggers: Triggers;

beforeAll(async () => {
  ({ app, triggers } = await loadRecorder('UseDevelopmentStorage=true', recordingLog().log));
});

interface Bench {
  readonly clock: ManualClock;
  readonly invoker: Invoker;
  readonly lines: readonly LogLine[];
  readonly overruns: readonly string[];
  readonly call: (text: string) => ReturnType<Invoker['invoke']>;
}

function bench(functionTimeout: number | null = 10 * MINUTE): Bench {
  const clock = manualClock(Date.parse('2026-11-23T10:00:00Z'));
  const { log, lines } = recordingLog();
  const overruns: string[] = [];
  const invoker = createInvoker(app, { clock, log, functionTimeout, overrun: (name) => void overruns.push(name) });
  const { name, input } = triggers.queues.find((fn) => fn.name === 'worker')!;
  return {
    clock,
    invoker,
    lines,
    overruns,
    call: (text) =>
      invoker.invoke({ function: name, input: { name: input, data: { string: text } }, reason: 'a test' }),
  };
}

test('a call is logged before and after, with its duration, its id and what the function said', async () => {
  const { clock, call, lines } = bench();
  behave(({ context }) => {
    context.warn('a word from %s', 'inside');
    clock.advance(1234);
  });

  await call('1');

  expect(lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
    "info Executing 'Functions.worker'",
    'warn a word from inside',
    "info Executed 'Functions.worker' (Succeeded, 1234ms)",
  ]);
  expect(lines[0]!.fields).toMatchObject({ function: 'worker', reason: 'a test' });
  expect(new Set(lines.map(({ fields }) => fields.invocationId)).size).toBe(1);
  expect(lines[2]!.fields).toMatchObject({ durationMs: 1234 });
});

test('what a handler throws is the outcome, never a rejection', async () => {
  const { call, lines } = bench();
  behave(() => Promise.reject(new Error('no luck')));

  const outcome = await call('1');

  expect(outcome).toMatchObject({ ok: false, error: { message: 'no luck' } });
  expect(lines.at(-1)).toMatchObject({
    level: 'error',
    message: "Executed 'Functions.worker' (Failed, 0ms)",
    fields: { error: 'no luck' },
  });
});

test('hooks may replace the input of a handler and its outcome', async () => {
  const { call } = bench();
  const calls = behave(({ input }) => (input === 'replaced' ? 'fine' : 'fail after all'));

  const outcomes = [await call('replace me'), await call('1')];

  expect(calls.map(({ input }) => input)).toEqual(['replaced', 1]);
  expect(outcomes).toMatchObject([{ ok: true }, { ok: false, error: { message: 'failed by a hook' } }]);
});

test('a call past functionTimeout fails, and the host is told that it cannot go on', async () => {
  const { clock, call, invoker, overruns } = bench();
  behave(() => new Promise(() => undefined));

  const outcome = call('1');
  clock.advance(10 * MINUTE);

  await expect(outcome).resolves.toMatchObject({
    ok: false,
    error: { message: /600 seconds exceeded by function 'worker'/ },
  });
  expect(overruns).toEqual(['worker']);
  expect(invoker.running()).toEqual([]);
});

test('a call within functionTimeout leaves no timer behind', async () => {
  const { clock, call, overruns } = bench();
  behave(() => undefined);

  await call('1');
  clock.advance(20 * MINUTE);

  expect(clock.waits()).toBe(0);
  expect(overruns).toEqual([]);
});

test('the invoker knows what is running, and when nothing is', async () => {
  const { call, invoker } = bench(null);
  const release = Promise.withResolvers<void>();
  behave(() => release.promise);
  const first = call('1');
  const second = call('2');
  const during = invoker.running();

  release.resolve();
  await invoker.idle();

  expect(during).toEqual(['worker', 'worker']);
  expect(invoker.running()).toEqual([]);
  expect(await Promise.all([first, second])).toMatchObject([{ ok: true }, { ok: true }]);
});

test('a registration after the start is an error', async () => {
  const { app: functions } = await import('@azure/functions');

  expect(() => functions.timer('late', { schedule: '0 0 2 * * *', handler: () => undefined })).toThrow(
    /only be registered during app startup/,
  );
});
