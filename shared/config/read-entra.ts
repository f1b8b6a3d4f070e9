import type { Cloud } from './clouds.ts';
import type { EntraConfig, EntraCredential } from './config.ts';
import type { Problem } from './problem.ts';
import type { SettingsReader } from './reader.ts';
import type { Setting } from './setting.ts';
import * as entra from './settings/entra.ts';
import { PAGE_URL } from './settings/telling.ts';

type Kind = EntraCredential['kind'];

/** Null after a problem. */
export function readEntra(reader: SettingsReader, cloud: Cloud): EntraConfig | null {
  const graphUrl = reader.optional(entra.GRAPH_URL) ?? cloud.graphUrl;
  const kind = readKind(reader);
  const isApp = kind === 'client-secret' || kind === 'client-certificate';
  // Whoever looks at a page is let in by it.
  const isNeeded = isApp || reader.isSet(PAGE_URL);
  const tenantId = isNeeded ? reader.required(entra.TENANT_ID) : reader.optional(entra.TENANT_ID);
  const clientId = isApp ? reader.required(entra.ENTRA_CLIENT_ID) : reader.optional(entra.ENTRA_CLIENT_ID);
  const proof = readProof(reader, kind);
  if (kind === null) return null;

  const credential = credentialOf(kind, { tenantId, clientId, proof }, cloud.authorityHost);
  return credential === null ? null : { graphUrl, authorityHost: cloud.authorityHost, tenantId, credential };
}

/** Null when misspelt: nobody knows then which other settings it needs, and that one problem is enough. */
function readKind(reader: SettingsReader): Kind | null {
  const { ENTRA_CREDENTIAL } = entra;
  return reader.isSet(ENTRA_CREDENTIAL) ? reader.optional(ENTRA_CREDENTIAL) : reader.value(ENTRA_CREDENTIAL);
}

/** The secret or the certificate's path. One that is not used is a problem too: somebody believes that it is. */
function readProof(reader: SettingsReader, kind: Kind | null): string | null {
  const secret = readProofOf(reader, entra.ENTRA_CLIENT_SECRET, kind, 'client-secret');
  const certificate = readProofOf(reader, entra.ENTRA_CERTIFICATE, kind, 'client-certificate');
  return secret ?? certificate;
}

function readProofOf(reader: SettingsReader, setting: Setting<string>, kind: Kind | null, user: Kind): string | null {
  if (kind === user) return reader.required(setting);
  if (kind !== null && reader.isSet(setting)) reader.report(unused(setting, kind, user));
  reader.optional(setting);
  return null;
}

interface Parts {
  readonly tenantId: string | null;
  readonly clientId: string | null;
  readonly proof: string | null;
}

function credentialOf(kind: Kind, { tenantId, clientId, proof }: Parts, authorityHost: string): EntraCredential | null {
  if (kind === 'azure-cli') return { kind, ...(tenantId === null ? {} : { tenantId }) };
  if (kind === 'managed-identity') return { kind, ...(clientId === null ? {} : { clientId }) };
  if (tenantId === null || clientId === null || proof === null) return null;
  const app = { tenantId, clientId, authorityHost };
  return kind === 'client-secret' ? { kind, ...app, secret: proof } : { kind, ...app, certificate: { path: proof } };
}

function unused({ name }: Setting<unknown>, kind: Kind, user: Kind): Problem {
  return {
    variable: name,
    expected: 'nothing',
    found: `a value, which ${entra.ENTRA_CREDENTIAL.name}=${kind} does not use`,
    wayOut: `Remove it, or set ${entra.ENTRA_CREDENTIAL.name} to ${user}`,
  };
}
