import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { AnchorwatchError } from '../shared/errors.ts';
import { azuriteProcess } from './host/azurite.ts';
import type { Pace } from './host/pace.ts';
import { hostProcess, type HostReady } from './host/process.ts';
import { type DeskClient, deskAt } from './http/desk-client.ts';
import { tenantsProcess } from './http/process.ts';
import type { Child, ProcessSet } from './processes.ts';

export const ROOT = resolve(import.meta.dirname, '..');

/** Everything that Anchorwatch needs, on one machine: storage and both tenants, each a process of its own. */
export interface Stack {
  /** App settings with which Anchorwatch reads the tenants and keeps its state. */
  readonly settings: Readonly<Record<string, string>>;
  readonly connectionString: string;
  /** The control desk of the tenants. */
  readonly desk: DeskClient;
  readonly tenants: { readonly okta: string; readonly graph: string };
  /** Moves the clocks of storage and tenants, where a pace was chosen for them; a host has its own `shift`. */
  shift(offset: number): Promise<void>;
  startHost(options: HostChoices): Promise<RunningHost>;
}

export interface HostChoices {
  readonly port: number;
  /** Further app settings. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Milliseconds by which the host's clock is ahead: another night. */
  readonly clockOffset?: number;
  /** Seconds for which a queue message is hidden while it is worked on; as long as in Azure, unless said. */
  readonly queueLock?: number;
}

export interface RunningHost extends Child<HostReady> {
  /** Starts a function by hand, as Azure's admin endpoint does. */
  trigger(name: string): Promise<void>;
}

export interface StackOptions {
  /** Where storage, keys and the host's memory are kept; it is made when it is not there. */
  readonly folder: string;
  /** False keeps the storage in memory, gone at the end; true in the folder, and at the ports that every tool expects. */
  readonly keep: boolean;
  readonly tenants: Readonly<Record<string, string | number>>;
  /** What is chosen about the simulated world, as in a world file. */
  readonly world: unknown;
  /** How fast time passes for all of it, storage and hosts included. */
  readonly pace?: Pace;
}

/** Where `UseDevelopmentStorage=true` looks for the storage emulator. */
export const USUAL_PORTS = { queuePort: 10_001, tablePort: 10_002 };

const settingsFile = z.object({ Values: z.record(z.string(), z.string()) });

export async function bringUp(set: ProcessSet, options: StackOptions): Promise<Stack> {
  const { folder, keep, world } = options;
  const pace = options.pace === undefined ? {} : { pace: options.pace };
  await mkdir(folder, { recursive: true });
  const worldFile = join(folder, 'world.json');
  await writeFile(worldFile, JSON.stringify(world));
  const files = { world: worldFile, credentials: join(folder, 'tenants.json') };
  const [azurite, tenants] = await Promise.all([
    set.start({
      ...azuriteProcess(keep ? { folder: join(folder, 'storage'), ...USUAL_PORTS } : { folder: null }),
      ...pace,
    }),
    set.start({ ...tenantsProcess({ options: { ...options.tenants, ...files }, cwd: ROOT }), ...pace }),
  ]);
  const { connectionString } = azurite.ready;
  const { Values } = settingsFile.parse(JSON.parse(await readFile(tenants.ready.credentials, 'utf8')));
  const settings = { ...Values, AzureWebJobsStorage: connectionString };
  return {
    settings,
    connectionString,
    desk: deskAt(tenants.ready.control),
    tenants: tenants.ready,
    async shift(offset) {
      await Promise.all([azurite.shift(offset), tenants.shift(offset)]);
    },
    startHost: (choices) =>
      startHost(set, folder, { ...choices, ...pace, settings: { ...settings, ...choices.settings } }),
  };
}

async function startHost(
  set: ProcessSet,
  folder: string,
  { settings, pace, ...choices }: HostChoices & Pick<StackOptions, 'pace'>,
): Promise<RunningHost> {
  const master = randomBytes(16).toString('hex');
  const host = await set.start({
    ...hostProcess({
      ...choices,
      app: ROOT,
      settings: { ...settings, ANCHORWATCH_HOST_MASTER_KEY: master },
      state: join(folder, 'host'),
    }),
    ...(pace === undefined ? {} : { pace }),
  });
  return {
    ...host,
    async trigger(name) {
      const headers = { 'x-functions-key': master, 'content-type': 'application/json' };
      const response = await fetch(`${host.ready.url}/admin/functions/${name}`, {
        method: 'POST',
        headers,
        body: '{}',
      });
      if (response.status === 202) return;
      throw new AnchorwatchError('refused', `The host did not start ${name}: HTTP ${response.status}.`);
    },
  };
}
