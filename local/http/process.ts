import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { ProcessSpec } from '../processes.ts';

const readySchema = z.object({
  ready: z.object({
    okta: z.string(),
    graph: z.string(),
    identity: z.string(),
    control: z.string(),
    /** The file with the settings for Anchorwatch, in the shape of local.settings.json. */
    credentials: z.string(),
  }),
});

/** What the tenants announce when they can be asked: their addresses, and where the way in is written. */
export type TenantsReady = z.output<typeof readySchema>['ready'];

export interface TenantsProcessOptions {
  /** As on the command line, without the dashes: `{ people: 2000, 'okta-port': 8081 }`. */
  readonly options: Readonly<Record<string, string | number>>;
  readonly cwd?: string;
}

/** The simulated tenants as a process of their own. */
export function tenantsProcess({ options, cwd }: TenantsProcessOptions): ProcessSpec<TenantsReady> {
  // One word each, as a value may begin with a dash: the offset of a clock that is behind.
  const args = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
  return {
    name: 'tenants',
    args: [fileURLToPath(new URL('../tenants.ts', import.meta.url)), ...args],
    env: {},
    ...(cwd === undefined ? {} : { cwd }),
    ready: (lines) => readReady(lines.at(-1) ?? ''),
  };
}

function readReady(line: string): TenantsReady | null {
  return line.startsWith('{"ready":') ? readySchema.parse(JSON.parse(line)).ready : null;
}
