import { z } from 'zod';
import { AnchorwatchError } from '../../shared/errors.ts';
import type { Instant } from '../../shared/time.ts';
import type { Hands } from '../world/hands.ts';

const text = z.string().min(1);
const change = z.enum(['leave', 'join']);
const does = <Name extends keyof Hands>(name: Name) => z.literal(name);

const deedSchema = z.discriminatedUnion('does', [
  z.strictObject({ does: does('changeGroup'), user: text, group: text, change }),
  z.strictObject({ does: does('clickImport'), directory: text }),
  z.strictObject({ does: does('tripSafeguard'), directory: text }),
  z.strictObject({ does: does('resumeImports'), directory: text }),
  z.strictObject({ does: does('switchDeactivate'), app: text, status: z.enum(['ENABLED', 'DISABLED']) }),
  z.strictObject({ does: does('unassign'), app: text, user: text }),
  z.strictObject({ does: does('assign'), app: text, user: text }),
  z.strictObject({ does: does('dismiss'), user: text }),
  z.strictObject({ does: does('rename'), user: text, login: text }),
  z.strictObject({
    does: does('editAccount'),
    objectId: text,
    change: z.strictObject({ userName: text, anchor: text }).exactPartial(),
  }),
  z.strictObject({ does: does('deleteAccount'), objectId: text }),
  z.strictObject({ does: does('restoreAccount'), objectId: text }),
  z.strictObject({ does: does('grantLicence'), objectId: text, licence: text }),
  z.strictObject({ does: does('removeLicence'), objectId: text, licence: text }),
  z.strictObject({ does: does('changeEntraGroup'), objectId: text, group: text, change }),
]);

/** One thing that a person does in a console or in Active Directory, as the control desk takes it: `{"does": "dismiss", "user": "00u…"}`. */
export type Deed = z.output<typeof deedSchema>;

/** Throws `invalid` with everything that is wrong with it. */
export function parseDeed(body: unknown): Deed {
  const parsed = deedSchema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new AnchorwatchError('invalid', `This is nothing that hands can do:\n${z.prettifyError(parsed.error)}`);
}

/** Does it. Throws what the hand throws. */
export function carryOut(deed: Deed, hands: Hands, now: Instant): void {
  switch (deed.does) {
    case 'changeGroup':
      return hands.changeGroup(deed.user, deed.group, deed.change, now);
    case 'clickImport':
    case 'tripSafeguard':
    case 'resumeImports':
      return hands[deed.does](deed.directory, now);
    case 'switchDeactivate':
      return hands.switchDeactivate(deed.app, deed.status, now);
    case 'unassign':
    case 'assign':
      return hands[deed.does](deed.app, deed.user, now);
    case 'dismiss':
      return hands.dismiss(deed.user, now);
    case 'rename':
      return hands.rename(deed.user, deed.login, now);
    case 'editAccount':
      return hands.editAccount(deed.objectId, deed.change, now);
    case 'deleteAccount':
    case 'restoreAccount':
      return hands[deed.does](deed.objectId, now);
    case 'grantLicence':
    case 'removeLicence':
      return hands[deed.does](deed.objectId, deed.licence, now);
    case 'changeEntraGroup':
      return hands.changeEntraGroup(deed.objectId, deed.group, deed.change, now);
  }
}
