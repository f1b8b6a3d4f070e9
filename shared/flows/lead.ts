import { AnchorwatchError } from '../errors.ts';
import { headOf } from '../repair/journal.ts';
import type { Tools } from './tools.ts';

/**
 * A person says "I am here", and is led through a repair that waits for one: its preflight is made afresh, and then each step is shown
 * as it comes. Throws `invalid` for a repair that is not there or does not wait for a person.
 */
export async function lead(
  id: string,
  operator: string,
  { state, clock, repairs, settings }: Pick<Tools, 'state' | 'clock' | 'repairs' | 'settings'>,
): Promise<void> {
  if (operator.trim() === '') throw new AnchorwatchError('invalid', 'Whoever leads a repair gives a name.');
  const head = await headOf(id, { state });
  if (head === null) throw new AnchorwatchError('invalid', `There is no repair ${id}.`);
  if (head.row.state !== 'ready')
    throw new AnchorwatchError('invalid', `The repair ${id} is ${head.row.state}; it does not wait for anybody.`);
  const now = clock.now();
  const until = now + settings.repair.times.hold;
  await state.repairs.replace(
    { ...head.row, state: 'queued', operator: { name: operator, until }, due: now },
    head.etag,
  );
  await repairs.send({ version: 1, repair: id });
}
