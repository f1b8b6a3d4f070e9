import { inShape } from '../answers.ts';
import type { EditableAttribute } from '../ports/okta.ts';
import type { OktaClient } from './client.ts';
import { mappingsOfUsers } from './provisioning.ts';
import { type ProfileAttribute, UserSchemaSchema } from './schemas.ts';

/**
 * What people may write of their own profile. Every user type has a schema of its own, to which the mapping from that type into the app
 * links: whoever can be assigned the app is of one of these types. Scopes `okta.profileMappings.read`, and `okta.schemas.read` of the
 * second client.
 */
export async function readEditableAttributes(
  client: OktaClient,
  schemas: OktaClient,
  app: string,
  signal: AbortSignal,
): Promise<readonly EditableAttribute[]> {
  const found = new Map<string, EditableAttribute>();
  for (const schema of await schemasOf(client, app, signal)) {
    const path = `/api/v1/meta/schemas/user/${encodeURIComponent(schema)}`;
    const { definitions } = inShape(UserSchemaSchema, (await schemas.get(path, signal)).body, `GET ${path}`);
    const attributes = { ...definitions.base.properties, ...definitions.custom?.properties };
    for (const [name, attribute] of Object.entries(attributes)) {
      const by = writersOf(attribute);
      // What one type leaves to everybody is open, whatever another says.
      if (by !== null && found.get(name)?.by !== 'everybody') found.set(name, { name, by });
    }
  }
  return [...found.values()];
}

/** Ids of the schemas; an org whose mappings name none has the one of the default type. */
async function schemasOf(client: OktaClient, app: string, signal: AbortSignal): Promise<readonly string[]> {
  const links = (await mappingsOfUsers(client, app, signal)).map(({ source }) => source._links?.schema?.href ?? '');
  const ids = links.flatMap((href) => /\/meta\/schemas\/user\/([^/?#]+)$/.exec(href)?.[1] ?? []);
  return ids.length === 0 ? ['default'] : [...new Set(ids)];
}

/**
 * Whoever may write it besides administrators; null where nobody may. People edit what Okta is the source of and they have the permission
 * for (Okta help, *Allow users to edit an attribute*); `master` may be missing, and then the profile's source is the attribute's.
 */
function writersOf({ permissions, master }: ProfileAttribute): EditableAttribute['by'] | null {
  const may = permissions?.some(({ principal, action }) => principal === 'SELF' && action === 'READ_WRITE') === true;
  const source = master?.type ?? 'PROFILE_MASTER';
  if (!may || source === 'OVERRIDE') return null;
  return source === 'PROFILE_MASTER' ? 'unsourced' : 'everybody';
}
