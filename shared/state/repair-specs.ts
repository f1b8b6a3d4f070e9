import * as z from 'zod';
import { plannedRepairSchema } from '../plan/plan.ts';
import { invertedTime, joinKey, pageKey } from './keys.ts';
import {
  type BeforeRow,
  type CapabilityRow,
  type EndedRow,
  type JournalRow,
  type OpenRow,
  PROBES,
  type ProbeResult,
  REPAIR_STATES,
  type RepairRow,
  STEPS,
} from './repair-rows.ts';
import type { TableSpec } from './spec.ts';
import { instantSchema as instant } from '../instant.ts';

const text = z.string().nullable();

const course = z.object({
  app: z.string(),
  nudge: z.boolean(),
  undoes: z.boolean(),
  unassign: z.enum(['direct', 'exclusion-group', 'guided', 'none']),
  writes: z.enum(['api', 'person']),
  gate: z.boolean(),
  lag: z.number().nullable(),
  parking: z.array(text),
});

const cursor = z.object({
  goal: z.enum(['repaired', 'as-before']),
  step: z.enum(STEPS),
  member: z.int(),
  target: z.enum(['final', 'placeholder', 'before']).nullable(),
  since: instant,
  intended: instant.nullable(),
  attempts: z.int(),
  // Rows of before these were kept.
  accepted: z.boolean().default(false),
  refused: instant.nullable().default(null),
  doubt: instant.nullable(),
  seen: instant.nullable(),
  returns: z.int(),
  // Rows of before they were kept have none.
  requests: z.record(z.string(), z.string()).default({}),
});

const head = z.object({
  kind: z.literal('head'),
  id: z.string(),
  run: z.string(),
  purpose: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('drift') }),
    z.object({ kind: z.literal('pilot'), probe: z.enum(PROBES) }),
    z.object({ kind: z.literal('undo'), of: z.string() }),
  ]),
  sequence: z.int(),
  state: z.enum(REPAIR_STATES),
  members: z.array(plannedRepairSchema).min(1),
  course: course.nullable(),
  groups: z.array(
    z.object({
      member: z.int(),
      group: z.string(),
      name: z.string(),
      instance: z.string(),
      // In rows of before this was kept any of them may have been left.
      asked: z.boolean().default(true),
    }),
  ),
  touched: z.boolean(),
  parked: instant.nullable(),
  passed: instant.nullable(),
  // Rows of before it was kept have none.
  begun: instant.nullable().default(null),
  cursor: cursor.nullable(),
  due: instant.nullable(),
  operator: z.object({ name: z.string(), until: instant }).nullable(),
  // Rows of before anybody could be asked have none.
  approval: z.object({ by: z.string(), at: instant, checksum: z.string(), expires: instant }).nullable().default(null),
  lost: z.int(),
  rule: text,
  reason: text,
  created: instant,
  changed: instant,
  fence: z.int(),
  leaseOwner: text,
  leaseUntil: instant.nullable(),
}) satisfies z.ZodType<RepairRow>;

const step = z.object({
  kind: z.literal('step'),
  repair: z.string(),
  sequence: z.int(),
  fence: z.int(),
  at: instant,
  step: z.enum(STEPS),
  member: z.int(),
  outcome: z.enum(['intent', 'done', 'seen', 'refused', 'again', 'back', 'ready', 'ended']),
  facts: z.record(z.string(), z.string()),
}) satisfies z.ZodType<JournalRow>;

const before = z.object({
  kind: z.literal('before'),
  repair: z.string(),
  member: z.int(),
  passed: instant.nullable(),
  packed: z.instanceof(Uint8Array),
}) satisfies z.ZodType<BeforeRow>;

const open = z.object({
  kind: z.literal('open'),
  repair: z.string(),
  // Rows of before they were kept have none.
  people: z.array(z.string()).default([]),
  created: instant,
}) satisfies z.ZodType<OpenRow>;

export function beforeKey(member: number): string {
  return joinKey('before', pageKey(member));
}

export function stepKey(sequence: number): string {
  return joinKey('step', pageKey(sequence));
}

const ended = z.object({ kind: z.literal('ended'), repair: z.string(), at: instant }) satisfies z.ZodType<EndedRow>;

/** Head, journal and what there was before share the partition, so that a journal row and the head's ETag are one transaction. */
export const REPAIRS: TableSpec<RepairRow | JournalRow | BeforeRow | OpenRow | EndedRow> = {
  name: 'AnchorwatchRepairs',
  version: 3,
  schema: z.discriminatedUnion('kind', [head, step, before, open, ended]),
  partition(row) {
    if (row.kind === 'open' || row.kind === 'ended') return row.kind;
    return row.kind === 'head' ? row.id : row.repair;
  },
  key(row) {
    if (row.kind === 'head') return 'head';
    if (row.kind === 'open') return row.repair;
    if (row.kind === 'ended') return joinKey(invertedTime(row.at), row.repair);
    return row.kind === 'step' ? stepKey(row.sequence) : beforeKey(row.member);
  },
  upgrade: (fields, version) => fromSecondVersion(version === 1 ? fromFirstVersion(fields) : fields),
};

/** Version 2 knew repairs of what a run had found, and no others. */
function fromSecondVersion(fields: Readonly<Record<string, unknown>>): unknown {
  if (fields['kind'] !== 'head') return fields;
  const { course: decided } = fields;
  const isDecided = typeof decided === 'object' && decided !== null;
  return { ...fields, purpose: { kind: 'drift' }, course: isDecided ? { ...decided, undoes: false, lag: null } : null };
}

/**
 * Version 1 knew the preflight alone: a head had one `repair`, and what was `ready` waited for an engine that there was not. It is
 * looked at afresh.
 */
function fromFirstVersion(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (fields['kind'] === 'head') {
    const { repair, actor: _actor, state, changed, ...rest } = fields;
    const isOpen = state === 'queued' || state === 'ready';
    return {
      ...rest,
      state: isOpen ? 'queued' : state,
      members: [{ ...(typeof repair === 'object' ? repair : {}), witness: null }],
      course: null,
      groups: [],
      touched: false,
      parked: null,
      passed: null,
      cursor: null,
      due: isOpen ? changed : null,
      operator: null,
      lost: 0,
      changed,
    };
  }
  return { ...fields, member: 0, outcome: fields['outcome'] === 'needs-a-person' ? 'ended' : fields['outcome'] };
}

const probeResult = z.object({
  probe: z.enum(PROBES),
  at: instant,
  repair: z.string(),
  outcome: z.enum(['accepted', 'refused', 'unclear']),
  step: z.enum(STEPS).nullable(),
  code: text,
  message: text,
  lag: z.number().nullable(),
}) satisfies z.ZodType<ProbeResult>;

/** One row a tenant and app, beside the runs, where an operator looks first. */
export const CAPABILITIES: TableSpec<CapabilityRow> = {
  name: 'AnchorwatchRuns',
  version: 2,
  schema: z.object({
    tenant: z.string(),
    app: z.string(),
    syncedWrites: z.enum(['refused', 'after-unassign', 'anyway', 'unknown']),
    lag: z.number().nullable(),
    nudge: z.boolean(),
    proven: instant,
    by: z.string(),
    note: z.string(),
    rights: z.string(),
    setup: z.string(),
    probes: z.array(probeResult),
  }),
  partition: () => 'capability',
  key: (row) => joinKey(row.tenant, row.app),
  // Version 1 did not say under which rights it was proven, so that nothing is.
  upgrade: (fields) => ({ ...fields, rights: '', setup: '', probes: [] }),
};
