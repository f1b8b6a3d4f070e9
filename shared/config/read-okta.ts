import type { OktaConfig, OktaCredential } from './config.ts';
import type { SettingsReader } from './reader.ts';
import * as okta from './settings/okta.ts';

/** Null after a problem. */
export function readOkta(reader: SettingsReader): OktaConfig | null {
  const url = reader.required(okta.OKTA_URL);
  const credential = readCredential(reader);
  const office365App = reader.optional(okta.OFFICE365_APP);
  const appDomains = reader.optional(okta.APP_DOMAINS) ?? [];
  const directories = reader.optional(okta.AD_INSTANCES) ?? [];
  const anchorAttribute = reader.value(okta.ANCHOR_ATTRIBUTE);
  const further = reader.optional(okta.SIGN_IN_HOSTS) ?? [];
  if (url === null || credential === null) return null;
  const signInHosts = [new URL(url).hostname, ...further];
  return { url, credential, office365App, appDomains, directories, anchorAttribute, signInHosts };
}

const OF_KEY = [okta.OKTA_CLIENT_ID, okta.OKTA_PRIVATE_KEY, okta.OKTA_KEY_ID];

/** Exactly one of the two ways: with both, nobody could say with whose rights the scan reads. */
function readCredential(reader: SettingsReader): OktaCredential | null {
  if (!reader.isSet(okta.OKTA_API_TOKEN)) return readKey(reader);
  const token = reader.required(okta.OKTA_API_TOKEN);
  const others = OF_KEY.filter((one) => reader.isSet(one));
  for (const other of others) reader.optional(other);
  if (others.length > 0) {
    reader.report({
      variable: okta.OKTA_API_TOKEN.name,
      expected: 'one way into Okta',
      found: `two: ${others.map(({ name }) => name).join(', ')} as well`,
      wayOut: 'Remove the token, or for a trial on your own machine the others',
    });
  }
  return token === null ? null : { kind: 'ssws', token };
}

function readKey(reader: SettingsReader): OktaCredential | null {
  const clientId = reader.required(okta.OKTA_CLIENT_ID);
  const privateKey = reader.required(okta.OKTA_PRIVATE_KEY);
  const keyId = reader.optional(okta.OKTA_KEY_ID);
  if (clientId === null || privateKey === null) return null;
  return { kind: 'private-key', clientId, privateKey, ...(keyId === null ? {} : { keyId }) };
}
