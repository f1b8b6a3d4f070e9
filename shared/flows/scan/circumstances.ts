import type { Comparison } from '../../compare/compare.ts';
import type { Finding } from '../../compare/finding.ts';
import type { Plan, PlannedRepair } from '../../plan/plan.ts';
import { type Circumstances, release } from '../../plan/policy.ts';
import type { RunRow } from '../../state/rows.ts';
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
  const known: Omit<Circumstances, 'inRepair'> = {
    baselineConfirmed: past.baselineConfirmed,
    paired: comparison.paired,
    causes: comparison.causes,
    confirmed: (key) => fresh.has(key) || wasConfirmed(key),
    seenBefore: (key) => sameAsLast(key, byKey, past),
    optedIn: (user) => optedIn.has(user),
    isProtected: (repair) => shielded.has(repair.user) || isListed(repair, policy.protectedUsers),
  };
  // Claims are looked up only for those whom nothing else holds back.
  const candidates = release(
    plan,
    { mode, maxRepairs: Number.POSITIVE_INFINITY, maxPercent: Number.POSITIVE_INFINITY },
    {
      ...known,
      causes: [],
      inRepair: () => false,
    },
  ).queue;
  const open = await openRepairs(run, candidates, tools);
  return { ...known, inRepair: (key) => open.has(key) };
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
