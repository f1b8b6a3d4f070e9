import { writeSync } from 'node:fs';
import { explain } from '../shared/errors.ts';
import { redact } from '../shared/redact.ts';
import { run } from './program.ts';

/** Where no terminal says how wide it is: wide enough for columns, and a file can be scrolled. */
const WIDTH = 160;

/** A crash is never mistaken for drift: it ends with 2, whatever it is. */
process.on('uncaughtException', (error) => {
  // Whoever read our output has gone, `| head` for one; that is no failure.
  if ('code' in error && error.code === 'EPIPE') process.exit();
  writeSync(process.stderr.fd, `Anchorwatch failed, which is a defect: ${redact(explain(error))}\n`);
  process.exit(2);
});
process.on('SIGINT', () => process.exit(130));

process.exitCode = 2;
process.exitCode = await run(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  env: process.env,
  cwd: process.cwd(),
  isTerminal: process.stderr.isTTY,
  columns: process.stdout.columns ?? WIDTH,
});
