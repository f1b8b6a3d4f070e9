import { writeSync } from 'node:fs';
import { ask } from './ask.ts';
import { told } from './report/safe.ts';

/** Where no terminal says how wide it is: wide enough for columns, and a file can be scrolled. */
const WIDTH = 160;

/** A crash is never mistaken for drift: it ends with 2, whatever it is. */
process.on('uncaughtException', (error) => {
  writeSync(process.stderr.fd, `Anchorwatch failed, which is a defect: ${told(error)}\n`);
  process.exit(2);
});
process.on('SIGINT', () => process.exit(130));

/** Whoever read our output has gone, `| head` for one: that is no failure, and the status is still the verdict. */
function ignoreHangUp(error: Error): void {
  if (!('code' in error) || error.code !== 'EPIPE') throw error;
}
process.stdout.on('error', ignoreHangUp);
process.stderr.on('error', ignoreHangUp);

process.exitCode = 2;
// Loaded now and not above, so that a library that is missing is a crash like any other.
const { run } = await import('./program.ts');
const { withLocalSettings } = await import('./local-settings.ts');
process.exitCode = await run(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  /** Read by the commands that want settings: help is given whatever the file holds. */
  get env() {
    return withLocalSettings(process.env, process.cwd());
  },
  cwd: process.cwd(),
  ask: process.stdin.isTTY && process.stderr.isTTY ? ask : null,
  isTerminal: process.stderr.isTTY,
  columns: process.stdout.columns ?? WIDTH,
});
