import { moment } from '../notify/phrases.ts';
import type { Notice } from '../ports/teller.ts';
import { headOf } from '../repair/journal.ts';
import type { RepairRow } from '../state/repair-rows.ts';
import { HOUR, type Instant } from '../time.ts';
import { awaitsOperator } from './lead.ts';
import { tell } from './tell.ts';
import type { Tools } from './tools.ts';

/** So long the rest of a run is waited for, so that all whom it leaves waiting are told of at once. */
const TOGETHER = HOUR;

/** Every repair that is not at an end. */
export async function openHeads({ state }: Pick<Tools, 'state'>): Promise<readonly RepairRow[]> {
  const heads: RepairRow[] = [];
  for await (const { row } of state.repairs.list('open')) {
    const head = row.kind === 'open' ? await headOf(row.repair, { state }) : null;
    if (head !== null) heads.push(head.row);
  }
  return heads;
}

/** Tells somebody, at once for all, who waits for a person to come: those of a run who are to be led, and those who are to leave groups. */
export async function tellTasks(
  heads: readonly RepairRow[],
  tools: Pick<Tools, 'state' | 'clock' | 'settings'>,
): Promise<void> {
  const now = tools.clock.now();
  const ready = heads.filter((row) => awaitsOperator(row, now) === 'to-be-led');
  for (const run of new Set(ready.map((row) => row.run))) {
    const isLookedAt = heads.some((row) => row.run === run && row.state === 'queued' && now - row.created < TOGETHER);
    const rows = ready.filter((row) => row.run === run);
    if (!isLookedAt) await tell(readyNotice(run, rows, now, tools.settings.repair.times.remind), tools);
  }
  const leaving = heads.filter((row) => awaitsOperator(row, now) === 'to-leave-groups');
  // Where no person takes anybody out, it is the import alone that is wanted.
  if (leaving.length > 0 && tools.settings.repair.directoryGroups === 'operator') await tellGroups(leaving, tools);
}

/** Those of a run who wait for somebody who leads them; again after each `remind`, in milliseconds. */
export function readyNotice(
  run: string,
  rows: readonly Pick<RepairRow, 'created' | 'members'>[],
  now: Instant,
  remind: number,
): Notice {
  const since = Math.min(...rows.map(({ created }) => created));
  const time = Math.floor((now - since) / remind);
  return {
    kind: 'needs-a-person',
    about: { id: `ready.${run}.${time}`, since },
    subject: 'People wait to be led through their repair',
    lines: [
      `Since ${moment(since)}: a person does the steps, and is shown each of them. Begin each with: anchorwatch guide <person> --by <your name>`,
      ...rows.map((row) => namesOf(row)),
    ],
  };
}

async function tellGroups(
  rows: readonly RepairRow[],
  tools: Pick<Tools, 'state' | 'clock' | 'settings'>,
): Promise<void> {
  const { remind } = tools.settings.repair.times;
  const now = tools.clock.now();
  const time = Math.floor(now / remind);
  await tell(
    {
      kind: 'needs-a-person',
      about: { id: `groups.${time}`, since: time * remind },
      subject: 'People wait to leave and rejoin groups in Active Directory',
      lines: [
        'Entra has not caught up with these groups. When you can take people out and start imports: anchorwatch here --by <your name>',
        ...groupLines(rows),
      ],
    },
    tools,
  );
}

/** Which people, which groups, which imports. */
export function groupLines(rows: readonly RepairRow[]): readonly string[] {
  return rows.flatMap((row) =>
    row.groups.map(
      ({ member, name, instance }) =>
        `${row.members[member]?.userName ?? row.id}: the group ${name}, imported by the AD instance ${instance}`,
    ),
  );
}

export function namesOf({ members }: Pick<RepairRow, 'members'>): string {
  return members.map(({ userName }) => userName).join(', ');
}
