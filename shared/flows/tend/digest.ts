import { nextScheduled } from '../../config/schedule.ts';
import { isDigestDue } from '../../notify/cadence.ts';
import { digestOf, type DigestInput } from '../../notify/digest.ts';
import { letterOfDigest } from '../../notify/digest-letter.ts';
import type { Unassigned } from '../../notify/digest-repairs.ts';
import { isDrift } from '../../notify/finding-words.ts';
import { headOf } from '../../repair/journal.ts';
import type { HoldMemberRow } from '../../state/hold-rows.ts';
import { personPartition } from '../../state/keys.ts';
import type { RepairRow } from '../../state/repair-rows.ts';
import type { MarkRow, RunRow, SeenFinding } from '../../state/rows.ts';
import { HOUR, type Instant } from '../../time.ts';
import { proposals } from '../proposals.ts';
import { goodRunsBefore } from '../run.ts';
import { readSeen } from '../scan/snapshot.ts';
import { openHeads } from '../tasks.ts';
import { tell } from '../tell.ts';
import type { Tools } from '../tools.ts';

/** So long the digest of a night waits for its repairs; what is still under way then is told as such. */
const PATIENCE = 4 * HOUR;
/** Repairs that a digest tells of at most; the figures come from the run. */
const REPAIRS = 500;

type Kept = Pick<Tools, 'state' | 'clock' | 'settings'>;

/** What stands in a digest of the tenant, and of whoever reads it. */
type About = Pick<DigestInput, 'tenant' | 'pageUrl' | 'recipients'>;

/**
 * One digest a night at most: once the run is over and its repairs are at rest, when there is anything to tell or it is time for a sign
 * of life. That it was thought about stands in a mark, so that it is thought about once.
 */
export async function tellDigest(tools: Tools): Promise<void> {
  const { state, clock, telling } = tools;
  if (telling === undefined || telling.channels.length === 0) return;
  const run = await newest(tools);
  // A run that could not tell is an alarm of its own, told at once.
  if (run === null || run.state !== 'good') return;
  const told = (await state.marks.get('mark', 'digest'))?.row ?? null;
  if (told?.run === run.id || (await isAtWork(run, tools))) return;
  const change = (await state.marks.get('mark', 'change'))?.row ?? null;
  const lastDigest = told?.at ?? null;
  // Before anything is read: what ends from now on is the next one's.
  const now = clock.now();
  const { tenant, pageUrl, wording } = telling;
  const input = await digestInput(
    run,
    lastDigest,
    now,
    { tenant, pageUrl, recipients: wording.recipients('digest') },
    tools,
  );
  const open = input.seen.filter(({ finding }) => isDrift(finding)).length;
  const [before] = await goodRunsBefore(state, run.scheduled, 1);
  const changed = isChanged(input, before?.summary?.freeze?.rule === run.summary?.freeze?.rule);
  const reason = isDigestDue({ lastDigest, lastChange: change?.at ?? null, changed, open, now });
  const mark = (name: MarkRow['name'], at: Instant): MarkRow => ({
    name,
    at,
    run: run.id,
    by: tools.owner,
    note: reason ?? '',
  });
  if (reason !== null) {
    const letter = letterOfDigest(digestOf(input));
    await tell(
      { kind: 'digest', run, subject: letter.subject, lines: [letter.verdict, ...letter.next], letter },
      tools,
    );
  }
  // What was told is told of no more; a digest that was not due leaves the time of the last one as it is.
  if (reason === 'first' || reason === 'change') await state.marks.put(mark('change', now));
  await state.marks.put(mark('digest', reason === null ? (lastDigest ?? now) : now));
}

async function newest({ state }: Tools): Promise<RunRow | null> {
  for await (const { row } of state.runs.list('run', { limit: 1 })) return row;
  return null;
}

async function isAtWork(run: RunRow, tools: Tools): Promise<boolean> {
  if (tools.clock.now() - (run.ended ?? run.began) > PATIENCE) return false;
  const heads = await openHeads(tools);
  return heads.some((head) => head.run === run.id && (head.state === 'queued' || head.state === 'working'));
}

function isChanged({ run, seen, closed, repairs, unassigned, lastDigest }: DigestInput, wasFrozen: boolean): boolean {
  const isNews = seen.some(
    ({ finding, change, firstSeen }) =>
      isDrift(finding) && (change === 'worse' || change === 'returned' || firstSeen > (lastDigest ?? 0)),
  );
  return (
    isNews ||
    closed.length > 0 ||
    unassigned.some(({ fate }) => fate === 'left') ||
    repairs.some((row) => isOver(row, lastDigest)) ||
    (run.summary?.freeze !== null && !wasFrozen)
  );
}

/** At its end, or with a person, since the last digest: whoever waits longer is no news every night. */
function isOver({ state, changed }: RepairRow, lastDigest: Instant | null): boolean {
  return state !== 'queued' && state !== 'working' && changed > (lastDigest ?? 0);
}

/** A run that has ended, with everything that has happened since `lastDigest`; null: since ever. */
export async function digestInput(
  run: RunRow,
  lastDigest: Instant | null,
  now: Instant,
  about: About,
  tools: Kept,
): Promise<DigestInput> {
  const { state, settings } = tools;
  const [good] = run.state === 'good' ? [run] : await goodRunsBefore(state, run.scheduled, 1);
  const seen = good === undefined ? [] : await readSeen(good, tools);
  const repairs = await repairsSince(lastDigest ?? run.scheduled, tools);
  const baseline = await state.marks.get('mark', 'baseline');
  return {
    run,
    seen,
    checked: good === undefined ? null : { id: good.id },
    closed: await closedSince(run, seen, lastDigest, tools),
    repairs,
    plan: await planOf(run, tools),
    unassigned: await unassignedSince(lastDigest ?? run.scheduled, repairs, tools),
    baseline: baseline?.row ?? null,
    ...about,
    nextRun: nextScheduled(settings.schedule, now),
    lastDigest,
    now,
  };
}

/** What there is to decide on of a run whose plan froze, and what was decided since. */
export async function planOf({ id, summary }: RunRow, tools: Pick<Tools, 'state' | 'clock'>) {
  if (summary === null || summary.freeze === null) return null;
  const proposal = (await proposals(tools)).find(({ row }) => row.run === id);
  if (proposal === undefined) return null;
  const { row, items, decisions } = proposal;
  return { repairs: items.length, decisions: [...decisions.values()], expires: row.expires };
}

/** Repairs that ended since, and those that are open. */
async function repairsSince(since: Instant, tools: Kept): Promise<readonly RepairRow[]> {
  const heads = [...(await openHeads(tools))];
  const known = new Set(heads.map(({ id }) => id));
  for await (const { row } of tools.state.repairs.list('ended', { limit: REPAIRS })) {
    if (row.kind !== 'ended' || row.at < since) break;
    const head = known.has(row.repair) ? null : await headOf(row.repair, tools);
    if (head !== null) heads.push(head.row);
  }
  return heads.filter(({ purpose }) => purpose.kind !== 'pilot');
}

/** Findings of the good runs since the last digest that are no more, as their rows say what became of them. */
async function closedSince(
  run: RunRow,
  seen: readonly SeenFinding[],
  since: Instant | null,
  tools: Kept,
): Promise<readonly SeenFinding[]> {
  if (since === null) return [];
  const open = new Set(seen.map(({ finding }) => finding.key));
  const gone = new Map<string, SeenFinding>();
  for (const earlier of await goodRunsBefore(tools.state, run.scheduled, NIGHTS)) {
    for (const one of await readSeen(earlier, tools)) if (!open.has(one.finding.key)) gone.set(one.finding.key, one);
    if (earlier.scheduled < since) break;
  }
  const closed: SeenFinding[] = [];
  for (const key of [...gone.keys()].slice(0, REPAIRS)) {
    const row = await tools.state.findings.get(personPartition(key), key);
    const isClosed = row?.row.change === 'resolved' || row?.row.change === 'gone';
    if (row !== null && isClosed && row.row.lastSeen > since) closed.push(row.row);
  }
  return closed;
}

/** A digest looks back so far at most: one comes once a week. */
const NIGHTS = 8;

/** Whoever left was perhaps in a repair too: then somebody has to look, whatever the repair came to. */
export async function unassignedSince(
  since: Instant,
  repairs: readonly RepairRow[],
  { state }: Pick<Tools, 'state'>,
): Promise<readonly Unassigned[]> {
  const names = new Map(
    repairs.flatMap(({ members }) => members.map(({ user, userName }) => [user, userName] as const)),
  );
  const people = new Map<string, Unassigned>();
  // In the order of the keys leavers come before members.
  for await (const { row } of state.holds.list('hold')) {
    if (row.kind === 'hold' || people.has(row.user)) continue;
    const userName = names.get(row.user) ?? (row.kind === 'leaver' ? row.userName : row.user);
    if (row.kind === 'leaver' && row.found >= since) people.set(row.user, { userName, at: row.at, fate: 'left' });
    if (row.kind === 'member' && row.unassigned !== null && row.unassigned >= since)
      people.set(row.user, { userName, at: row.unassigned, fate: fateOf(row) });
  }
  return [...people.values()];
}

function fateOf({ settled }: HoldMemberRow): Unassigned['fate'] {
  return settled === null ? 'not-yet-assigned-again' : 'assigned-again';
}
