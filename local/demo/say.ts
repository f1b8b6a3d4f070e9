import type { Log } from '../../shared/ports/log.ts';

/** Where no terminal says how wide it is. */
const WIDTH = 160;

export function width(): number {
  return process.stdout.columns ?? WIDTH;
}

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** For what runs in the demo's own process: what goes wrong is seen, and nothing else. */
export const QUIET: Log = { debug: ignore, info: ignore, warn, error: warn };

function ignore(): void {}

function warn(message: string): void {
  process.stderr.write(`${message}\n`);
}
