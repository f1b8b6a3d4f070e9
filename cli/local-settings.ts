import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { AnchorwatchError } from '../shared/errors.ts';

const FILE = 'local.settings.json';

const fileSchema = z.object({
  IsEncrypted: z.literal(false, 'an encrypted file can be read by the Core Tools alone').optional(),
  Values: z.record(z.string(), z.string()).default({}),
});

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment, and for what is not set in it the `Values` of local.settings.json in this folder, as the Functions host takes them on
 * a developer's machine. Throws `invalid` for a file that is there and cannot be read, with the names of its settings alone.
 */
export function withLocalSettings(environment: Environment, folder: string): Environment {
  let text: string;
  try {
    text = readFileSync(join(folder, FILE), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return environment;
    throw new AnchorwatchError('invalid', `${FILE} cannot be read`, { cause: error });
  }
  const parsed = fileSchema.safeParse(jsonOf(text));
  if (!parsed.success) throw new AnchorwatchError('invalid', `${FILE}: ${z.prettifyError(parsed.error)}`);
  return { ...parsed.data.Values, ...environment };
}

/** The parser's own words could quote a secret. */
function jsonOf(text: string): unknown {
  try {
    const json: unknown = JSON.parse(text);
    return json;
  } catch {
    throw new AnchorwatchError('invalid', `${FILE} is no JSON`);
  }
}
