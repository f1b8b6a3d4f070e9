import type { Comparison } from '../../compare/compare.ts';
import type { Finding } from '../../compare/finding.ts';
import type { Plan, PlannedRepair } from '../../plan/plan.ts';
import { type Circumstances, questionsToAsk, release, type SetupChange } from '../../plan/policy.ts';
import { questionsOf } from '../../plan/questions.ts';
import type { RunRow } from '../../state/rows.ts';
import { HOUR } from '../../time.ts';
import { namesOf } from '../claims.ts';
import { ignoreWords } from '../../notify/decision-words.ts';
import { ignoredNow } from '../ignore.ts';
import { rejections, rejectionText } from '../rejected.ts';
import { runsBetween } from '../run.ts';
import type { Tools } from '../tools.ts';
import { type Confirmation, isSame } from './confirm.ts';
import type { Past } from './past.ts';
import { earlierRepairs } from './earlier-repairs.ts';
import { MOST_PROPOSED } from './propose.ts';
import { openRepairs } from './queue-repairs.ts';

/** Gathers what the policy must know. In observe mode it decides nothing, so no group is read for it. */
export async function circumstancesOf(
  run: RunRow,
  plan: Plan,
  comparison: Comparison,
  confirmation: Extract<Confirmation, { readonly state: 'complete' }>,
  past: Past,
  change: SetupChange | null,
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
  const said = decides ? await saidOf(tools) : { ignored: () => null, rejected: () => null };
  const known: Omit<Circumstances, 'inRepair' | 'earlier'> = {
    baselineConfirmed: past.baselineConfirmed,
    paired: comparison.paired,
    causes: comparison.causes,
    setupChange: change,
    confirmed: (key) => fresh.has(key) || wasConfirmed(key),
    seenBefore: (key) => sameAsLast(key, byKey, past),
    optedIn: (user) => optedIn.has(user),
    isProtected: (repair) => shielded.has(repair.user) || isListed(repair, policy.protectedUsers),
    ...said,
    startedBefore: decides ? await startedBefore(run, tools) : 0,
  };
  // Repairs are looked up only for those whom nothing else holds back.
  const unlimited = { mode, maxRepairs: Number.POSITIVE_INFINITY, maxPercent: Number.POSITIVE_INFINITY };
  const alone = {
    ...known,
    causes: [],
    setupChange: null,
    inRepair: () => false,
    earlier: () => null,
    startedBefore: 0,
  };
  const would = release({ ...plan, repairs: plan.repairs.map(withoutHead) }, unlimited, alone);
  const asked = questionsToAsk(questionsOf(comparison.findings), unlimited, alone);
  const proposed = [...would.proposed.slice(0, MOST_PROPOSED), ...asked.flatMap((question) => question.members)];
  // More than anybody repairs in a night: the plan freezes anyway, and who is in it is asked by one list.
  const few = would.queue.slice(0, MOST_PROPOSED);
  const many = [...would.queue.slice(MOST_PROPOSED), ...proposed];
  const open = new Set([...(await openRepairs(run, few, tools)), ...(await atWork(many, tools))]);
  const earlier = await earlierRepairs([...few, ...proposed], past, tools);
  return { ...known, inRepair: (key) => open.has(key), earlier: (key) => earlier.get(key) ?? null };
}

/** Whom an open repair names. Enough for a proposal: whoever approves it meets the claims themselves. */
async function atWork(repairs: readonly PlannedRepair[], { state }: Tools): Promise<readonly string[]> {
  if (repairs.length === 0) return [];
  const names = new Set<string>();
  for await (const { row } of state.repairs.list('open'))
    if (row.kind === 'open') for (const name of row.people) names.add(name);
  return repairs.filter((repair) => namesOf(repair).some((name) => names.has(name))).map(({ key }) => key);
}

/** What people have said: whom to leave alone, and which repairs they do not want. */
async function saidOf(tools: Tools): Promise<Pick<Circumstances, 'ignored' | 'rejected'>> {
  const ignores = new Map<string, string>();
  for (const row of await ignoredNow(tools)) ignores.set(row.person, ignoreWords(row));
  const rejected = await rejections(tools);
  return {
    ignored: (repair) => namesOf(repair).flatMap((name) => ignores.get(name) ?? [])[0] ?? null,
    rejected(people) {
      const row = rejected(people);
      return row === null ? null : rejectionText(row);
    },
  };
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
