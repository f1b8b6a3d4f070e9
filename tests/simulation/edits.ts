import type { Dice } from '../../local/world/dice.ts';
import { kindOf } from '../../shared/errors.ts';
import type { PlannedRepair } from '../../shared/plan/plan.ts';
import type { Made, Scenario } from './simulation.ts';

/** What an administrator, or somebody's automation, does to one of the people in the middle of a repair. */
type Edit = (made: Made, member: PlannedRepair, now: number) => void;

const EDITS: readonly [readonly [string, Edit], ...(readonly [string, Edit])[]] = [
  [
    'the switch comes on',
    ({ created }, _, now) => created.hands.switchDeactivate(created.ids.office365, 'ENABLED', now),
  ],
  [
    'renamed',
    ({ created }, { objectId }, now) => created.hands.editAccount(objectId, { userName: 'edited@contoso.com' }, now),
  ],
  [
    'anchor mended',
    ({ created }, { objectId, before }, now) => created.hands.editAccount(objectId, { anchor: before.a }, now),
  ],
  ['unassigned', ({ created }, { user }, now) => created.hands.unassign(created.ids.office365, user, now)],
  ['assigned', ({ created }, { user }, now) => created.hands.assign(created.ids.office365, user, now)],
  ['dismissed', ({ created }, { user }, now) => created.hands.dismiss(user, now)],
  ['licensed', ({ created }, { objectId }, now) => created.hands.grantLicence(objectId, 'SPE_E5', now)],
  ['deleted', ({ created }, { objectId }, now) => created.hands.deleteAccount(objectId, now)],
];

/** So many effects into a run an edit may come. */
const WITHIN = 350;

/**
 * The same scenario, in which somebody edits a person at a moment that the dice choose. What is edited is not ours any more, and any
 * end is one; every other promise holds all the same.
 */
export function withEdit({ tells: _tells, ...scenario }: Scenario, dice: Dice): Scenario {
  const [what, edit] = dice.pick(EDITS);
  const [at, whom] = [dice.below(WITHIN), dice.bits()];
  let isDone = false;
  return {
    ...scenario,
    name: `${scenario.name}, edited: ${what}`,
    isEdited: true,
    end: ['done', 'undone', 'refused', 'needs-a-person', 'ready'],
    meanwhile(made) {
      refusable(() => scenario.meanwhile?.(made));
      const { history, now } = made.scheduler;
      if (isDone || history.length < at) return;
      isDone = true;
      const members = made.repairs.flat();
      const member = members[whom % members.length];
      if (member !== undefined) refusable(() => edit(made, member, now));
    },
  };
}

/** What cannot be done at that moment is not done: the console refuses it. */
function refusable(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (kindOf(error) !== 'invalid' && kindOf(error) !== 'conflict') throw error;
  }
}
