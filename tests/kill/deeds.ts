import type { LedgerEntry } from '../../local/http/ledger.ts';
import { placeholderOf } from '../../shared/repair/anchors.ts';
import type { JournalRow, StepName } from '../../shared/state/repair-rows.ts';
import { type Instant, MINUTE, SECOND } from '../../shared/time.ts';
import type { Evidence } from './evidence.ts';
import { PARKED, QUIET } from './settings.ts';
import { type Member, membersOf, type Verdict } from './verdict.ts';

/** A write that reached a tenant, read as what it is. */
interface Deed {
  readonly at: Instant;
  readonly kind: 'switch' | 'unassign' | 'assign' | 'groups' | 'name' | 'anchor';
  /** Okta user or Entra account; null for the app's switch. */
  readonly whom: string | null;
  readonly value: string | null;
  readonly correlation: string | null;
  readonly accepted: boolean;
}

/** The steps in whose name something may be done. */
const STEPS_OF: Readonly<Record<Deed['kind'], readonly StepName[]>> = {
  switch: ['hold'],
  unassign: ['unassign'],
  assign: ['assign'],
  groups: ['leave-groups', 'rejoin-groups'],
  name: ['park', 'unpark'],
  anchor: ['anchor'],
};

/** What was done during the night, write for write: by the ledger that the tenants kept of it. */
export function judgeDeeds(evidence: Evidence, verdict: Verdict): void {
  const members = membersOf(evidence);
  const deeds: Deed[] = [];
  for (const entry of evidence.writes) {
    const deed = deedOf(entry, evidence);
    verdict.that(5, deed !== null, `nobody may ask for ${entry.method} ${entry.target}`);
    if (deed !== null) deeds.push(deed);
  }
  for (const deed of deeds) judgeDeed(deed, members, evidence, verdict);
  judgeSwitch(deeds, verdict);
  judgeParked(deeds, members, evidence, verdict);
}

function deedOf(entry: LedgerEntry, { before }: Evidence): Deed | null {
  const { at, method, side, body, correlation, status } = entry;
  const path = decodeURIComponent(entry.target.split('?')[0] ?? '');
  const common = { at, correlation, accepted: status < 300 };
  const sent: Readonly<Record<string, unknown>> = body === '' ? {} : JSON.parse(body);
  const app = `/api/v1/apps/${before.office365}`;
  const last = path.split('/').at(-1) ?? '';
  if (side === 'graph' && method === 'PATCH' && path.startsWith('/v1.0/users/')) {
    const isName = 'userPrincipalName' in sent;
    const value = text(isName ? sent['userPrincipalName'] : sent['onPremisesImmutableId']);
    return { ...common, kind: isName ? 'name' : 'anchor', whom: last, value };
  }
  if (method === 'PUT' && path === `${app}/features/USER_PROVISIONING`) {
    const value = /"lifecycleDeactivate":\{"status":"(\w+)"/.exec(body)?.[1] ?? null;
    return { ...common, kind: 'switch', whom: null, value };
  }
  const inExclusion = path.startsWith(`/api/v1/groups/${before.groups.exclusion}/users/`);
  if (inExclusion) return { ...common, kind: method === 'PUT' ? 'unassign' : 'assign', whom: last, value: null };
  if (path === `${app}/users`) return { ...common, kind: 'assign', whom: text(sent['id']), value: null };
  if (path.startsWith(`${app}/users/`))
    return { ...common, kind: method === 'DELETE' ? 'unassign' : 'assign', whom: last, value: null };
  if (!/^\/api\/v1\/directories\/\w+\/groups\/modify$/.test(path)) return null;
  const whom = /"values":\["(\w+)"\]/.exec(body)?.[1] ?? null;
  return { ...common, kind: 'groups', whom, value: null };
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** 5, 6 and 7: to somebody who is repaired, with a value of that person's own, and in the name of the journal’s last row. */
function judgeDeed(deed: Deed, members: ReadonlyMap<string, Member>, { repairs }: Evidence, verdict: Verdict): void {
  const what = `${deed.kind} of ${deed.whom ?? 'the app'} at ${new Date(deed.at).toISOString()}`;
  const steps = STEPS_OF[deed.kind];
  if (deed.whom === null) {
    // It is given back in the name of the hold's own row, and never before it was taken.
    const isOurs = repairs.some(({ journal }) => journal.some((row) => isIntent(row, steps) && row.at <= deed.at));
    verdict.that(7, isOurs, `${what} before any intent`);
    return;
  }
  const member = members.get(deed.whom);
  verdict.that(5, member !== undefined, `${what}, who is not to be repaired`);
  if (member === undefined) return;
  const { before, userName } = member.planned;
  const journal = repairs.find(({ id }) => id === member.repair)?.journal ?? [];
  const last = journal.filter(({ at }) => at <= deed.at).at(-1);
  const isNamed = last !== undefined && isIntent(last, steps) && last.member === member.index;
  verdict.that(
    7,
    isNamed,
    `${what} while the journal's last row was ${last?.step ?? ''} ${last?.outcome ?? 'missing'}`,
  );
  if (deed.correlation !== null) verdict.same(7, `${what}: correlation`, last?.facts['correlation'], deed.correlation);
  if (deed.kind === 'anchor') {
    const own = [before.a, before.e, placeholderOf(member.repair)];
    verdict.that(6, own.includes(deed.value), `${what} is nobody’s own`);
  }
  if (deed.kind === 'name')
    verdict.that(3, localPart(deed.value) === localPart(userName), `${what} is another name than ${userName}`);
}

function isIntent({ outcome, step }: JournalRow, steps: readonly StepName[]): boolean {
  return outcome === 'intent' && steps.includes(step);
}

function localPart(name: string | null): string | undefined {
  return name?.split('@')[0]?.toLowerCase();
}

/** 2: nobody is unassigned while it is on, and it is not switched on before everybody has been still for a while. */
function judgeSwitch(deeds: readonly Deed[], verdict: Verdict): void {
  let isOff = false;
  let lastUnassigned = -Infinity;
  for (const { kind, value, at, accepted, whom } of deeds) {
    if (!accepted) continue;
    if (kind === 'switch') isOff = value === 'DISABLED';
    if (kind === 'switch' && value === 'ENABLED')
      verdict.that(2, at - lastUnassigned > QUIET - 30 * SECOND, 'the switch was given back too early');
    if (kind !== 'unassign') continue;
    verdict.that(2, isOff, `${whom} was unassigned while Deactivate Users was on`);
    lastUnassigned = at;
  }
  verdict.that(2, !isOff, 'the switch was never given back');
}

/** 3: whoever we brought back (a late push of Okta's may have been faster) and who was parked beyond the limit, and the five minutes until `tend` comes by, is told of. */
function judgeParked(
  deeds: readonly Deed[],
  members: ReadonlyMap<string, Member>,
  { notices }: Evidence,
  verdict: Verdict,
): void {
  const since = new Map<string, Instant>();
  for (const { kind, whom, value, at, accepted } of deeds) {
    const member = whom === null ? undefined : members.get(whom);
    if (kind !== 'name' || member === undefined || whom === null || !accepted) continue;
    const parked = since.get(whom);
    const isBack = value?.toLowerCase() === member.planned.userName.toLowerCase();
    if (!isBack) since.set(whom, parked ?? at);
    if (!isBack || parked === undefined) continue;
    since.delete(whom);
    const isTold = notices.some(({ notice }) => notice.includes(`${member.repair}.parked`));
    verdict.that(
      3,
      at - parked <= PARKED + 10 * MINUTE || isTold,
      `${whom} was parked for ${Math.round((at - parked) / MINUTE)} minutes and nobody was told`,
    );
  }
}
