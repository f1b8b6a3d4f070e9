import type { OktaEvent } from '../ports/okta-repairs.ts';
import type { HoldRow, LeaverRow } from '../state/hold-rows.ts';
import { joinKey } from '../state/keys.ts';
import type { Instant } from '../time.ts';
import { type Closing, closeHold } from './close-hold.ts';
import { type Hold, MEMBERS_KEPT } from './hold.ts';
import type { RepairTools } from './tools.ts';

/**
 * Gives the switch back, if it may be, and then names who left since somebody looked last: nobody looks at a hold that is closed.
 */
export async function closeAndName(app: string, hold: Hold, tools: RepairTools): Promise<Closing> {
  const closing = await closeHold(app, tools);
  if (closing.state === 'closed' && hold.row !== null) await tellLeavers(hold.row.row, hold, tools);
  return closing;
}

/**
 * Of a hold that is closed, until they were named a while after it was: whoever closed it may have died before it named anybody, and the
 * System Log may have heard of the last ones only since. Throws `conflict` when somebody was faster.
 */
export async function lookBackOn(hold: Hold, tools: RepairTools): Promise<void> {
  if (hold.row === null || !isLookedBackOn(hold.row.row, tools)) return;
  const { row, etag } = hold.row;
  const now = tools.clock.now();
  await tellLeavers(row, hold, tools);
  await tools.state.holds.replace({ ...row, named: now }, etag);
}

/** Whether a hold's leavers may not all have been named. A week after it that is not asked any more. */
export function isLookedBackOn(
  { state, opened, since, named }: HoldRow,
  { clock, repair }: Pick<RepairTools, 'clock' | 'repair'>,
): boolean {
  // Of those who were in it some may not be listed any more by then, and would be taken for leavers.
  if (state !== 'closed' || clock.now() - opened >= MEMBERS_KEPT) return false;
  return named === null || named <= since + repair.times.quiet;
}

/** While the switch is off, whoever leaves keeps a live account, and nothing deactivates it later. */
export async function tellLeavers(row: HoldRow, hold: Hold, tools: RepairTools): Promise<void> {
  const { okta, clock, tell } = tools;
  const ours = new Set(hold.members.map((member) => member.row.user));
  const span = { since: row.opened, until: (row.state === 'closed' ? row.since : clock.now()) + 1 };
  const removed = await okta.events({ types: ['application.user_membership.remove'], target: row.app, ...span });
  const deactivated = await okta.events({ types: ['user.lifecycle.deactivate'], ...span });
  const leavers = new Map<string, Leaver>();
  const note = ({ at, targets }: OktaEvent, isMeant: (id: string) => boolean): void => {
    for (const { id, type, name } of targets)
      if ((type === 'User' || type === 'AppUser') && isMeant(id)) leavers.set(id, { name, at });
  };
  for (const event of removed) note(event, (id) => !ours.has(id));
  for (const event of deactivated) note(event, () => true);
  for (const [id, { name, at }] of leavers) {
    const found = clock.now();
    await keep({ kind: 'leaver', app: row.app, opened: row.opened, user: id, userName: name, at, found }, tools);
    await tell({
      kind: 'alarm',
      about: { id: `hold.${row.app}.leaver.${id}`, since: row.opened },
      subject: 'Somebody left while Deactivate Users was off',
      lines: [
        `${name} (${id}) lost Office 365 in Okta, and the Microsoft account was not deactivated.`,
        'Look whether it should be: block the sign-in in Entra, or unassign once more after the hold is closed.',
      ],
    });
  }
}

interface Leaver {
  readonly name: string;
  readonly at: Instant;
}

/** Before it is told, for the digest; as it was found first, however often the log is asked. */
async function keep(leaver: LeaverRow, { state }: Pick<RepairTools, 'state'>): Promise<void> {
  const known = (await state.holds.get('hold', joinKey(leaver.app, leaver.kind, leaver.user)))?.row;
  if (known?.kind !== 'leaver' || known.opened !== leaver.opened) await state.holds.put(leaver);
}
