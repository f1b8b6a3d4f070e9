import type { Truth } from '../../local/world/truth.ts';
import type { Evidence } from './evidence.ts';
import { type Member, membersOf, type Verdict } from './verdict.ts';

/** What must be so once the night is over: of everybody in the company, whoever was repaired. */
export function judgeRest(evidence: Evidence, verdict: Verdict): void {
  const { before, after, claimed, hold, log } = evidence;
  verdict.same(2, 'Deactivate Users', before.deactivate, after.deactivate);
  verdict.that(2, hold?.state === 'closed', `the hold is ${hold?.state ?? 'nowhere'}`);
  for (const name of claimed) verdict.that(0, false, `a repair still holds ${name}`);
  judgeEnds(evidence, verdict);
  judgePeople(before, after, membersOf(evidence), evidence, verdict);
  judgeAccounts(before, after, membersOf(evidence), evidence, verdict);
  for (const line of log) verdict.that(10, !ANCHOR.test(line), `a full anchor stands in the log: ${line}`);
}

const ANCHOR = /[A-Za-z0-9+/]{22}==/;

/** Every journal ends as its scenario names; and whoever does not get through is told of. */
function judgeEnds({ repairs, denied, notices, after }: Evidence, verdict: Verdict): void {
  for (const { id, head, journal } of repairs) {
    const isDenied = head?.members.some(({ user }) => user === denied) === true;
    const end = isDenied ? 'undone' : 'done';
    const where = `${head?.rule ?? ''} ${head?.reason ?? ''}`;
    verdict.that(0, head?.state === end, `${id} ended ${head?.state ?? 'nowhere'}, not ${end}: ${where}`);
    // Whoever died right behind the end left a lease, which runs out.
    verdict.that(0, (head?.leaseUntil ?? 0) <= after.at, `${id} is still leased`);
    verdict.that(7, isUnbroken(journal), `the journal of ${id} has gaps`);
    verdict.that(7, journal.at(-1)?.outcome !== 'intent', `the journal of ${id} ends with an intent`);
    const isTold = notices.some(({ notice }) => notice.includes(id));
    if (isDenied) verdict.that(9, isTold, `${id} was brought back and nobody was told`);
  }
}

function isUnbroken(journal: Evidence['repairs'][number]['journal']): boolean {
  return journal.every(({ sequence, fence }, at) => {
    const before = journal[at - 1];
    return sequence === at + 1 && (before === undefined || before.fence <= fence);
  });
}

/** Okta and Active Directory: nothing has changed but Okta's copy of the anchor of those repaired. */
function judgePeople(
  before: Truth,
  after: Truth,
  members: ReadonlyMap<string, Member>,
  { denied }: Evidence,
  verdict: Verdict,
): void {
  const now = new Map(after.people.map((person) => [person.user, person]));
  verdict.same(4, 'the number of people', before.people.length, after.people.length);
  for (const person of before.people) {
    const member = members.get(person.user);
    const found = now.get(person.user);
    const { user, status, groups, source, assignment } = person;
    const copy = member === undefined || user === denied ? assignment?.copy : member.planned.before.a;
    const wanted = assignment === null ? null : { ...assignment, copy, account: assignment.account };
    verdict.same(4, `${user}: status`, status, found?.status);
    verdict.same(4, `${user}: Okta groups`, groups, found?.groups);
    verdict.same(4, `${user}: source anchor`, source, found?.source);
    // Whose link Okta had lost is linked again.
    const linked = wanted !== null && wanted.account === null && member !== undefined;
    verdict.same(
      4,
      `${user}: assignment`,
      linked ? { ...wanted, account: member.planned.objectId } : wanted,
      found?.assignment,
    );
  }
}

/** Entra: no second account, nobody gone, nobody parked; the anchor of those repaired is that of AD, and everything else as before. */
function judgeAccounts(
  before: Truth,
  after: Truth,
  members: ReadonlyMap<string, Member>,
  { denied }: Evidence,
  verdict: Verdict,
): void {
  const now = new Map(after.accounts.map((account) => [account.id, account]));
  const known = new Set(before.accounts.map(({ id }) => id));
  const anchors = after.accounts.flatMap(({ anchor }) => anchor ?? []);
  verdict.that(6, new Set(anchors).size === anchors.length, 'two accounts have one anchor');
  verdict.same(4, 'the recycle bin', before.deleted, after.deleted);
  for (const { id } of after.accounts) verdict.that(6, known.has(id), `${id} is a second account of somebody`);
  for (const account of before.accounts) {
    const { id, userName, enabled, licenses, groups } = account;
    const member = members.get(id);
    const found = now.get(id);
    const isRepaired = member !== undefined && member.planned.user !== denied;
    verdict.same(3, `${id}: UPN`, userName, found?.userName);
    verdict.same(4, `${id}: enabled`, enabled, found?.enabled);
    verdict.same(4, `${id}: licences`, licenses, found?.licenses);
    const lost = groups.filter((group) => found?.groups.includes(group) !== true);
    verdict.that(4, lost.length === 0, `${id} lost the groups ${lost.join(', ')}`);
    if (member === undefined) verdict.same(4, `${id}: groups`, groups, found?.groups);
    verdict.same(
      isRepaired ? 0 : 6,
      `${id}: anchor`,
      isRepaired ? member.planned.before.a : account.anchor,
      found?.anchor,
    );
  }
}
