import type { Comparison } from '../../compare/compare.ts';
import type { Finding } from '../../compare/finding.ts';
import { canonical } from '../../canonical.ts';
import type { Plan, PlannedRepair } from '../../plan/plan.ts';
import { type Circumstances, type EarlierRefusal, release } from '../../plan/policy.ts';
import type { RunRow } from '../../state/rows.ts';
import { DAY, HOUR } from '../../time.ts';
import { isOpen } from '../../repair/standing.ts';
import { runsBetween } from '../run.ts';
import type { Tools } from '../tools.ts';
import { type Confirmation, isSame } from './confirm.ts';
import type { Past } from './past.ts';
import { openRepairs } from './queue-repairs.ts';

/** Gathers what the policy must know. In observe mode it decides nothing, so no group is read for it. */
export async function circumstancesOf(
  run: RunRow,
  plan: Plan,
  comparison: Comparison,
  confirmation: Extract<Confirmation, { readonly state: 'complete' }>,
  past: Past,
  tools: Tools,
): Promise<Circumstances> {
  const { policy, mode } = tools.settings;
  const byKey = new Map(comparison.findings.map((finding) => [finding.key, finding]));
  const fresh = new Set(confirmation.fresh.map(({ key }) => key));
  const wasConfirmed = (key: string): boolean =>
    past.findings.get(key)?.confirmed === true && sameAsLast(key, byKey, past);
  const decides = mode !== 'observe' && past.baselineConfirmed;
  const optedIn = decides ? await members(policy.optedInGroup, tools) : new Set<string>();
  const shielded = decides ? await members(policy.protectedGroup, tools) : new Set<string>();
  const known: Omit<Circumstances, 'inRepair' | 'refused'> = {
    baselineConfirmed: past.baselineConfirmed,
    paired: comparison.paired,
    causes: comparison.causes,
    confirmed: (key) => fresh.has(key) || wasConfirmed(key),
    seenBefore: (key) => sameAsLast(key, byKey, past),
    optedIn: (user) => optedIn.has(user),
    isProtected: (repair) => shielded.has(repair.user) || isListed(repair, policy.protectedUsers),
    startedBefore: decides ? await startedBefore(run, tools) : 0,
  };
  // Repairs are looked up only for those whom nothing else holds back.
  const unlimited = { mode, maxRepairs: Number.POSITIVE_INFINITY, maxPercent: Number.POSITIVE_INFINITY };
  const alone = { ...known, causes: [], inRepair: () => false, refused: () => null, startedBefore: 0 };
  const candidates = release({ ...plan, repairs: plan.repairs.map(withoutHead) }, unlimited, alone).queue;
  const open = await openRepairs(run, candidates, tools);
  const refused = await earlierRefusals(candidates, past, tools);
  return { ...known, inRepair: (key) => open.has(key), refused: (key) => refused.get(key) ?? null };
}

/** Of a chain everybody is looked up, whoever of them comes first. */
function withoutHead(repair: PlannedRepair): PlannedRepair {
  return { ...repair, after: null };
}

/** Less than a day, so that a nightly run is never told of yesterday's. */
const NIGHT = 20 * HOUR;

/** What other runs of the same night queued: however often the scan runs, the limits are a night's. */
async function startedBefore({ scheduled }: RunRow, { state }: Tools): Promise<number> {
  let started = 0;
  for await (const { summary } of runsBetween(state, scheduled - 1, scheduled - NIGHT)) started += summary?.queued ?? 0;
  return started;
}

/** A refusal stands for so long, unless the finding changes. */
const REST = 7 * DAY;

/** Refusals that lie in the person. Others are over with the setting, the state of the tenant or the run that they came from. */
const LASTING: ReadonlySet<string> = new Set([
  'account-gone',
  'not-assigned',
  'suspended',
  'ad-unlinked',
  'two-directories',
  'name-differs',
  'okta-user-not-active',
  'assignment-unsettled',
  'assigned-twice',
  'guest',
  'disabled',
  'resource-account',
  'restricted',
  'privileged',
  'okta-administrator',
  'parking-taken',
  'anchor-held',
  'left-synchronisation',
  'poison',
]);

async function earlierRefusals(
  candidates: readonly PlannedRepair[],
  past: Past,
  { state, clock }: Tools,
): Promise<ReadonlyMap<string, EarlierRefusal>> {
  const refusals = new Map<string, EarlierRefusal>();
  for (const candidate of candidates) {
    const { key } = candidate;
    const last = past.findings.get(key)?.repair ?? null;
    const head = last === null ? null : await state.repairs.get(last, 'head');
    if (head?.row.kind !== 'head' || isOpen(head.row) || !LASTING.has(head.row.rule ?? '')) continue;
    const { rule, reason, changed } = head.row;
    const repair = head.row.members.find((member) => member.key === key);
    // Whatever was refused for other values says nothing of these.
    if (canonical([repair?.before, repair?.recipe]) !== canonical([candidate.before, candidate.recipe])) continue;
    refusals.set(key, { reason: `${rule}: ${reason}`, rested: clock.now() - changed > REST });
  }
  return refusals;
}

function sameAsLast(key: string, byKey: ReadonlyMap<string, Finding>, past: Past): boolean {
  const before = past.findings.get(key);
  const now = byKey.get(key);
  return before !== undefined && now !== undefined && isSame(before.finding, now);
}

async function members(group: string | null, { okta }: Tools): Promise<ReadonlySet<string>> {
  return group === null ? new Set() : new Set(await okta.groupMembers(group));
}

/** The list names people by user name, Okta id or object id, in whatever case. */
function isListed({ user, objectId, userName }: PlannedRepair, list: readonly string[]): boolean {
  const names = new Set([user, objectId, userName].map((name) => name.toLowerCase()));
  return list.some((entry) => names.has(entry.toLowerCase()));
}
