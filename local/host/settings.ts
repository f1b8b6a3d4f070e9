import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { AnchorwatchError } from '../../shared/errors.ts';

/** The app settings: what an app sees as its environment. */
export interface Settings {
  readonly values: Readonly<Record<string, string>>;
  /** The text with every `%NAME%` replaced. Throws AnchorwatchError (`invalid`) when one of them is not set. */
  resolve(text: string): string;
  /** The connection string behind a binding's `connection`. Throws AnchorwatchError (`invalid`) when there is none. */
  connection(name: string): string;
}

export const HOST_STORAGE = 'AzureWebJobsStorage';

const fileSchema = z.object({
  IsEncrypted: z.literal(false, 'an encrypted file can be read by the Core Tools alone').optional(),
  Values: z.record(z.string(), z.string()).default({}),
});

/**
 * The settings of an app: the environment and, for what is not set there, `Values` of a file in the shape of local.settings.json, as
 * the Core Tools do it. Throws AnchorwatchError (`invalid`).
 */
export async function readSettings(
  file: string | null,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Settings> {
  const given = Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return createSettings({ ...(file === null ? {} : await valuesOf(file)), ...Object.fromEntries(given) });
}

export function createSettings(values: Readonly<Record<string, string>>): Settings {
  function resolve(text: string): string {
    return text.replace(/%([^%]+)%/g, (whole, name: string) => {
      const value = values[name];
      if (value === undefined) {
        throw new AnchorwatchError('invalid', `${whole} does not resolve to a value: set the app setting ${name}`);
      }
      return value;
    });
  }

  function connection(name: string): string {
    // The SDK of the host asks with its own prefix first, so that "Storage" means AzureWebJobsStorage.
    const value = values[`AzureWebJobs${name}`] ?? values[name];
    if (value !== undefined && value !== '') return value;
    const identity = Object.keys(values).find((key) => key.startsWith(`${name}__`));
    throw new AnchorwatchError(
      'invalid',
      identity === undefined
        ? `The connection ${name} is not among the app settings`
        : `The connection ${name} is made of an identity (${identity}), which works in Azure alone: set ${name} to a connection string`,
    );
  }

  return { values, resolve, connection };
}

async function valuesOf(file: string): Promise<Record<string, string>> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new AnchorwatchError('invalid', `the settings file ${file} cannot be read as JSON`, { cause });
  }
  const parsed = fileSchema.safeParse(json);
  // The issues name keys, never values.
  if (!parsed.success) throw new AnchorwatchError('invalid', `${file}: ${z.prettifyError(parsed.error)}`);
  return parsed.data.Values;
}
