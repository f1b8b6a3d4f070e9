import { explain, kindOf } from '../../errors.ts';
import { digestOf } from '../../notify/digest.ts';
import { letterOfDigest } from '../../notify/digest-letter.ts';
import { calledBy } from '../../notify/subject.ts';
import type { Room } from '../../notify/pages.ts';
import { redact } from '../../redact.ts';
import { headOf } from '../../repair/journal.ts';
import type { AuditRow } from '../../state/decision-rows.ts';
import type { RepairRow } from '../../state/repair-rows.ts';
import type { RunRow } from '../../state/rows.ts';
import { DAY, type Instant, isoDay, parseTime } from '../../time.ts';
import { auditPage } from '../../web/audit.ts';
import { findingsPage } from '../../web/findings.ts';
import type { Page } from '../../web/page.ts';
import { type Person, personPage } from '../../web/person.ts';
import { type Open, proposalsPage } from '../../web/proposals.ts';
import { repairPage, repairsPage, type Standing, standingOf } from '../../web/repairs.ts';
import { type NightView, type Tonight, tonightPage } from '../../web/tonight.ts';
import type { Visitor } from '../../web/visitor.ts';
import { auditBetween } from '../audit.ts';
import { explained, seenAs } from '../explain.ts';
import { findRepair, isId, journalOf } from '../find-repair.ts';
import { health } from '../health.ts';
import { ignoredNow } from '../ignore.ts';
import { awaitsOperator, taskOf } from '../lead.ts';
import { keyOf, openProposals } from '../proposals.ts';
import { goodRunsBefore, runsBetween } from '../run.ts';
import { readSeen } from '../scan/snapshot.ts';
import { openHeads } from '../tasks.ts';
import { digestInput } from '../tend/digest.ts';
import { undoing } from '../undo.ts';
import type { PageTools } from './tools.ts';

/** Reads what a page shows, and changes nothing. Null for what is not there. */
export async function pageOf(
  room: Room,
  query: URLSearchParams,
  visitor: Visitor,
  tools: PageTools,
): Promise<Page | null> {
  const of = (query.get('of') ?? '').slice(0, 256);
  if (room === 'findings') return findings(query, tools);
  if (room === 'person') return of === '' ? null : personPage(await person(of, tools), visitor);
  if (room === 'proposals') return proposalsPage(await open(tools), await ignoredNow(tools), visitor);
  if (room === 'repairs') return repairsPage(await standings(tools), await ended(tools), await stopOf(tools), visitor);
  if (room === 'repair') return repair(of, visitor, tools);
  if (room === 'audit') return auditOf(query.get('since') ?? '', tools);
  return tonightPage(await tonight(tools), visitor);
}

/** Whether the watch is kept is said also where nothing else can be read. */
async function tonight(tools: PageTools): Promise<Tonight> {
  const { reds } = await health(tools);
  const said = reds.map(({ message }) => message);
  try {
    return { reds: said, night: await nightOf(tools) };
  } catch (error) {
    if (said.length === 0) throw error;
    tools.log.error('the last run could not be shown', { reason: redact(explain(error)) });
    return { reds: said, night: null };
  }
}

async function nightOf(tools: PageTools): Promise<NightView> {
  const run = await lastEnded(tools);
  const [heads, plans, stop] = await Promise.all([standings(tools), open(tools), stopOf(tools)]);
  const baseline = (await tools.state.marks.get('mark', 'baseline'))?.row.run ?? null;
  // What could not tell because a list really shrank is confirmed the same way.
  const wants = run !== null && (run.state === 'could-not-tell' || baseline === null);
  return {
    letter: run === null ? null : await letterOf(run, tools),
    stop,
    unconfirmed: wants ? { run: run.id, certificates: run.certificates, baseline } : null,
    undecided: plans.flatMap(({ items }) => items.filter(({ decision }) => decision === null)).length,
    waiting: heads.filter(({ awaits, task }) => awaits !== null || task !== null).length,
  };
}

/** The digest of the run as it would be told now, by somebody who was told of the run before. */
async function letterOf(run: RunRow, tools: PageTools) {
  const { state, clock, settings } = tools;
  const [before] = await goodRunsBefore(state, run.scheduled, 1);
  const tenant = calledBy(settings.telling.tenantName);
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

async function open(tools: PageTools): Promise<readonly Open[]> {
  return (await openProposals(tools)).map(({ row, items, decisions }) => ({
    row,
    items: items.map((item) => ({ ...item, decision: decisions.get(keyOf(item.members)) ?? null })),
  }));
}

async function person(name: string, tools: PageTools): Promise<Person> {
  const seen = await seenAs(name, tools);
  const finding = seen?.finding ?? null;
  const names = [finding?.user, finding?.objectId, finding?.userName, name].flatMap((one) => one?.toLowerCase() ?? []);
  const ignored = (await ignoredNow(tools)).find((row) => names.includes(row.person.toLowerCase())) ?? null;
  const head = await repairOf(finding?.user ?? finding?.objectId ?? name, seen?.repair ?? null, tools);
  const plans = await open(tools);
  const items = plans.flatMap(({ row, items: all }) => all.map((item) => ({ row, item })));
  return {
    finding,
    userName: finding?.userName ?? ignored?.userName ?? name,
    explanation: seen === null ? null : await explained(seen, tools),
    wasChecked: (await goodRunsBefore(tools.state, tools.clock.now() + 1, 1)).length > 0,
    isRejected: seen?.hold?.rule === 'rejected',
    repair: head === null ? null : { id: head.id, standing: standingOf(head) },
    ignored,
    item: items.find(({ item: { members } }) => members.some((one) => names.includes(one.user.toLowerCase()))) ?? null,
  };
}

/** A name without a finding is looked for in so many nights: further back a browser would wait for long. */
const NIGHTS = 3;

async function repairOf(name: string, known: string | null, tools: PageTools): Promise<RepairRow | null> {
  if (known !== null) return (await headOf(known, tools))?.row ?? null;
  try {
    return await findRepair(name, tools, NIGHTS);
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

/** The newest that are at their end: what is older is found by the person. */
const ENDED = 50;

async function ended(tools: PageTools): Promise<readonly RepairRow[]> {
  const heads: Promise<RepairRow | null>[] = [];
  for await (const { row } of tools.state.repairs.list('ended', { limit: ENDED }))
    if (row.kind === 'ended') heads.push(headOf(row.repair, tools).then((head) => head?.row ?? null));
  return (await Promise.all(heads)).filter((head) => head !== null);
}

async function repair(id: string, visitor: Visitor, tools: PageTools): Promise<Page | null> {
  const head = isId(id) ? ((await headOf(id, tools))?.row ?? null) : null;
  if (head === null) return null;
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
  // Nothing is kept for longer; each month is a request.
  const since = Math.max(dayOf(text) ?? now - WEEK, now - tools.settings.tend.retention);
  const rows: AuditRow[] = [];
  let isCut = false;
  for await (const row of auditBetween(since, now + 1, tools)) {
    rows.push(row);
    isCut ||= rows.length > AUDITED;
    if (rows.length > AUDITED) rows.shift();
  }
  return auditPage(rows.toReversed(), isoDay(since), isCut);
}

function dayOf(text: string): Instant | null {
  return parseTime(`${text}T00:00:00Z`);
}
