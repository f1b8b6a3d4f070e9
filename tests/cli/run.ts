import { resolve } from 'node:path';
import type { Io } from '../../cli/io.ts';
import { run } from '../../cli/program.ts';

export const EXAMPLES = resolve(import.meta.dirname, '../../docs/examples');

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** One command line, in this process. */
export async function anchorwatch(args: readonly string[], io: Partial<Io> = {}): Promise<Ran> {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await run(args, {
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    env: {},
    cwd: EXAMPLES,
    ask: null,
    isTerminal: false,
    columns: 160,
    ...io,
  });
  return { code, out: out.join(''), err: err.join('') };
}
