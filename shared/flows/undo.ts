import { AnchorwatchError } from '../errors.ts';
import type { PlannedRepair } from '../plan/plan.ts';
import { headOf } from '../repair/journal.ts';
import type { RepairRow } from '../state/repair-rows.ts';
import type { Desk } from './lead.ts';
import { auditSaid } from './audit.ts';
import { repairId } from './claims.ts';
import { queueRepair } from './scan/queue-repairs.ts';
import type { Tools } from './tools.ts';

/**
 * What would be taken back of a repair that is done: a plan of its own, for the same engine, journal and guards. Throws `invalid` for
 * what cannot be taken back, with the reason.
 */
export function undoing(done: RepairRow): readonly PlannedRepair[] {
  if (done.state !== 'done')
    throw new AnchorwatchError(
      'invalid',
      `The repair ${done.id} is ${done.state}. Only what is done is taken back; what is under way is brought to rest by: anchorwatch stop --by <name>`,
    );
  if (done.purpose.kind === 'undo')
    throw new AnchorwatchError('invalid', `${done.id} took a repair back itself; the next scan finds the drift again.`);
  return done.members.map((member) => {
    const { recipe, userName, before } = member;
    const fault = faultOf(member);
    if (fault !== null || before.e === null)
      throw new AnchorwatchError('invalid', `The ${recipe} of ${userName} cannot be taken back: ${fault ?? ''}`);
    return { ...member, recipe: 'reanchor', after: null, before: { a: before.e, o: before.a, e: before.a } };
  });
}

/** Why a repair has no way back; null when it has. */
function faultOf({ recipe, before }: PlannedRepair): string | null {
  if (recipe === 'reassign') return 'Okta computes its copy from Active Directory, and nobody can write another there.';
  if (before.e === null) return 'Entra ID takes no empty anchor.';
  return before.o === before.a
    ? null
    : 'before it Okta held the old anchor too, which it computes anew: the person could sign in then and could not afterwards.';
}

/** Every repair of a run that is done and was not taken back yet, the newest first. */
export async function doneIn(run: string, { state }: Pick<Tools, 'state'>): Promise<readonly RepairRow[]> {
  const done: RepairRow[] = [];
  const taken = new Set<string>();
  for await (const { row } of state.repairs.list('ended')) {
    const head = row.kind === 'ended' ? await headOf(row.repair, { state }) : null;
    if (head === null) continue;
    const { purpose, state: came } = head.row;
    if (purpose.kind === 'undo' && came === 'done') taken.add(purpose.of);
    if (head.row.run === run && came === 'done') done.push(head.row);
  }
  return done.filter(({ id }) => !taken.has(id));
}

/** Queues it. Gives back the id of the repair that takes it back. */
export async function undo(done: RepairRow, by: string, desk: Desk & Pick<Tools, 'log'>): Promise<string> {
  if (by.trim() === '') throw new AnchorwatchError('invalid', 'Whoever takes a repair back gives a name.');
  const members = undoing(done);
  const now = desk.clock.now();
  const id = repairId(`undo ${now}`, done.id);
  const operator = { name: by, until: now + desk.settings.repair.times.hold };
  await queueRepair('undo', id, members, desk, { purpose: { kind: 'undo', of: done.id }, operator });
  if ((await headOf(id, desk)) === null)
    throw new AnchorwatchError('conflict', 'Another repair has one of these people: wait until it is over.');
  const person = members.map(({ userName }) => userName).join(', ');
  await auditSaid(
    { at: now, about: id, repair: id, person, actor: by, what: 'undo', before: `${done.id} is done` },
    desk,
  );
  return id;
}
