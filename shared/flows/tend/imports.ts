import { importWanted, type Outlook, roadblock } from '../../repair/groups.ts';
import type { LeftGroup, RepairRow } from '../../state/repair-rows.ts';
import { type Instant, MINUTE } from '../../time.ts';
import { awaitsOperator } from '../lead.ts';
import { tell } from '../tell.ts';
import type { RepairFlowTools } from '../repair.ts';

/** Somebody for whom an AD instance has to be imported: out of a group, back in it, or still in it until somebody is there. */
interface Waiting {
  readonly userName: string;
  readonly since: Instant;
  readonly group: LeftGroup;
  readonly step: 'leave-groups' | 'import-without' | 'import-with';
}

/**
 * Where groups are changed by the API, tells of each AD instance whose import is wanted and does not come by itself: no API starts
 * one. Of an import that is due nobody is told before it is late, nor of one that has begun, until it should long be seen.
 */
export async function tellImports(heads: readonly RepairRow[], tools: RepairFlowTools): Promise<void> {
  const { directoryGroups, times } = tools.settings.repair;
  if (directoryGroups === 'operator') return;
  const now = tools.clock.now();
  const waiting = heads.flatMap((head) => waitingOf(head, now));
  for (const instance of new Set(waiting.map(({ group }) => group.instance))) {
    const outlook = await importWanted(instance, times.importDue, tools);
    if (outlook === null) continue;
    const left = waiting.filter((one) => one.group.instance === instance && isWaiting(one, outlook, now, times.out));
    // Somebody is told of that already, and must look at what Okta stopped before anything is started.
    if (left.length > 0 && (await roadblock(instance, tools)) === null)
      await tellImport(instance, left, outlook, tools);
  }
}

function waitingOf(head: RepairRow, now: Instant): readonly Waiting[] {
  const { cursor, state } = head;
  if (cursor === null || state !== 'working') return [];
  const { step, since } = cursor;
  const isLeaving = step === 'leave-groups' && awaitsOperator(head, now) === 'to-leave-groups';
  if (step !== 'import-without' && step !== 'import-with' && !isLeaving) return [];
  const userName = head.members[cursor.member]?.userName ?? head.id;
  return head.groups
    .filter(({ member }) => member === cursor.member)
    .map((group) => ({ userName, since, group, step }));
}

function isWaiting({ step, since }: Waiting, { began, next }: Outlook, now: Instant, out: number): boolean {
  // Whoever is in the group yet leaves it when an import is near.
  if (step === 'leave-groups') return next === null;
  return began === null || began <= since || now - began > out;
}

/** Under one key for all who wait; whoever waits after the last of them is told of anew. */
async function tellImport(
  instance: string,
  waiting: readonly Waiting[],
  { next }: Outlook,
  tools: RepairFlowTools,
): Promise<void> {
  const { okta, clock, settings } = tools;
  const { directories } = await okta.apps();
  const name = directories.find(({ id }) => id === instance)?.label ?? instance;
  const since = Math.min(...waiting.map((one) => one.since));
  const time = Math.floor((clock.now() - since) / settings.repair.times.remind);
  const isComing = waiting.some(({ step }) => step !== 'leave-groups');
  const come = 'Say that you are there, so that the groups are left: anchorwatch here --by <your name>. Then start';
  await tell(
    {
      kind: 'needs-a-person',
      about: { id: `import.${instance}.${since}.${time}`, since },
      subject: 'An import of an AD instance is wanted',
      lines: [
        next === null
          ? `No import of the AD instance ${name} is in sight, and no API starts one.`
          : `The next import of the AD instance ${name} is expected in ${Math.ceil(next / MINUTE)} minutes, and no API starts one.`,
        ...waiting.map(lineOf),
      ],
      next: `${isComing ? 'Start' : come} it in Okta: Directory, Directory integrations, ${name}, Import, Import now, Full import. All else goes on by itself.`,
    },
    tools,
  );
}

function lineOf({ userName, group, step }: Waiting): string {
  if (step === 'import-without') return `${userName}: out of the group ${group.name} until it was imported.`;
  if (step === 'import-with')
    return `${userName}: back in the group ${group.name}, which Entra hears of by the import.`;
  return `${userName}: waits to leave the group ${group.name}, until somebody is there: anchorwatch here --by <your name>`;
}
