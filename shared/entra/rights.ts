import * as z from 'zod';

const ClaimsSchema = z.object({
  appid: z.string().optional(),
  azp: z.string().optional(),
  oid: z.string().optional(),
  roles: z.array(z.string()).optional(),
  scp: z.string().optional(),
});

/**
 * The app and what it was granted, as an access token for Graph says it. Microsoft promises no form of it, so that one which cannot be
 * read is no error: it is `unreadable`, and as good as any other word for what was granted.
 */
export function rightsIn(token: string): readonly string[] {
  const claims = ClaimsSchema.safeParse(payloadOf(token));
  if (!claims.success) return ['unreadable'];
  const { appid, azp, roles = [], scp = '' } = claims.data;
  return [appid ?? azp ?? '', ...roles.toSorted(), ...scp.split(' ').toSorted()].filter((right) => right !== '');
}

/** Ids by which a log may name the app that the token was given to: its own, and that of its service principal. */
export function namesIn(token: string): readonly string[] {
  const claims = ClaimsSchema.safeParse(payloadOf(token));
  if (!claims.success) return [];
  const { appid, azp, oid } = claims.data;
  return [appid, azp, oid].filter((id) => id !== undefined);
}

function payloadOf(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}
