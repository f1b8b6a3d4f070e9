import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { z } from 'zod';
import { AnchorwatchError } from '../../shared/errors.ts';
import { measured, type ProcessTook, ROOT } from '../measured.ts';

/** Whoever reads the tenants: a file, and what it is given. */
export interface Contender {
  readonly name: string;
  readonly args: readonly string[];
}

/** What `npm run anchorwatch` starts Node.js with. */
export const FLAGS = ['--max-semi-space-size=8'] as const;
export const OURS: Contender = {
  name: 'Anchorwatch',
  args: [...FLAGS, 'dist/cli/main.js', 'scan', '--format', 'json'],
};
export const PLAIN: Contender = { name: 'plain', args: ['bench/scan/plain.mjs'] };
export const STOCK: Contender = { name: 'stock SDKs', args: ['bench/scan/stock.mjs'] };

/** What one run took, and what it found. */
export interface Took extends Omit<ProcessTook, 'requests'> {
  /** How many pairs it has found, and how many people who have drifted. */
  readonly paired: number;
  readonly drifted: number;
}

const saidSchema = z.object({ paired: z.number(), drifted: z.number() });
const viewSchema = z.object({
  run: z.object({ state: z.literal('good'), summary: z.object({ paired: z.number() }) }),
  seen: z.array(z.unknown()),
});

/** The tenants as a process of their own. */
export interface Tenants {
  readonly settings: Readonly<Record<string, string>>;
  /** Milliseconds of CPU that it has taken so far. */
  cpu(): Promise<number>;
  close(): void;
}

const readySchema = z.object({ settings: z.record(z.string(), z.string()) });
const cpuSchema = z.object({ cpu: z.object({ user: z.number(), system: z.number() }) });

export async function startTenants(people: number): Promise<Tenants> {
  const child = fork(resolve(import.meta.dirname, 'tenants.ts'), [String(people)], { cwd: ROOT });
  const { settings } = readySchema.parse(await heard(child));
  return {
    settings,
    async cpu() {
      child.send('cpu');
      const { cpu } = cpuSchema.parse(await heard(child));
      return (cpu.user + cpu.system) / 1_000;
    },
    close: () => child.disconnect(),
  };
}

async function heard(child: ChildProcess): Promise<unknown> {
  const ended = once(child, 'exit').then(() => {
    throw new AnchorwatchError('refused', 'The tenants of the bench have ended by themselves.');
  });
  const [message]: unknown[] = await Promise.race([once(child, 'message'), ended]);
  return message;
}

/** One run of a contender, in a process of its own. Throws when it fails or finds nothing. */
export async function run({ name, args }: Contender, settings: Tenants['settings']): Promise<Took> {
  const { took, said, complaint } = await measured(name, args, settings);
  return { ...took, ...resultOf(name, said, complaint) };
}

function resultOf(name: string, said: string, complaint: string): Pick<Took, 'paired' | 'drifted'> {
  const value: unknown = JSON.parse(said);
  const plain = saidSchema.safeParse(value);
  if (plain.success) return plain.data;
  const view = viewSchema.safeParse(value);
  if (view.success) return { paired: view.data.run.summary.paired, drifted: view.data.seen.length };
  throw new AnchorwatchError('refused', `${name} has not read the tenants to their end: ${complaint.slice(-500)}`);
}
