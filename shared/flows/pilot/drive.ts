import type { Confirm } from '../../repair/tools.ts';
import { writeLines } from '../../repair/confirm.ts';
import { headOf } from '../../repair/journal.ts';
import { isOpen } from '../../repair/standing.ts';
import type { Asked } from '../../repair/step.ts';
import type { JournalRow, RepairRow } from '../../state/repair-rows.ts';
import { AnchorwatchError } from '../../errors.ts';
import { MINUTE } from '../../time.ts';
import { follow } from '../follow.ts';
import type { Task } from '../lead.ts';
import { repair, type RepairFlowTools } from '../repair.ts';

/** Whoever looks on while a repair is carried out in their own terminal. */
export interface Onlooker {
  readonly show: (rows: readonly JournalRow[], head: RepairRow) => void;
  /** A person's own step. */
  readonly task: (task: Task) => void;
  /** Whether this may be written. The signal ends the waiting: nobody stays half-way for somebody who went to lunch. */
  readonly allow: (step: string, lines: readonly string[], signal: AbortSignal) => Promise<boolean>;
}

/**
 * Carries a repair on in this process, with every write asked for, until it ends or only waiting is left, which the function app does.
 * Whoever goes away, by a "no" where there is only forward or by leaving the program, leaves a row that `tend` finds and finishes.
 */
export async function drive(id: string, tools: RepairFlowTools, onlooker: Onlooker): Promise<RepairRow> {
  let after = 0;
  let shown = 0;
  let isLeft = false;
  const look = async (): Promise<Awaited<ReturnType<typeof follow>>> => {
    const sight = await follow(id, after, tools);
    onlooker.show(sight.fresh, sight.head);
    after = sight.fresh.at(-1)?.sequence ?? after;
    if (sight.task !== null && sight.task.asked !== shown) onlooker.task(sight.task);
    shown = sight.task?.asked ?? shown;
    return sight;
  };
  const confirm = confirming(tools, onlooker, async () => void (await look()));
  const driven: RepairFlowTools = {
    ...tools,
    // Nobody else is called while somebody looks on.
    repairs: { send: async () => undefined },
    confirm: {
      has: confirm.has,
      async ask(work) {
        const isAllowed = await confirm.ask(work);
        isLeft = !isAllowed;
        return isAllowed;
      },
    },
  };
  for (;;) {
    await repair(id, driven);
    const { head, phase } = await look();
    if (!isOpen(head)) return head;
    const wait = (head.due ?? 0) - tools.clock.now();
    if (phase === 'long-wait' || (isLeft && wait > MINUTE)) {
      await tools.repairs.send({ version: 1, repair: id }, Math.max(0, wait));
      return head;
    }
    if (head.due === null)
      throw new AnchorwatchError('refused', `The repair ${id} is ${head.state}, and cannot go on.`);
    await tools.clock.wait(Math.max(wait, 1));
  }
}

/** Of one write among all those of a repair. */
function nameOf({ cursor: { goal, step, member, target, returns } }: Asked): string {
  return [goal, step, member, target ?? '', returns].join(' ');
}

/** Asks once for each write; what is sent again because its answer was lost is the same write. */
function confirming(tools: RepairFlowTools, { allow }: Onlooker, look: () => Promise<void>): Confirm {
  const agreed = new Set<string>();
  return {
    has: (work) => agreed.has(nameOf(work)),
    async ask(work) {
      await look();
      const limit = tools.clock.deadline(tools.settings.repair.times.lease / 2);
      try {
        const isAllowed = await allow(work.cursor.step, writeLines(work), limit.signal);
        if (isAllowed) agreed.add(nameOf(work));
        return isAllowed;
      } finally {
        limit.end();
      }
    },
  };
}

/** The head of a repair that must be there. */
export async function headOrThrow(id: string, tools: Pick<RepairFlowTools, 'state'>): Promise<RepairRow> {
  const head = await headOf(id, tools);
  if (head === null) throw new AnchorwatchError('conflict', 'Another repair has this person already.');
  return head.row;
}
