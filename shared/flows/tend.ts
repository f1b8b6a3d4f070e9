import { explain } from '../errors.ts';
import { effectsOf } from '../repair/effects.ts';
import { headOf } from '../repair/journal.ts';
import { isOpen } from '../repair/standing.ts';
import { readHold } from '../repair/hold.ts';
import { isLookedBackOn, lookBackOn } from '../repair/leavers.ts';
import { tendHold } from '../repair/tend-hold.ts';
import type { OpenRow, RepairRow } from '../state/repair-rows.ts';
import type { Stored } from '../ports/state.ts';
import type { MarkRow } from '../state/rows.ts';
import { HOUR, MINUTE } from '../time.ts';
import { queueTheApproved } from './approve.ts';
import { audit } from './audit.ts';
import { releaseMembers } from './claims.ts';
import { journalOf } from './find-repair.ts';
import { type RepairFlowTools, repairToolsOf } from './repair.ts';
import { dropPlace } from './scan/queue-repairs.ts';
import { openHeads, tellTasks } from './tasks.ts';
import { tell } from './tell.ts';
import { deliver } from './tend/deliver.ts';
import { tellDigest } from './tend/digest.ts';
import { findParked } from './tend/find-parked.ts';
import { tellImports } from './tend/imports.ts';
import { prune } from './tend/retention.ts';

/** So late a message is not merely slow: it is lost, or its worker is. */
const LATE = 2 * MINUTE;
/** As often is a repair woken without a new journal row before a person is told. */
const WAKES = 5;
/** A place in the list whose repair was never written: the call that took it is dead for long. */
const NEVER_WRITTEN = HOUR;

/**
 * Every five minutes: wake what waits or was lost → let go who is done → find who is parked for too long → tell who waits for a person →
 * see to the hold → beat the heart → tell the night as one digest → send what is to be told → now and then, find who is parked and known
 * to no repair, queue what was approved and is not queued, put into the audit what open repairs have done, and delete what is past its time. Each thing is looked at in its row and done under its ETag, so that two copies at once
 * do no harm; what fails for one repair does not keep the others waiting.
 */
export async function tend(tools: RepairFlowTools): Promise<void> {
  const { state, log } = tools;
  const failures: unknown[] = [];
  const alone = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      log.warn('tend could not do one thing; it comes back to it', { reason: explain(error) });
      failures.push(error);
    }
  };
  for await (const open of state.repairs.list('open')) {
    const { row } = open;
    if (row.kind !== 'open') continue;
    await alone(() => tendRepair({ row, etag: open.etag }, tools));
  }
  await alone(async () => {
    const heads = await openHeads(tools);
    await tellTasks(heads, tools);
    await tellImports(heads, tools);
  });
  for await (const { row } of state.holds.list('hold')) {
    if (row.kind === 'hold' && row.state !== 'closed') await alone(() => tendHold(row.app, repairToolsOf(tools)));
    if (row.kind === 'hold' && isLookedBackOn(row, repairToolsOf(tools)))
      await alone(async () => lookBackOn(await readHold(row.app, tools), repairToolsOf(tools)));
  }
  await mark('tended', tools);
  await alone(() => tellDigest(tools));
  await alone(() => deliver(tools));
  if (await isSweepDue(tools)) {
    const before = failures.length;
    for (const work of [findParked, queueTheApproved, auditTheOpen, prune]) await alone(() => work(tools));
    // What did not answer is asked again in the next call.
    if (failures.length === before) await mark('swept', tools);
  }
  if (failures.length > 0) throw failures[0];
}

/** The longer round comes now and then. */
async function isSweepDue({ state, clock, settings }: RepairFlowTools): Promise<boolean> {
  const last = await state.marks.get('mark', 'swept');
  return last === null || clock.now() - last.row.at >= settings.tend.sweep;
}

/** What was done stands in the audit although the repair waits, for a person perhaps for weeks. */
async function auditTheOpen(tools: RepairFlowTools): Promise<void> {
  for (const head of await openHeads(tools))
    if (head.touched) await audit(effectsOf(head, await journalOf(head.id, tools)), tools);
}

async function mark(name: MarkRow['name'], { state, clock, owner }: RepairFlowTools): Promise<void> {
  await state.marks.put({ name, at: clock.now(), run: null, by: owner, note: '' });
}

async function tendRepair(open: Stored<OpenRow>, tools: RepairFlowTools): Promise<void> {
  const { state, clock } = tools;
  const now = clock.now();
  const head = await headOf(open.row.repair, tools);
  if (head === null) {
    if (now - open.row.created > NEVER_WRITTEN) await dropPlace(open, tools);
    return;
  }
  const { row } = head;
  if (!isOpen(row)) {
    await releaseMembers(row, tools);
    await audit(effectsOf(row, await journalOf(row.id, tools)), tools);
    await state.repairs.put({ kind: 'ended', repair: row.id, at: row.changed });
    await state.repairs.remove('open', row.id, open.etag);
    return;
  }
  await tellParked(row, tools);
  if (isLost(row, now)) await wake(head, tools);
}

/** Its time has come a while ago, and no worker has it. */
function isLost({ due, leaseUntil }: RepairRow, now: number): boolean {
  return due !== null && due + LATE < now && (leaseUntil === null || leaseUntil < now);
}

async function wake({ row, etag }: Stored<RepairRow>, tools: RepairFlowTools): Promise<void> {
  const { state, repairs, log } = tools;
  const lost = row.lost + 1;
  await state.repairs.replace({ ...row, lost }, etag);
  await repairs.send({ version: 1, repair: row.id });
  log.info('a repair was woken', { repair: row.id, times: lost });
  // Again after twice as many, and so on: whoever has read it once need not read it every half hour.
  if (!Number.isInteger(Math.log2(lost / WAKES))) return;
  const names = row.members.map(({ userName }) => userName).join(', ');
  const about = { id: `${row.id}.lost.${lost}`, since: row.created };
  const lines = [
    `${names}: ${lost} messages were sent for ${row.id} and nothing came of them; see the log of the repair function`,
  ];
  const next = 'It is sent again every few minutes, and goes on by itself once that is mended.';
  await tell({ kind: 'needs-a-person', about, subject: 'A repair does not move', lines, next }, tools);
}

async function tellParked({ id, parked, members, created }: RepairRow, tools: RepairFlowTools): Promise<void> {
  const limit = tools.settings.repair.times.parked;
  if (parked === null || tools.clock.now() - parked <= limit) return;
  const lines = members.map(
    ({ userName, objectId }) =>
      `${userName} (${objectId}) may be parked since ${Math.round((tools.clock.now() - parked) / MINUTE)} minutes and cannot sign in. It is being brought back; if it is not within minutes, set the userPrincipalName back to ${userName}.`,
  );
  await tell(
    { kind: 'alarm', about: { id: `${id}.parked`, since: created }, subject: 'Somebody is parked for too long', lines },
    tools,
  );
}
