import { createInterface } from 'node:readline/promises';

/** A question on the terminal. Ctrl-C ends the program there as everywhere; whatever is under way the function app brings to rest. */
export async function ask(question: string, signal?: AbortSignal): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  terminal.once('SIGINT', () => process.exit(130));
  try {
    return await terminal.question(question, signal === undefined ? {} : { signal });
  } finally {
    terminal.close();
  }
}
