import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Pace } from './pace.ts';

/** A Node process to start, and how it says that it is ready. */
export interface ProcessSpec<Ready> {
  readonly name: string;
  /** The script and its arguments. */
  readonly args: readonly string[];
  /** The whole environment, but for where programs and temporary files are: a child inherits no secret that is not meant for it. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Milliseconds by which the child's clock is ahead. */
  readonly clockOffset?: number;
  /** How much faster than the machine's the child's clock and timers go; as fast, unless said. */
  readonly pace?: Pace;
  /** What the child announced, read from the last lines of its output; null while it is not ready. */
  ready(lines: readonly string[]): Ready | null;
}

/** How a child ended. */
export interface Ending {
  readonly name: string;
  readonly code: number | null;
  readonly signal: string | null;
  /** The last lines it wrote. */
  readonly lines: readonly string[];
}

const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot'];
const LAST_LINES = 40;
const LEASH = fileURLToPath(new URL('leash.ts', import.meta.url));
const MOVED_CLOCK = fileURLToPath(new URL('clock.ts', import.meta.url));

export interface LaunchOptions {
  readonly clock: Clock;
  /** Milliseconds a child may take to end by itself. */
  readonly stopLimit: number;
  /** Every line that the child writes. */
  readonly onLine?: ((name: string, line: string) => void) | undefined;
}

/** A child from its start to its end. */
export interface Launched {
  readonly pid: number;
  readonly lines: readonly string[];
  readonly ended: Promise<Ending>;
  isAskedToEnd(): boolean;
  /** Moves the clock of a child that has one of its own, which it then has; what waits for a timer waits on. */
  readonly shift: (offset: number) => Promise<void>;
  /** Calls back at every line from now on, until the returned function is called. */
  onLine(listener: () => void): () => void;
  readonly stop: () => Promise<Ending>;
  readonly kill: () => Promise<Ending>;
}

export function launch(spec: ProcessSpec<unknown>, options: LaunchOptions): Launched {
  const { clock, stopLimit } = options;
  const lines: string[] = [];
  const listeners = new Set<() => void>();
  let isAsked = false;
  const child = spawnNode(spec);
  const ended = endOf(child, spec.name, lines);
  for (const output of [child.stdout, child.stderr]) {
    if (output === null) continue;
    createInterface({ input: output }).on('line', (line) => {
      lines.push(line);
      if (lines.length > LAST_LINES) lines.shift();
      options.onLine?.(spec.name, line);
      for (const listener of listeners) listener();
    });
  }

  async function kill(): Promise<Ending> {
    isAsked = true;
    killGroup(child.pid);
    return ended;
  }

  async function stop(): Promise<Ending> {
    isAsked = true;
    child.kill('SIGTERM');
    const limit = new AbortController();
    // The wait ends with an error when the child was faster.
    const late = clock.wait(stopLimit, limit.signal).then(kill, () => ended);
    const end = await Promise.race([ended, late]);
    limit.abort();
    return end;
  }

  function shift(clockOffset: number): Promise<void> {
    const moved = new Promise<void>((resolve) => child.once('message', () => resolve()));
    child.send({ clockOffset });
    return Promise.race([moved, ended.then(() => undefined)]);
  }

  return {
    pid: child.pid ?? 0,
    lines,
    ended,
    isAskedToEnd: () => isAsked,
    onLine: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    shift,
    stop,
    kill,
  };
}

/** In a group of its own, so that Ctrl-C reaches the parent alone, which ends its children in order. */
function spawnNode({ args, env, cwd, clockOffset = 0, pace }: ProcessSpec<unknown>): ChildProcess {
  const inherited = INHERITED.flatMap((name) =>
    process.env[name] === undefined ? [] : [[name, process.env[name]] as const],
  );
  const moved = {
    ...(clockOffset === 0 ? {} : { ANCHORWATCH_CLOCK_OFFSET: String(clockOffset) }),
    ...(pace === undefined ? {} : { ANCHORWATCH_CLOCK_PACE: JSON.stringify(pace) }),
  };
  const clock = Object.keys(moved).length === 0 ? [] : ['--import', MOVED_CLOCK];
  return spawn(process.execPath, ['--import', LEASH, ...clock, ...args], {
    cwd,
    env: { ...Object.fromEntries(inherited), ...env, ...moved },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
    windowsHide: true,
  });
}

/** Whatever the child started goes with it. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

function endOf(child: ChildProcess, name: string, lines: readonly string[]): Promise<Ending> {
  return new Promise((resolve) => {
    // `close` comes when the output is read to its end too; a child that could not be started has none.
    child.once('error', (error) => resolve({ name, code: null, signal: null, lines: [error.message] }));
    child.once('close', (code, signal) => resolve({ name, code, signal, lines }));
  });
}

/** For a person: how it ended, and its last words. */
export function describeEnding({ name, code, signal, lines }: Ending): string {
  const how = signal === null ? `with status ${code}` : `by ${signal}`;
  return `${name} ended ${how}${lines.length === 0 ? '' : `, having said:\n${lines.join('\n')}\n`}`;
}
