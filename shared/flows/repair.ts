import { explain, kindOf } from '../errors.ts';
import type { Stored } from '../ports/state.ts';
import { look } from '../repair/look.ts';
import { preflight } from '../repair/preflight.ts';
import type { JournalRow, RepairRow } from '../state/rows.ts';
import { HOUR, type Instant, MINUTE, SECOND } from '../time.ts';
import { findRun } from './run.ts';
import { tell } from './tell.ts';
import type { Tools } from './tools.ts';

/** `waiting`: the message will be seen again. `finished`: there is nothing left to do for it. */
export type RepairOutcome = 'ready' | 'refused' | 'waiting' | 'finished';

const LEASE = 5 * MINUTE;
/** For a side that is throttled or down and does not say for how long. */
const PAUSE = 5 * MINUTE;
/** After this, a side that does not answer is no passing matter: the queue gives the message up, to a person. */
const PATIENCE = 6 * HOUR;
/** How long a passed preflight is believed. */
const READY_FOR = 12 * HOUR;
/** The run is about to be concluded; until it is, nothing that it queued begins. */
const UNTIL_CONCLUDED = 2 * SECOND;

/**
 * One queued repair: take the lease → look at both sides → preflight → journal the outcome. The row is the truth: a message that
 * comes twice, or late, finds it settled and does nothing.
 */
export async function repair(id: string, tools: Tools): Promise<RepairOutcome> {
  const { state, log, settings } = tools;
  const found = await headOf(id, tools);
  if (found === null) return 'finished';
  if (!isUnsettled(found.row)) await releaseClaim(found.row, tools);
  if (!isDue(found.row, tools.clock.now())) return 'finished';
  const run = await findRun(state, found.row.run);
  if (run?.row.state === 'reading') return wait(id, UNTIL_CONCLUDED, tools);
  const head = await takeHead(found, tools);
  if (head === null) return wait(id, LEASE, tools);
  try {
    const outcome =
      run?.row.state === 'could-not-tell'
        ? ({
            state: 'refused',
            rule: 'run-not-good',
            reason: 'the run that queued this could not tell in the end',
          } as const)
        : preflight(await look(head.row.repair, tools, settings.policy.parkDomain), {
            ...settings.policy,
            signInHosts: settings.okta.signInHosts,
          });
    const settled: RepairRow =
      outcome.state === 'ready'
        ? { ...head.row, state: 'ready', actor: outcome.actor }
        : { ...head.row, state: 'refused', rule: outcome.rule, reason: outcome.reason };
    await journal(head, settled, 'preflight', tools);
    if (outcome.state === 'refused') await releaseClaim(head.row, tools);
    log.info('preflight done', { repair: id, outcome: outcome.state, rule: settled.rule, actor: settled.actor });
    return outcome.state;
  } catch (error) {
    // Whoever comes next must find the repair free, or its message would only ever be put off, and never reach a person.
    await letGo(head, tools);
    const kind = kindOf(error);
    const passing = kind === 'throttled' || kind === 'transient';
    if (!passing || tools.clock.now() - head.row.created > PATIENCE) throw error;
    log.warn('the preflight waits', { repair: id, kind, reason: explain(error) });
    return wait(id, retryAfterOf(error) ?? PAUSE, tools);
  }
}

/** The person is held by this repair: it waits for its preflight, or has passed it. */
export function isUnsettled({ state }: RepairRow): boolean {
  return state === 'queued' || state === 'ready';
}

/** What was ready yesterday need not be so today: it is looked at again when the next run comes across it. */
function isDue({ state, changed }: RepairRow, now: Instant): boolean {
  return state === 'queued' || (state === 'ready' && now - changed > READY_FOR);
}

async function letGo(head: Stored<RepairRow>, { state }: Tools): Promise<void> {
  try {
    await state.repairs.replace({ ...head.row, leaseOwner: null, leaseUntil: null }, head.etag);
  } catch (error) {
    if (kindOf(error) !== 'conflict') throw error;
  }
}

/**
 * Gives a repair up whose message failed too often. It looks at the row first: what has settled meanwhile stays as it is, and a
 * person is told of the rest, once, however often this is asked.
 */
export async function abandonRepair(id: string, tools: Tools): Promise<void> {
  const found = await headOf(id, tools);
  if (found === null) return;
  if (found.row.state === 'queued') {
    const reason = 'the queue gave up after too many failed attempts; the log of the repair function says why';
    const lines = [`${found.row.repair.userName}, ${id}: ${reason}`];
    const about = { id, since: found.row.created };
    await tell({ kind: 'needs-a-person', about, subject: 'A repair needs a person', lines }, tools);
    await journal(found, { ...found.row, state: 'needs-a-person', rule: 'poison', reason }, 'preflight', tools);
  }
  if (found.row.state === 'queued' || found.row.state === 'needs-a-person') await releaseClaim(found.row, tools);
}

async function headOf(id: string, { state }: Tools): Promise<Stored<RepairRow> | null> {
  const found = await state.repairs.get(id, 'head');
  return found === null || found.row.kind !== 'head' ? null : { row: found.row, etag: found.etag };
}

/** The lease is in the head itself, so that no journal row can be written without it. Null while another worker has it. */
async function takeHead({ row, etag }: Stored<RepairRow>, tools: Tools): Promise<Stored<RepairRow> | null> {
  const now = tools.clock.now();
  if (row.leaseUntil !== null && row.leaseUntil > now) return null;
  const taken: RepairRow = { ...row, fence: row.fence + 1, leaseOwner: tools.owner, leaseUntil: now + LEASE };
  try {
    const held = await tools.state.repairs.replace(taken, etag);
    return { row: taken, etag: held.etag };
  } catch (error) {
    if (kindOf(error) === 'conflict') return null;
    throw error;
  }
}

/** Head and journal row in one transaction that carries the head's ETag: whoever lost the lease cannot journal. */
async function journal(
  head: Stored<RepairRow>,
  settled: RepairRow,
  step: string,
  { state, clock }: Tools,
): Promise<void> {
  const sequence = head.row.sequence + 1;
  const at = clock.now();
  const entry: JournalRow = {
    kind: 'step',
    repair: head.row.id,
    sequence,
    fence: head.row.fence,
    at,
    step,
    outcome: settled.state,
    facts: { rule: settled.rule ?? '', reason: settled.reason ?? '', actor: settled.actor ?? '' },
  };
  await state.repairs.transact([
    {
      kind: 'replace',
      row: { ...settled, sequence, changed: at, leaseOwner: null, leaseUntil: null },
      etag: head.etag,
    },
    { kind: 'insert', row: entry },
  ]);
}

/** Nothing happened to the person, who is free again: the next scan may queue another repair. */
async function releaseClaim(row: RepairRow, { state }: Tools): Promise<void> {
  const claim = await state.claims.get(row.repair.key, 'open');
  if (claim !== null && claim.row.repair === row.id) await state.claims.remove(row.repair.key, 'open', claim.etag);
}

async function wait(id: string, delay: number, tools: Tools): Promise<RepairOutcome> {
  await tools.repairs.send({ version: 1, repair: id }, delay);
  return 'waiting';
}

function retryAfterOf(error: unknown): number | undefined {
  return error instanceof Error && 'retryAfter' in error && typeof error.retryAfter === 'number'
    ? error.retryAfter
    : undefined;
}
