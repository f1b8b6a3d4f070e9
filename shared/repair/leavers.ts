import type { OktaEvent } from '../ports/okta-repairs.ts';
import type { HoldRow } from '../state/repair-rows.ts';
import { closeHold } from './close-hold.ts';
import { type Hold, readHold } from './hold.ts';
import type { RepairTools } from './tools.ts';

/**
 * Gives the switch back, if it may be, and then names who left since somebody looked last: nobody looks at a hold that is closed.
 */
export async function closeAndName(app: string, hold: Hold, tools: RepairTools): Promise<'closed' | 'open'> {
  const state = await closeHold(app, tools);
  if (state === 'closed' && hold.row !== null) await tellLeavers(hold.row.row, hold, tools);
  return state;
}

/**
 * For a while after a hold was closed, and once more when nobody has looked for long: whoever closed it may have died before it named
 * anybody, and the System Log may have heard of the last ones only since.
 */
export async function lookBackOn(row: HoldRow, tools: RepairTools): Promise<void> {
  const { state, clock, repair } = tools;
  const tended = (await state.marks.get('mark', 'tended'))?.row.at ?? 0;
  const { quiet } = repair.times;
  if (clock.now() - row.since > 2 * quiet && tended > row.since + quiet) return;
  await tellLeavers(row, await readHold(row.app, tools), tools);
}

/** While the switch is off, whoever leaves keeps a live account, and nothing deactivates it later. */
export async function tellLeavers(row: HoldRow, hold: Hold, { okta, clock, tell }: RepairTools): Promise<void> {
  const ours = new Set(hold.members.map((member) => member.row.user));
  const span = { since: row.opened, until: (row.state === 'closed' ? row.since : clock.now()) + 1 };
  const removed = await okta.events({ types: ['application.user_membership.remove'], target: row.app, ...span });
  const deactivated = await okta.events({ types: ['user.lifecycle.deactivate'], ...span });
  const leavers = new Map<string, string>();
  for (const event of removed) for (const { id, name } of peopleOf(event)) if (!ours.has(id)) leavers.set(id, name);
  for (const event of deactivated) for (const { id, name } of peopleOf(event)) leavers.set(id, name);
  for (const [id, name] of leavers) {
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

function peopleOf({ targets }: OktaEvent): readonly { readonly id: string; readonly name: string }[] {
  return targets.filter(({ type }) => type === 'User' || type === 'AppUser');
}
