import { kindOf } from '../../errors.ts';
import { digestOf } from '../../notify/digest.ts';
import { letterOfDigest } from '../../notify/digest-letter.ts';
import type { AuditRow } from '../../state/decision-rows.ts';
import type { RepairRow } from '../../state/repair-rows.ts';
import type { RunRow } from '../../state/rows.ts';
import { DAY, isoDay, parseTime } from '../../time.ts';
import type { Room } from '../../notify/pages.ts';
import { auditPage } from '../../web/audit.ts';
import { findingsPage } from '../../web/findings.ts';
import type { Page } from '../../web/page.ts';
import { type Person, personPage } from '../../web/person.ts';
import { type Open, proposalsPage } from '../../web/proposals.ts';
import { repairPage, repairsPage, type Standing, standingOf } from '../../web/repairs.ts';
import { type Tonight, tonightPage } from '../../web/tonight.ts';
import type { Visitor } from '../../web/visitor.ts';
import { keyOf, type Proposal, proposals } from '../approve.ts';
import { auditBetween } from '../audit.ts';
import { explained, seenAs } from '../explain.ts';
import { findRepair, journalOf } from '../find-repair.ts';
import { health } from '../health.ts';
import { ignoredNow } from '../ignore.ts';
import { awaitsOperator, taskOf } from '../lead.ts';
import type { PageTools } from '../page.ts';
import { goodRunsBefore, runsBetween } from '../run.ts';
import { readSeen } from '../scan/snapshot.ts';
import { openHeads } from '../tasks.ts';
import { digestInput } from '../tend/digest.ts';
import { undoing } from '../undo.ts';

/** Reads what a page shows, and changes nothing. Throws `invalid` for what is not there. */
export async function pageOf(room: Room, query: URLSearchParams, visitor: Visitor, tools: PageTools): Promise<Page> {
  if (room === 'findings') return findings(query, tools);
  if (room === 'person') return personPage(await person(query.get('of') ?? '', tools), visitor);
  if (room === 'proposals') return proposalsPage(await undecided(tools), visitor);
  if (room === 'repairs') return repairsPage(await standings(tools), await stopOf(tools), visitor);
  if (room === 'repair') return repair(query.get('of') ?? '', visitor, tools);
  if (room === 'audit') return auditOf(query.get('since') ?? '', tools);
  return tonightPage(await tonight(tools), visitor);
}

async function tonight(tools: PageTools): Promise<Tonight> {
  const { state } = tools;
  const run = await lastEnded(tools);
  const [{ reds }, heads, open, baseline] = await Promise.all([
    health(tools),
    standings(tools),
    undecided(tools),
    state.marks.get('mark', 'baseline'),
  ]);
  const isConfirmable = run?.state === 'good' && baseline === null;
  return {
    letter: run === null ? null : await letterOf(run, tools),
    reds: reds.map(({ message }) => message),
    stop: await stopOf(tools),
    unconfirmed: isConfirmable ? { run: run.id, certificates: run.certificates } : null,
    undecided: open.flatMap(({ items }) => items.filter(({ decision }) => decision === null)).length,
    waiting: heads.filter(({ awaits, task }) => awaits !== null || task !== null).length,
  };
}

/** The digest of the run as it would be told now, by somebody who was told of the run before. */
async function letterOf(run: RunRow, tools: PageTools) {
  const { state, clock, settings } = tools;
  const [before] = await goodRunsBefore(state, run.scheduled, 1);
  const tenant = settings.telling.tenantName ?? 'Microsoft 365';
  const about = { tenant, pageUrl: null, recipients: 'You have signed in to see this.' };
  return letterOfDigest(digestOf(await digestInput(run, before?.ended ?? null, clock.now(), about, tools)));
}

async function lastEnded({ state, clock }: PageTools): Promise<RunRow | null> {
  for await (const row of runsBetween(state, clock.now())) if (row.state !== 'reading') return row;
  return null;
}

async function stopOf({ state }: PageTools) {
  return (await state.marks.get('mark', 'stop'))?.row ?? null;
}

async function findings(query: URLSearchParams, tools: PageTools): Promise<Page> {
  const [last] = await goodRunsBefore(tools.state, tools.clock.now() + 1, 1);
  const seen = last === undefined ? [] : await readSeen(last, tools);
  const page = Number.parseInt(query.get('page') ?? '1', 10);
  const asked = { find: (query.get('find') ?? '').slice(0, 256), page: Number.isInteger(page) ? page : 1 };
  return findingsPage(seen, last?.id ?? null, asked);
}

/** Proposals that somebody may decide on, the newest of each plan: what is proposed again is the same. */
async function undecided(tools: PageTools): Promise<readonly Open[]> {
  const all = await proposals(tools);
  const isNewest = ({ row }: Proposal): boolean => row === all.find((one) => one.row.checksum === row.checksum)?.row;
  const open = all.filter((one) => one.row.expires > tools.clock.now() && isNewest(one));
  return open.map(({ row, items, decisions }) => ({
    row,
    items: items.map((item) => ({ ...item, decision: decisions.get(keyOf(item.members)) ?? null })),
  }));
}

async function person(name: string, tools: PageTools): Promise<Person> {
  const seen = await seenAs(name, tools);
  const { user, objectId, userName } = seen?.finding ?? { user: null, objectId: null, userName: name };
  const names = [user, objectId, userName, name].flatMap((one) => one?.toLowerCase() ?? []);
  const ignored = (await ignoredNow(tools)).find((row) => names.includes(row.person.toLowerCase())) ?? null;
  const { lines, past, sides } = seen === null ? { lines: [], past: [], sides: [] } : await explained(seen, tools);
  const head = await repairOf(user ?? objectId ?? name, tools);
  const open = await undecided(tools);
  const items = open.flatMap(({ row, items: all }) => all.map((item) => ({ checksum: row.checksum, item })));
  return {
    id: user ?? objectId,
    userName: ignored?.userName ?? userName,
    lines,
    past,
    sides,
    repair: head === null ? null : { id: head.id, standing: standingOf(head) },
    ignored,
    item: items.find(({ item: { members } }) => members.some((one) => names.includes(one.user.toLowerCase()))) ?? null,
  };
}

async function repairOf(name: string, tools: PageTools): Promise<RepairRow | null> {
  try {
    return await findRepair(name, tools);
  } catch (error) {
    if (kindOf(error) === 'invalid') return null;
    throw error;
  }
}

async function standings(tools: PageTools): Promise<readonly Standing[]> {
  const standing: Standing[] = [];
  for (const head of await openHeads(tools)) standing.push(await standingAt(head, tools));
  return standing;
}

async function standingAt(head: RepairRow, tools: PageTools): Promise<Standing> {
  return { head, awaits: awaitsOperator(head, tools.clock.now()), task: await taskOf(head, tools) };
}

async function repair(id: string, visitor: Visitor, tools: PageTools): Promise<Page> {
  const head = await findRepair(id, tools);
  return repairPage(await standingAt(head, tools), await journalOf(head.id, tools), hasWayBack(head), visitor);
}

function hasWayBack(head: RepairRow): boolean {
  try {
    return undoing(head).length > 0;
  } catch (error) {
    if (kindOf(error) === 'invalid') return false;
    throw error;
  }
}

/** More than anybody reads; the command line has all of it. */
const AUDITED = 500;
const WEEK = 7 * DAY;

async function auditOf(text: string, tools: PageTools): Promise<Page> {
  const now = tools.clock.now();
  const since = parseTime(`${text}T00:00:00Z`) ?? parseTime(`${isoDay(now - WEEK)}T00:00:00Z`) ?? 0;
  const rows: AuditRow[] = [];
  let isCut = false;
  for await (const row of auditBetween(since, now + 1, tools)) {
    rows.push(row);
    isCut ||= rows.length > AUDITED;
    if (rows.length > AUDITED) rows.shift();
  }
  return auditPage(rows.toReversed(), isoDay(since), isCut);
}
