import type { Call } from './call.ts';

/** The address under which the caller reached the tenant: links in answers begin with it, and tokens are made out to it. */
export function originOf(call: Call, fixed: string | null): string {
  if (fixed !== null) return fixed;
  const host = call.headers['x-forwarded-host'] ?? call.headers['host'] ?? '';
  return `${call.headers['x-forwarded-proto'] ?? 'http'}://${host}`;
}
