import * as z from 'zod';
import type { Kind } from './setting.ts';

/** An address without path, query or credentials. The value is its origin: no slash at the end. */
export function originAddress(example: string): Kind<string> {
  return {
    schema: address((url, context) => {
      if (url.pathname !== '/') context.addIssue('a path after the host');
      return url.origin;
    }),
    expected: `an https address without a path, such as ${example}`,
  };
}

/** The address of one storage service; the emulator's has the account as a path. The value has no slash at the end. */
export function serviceAddress(example: string): Kind<string> {
  return {
    schema: address((url) => `${url.origin}${url.pathname}`.replace(/\/+$/, '')),
    expected: `an https address, such as ${example}`,
  };
}

/** An address that lets in whoever knows it: with a path, and what stands after a question mark. The value is the whole of it. */
export function secretAddress(): Kind<string> {
  return {
    schema: address(
      (url) => url.href,
      (url) => (url.hash === '' ? null : 'something after a hash'),
    ),
    expected: 'an https address',
  };
}

/** The Okta organisation's address. The administrators' console has another host, and its API is not there. */
export function oktaAddress(): Kind<string> {
  const { schema, expected } = originAddress('https://acme.okta.com');
  return {
    schema: schema.superRefine((origin, context) => {
      const console = /^https:\/\/([a-z0-9-]+)-admin\.(okta[a-z-]*\.com)$/.exec(origin);
      if (console !== null) {
        context.addIssue(`the administrators' console; the API is at https://${console[1]}.${console[2]}`);
      }
    }),
    expected,
  };
}

/** Plain http would send tokens in the clear: it is for tenants on this very machine. */
export function isLoopback(url: URL): boolean {
  return url.hostname === 'localhost' || url.hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(url.hostname);
}

function address(
  value: (url: URL, context: z.RefinementCtx) => string,
  tailFault: (url: URL) => string | null = noTail,
): z.ZodType<string, string> {
  return z.string().transform((text, context) => {
    const url = URL.parse(text);
    if (url === null) {
      context.addIssue('no address that can be read');
      return z.NEVER;
    }
    const fault = faultOf(url) ?? tailFault(url);
    if (fault !== null) {
      context.addIssue(fault);
      return z.NEVER;
    }
    return value(url, context);
  });
}

function faultOf(url: URL): string | null {
  if (url.protocol === 'http:' && !isLoopback(url)) {
    return 'plain http, which is for 127.0.0.0/8, [::1] and localhost alone';
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'another scheme than https';
  if (url.username !== '' || url.password !== '') return 'credentials in the address';
  return null;
}

function noTail(url: URL): string | null {
  return url.search !== '' || url.hash !== '' ? 'something after a question mark or hash' : null;
}
