import { shortForm } from '../anchor/write.ts';
import type { AuditRow } from '../state/decision-rows.ts';
import type { JournalRow, RepairRow, StepName } from '../state/repair-rows.ts';
import { isOpen } from './standing.ts';

/** What a step that writes changes, in words: what there was, and what there is afterwards. */
type Words = (head: RepairRow, member: number, back: boolean) => readonly [string, string];

const ASSIGNED = 'Office 365 assigned';
const UNASSIGNED = 'Office 365 not assigned';

const WRITES: Partial<Record<StepName, Words>> = {
  hold: () => ['Deactivate Users as set', 'Deactivate Users off'],
  unassign: () => [ASSIGNED, UNASSIGNED],
  park: ({ members, course }, member) => [members[member]?.userName ?? '', course?.parking[member] ?? ''],
  anchor({ members }, member, back) {
    const { a = null, e = null } = members[member]?.before ?? {};
    // A member of a ring may get a placeholder first: which of the two it was the requests tell.
    return back ? [shortForm(a), shortForm(e)] : [shortForm(e), shortForm(a)];
  },
  unpark: ({ members, course }, member) => [course?.parking[member] ?? '', members[member]?.userName ?? ''],
  assign: () => [UNASSIGNED, ASSIGNED],
  release: () => ['Deactivate Users off', 'Deactivate Users as set'],
  'leave-groups': ({ groups }, member) => [namesOf(groups, member), ''],
  'rejoin-groups': ({ groups }, member) => ['', namesOf(groups, member)],
};

function namesOf(groups: RepairRow['groups'], member: number): string {
  return groups
    .filter((group) => group.member === member)
    .map(({ name }) => name)
    .join(', ');
}

/**
 * What a repair did to whom, as the journal has it: a row for each act and what it came to, and one for how it ended once it has. A longer
 * journal gives the same rows and more.
 */
export function effectsOf(head: RepairRow, journal: readonly JournalRow[]): readonly AuditRow[] {
  const rows: AuditRow[] = [begunBy(head)];
  const actors = new Map<string, string>();
  let back = false;
  for (const entry of journal) {
    const { step, member, outcome, facts } = entry;
    const place = `${step} ${member}`;
    if (outcome === 'intent') {
      actors.set(place, facts['by'] === 'person' ? (facts['operator'] ?? 'a person') : 'Anchorwatch');
      continue;
    }
    const actor = actors.get(place);
    const words = WRITES[step];
    if (actor !== undefined && words !== undefined) {
      const [before, wanted] = words(head, member, back);
      const after = outcome === 'done' ? wanted : `not ${wanted}`;
      rows.push({
        ...about(head, entry),
        actor,
        what: `${step}: ${outcome}`,
        before,
        after,
        requests: requestsOf(facts),
      });
    }
    actors.delete(place);
    // What was refused was still meant to go forward.
    back ||= outcome === 'back';
  }
  const last = journal.at(-1);
  const end = head.rule === null ? '' : `${head.rule}: ${head.reason ?? ''}`;
  if (last !== undefined && !isOpen(head))
    rows.push({
      ...about(head, last),
      id: `${head.id}.end`,
      actor: 'Anchorwatch',
      what: head.state,
      before: '',
      after: end,
      requests: {},
    });
  return rows;
}

/** Who decided that there be a repair: whoever approved it or wants one taken back, or the policy. */
function begunBy({ id, run, created, members, approval, purpose, operator }: RepairRow): AuditRow {
  const person = members.map(({ userName }) => userName).join(', ');
  const after = members.map(({ recipe }) => recipe).join(', ');
  const byHand = purpose.kind === 'drift' ? null : operator;
  const actor = approval?.by ?? byHand?.name ?? 'Anchorwatch';
  return {
    at: created,
    id: `${id}.begin`,
    run,
    repair: id,
    person,
    actor,
    what: 'queued',
    before: '',
    after,
    requests: {},
  };
}

function about({ id, run, members }: RepairRow, { at, sequence, member }: JournalRow) {
  return { at, id: `${id}.${sequence}`, run, repair: id, person: members[member]?.userName ?? null };
}

/** The ids of requests among the facts of an outcome. */
function requestsOf(facts: JournalRow['facts']): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(facts).filter(([name]) => name.endsWith('request-id')));
}
