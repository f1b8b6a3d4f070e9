import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { AnchorwatchError } from '../shared/errors.ts';

export const ROOT = resolve(import.meta.dirname, '..');

const tookSchema = z.object({ wall: z.number(), cpu: z.number(), memory: z.number(), requests: z.number() });
/** Milliseconds from the start of a process to its end, and of CPU; kilobytes at the most; requests over HTTP. */
export type ProcessTook = z.infer<typeof tookSchema>;

export interface Measured {
  readonly took: ProcessTook;
  /** On the standard output, and beside it. */
  readonly said: string;
  readonly complaint: string;
}

/** Runs Node.js with these arguments in a process of its own, with these settings alone. Throws `refused` when it says nothing. */
export async function measured(
  name: string,
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
): Promise<Measured> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, ['--import', './bench/measure.mjs', ...args], {
    cwd: ROOT,
    env: { PATH, HOME, ...settings },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const [, , , figures] = child.stdio;
  if (child.stdout === null || child.stderr === null || !(figures instanceof Object) || !('readable' in figures))
    throw new AnchorwatchError('refused', `${name} has no way to say what it took.`);
  const [said, complaint, took] = await Promise.all([text(child.stdout), text(child.stderr), text(figures)]);
  // Whoever dies is measured all the same, and says nothing. Drift ends with 1, which is no failure.
  if (took === '' || said === '')
    throw new AnchorwatchError('refused', `${name} did not come to its end: ${complaint.slice(-500)}`);
  return { took: tookSchema.parse(JSON.parse(took)), said, complaint };
}

export function medianOf(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1] ?? 0;
}
