import * as z from 'zod';
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

/** What the libraries make bytes of without a word, and then sign wrongly with. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Names what is wrong by the parts' names; their values stay out. */
function connectionFault(text: string): string | null {
  const parts = partsOf(text);
  if (parts === null) return 'something between semicolons that is not name=value';
  // The emulator's address is known; a proxy beside it could be anywhere.
  if (parts.get('UseDevelopmentStorage') === 'true') {
    return parts.size === 1 ? null : 'something beside UseDevelopmentStorage=true, which stands alone';
  }
  return endpointFault(parts, 'Table') ?? endpointFault(parts, 'Queue') ?? proofFault(parts);
}

/** A service's address is given, or follows from the account's name and the suffix. */
function endpointFault(parts: Parts, service: 'Table' | 'Queue'): string | null {
  const endpoint = parts.get(`${service}Endpoint`);
  if (endpoint !== undefined) {
    const url = URL.parse(endpoint);
    if (url === null) return `a ${service}Endpoint that is no address`;
    const safe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));
    return safe ? null : `a ${service}Endpoint without https`;
  }
  if (!parts.has('AccountName')) return `neither AccountName nor ${service}Endpoint`;
  if (parts.get('DefaultEndpointsProtocol') === 'http') {
    return 'DefaultEndpointsProtocol=http, which would send keys and data in the clear';
  }
  return parts.has('EndpointSuffix') ? null : `neither EndpointSuffix nor ${service}Endpoint`;
}

/** The libraries take a key only with name and protocol beside it, and a signature only with both addresses. */
function proofFault(parts: Parts): string | null {
  const key = parts.get('AccountKey');
  if (key !== undefined) {
    if (!BASE64.test(key)) return 'an AccountKey that is not base64';
    const missing = ['AccountName', 'DefaultEndpointsProtocol'].find((name) => !parts.has(name));
    return missing === undefined ? null : `an AccountKey without ${missing}`;
  }
  if (!parts.has('SharedAccessSignature')) return 'neither AccountKey nor SharedAccessSignature';
  const missing = ['TableEndpoint', 'QueueEndpoint'].find((name) => !parts.has(name));
  return missing === undefined ? null : `a SharedAccessSignature without ${missing}`;
}

type Parts = ReadonlyMap<string, string>;

/**
 * The parts by name, or null when one is no `name=value`. Keys and signatures contain equals signs themselves. One of the two
 * libraries knows the names in this spelling alone.
 */
function partsOf(text: string): Parts | null {
  const parts = new Map<string, string>();
  for (const part of text.split(';')) {
    if (part.trim() === '') continue;
    const equals = part.indexOf('=');
    if (equals < 1 || equals === part.length - 1) return null;
    parts.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim());
  }
  return parts;
}
