import { AnchorwatchError } from '../../errors.ts';
import { rightsOf, setupOf } from '../../repair/capability.ts';
import { capabilityOf } from '../../repair/look.ts';
import type { CapabilityRow, JournalRow, Probe, ProbeResult, RepairRow } from '../../state/repair-rows.ts';
import { journalOf } from '../find-repair.ts';
import { policyOf } from '../first-step.ts';
import type { RepairFlowTools } from '../repair.ts';
import { queueRepair } from '../scan/queue-repairs.ts';
import { drive, headOrThrow, type Onlooker } from './drive.ts';
import type { TestPerson } from './person.ts';

/**
 * Finds out, on one consenting test person, what this tenant lets a program do: writes in Entra alone while the person is assigned; where
 * that is refused the same after Office 365 was taken away; for somebody whose copy alone is stale an update that has Okta compute it
 * anew. Writes what it proved into the capability record, and gives it back; null where it proved nothing.
 */
export async function pilot(
  { planned }: TestPerson,
  by: string,
  tools: RepairFlowTools,
  onlooker: Onlooker,
): Promise<CapabilityRow | null> {
  if (by.trim() === '') throw new AnchorwatchError('invalid', 'Whoever makes a pilot gives a name.');
  const probes: readonly Probe[] = planned.recipe === 'reassign' ? ['nudge'] : ['while-assigned', 'after-unassign'];
  const results: ProbeResult[] = [];
  for (const probe of probes) {
    const result = await tryOut(probe, planned, by, tools, onlooker);
    results.push(result);
    if (result.outcome !== 'refused') break;
  }
  return record(results, by, tools);
}

async function tryOut(
  probe: Probe,
  planned: TestPerson['planned'],
  by: string,
  tools: RepairFlowTools,
  onlooker: Onlooker,
): Promise<ProbeResult> {
  const { clock, settings } = tools;
  const now = clock.now();
  const id = `pilot-${probe}-${planned.user.slice(-12)}-${now}`;
  const operator = { name: by, until: now + settings.repair.times.hold };
  // No message: it is carried out here, and by nobody else as long as it is.
  const alone = { ...tools, repairs: { send: async () => undefined } };
  await queueRepair('pilot', id, [planned], alone, { purpose: { kind: 'pilot', probe }, operator });
  await headOrThrow(id, tools);
  const head = await drive(id, tools, onlooker);
  return resultOf(probe, head, await journalOf(id, tools), clock.now());
}

/** Codes with which it was the tenant that said no, and not a person, a guard or the network. */
const REFUSALS: ReadonlySet<string> = new Set(['Request_BadRequest', 'still-synced', 'nudge-without-effect']);

function resultOf(probe: Probe, head: RepairRow, journal: readonly JournalRow[], at: number): ProbeResult {
  const turned = journal.find(({ outcome }) => outcome === 'back' || outcome === 'refused' || outcome === 'ended');
  const isDone = (step: string): boolean => journal.some((row) => row.step === step && row.outcome === 'done');
  const isAccepted = turned === undefined && isDone(probe === 'nudge' ? 'assign' : 'anchor');
  const code = turned?.facts['rule'] ?? null;
  const isRefused = code !== null && REFUSALS.has(code);
  return {
    probe,
    at,
    repair: head.id,
    outcome: isAccepted ? 'accepted' : isRefused ? 'refused' : 'unclear',
    step: turned?.step ?? null,
    code,
    message: turned?.facts['reason']?.slice(0, 400) ?? null,
    lag: isAccepted ? lagOf(probe, journal) : null,
  };
}

/** From the unassignment until Entra had let go; for a nudge until Okta had computed its copy. */
function lagOf(probe: Probe, journal: readonly JournalRow[]): number | null {
  const step = probe === 'after-unassign' ? 'unassign' : 'assign';
  if (probe === 'while-assigned') return null;
  const asked = journal.find((row) => row.step === step && row.outcome === 'intent');
  const seen = journal.find((row) => row.step === step && row.outcome === 'done');
  return asked === undefined || seen === undefined ? null : seen.at - asked.at;
}

async function record(
  results: readonly ProbeResult[],
  by: string,
  tools: RepairFlowTools,
): Promise<CapabilityRow | null> {
  const last = results.at(-1);
  if (last === undefined || last.outcome === 'unclear') return null;
  const { okta, entra, state, clock } = tools;
  const [{ office365 }, organization] = [await okta.apps(), await entra.organization()];
  const earlier = await capabilityOf(organization.id, office365.id, state);
  const rights = await rightsOf(tools);
  const setup = setupOf(office365, policyOf(tools));
  const isStillSo = earlier !== null && earlier.rights === rights && earlier.setup === setup;
  const before = isStillSo ? earlier : { syncedWrites: 'unknown' as const, lag: null, nudge: false, probes: [] };
  const found =
    last.probe === 'nudge'
      ? { syncedWrites: before.syncedWrites, lag: before.lag, nudge: last.outcome === 'accepted' }
      : { syncedWrites: worldOf(last), lag: last.lag, nudge: before.nudge };
  // What is kept of an earlier pilot is believed no longer for this one.
  const isKept = last.probe === 'nudge' ? before.syncedWrites !== 'unknown' : before.nudge;
  const row: CapabilityRow = {
    tenant: organization.id,
    app: office365.id,
    ...found,
    proven: isKept && earlier !== null ? earlier.proven : clock.now(),
    by,
    note: '',
    rights,
    setup,
    probes: [...before.probes.filter(({ probe }) => !results.some((one) => one.probe === probe)), ...results],
  };
  await state.capabilities.put(row);
  return row;
}

function worldOf({ probe, outcome }: ProbeResult): CapabilityRow['syncedWrites'] {
  if (outcome !== 'accepted') return 'refused';
  return probe === 'while-assigned' ? 'anyway' : 'after-unassign';
}
