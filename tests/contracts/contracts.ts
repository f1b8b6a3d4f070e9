import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { amended } from './amendments.ts';
import { type GraphTypes, readTypes } from './graph-types.ts';
import { type Description, readDescription } from './openapi.ts';

export interface Contracts {
  readonly okta: Description;
  readonly graph: GraphTypes;
  /** What they call themselves. */
  readonly versions: Readonly<Record<'okta' | 'graph', string>>;
}

/** Where the contracts lie, unless the environment says otherwise. They are other people's, and no part of this repository. */
export const FOLDER_SETTING = 'CONTRACTS_FOLDER';

export function folderOf(environment: Readonly<Record<string, string | undefined>>): string {
  return resolve(import.meta.dirname, '../..', environment[FOLDER_SETTING] ?? '../shared/contracts');
}

const OKTA = 'okta-openapi.json';
const GRAPH = 'graph-types.json';

/** The published contracts, Okta's as amended; null where one of them is not at hand. */
export function readContracts(folder: string): Contracts | null {
  if (![OKTA, GRAPH].every((file) => existsSync(join(folder, file)))) return null;
  const okta: unknown = JSON.parse(readFileSync(join(folder, OKTA), 'utf8'));
  const graph: unknown = JSON.parse(readFileSync(join(folder, GRAPH), 'utf8'));
  const { version } = z.object({ info: z.object({ version: z.string() }) }).parse(okta).info;
  const { source } = z.object({ source: z.string() }).parse(graph);
  return {
    okta: readDescription(amended(okta)),
    graph: readTypes(graph),
    versions: { okta: `Okta’s OpenAPI ${version}`, graph: `Graph’s types (${source})` },
  };
}
