import { NIGHT } from '../../cli/mail/sample-people.ts';
import { newHead } from '../../shared/flows/scan/queue-repairs.ts';
import type { PlannedRepair } from '../../shared/plan/plan.ts';
import type { JournalRow, RepairRow } from '../../shared/state/repair-rows.ts';
import type { Open } from '../../shared/web/proposals.ts';
import { reanchorOf } from '../flows/second-night.ts';

export function plannedOf(userName: string): PlannedRepair {
  return { ...reanchorOf(7), userName };
}

export function headOf(userName: string, over: Partial<RepairRow> = {}): RepairRow {
  const groups = [{ member: 0, group: 'g', name: userName, instance: userName, asked: false }];
  return { ...newHead('2026-11-23T02-00-00Z', 'r-1', [plannedOf(userName)], NIGHT), groups, ...over };
}

export function journalOf(text: string): JournalRow {
  const place = { kind: 'step', repair: 'r-1', sequence: 1, fence: 1, at: NIGHT, step: 'anchor', member: 0 } as const;
  return { ...place, outcome: 'seen', facts: { answer: text } };
}

/** One who may be decided on with others, one alone, and one of whom somebody has decided. */
export function openOf(text: string): Open {
  const members = [plannedOf(text)];
  const sides = [{ userName: text, what: 'shown as', directory: text, entra: text }];
  const made = {
    kind: 'decision',
    run: 'run',
    scheduled: NIGHT,
    checksum: 'a'.repeat(64),
    key: 'k',
    keys: ['k'],
  } as const;
  const decision = { ...made, decision: 'rejected', of: 'x', by: text, at: NIGHT, withdrawn: null } as const;
  return {
    row: {
      kind: 'proposal',
      run: '2026-11-23T02-00-00Z',
      scheduled: NIGHT,
      checksum: 'a'.repeat(64),
      rule: 'over-limit',
      reason: text,
      repairs: 3,
      more: 2,
      created: NIGHT,
      expires: NIGHT,
      packed: new Uint8Array(),
    },
    items: [
      { why: null, members, sides: [], decision: null },
      { why: 'maybe-another-person', members, sides, decision: null },
      { why: 'all-differ', members, sides, decision },
    ],
  };
}
