import type { Instant } from '../time.ts';
import { type CauseLimits, type MassCause, massCauses } from './causes.ts';
import { encodingOf, insteadOf, organisationalUnit } from './describe.ts';
import { type Finding, findingKey } from './finding.ts';
import { impactOf } from './impact.ts';
import { type MatchedPair, part, type Parted, personOf, type PlainlyMatched } from './part.ts';
import { indexEntra, order, pair, type Person } from './pair.ts';
import { presented, type Presented, presenterBeside } from './presented.ts';
import { type Holders, relate, type Tie, UNTIED, type Wanting } from './relate.ts';
import type { Rosters } from './rows.ts';
import { domainOf, type Judged, judgePerson, sourceTexts, type Surroundings } from './rule.ts';
import { isLinked, outsideReason } from './standing.ts';
import { type Buckets, emptyBuckets, populationOf, putInto, putMatched } from './tally.ts';
import type { OutsideReason, Verdict } from './verdicts.ts';
import { counterWitnessOf, type Evidence, measureEvidence, witnessOf } from './witness.ts';

/** What the comparison must know beside the rosters. */
export interface Background {
  /** The chosen Office 365 app; null when there is only one in the rosters. */
  readonly office365App: string | null;
  /** Domains of the Office 365 app; empty when they are not known. */
  readonly appDomains: readonly string[];
  readonly seenMatched: (user: string, objectId: string) => boolean;
  /** Whether this anchor was once read from AD. */
  readonly onceFromAd: (anchor: string) => boolean;
  /** Whether the last good run had this finding already; a mass cause explains new drift only. */
  readonly known: (key: string) => boolean;
  readonly causes: CauseLimits;
  /** When the rosters were read, by which an assignment is young or old; null for files, which do not say. */
  readonly now: Instant | null;
  /**
   * For rosters with gaps: the bucket of a person of whom nothing is to be said, or null; `said` is the verdict, or why the person is
   * outside. Whoever is set aside has no finding and is not matched, and what the person's account holds is held all the same.
   */
  readonly setAside?: (person: Person, said: Said) => string | null;
}

/** What is said of a person: a verdict, or the reason why there is none. */
export type Said = Exclude<Verdict, 'outside'> | OutsideReason;

/** Nearly everybody: who they are is told one after the other. */
export interface Matched extends Iterable<MatchedPair> {
  readonly length: number;
}

export interface Comparison {
  /** Everything that is neither matched nor outside, by key. */
  readonly findings: readonly Finding[];
  readonly matched: Matched;
  /** Okta users paired with an Entra user. */
  readonly paired: number;
  readonly buckets: Buckets;
  readonly causes: readonly MassCause[];
  readonly evidence: Pick<Evidence, 'externalIdIsObjectId' | 'employeeIdsAgree'>;
}

/** The whole comparison. Pure, and the order of the rows changes nothing but the order in which the matched and the buckets are told. */
export function compareRosters(rosters: Rosters, background: Background): Comparison {
  const { people, ...parted } = part(rosters, background.office365App);
  const buckets = emptyBuckets();
  return compared(parted, background, matchedOf(people, background, buckets), buckets);
}

/** The same, of what is parted already, by the same Office 365 app. What was read has no gaps. */
export function compareParted(parted: Parted, background: Omit<Background, 'setAside'>): Comparison {
  const { plain } = parted;
  const matched = { length: plain.size, [Symbol.iterator]: () => plain.pairs()[Symbol.iterator]() };
  return compared(parted, background, matched, emptyBuckets());
}

/** Of the plain nothing is to be said but who of them is matched. */
function compared(
  { plain, rest, holder }: Parted,
  background: Background,
  plainly: Matched,
  buckets: Buckets,
): Comparison {
  putMatched(buckets, plainly.length);
  const index = indexEntra(rest.entra);
  const people = pair(rest, background.office365App, index);
  const evidence = measureEvidence(people, plain, background.seenMatched);
  const world = surroundings(rest, people, (anchor) => index.byAnchor.get(anchor)?.id ?? holder(anchor));
  const drifted: Judged[] = [];
  const others: MatchedPair[] = [];
  let paired = plain.size;

  for (const person of people) {
    if (person.user !== null && person.entra !== null) paired += 1;
    const outside = outsideReason(person, world.federated);
    const judged = outside === null ? judgePerson(person, world, evidence, background) : null;
    const verdict = judged?.ruling.verdict ?? 'outside';
    const said = verdict === 'outside' ? (outside ?? 'no-assignment') : verdict;
    const aside = background.setAside?.(person, said) ?? null;
    putInto(buckets, person, aside ?? (said === verdict ? verdict : `outside: ${said}`));
    if (aside !== null || judged === null) continue;
    if (verdict !== 'matched' && verdict !== 'outside') drifted.push(judged);
    else if (person.user !== null && person.entra !== null)
      others.push({ user: person.user, objectId: person.entra.id });
  }
  if (rest.deleted.length > 0) buckets.deleted.set('outside: soft-deleted', rest.deleted.length);

  const ties = relateAll(drifted, world.holders);
  const beside = presented(rest.assignments, new Set(drifted.map(({ holding }) => holding.a)));
  const findings = drifted
    .map((judged) => findingOf(judged, ties.get(keyOf(judged.person)) ?? UNTIED, world, beside, evidence))
    .sort((one, other) => order(one.key, other.key));
  const fresh = findings.filter((finding) => finding.impact !== 'nobody' && !background.known(finding.key));
  // Where even all together are too few to share a cause, the company need not be counted.
  const tooFew = fresh.length < background.causes.people;
  const causes = tooFew ? [] : massCauses(fresh, populationOf(people, plain), background.causes);
  const { externalIdIsObjectId, employeeIdsAgree } = evidence;
  const matched = together(plainly, others);
  return { findings, matched, paired, buckets, causes, evidence: { externalIdIsObjectId, employeeIdsAgree } };
}

/** Whoever of the plain is matched: all of them, unless the rosters have gaps that they could fall into. */
function matchedOf(plain: readonly PlainlyMatched[], { setAside }: Background, buckets: Buckets): MatchedPair[] {
  const matched: MatchedPair[] = [];
  for (const one of plain) {
    const aside = setAside?.(personOf(one), 'matched') ?? null;
    if (aside === null) matched.push({ user: one.assignment.user, objectId: one.entra.id });
    else putInto(buckets, personOf(one), aside);
  }
  return matched;
}

function together(some: Matched, others: Matched): Matched {
  return {
    length: some.length + others.length,
    *[Symbol.iterator]() {
      yield* some;
      yield* others;
    },
  };
}

function surroundings(rosters: Rosters, people: readonly Person[], live: Holders['live']): Surroundings {
  const federatedDomains = new Set(rosters.domains.filter((one) => one.federated).map((one) => one.name.toLowerCase()));
  const deleted = new Map(
    [...rosters.deleted]
      .sort((one, other) => order(other.id, one.id))
      .flatMap((user) => (typeof user.anchor === 'string' ? [[user.anchor, user] as const] : [])),
  );
  const sources = new Map<string, number>();
  for (const person of people) for (const text of sourceTexts(person)) sources.set(text, (sources.get(text) ?? 0) + 1);
  return {
    federated: (name) => federatedDomains.has(domainOf(name)),
    holders: { live, deleted },
    sources,
  };
}

/**
 * Verdicts of people whose Entra account should hold another anchor than it does: setting it would free the present one.
 * Some of them only a person may decide on; whoever waits behind such a head is refused by the plan, not mistaken for `taken`.
 */
const GIVES_UP: ReadonlySet<Verdict> = new Set([
  'entra-stale',
  'both-stale',
  'entra-empty',
  'all-differ',
  'duplicate-source',
  'maybe-another-person',
]);

function relateAll(drifted: readonly Judged[], holders: Holders): Map<string, Tie> {
  const assigned = drifted.filter((judged) => judged.person.assignment !== null);
  const drifting = assigned.filter((judged) => GIVES_UP.has(judged.ruling.verdict));
  const others = assigned.filter((judged) => !GIVES_UP.has(judged.ruling.verdict));
  return relate(drifting.map(wantingOf), others.map(wantingOf), holders);
}

function wantingOf({ person, holding, ruling }: Judged): Wanting {
  return {
    key: keyOf(person),
    // Where name and anchor disagree the account found by the anchor may be somebody else's: it is not taken for their own.
    objectId: ruling.verdict === 'crossed' ? null : (person.entra?.id ?? null),
    wants: typeof holding.a === 'string' ? holding.a : null,
    presents: typeof holding.o === 'string' ? holding.o : null,
    holds: typeof holding.e === 'string' ? holding.e : null,
  };
}

function findingOf(judged: Judged, tie: Tie, world: Surroundings, beside: Presented, evidence: Evidence): Finding {
  const { person, holding, ruling, notes } = judged;
  const witness = witnessOf(person, evidence);
  const userName = shownName(person);
  const federated = world.federated(userName);
  const e = person.entra?.anchor ?? null;
  const linked = person.directory.filter(isLinked);
  return {
    key: keyOf(person),
    user: person.user,
    objectId: person.entra?.id ?? null,
    userName,
    verdict: ruling.verdict,
    row: ruling.row,
    impact: impactOf({ ruling, holding, another: tie.another, federated, pending: notes.includes('pending') }),
    relation: tie.relation,
    with: tie.with,
    holder: tie.holder,
    presenter: typeof holding.a === 'string' ? presenterBeside(person.user, holding.a, beside) : null,
    lastDay: tie.lastDay,
    encoding: encodingOf(holding.a ?? null, holding.o ?? null, e),
    instead: insteadOf(linked, holding.a ?? null, e),
    a: holding.a ?? null,
    o: holding.o ?? null,
    e,
    witness,
    counterWitness: counterWitnessOf(person, witness, evidence),
    federated,
    synced: person.entra?.synced ?? null,
    directories: [...new Set(linked.map((account) => account.instance))],
    ou: linked.map((account) => organisationalUnit(account.dn)).find((ou) => ou !== null) ?? null,
    notes,
  };
}

function keyOf(person: Person): string {
  return findingKey(person.user, person.entra?.id ?? null);
}

function shownName(person: Person): string {
  return person.assignment?.userName ?? person.entra?.userName ?? person.directory[0]?.userName ?? '';
}
