import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { InvocationContext } from '@azure/functions';
import { onTestFinished, vi } from 'vitest';
import type { App } from '../../local/host/core.ts';
import { loadApp } from '../../local/host/load.ts';
import { createSettings } from '../../local/host/settings.ts';
import { readTriggers, type Triggers } from '../../local/host/triggers.ts';
import type { Log, LogFields } from '../../shared/ports/log.ts';

export const RECORDER = fileURLToPath(new URL('fixtures/recorder', import.meta.url));

export interface RecordedCall {
  readonly name: string;
  readonly input: unknown;
  readonly context: InvocationContext;
}

export type Behaviour = (call: RecordedCall) => unknown;

/** Loads the fixture app, once in a test file, and lets each test say what its functions do. */
export async function loadRecorder(
  connection: string,
  log: Log,
): Promise<{ app: App; triggers: Triggers; settings: Record<string, string> }> {
  const app = await loadApp(RECORDER, log);
  const settings = {
    NIGHTLY: '0 0 2 * * *',
    WORK_QUEUE: `work-${crypto.randomUUID()}`,
    STORE: connection,
    AzureWebJobsStorage: connection,
  };
  return { app, triggers: readTriggers(app.functions.values(), createSettings(settings)), settings };
}

/** The calls from now on, each answered by `behaviour`. */
export function behave(behaviour: Behaviour): readonly RecordedCall[] {
  const calls: RecordedCall[] = [];
  Reflect.set(
    globalThis,
    Symbol.for('anchorwatch.tests.behaviour'),
    (name: string, input: unknown, context: InvocationContext) => {
      calls.push({ name, input, context });
      return behaviour({ name, input, context });
    },
  );
  return calls;
}

export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly fields: LogFields;
}

export function recordingLog(): { readonly log: Log; readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const write =
    (level: string) =>
    (message: string, fields: LogFields = {}): void =>
      void lines.push({ level, message, fields });
  return { log: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }, lines };
}

/** Asks again until it holds. The bound is for a busy machine; it is no wait. */
export function eventually(holds: () => unknown): Promise<unknown> {
  return vi.waitFor(holds, { timeout: 15_000, interval: 20 });
}

/** A folder for one test. */
export async function makeFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'anchorwatch-host-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}
