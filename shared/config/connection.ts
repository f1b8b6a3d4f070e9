import { z } from 'zod';
import { isLoopback } from './addresses.ts';
import type { Kind } from './setting.ts';

/** A connection string of Azure Storage that leads to tables and queues. */
export function storageConnection(): Kind<string> {
  return {
    schema: z.string().superRefine((text, context) => {
      const fault = connectionFault(text);
      if (fault !== null) context.addIssue(fault);
    }),
    expected: 'a connection string of Azure Storage',
  };
}

/** Names what is wrong by the parts' names; their values stay out. */
function connectionFault(text: string): string | null {
  const parts = partsOf(text);
  if (parts === null) return 'something between semicolons that is not name=value';
  if (parts.get('usedevelopmentstorage') === 'true') return null;

  const protocol = parts.get('defaultendpointsprotocol');
  for (const service of ['table', 'queue']) {
    const endpoint = parts.get(`${service}endpoint`);
    if (endpoint === undefined) {
      if (!parts.has('accountname')) return `neither AccountName nor ${titled(service)}Endpoint`;
      if (protocol === 'http') return 'DefaultEndpointsProtocol=http, which would send keys and data in the clear';
      continue;
    }
    const url = URL.parse(endpoint);
    if (url === null) return `a ${titled(service)}Endpoint that is no address`;
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url))) {
      return `a ${titled(service)}Endpoint without https`;
    }
  }
  const signature = parts.has('sharedaccesssignature');
  return signature || (parts.has('accountname') && parts.has('accountkey'))
    ? null
    : 'neither AccountKey nor SharedAccessSignature';
}

/** The parts by lower-case name, or null when one is no `name=value`. Keys and signatures contain equals signs themselves. */
function partsOf(text: string): ReadonlyMap<string, string> | null {
  const parts = new Map<string, string>();
  for (const part of text.split(';')) {
    if (part.trim() === '') continue;
    const equals = part.indexOf('=');
    if (equals < 1 || equals === part.length - 1) return null;
    parts.set(part.slice(0, equals).trim().toLowerCase(), part.slice(equals + 1).trim());
  }
  return parts;
}

function titled(service: string): string {
  return `${service.charAt(0).toUpperCase()}${service.slice(1)}`;
}
