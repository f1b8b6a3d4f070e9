import type { EntraDetail } from '../../ports/entra.ts';
import { anchorNow, placeholderOf } from '../anchors.ts';
import { AFTER, type Asked, BEFORE, type Look, neither, refused, type Step, type Work } from '../step.ts';

/**
 * Step 4. In a federated domain the anchor cannot be set: the UPN goes to the person's own address on a managed domain for the
 * minutes that it takes. By object id, for the name is what moves; never with a password, for nobody shall sign in meanwhile.
 */
export const park: Step = {
  async look(work) {
    const { head, member, course, tools } = work;
    const account = await tools.entra.user(member.objectId);
    if (account === null) return refused('account-gone', 'the Entra account is gone');
    if (isNamed(account, parkingOf(work))) return AFTER;
    if (!isNamed(account, member.userName)) return neither('the UPN is neither the person’s own nor the parked one');
    // Whoever has the anchor already need not be parked for it.
    if (account.anchor === member.before.a) return AFTER;
    if (!account.enabled) return refused('disabled', 'the Entra account is disabled');
    if (course.gate && account.synced === true)
      return refused('still-synced', 'Entra shows the person as synchronised again');
    // A member of a ring may be parked a second time while it holds its placeholder.
    const isOurs = account.anchor === member.before.e || account.anchor === placeholderOf(head.id);
    return isOurs ? BEFORE : neither('the anchor in Entra was changed by somebody else');
  },
  act: ({ member, tools, ...work }, effect) => tools.entra.setUserName(member.objectId, parkingOf(work), effect),
  byHand: (work) => nameByHand(work, parkingOf(work)),
};

/** Step 6. Okta finds the account by this name: it is seen back for a while before Okta may look, or Okta makes a second account. */
export const unpark: Step = {
  async look({ member, cursor, ...work }) {
    const account = await work.tools.entra.user(member.objectId);
    if (account === null) return neither('the Entra account is gone');
    if (cursor.goal === 'repaired' && account.anchor !== member.before.a)
      return neither('the anchor in Entra was changed by somebody else');
    if (isNamed(account, member.userName)) return AFTER;
    return isNamed(account, parkingOf({ ...work, cursor }))
      ? BEFORE
      : neither('the UPN is neither the parked one nor the person’s own');
  },
  act: ({ member, tools }, effect) => tools.entra.setUserName(member.objectId, member.userName, effect),
  settle: ({ tools }) => tools.repair.times.settle,
  looks: 3,
  byHand: (work) => nameByHand(work, work.member.userName),
};

/**
 * Step 5. The value is Okta's exact text. Nobody else may hold it, live or deleted: a deleted account whose anchor is presented again
 * is restored by Entra, in place of this one.
 */
export const anchor: Step = {
  async look(work): Promise<Look> {
    const { member, cursor, tools } = work;
    const account = await tools.entra.user(member.objectId);
    if (account === null) return neither('the Entra account is gone');
    const wanted = anchorNow(work);
    if (wanted.reached(account.anchor)) return AFTER;
    if (cursor.goal === 'as-before' && wanted.doneAfterAll(account.anchor)) return { seen: 'forward' };
    if (!wanted.expected(account.anchor)) return neither('the anchor in Entra was changed by somebody else');
    const parking = work.course.parking[cursor.member] ?? null;
    if (parking !== null && isNamed(account, member.userName))
      return { seen: 'undone', step: 'park', isCertain: false };
    if (!isNamed(account, parking ?? member.userName)) return neither('the UPN was moved by somebody else');
    return (await heldByAnother(wanted.value, work)) ?? BEFORE;
  },
  act: (work, effect) => work.tools.entra.setAnchor(work.member.objectId, anchorNow(work).value, effect),
  refusalMayBeLag: true,
  byHand(work) {
    if (work.course.writes === 'api') return null;
    return [
      'In Graph Explorer, or with Graph PowerShell, as a Global Administrator or Hybrid Identity Administrator:',
      `PATCH https://graph.microsoft.com/v1.0/users/${work.member.objectId}`,
      `{ "onPremisesImmutableId": "${anchorNow(work).value}" }`,
    ];
  },
};

async function heldByAnother(value: string, { member, tools }: Work): Promise<Look | null> {
  const [live] = (await tools.entra.usersByAnchor(value)).filter(({ id }) => id !== member.objectId);
  if (live !== undefined) return refused('anchor-held', `the live account ${live.id} holds the anchor`);
  const [deleted] = await tools.entra.deletedByAnchor(value);
  return deleted === undefined ? null : refused('anchor-held', `the deleted account ${deleted.id} holds the anchor`);
}

export function isNamed({ userName }: Pick<EntraDetail, 'userName'>, name: string): boolean {
  return userName.toLowerCase() === name.toLowerCase();
}

function parkingOf({ course, cursor }: Pick<Work, 'course' | 'cursor'>): string {
  return course.parking[cursor.member] ?? '';
}

function nameByHand({ course, member }: Asked, name: string): readonly string[] | null {
  if (course.writes === 'api') return null;
  return [
    'In Graph Explorer, or with Graph PowerShell, as a Global Administrator or Hybrid Identity Administrator:',
    `PATCH https://graph.microsoft.com/v1.0/users/${member.objectId}`,
    `{ "userPrincipalName": "${name}" }`,
    'Do not set a password.',
  ];
}
