import type { PlannedRepair } from '../../plan/plan.ts';
import type { Stored } from '../../ports/state.ts';
import type { OpenRow, RepairRow } from '../../state/repair-rows.ts';
import type { ClaimRow, RunRow } from '../../state/rows.ts';
import type { Instant } from '../../time.ts';
import { claimPerson, insertOnce, namesOf, releaseName, repairId } from '../claims.ts';
import { isOpen } from '../../repair/standing.ts';
import type { Tools } from '../tools.ts';

/** Keys of the people of whom a repair is open already, and is not one of this very run. */
export async function openRepairs(
  run: RunRow,
  repairs: readonly PlannedRepair[],
  tools: Tools,
): Promise<ReadonlySet<string>> {
  const open = new Set<string>();
  for (const repair of repairs) {
    for (const name of namesOf(repair)) {
      const held = await tools.state.claims.get(name, 'open');
      if (held === null || held.row.repair === repairId(run.id, repair.key)) continue;
      if (!(await stands(held, tools))) continue;
      open.add(repair.key);
      break;
    }
  }
  return open;
}

/**
 * Whether an earlier run's claim still stands. Its message may have been lost, so it is sent again: a repair that is at work ignores
 * it. A claim whose repair was never written down, or is over, was left by a call that died, and frees its person now.
 */
async function stands({ row, etag }: Stored<ClaimRow>, { state, repairs, log }: Tools): Promise<boolean> {
  const head = await state.repairs.get(row.repair, 'head');
  if (head?.row.kind === 'head' && isOpen(head.row)) {
    await repairs.send({ version: 1, repair: row.repair });
    return true;
  }
  log.warn('left claim removed', { repair: row.repair });
  await state.claims.remove(row.person, 'open', etag);
  return false;
}

/** One message a repair. A call that dies is carried on by the run's next call, which finds its own claims and rows. */
export async function queueRepairs(run: RunRow, repairs: readonly PlannedRepair[], tools: QueueTools): Promise<void> {
  for (const repair of repairs) await queueRepair(run.id, repairId(run.id, repair.key), [repair], tools);
}

type QueueTools = Pick<Tools, 'state' | 'clock' | 'log' | 'repairs'>;

/**
 * The place in the list that `tend` goes by comes first, with the names of the people, so that whatever was begun is found again; then the
 * claims, which are what keeps two repairs off one person; then the row, then the message. Nothing happens when another repair has one
 * of the people.
 */
export async function queueRepair(
  run: string,
  id: string,
  members: readonly PlannedRepair[],
  tools: QueueTools,
  over: Partial<Pick<RepairRow, 'purpose' | 'operator' | 'approval'>> = {},
): Promise<void> {
  const { state, clock, log } = tools;
  const now = clock.now();
  const people = members.flatMap((member) => namesOf(member));
  // Written anew by whoever comes back to it, so that `tend` does not drop it meanwhile.
  await state.repairs.put({ kind: 'open', repair: id, people, created: now });
  for (const member of members) {
    if (await claimPerson(member, id, tools)) continue;
    const place = await state.repairs.get('open', id);
    if (place?.row.kind === 'open') await dropPlace({ row: place.row, etag: place.etag }, tools);
    return;
  }
  await insertOnce(() => state.repairs.insert({ ...newHead(run, id, members, now), ...over }));
  await tools.repairs.send({ version: 1, repair: id });
  const [first] = members;
  log.info('repair queued', { run, repair: id, user: first?.user, recipe: first?.recipe, people: members.length });
}

/**
 * Frees whom a repair has claimed that was never written, and drops its place. The place is taken on first: whoever writes the repair
 * after all has written its place anew by then. Throws `conflict` when somebody has.
 */
export async function dropPlace({ row, etag }: Stored<OpenRow>, { state }: Pick<QueueTools, 'state'>): Promise<void> {
  const taken = await state.repairs.replace(row, etag);
  if ((await state.repairs.get(row.repair, 'head')) !== null) return;
  for (const name of row.people) await releaseName(name, row.repair, { state });
  await state.repairs.remove('open', row.repair, taken.etag);
}

/** The head of a repair that nobody has looked at yet. */
export function newHead(run: string, id: string, members: readonly PlannedRepair[], now: Instant): RepairRow {
  return {
    kind: 'head',
    id,
    run,
    purpose: { kind: 'drift' },
    sequence: 0,
    state: 'queued',
    members,
    course: null,
    groups: [],
    touched: false,
    parked: null,
    passed: null,
    begun: null,
    cursor: null,
    due: now,
    operator: null,
    approval: null,
    lost: 0,
    rule: null,
    reason: null,
    created: now,
    changed: now,
    fence: 0,
    leaseOwner: null,
    leaseUntil: null,
  };
}
