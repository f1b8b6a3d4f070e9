import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { AnchorwatchError } from '../../shared/errors.ts';
import { newKeys, type WorldKeys } from '../world/keys.ts';
import type { CreatedWorld } from '../world/world.ts';
import type { Tenants } from './serve.ts';

const keySchema = z.object({
  publicJwk: z.looseObject({ kty: z.literal('RSA') }),
  privateJwk: z.looseObject({ kty: z.literal('RSA'), d: z.string() }),
});
const keysSchema = z.object({ client: keySchema, okta: keySchema, entra: keySchema });

/** The app settings with which Anchorwatch reads these tenants, as it would read real ones. */
export function settingsFor(created: CreatedWorld, addresses: Tenants['addresses']): Readonly<Record<string, string>> {
  const { credentials, ids } = created;
  const { clientId, keyId, privateJwk } = credentials.okta;
  return {
    ANCHORWATCH_OKTA_URL: addresses.okta,
    ANCHORWATCH_OKTA_CLIENT_ID: clientId,
    ANCHORWATCH_OKTA_PRIVATE_KEY: JSON.stringify({ ...privateJwk, kid: keyId }),
    // Where there is but one Office 365 app, finding it is part of the trial.
    ...(ids.otherOffice365.length > 0 ? { ANCHORWATCH_OFFICE365_APP: ids.office365 } : {}),
    ANCHORWATCH_SIGN_IN_HOSTS: ids.signInHost,
    ANCHORWATCH_GRAPH_URL: addresses.graph,
    ANCHORWATCH_TENANT_ID: ids.tenant,
    ANCHORWATCH_ENTRA_CREDENTIAL: 'managed-identity',
    ANCHORWATCH_ENTRA_CLIENT_ID: credentials.identity.clientId,
    IDENTITY_ENDPOINT: `${addresses.identity}/msi/token`,
    IDENTITY_HEADER: credentials.identity.header,
    ANCHORWATCH_OPTED_IN_GROUP: ids.groups.optIn,
  };
}

/** Writes the settings in the shape of local.settings.json, for their owner alone. */
export async function writeCredentials(file: string, settings: Readonly<Record<string, string>>): Promise<void> {
  await writePrivately(file, { IsEncrypted: false, Values: settings });
}

/**
 * The keys in that file, or new ones, which are then kept in it: tenants that are started again with the same keys take the tokens
 * that they gave before. Without a file the keys live as long as the process. Throws `invalid` for a file that holds no keys.
 */
export async function readKeys(file: string | null): Promise<WorldKeys> {
  if (file === null) return newKeys();
  const text = await readIfThere(file);
  if (text === null) {
    const keys = newKeys();
    await writePrivately(file, keys);
    return keys;
  }
  const parsed = keysSchema.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  // The parser's own words could quote a key.
  throw new AnchorwatchError(
    'invalid',
    `The file ${file} holds no keys of simulated tenants. Delete it to get new ones.`,
  );
}

/** A file that stands there whole or not at all, readable by its owner alone. */
async function writePrivately(file: string, content: unknown): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  await rename(draft, file);
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
