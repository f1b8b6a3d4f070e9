import { AnchorwatchError } from '../errors.ts';
import type { PlannedRepair } from '../plan/plan.ts';
import type { IgnoreRow } from '../state/decision-rows.ts';
import { isoDay, isoTime } from '../time.ts';
import { auditSaid } from './audit.ts';
import { namesOf } from './claims.ts';
import { seenAs } from './explain.ts';
import type { Tools } from './tools.ts';

type Kept = Pick<Tools, 'state' | 'clock'>;

const OKTA_ID = /^00u\w{8,}$/;
const OBJECT_ID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** Whom somebody means, by the last good run's findings; an id stands for itself. Throws `invalid` for a name of which there is no finding. */
export async function personOf(
  name: string,
  tools: Kept,
): Promise<{ readonly person: string; readonly userName: string }> {
  const found = await seenAs(name, tools);
  if (found !== null) {
    const { user, objectId, userName } = found.finding;
    return { person: user ?? objectId ?? name, userName };
  }
  if (OKTA_ID.test(name)) return { person: name, userName: name };
  // However it was copied: the ids of Entra are in lower case, and those of Okta mind it.
  const objectId = name.toLowerCase();
  if (OBJECT_ID.test(objectId)) return { person: objectId, userName: objectId };
  throw new AnchorwatchError(
    'invalid',
    `The last good run has no finding of "${name}". Somebody without one is ignored by Okta user id or Entra object id.`,
  );
}

/** Everybody who is to be left alone today. */
export async function ignoredNow({ state, clock }: Kept): Promise<readonly IgnoreRow[]> {
  const rows: IgnoreRow[] = [];
  for await (const { row } of state.decisions.list('ignore'))
    if (row.kind === 'ignore' && row.until > clock.now()) rows.push(row);
  return rows;
}

/** Whoever is to be left alone of these; null when nobody is. */
export async function ignoredAmong(
  members: readonly PlannedRepair[],
  { state, clock }: Kept,
): Promise<IgnoreRow | null> {
  for (const name of members.flatMap((member) => namesOf(member))) {
    const found = await state.decisions.get('ignore', name);
    if (found?.row.kind === 'ignore' && found.row.until > clock.now()) return found.row;
  }
  return null;
}

/** Leaves a person alone until a day. Said again it counts anew. Throws `invalid` for what is not whole. */
export async function ignore(row: Omit<IgnoreRow, 'kind' | 'at'>, tools: Kept): Promise<void> {
  const at = tools.clock.now();
  if (row.by.trim() === '') throw new AnchorwatchError('invalid', 'Whoever has a person ignored gives a name.');
  if (row.reason.trim() === '')
    throw new AnchorwatchError('invalid', 'Say why: whoever reads this in a year has to know.');
  if (row.until <= at)
    throw new AnchorwatchError('invalid', `The end has to be in the future; ${isoTime(row.until)} is over.`);
  const { person, userName, reason, until, by } = row;
  const what = `ignored until ${isoDay(until)}`;
  await auditSaid({ at, about: person, person: userName, actor: by, what, after: reason }, tools);
  await tools.state.decisions.put({ kind: 'ignore', person, userName, reason, until, by, at });
}

/** Looks at the person again like at all others. Throws `invalid` when nobody had said to leave the person alone. */
export async function unignore(person: string, by: string, tools: Kept): Promise<void> {
  if (by.trim() === '') throw new AnchorwatchError('invalid', 'Whoever ends it gives a name.');
  const found = await tools.state.decisions.get('ignore', person);
  if (found?.row.kind !== 'ignore') throw new AnchorwatchError('invalid', `Nobody has had ${person} ignored.`);
  const { userName, reason } = found.row;
  const at = tools.clock.now();
  const what = 'ignored no more';
  await auditSaid({ at, about: person, person: userName, actor: by, what, before: reason }, tools);
  await tools.state.decisions.remove('ignore', person, found.etag);
}
