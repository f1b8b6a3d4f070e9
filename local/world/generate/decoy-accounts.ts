import type { OutsideReason } from '../../../shared/compare/verdicts.ts';
import type { EntraRecord } from '../graph/records.ts';
import { DOMAINS } from './company-plan.ts';
import type { Maker } from './maker.ts';
import { NO_EXTRAS } from '../graph/records.ts';
import { NOBODY } from './person.ts';

/** Entra accounts that Okta knows nothing of, none of which is an orphan. */
const ACCOUNTS = {
  room: (make: Maker) => synced(make, 'room', { enabled: false }),
  equipment: (make: Maker) => synced(make, 'projector', { licenses: [] }),
  'shared-mailbox': (make: Maker) => synced(make, 'info', { enabled: false, licenses: make.licence() }),
  'leaver-mailbox': (make: Maker) => synced(make, 'former.colleague', { enabled: false }),
  guest: (make: Maker) => guest(make, { userType: 'Guest' }),
  'invited-member': (make: Maker) => guest(make, { userType: 'Member' }),
  'cloud-admin': (make: Maker) =>
    make.account({
      userName: make.address('admin', DOMAINS.initial),
      extras: { ...NO_EXTRAS, roles: ['62e90394-69f5-4237-9190-012177145e10'] },
    }),
  'sync-account': (make: Maker) => make.account({ userName: make.address('Sync_DC', DOMAINS.initial) }),
  'managed-domain-account': (make: Maker) =>
    make.account({
      userName: make.address('tester', DOMAINS.managed),
      anchor: make.anchor(),
      licenses: make.licence(),
    }),
  agent: (make: Maker) => make.account({ userName: make.address('agent'), kind: 'agentUser' }),
} satisfies Readonly<Record<string, (make: Maker) => EntraRecord>>;

export type AccountKind = keyof typeof ACCOUNTS;

const REASONS = {
  room: ['room-or-shared'],
  equipment: ['room-or-shared'],
  'shared-mailbox': ['room-or-shared'],
  'leaver-mailbox': ['room-or-shared'],
  guest: ['guest'],
  'invited-member': ['guest'],
  'cloud-admin': ['cloud-only'],
  'sync-account': ['cloud-only'],
  'managed-domain-account': ['managed-domain'],
  agent: ['agent'],
} as const satisfies Readonly<Record<AccountKind, readonly OutsideReason[]>>;

const WITHOUT_ANCHOR: readonly AccountKind[] = ['guest', 'invited-member', 'cloud-admin', 'sync-account', 'agent'];

export const ACCOUNT_KINDS = [
  'room',
  'equipment',
  'shared-mailbox',
  'leaver-mailbox',
  'guest',
  'invited-member',
  'cloud-admin',
  'sync-account',
  'managed-domain-account',
  'agent',
] as const satisfies readonly AccountKind[];

/** Rows 20 and 21: rooms, shared mailboxes, guests, cloud admins, agents' users. */
export function decoyAccount(make: Maker, kind: AccountKind): void {
  const entra = ACCOUNTS[kind](make);
  const row = WITHOUT_ANCHOR.includes(kind) ? 21 : 20;
  make.decoy({ ...NOBODY, entra }, { kind, verdict: 'outside', row, outside: REASONS[kind] });
}

/** Universal Sync brings rooms and mailboxes along: they have an anchor, and their AD objects are no Okta users. */
function synced(make: Maker, word: string, change: Partial<EntraRecord>): EntraRecord {
  const userName = make.address(word);
  return make.account({ userName, mail: userName, anchor: make.anchor(), synced: true, ...change });
}

function guest(make: Maker, change: Partial<EntraRecord>): EntraRecord {
  const home = make.address('partner', 'example.org');
  return make.account({
    userName: `${home.replace('@', '_')}#EXT#@${DOMAINS.initial}`,
    mail: home,
    extras: { ...NO_EXTRAS, creationType: 'Invitation', externalUserState: 'Accepted' },
    ...change,
  });
}
