import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { ProcessSpec } from '../processes.ts';

const readySchema = z.object({
  ready: z.object({
    url: z.string(),
    functions: z.array(z.string()),
    /** There when the host was given no key. */
    masterKey: z.string().optional(),
  }),
});

/** What the host announces when it has started. */
export type HostReady = z.infer<typeof readySchema>['ready'];

export interface HostProcessOptions {
  /** The folder with package.json and host.json. */
  readonly app: string;
  /** The app settings, and the keys of the host under their own names. */
  readonly settings: Readonly<Record<string, string>>;
  /** A file in the shape of local.settings.json, for what `settings` does not say. */
  readonly settingsFile?: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** The folder for what the host remembers from one start to the next. */
  readonly state: string;
  /** Seconds a queue message is locked while it is worked on. */
  readonly queueLock?: number;
  /** Seconds that running calls are waited for at the end. */
  readonly grace?: number;
  readonly clockOffset?: number;
}

/** The host as a process of its own. */
export function hostProcess(options: HostProcessOptions): ProcessSpec<HostReady> {
  const { app, settings, settingsFile, port, state, queueLock, grace, clockOffset } = options;
  const given = { app, settings: settingsFile, port, state, 'queue-lock': queueLock, grace };
  const args = Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, String(value)],
  );
  return {
    name: 'host',
    args: [fileURLToPath(new URL('main.ts', import.meta.url)), ...args],
    env: settings,
    ...(clockOffset === undefined ? {} : { clockOffset }),
    ready: (lines) => readReady(lines.at(-1) ?? ''),
  };
}

function readReady(line: string): HostReady | null {
  if (!line.startsWith('{"ready":')) return null;
  return readySchema.parse(JSON.parse(line)).ready;
}
