import { DAY, type Instant } from '../time.ts';
import type { AnchorValue } from '../anchor/value.ts';
import type { Note } from './finding.ts';
import { type Holding, judge, type Ruling, type Whereabouts } from './judge.ts';
import { order, type Person } from './pair.ts';
import type { Assignment } from './rows.ts';
import type { Holders } from './relate.ts';
import { isLinked, isPending } from './standing.ts';
import { counterWitnessOf, type Evidence, witnessOf } from './witness.ts';

/** What one person's ruling must know of everybody else. */
export interface Surroundings {
  readonly federated: (userName: string) => boolean;
  readonly holders: Holders;
  /** How many people with a live link have this source anchor. */
  readonly sources: ReadonlyMap<string, number>;
}

/** A person with a ruling, before anything is said about others. */
export interface Judged {
  readonly person: Person;
  readonly holding: Holding;
  readonly ruling: Ruling;
  readonly notes: readonly Note[];
}

interface Known {
  readonly appDomains: readonly string[];
  readonly onceFromAd: (anchor: string) => boolean;
  readonly now: Instant | null;
}

/** First that fits: could not read, duplicate source, two directories, pairing, then the row of the truth table. */
export function judgePerson(person: Person, world: Surroundings, evidence: Evidence, known: Known): Judged {
  const notes: Note[] = person.further.length > 0 ? ['assigned-twice'] : [];
  const texts = sourceTexts(person);
  const o = person.assignment === null ? undefined : person.assignment.anchor;
  const e = person.entra === null || lostName(person) ? undefined : person.entra.anchor;
  if (texts.length > 1) notes.push('in-two-directories');
  const a = sourceOf(person, texts, e);
  // A link that was lost has no source: whoever has one is not looked up.
  const isLost = (a === undefined || a === null) && typeof o === 'string' && known.onceFromAd(o);
  const holding: Holding = {
    a,
    o,
    e,
    elsewhere: e === undefined ? elsewhere(person, a, o, world.holders) : NOWHERE,
    onceFromAd: isLost,
  };
  const ruled = (ruling: Ruling): Judged => ({
    person,
    holding,
    ruling,
    notes: [...notes, ...notesOf(person, ruling, known)],
  });

  const ruling = judge(holding);
  if (ruling.verdict === 'unreadable' || o === undefined) return ruled(ruling);
  if (texts.some((text) => (world.sources.get(text) ?? 0) > 1)) return ruled({ verdict: 'duplicate-source', row: 0 });
  if (texts.length > 1) {
    const settled = typeof o === 'string' && o === e && texts.includes(o);
    return ruled(settled ? { verdict: 'matched', row: 22 } : { verdict: 'two-directories', row: 23 });
  }
  if (person.nameDisputed) return ruled({ verdict: 'crossed', row: 13 });
  return ruled(isDoubtful(person, ruling, evidence) ? { verdict: 'maybe-another-person', row: ruling.row } : ruling);
}

/** Asked last of all: nearly everybody is matched, and a witness costs a look into what every earlier night remembers. */
function isDoubtful(person: Person, ruling: Ruling, evidence: Evidence): boolean {
  if (ruling.verdict === 'matched' || person.pairedBy !== 'name') return false;
  return counterWitnessOf(person, witnessOf(person, evidence), evidence) !== null;
}

/** Paired by the anchor alone: nobody in Entra has the name that Okta pushes. */
function lostName(person: Person): boolean {
  return person.assignment !== null && person.pairedBy === 'anchor';
}

/** Distinct source anchors of the person's live links, in fixed order. */
export function sourceTexts({ directory }: Person): readonly string[] {
  const anchors = directory.filter(isLinked).map((account) => account.anchor);
  if (anchors.length < 2) return anchors.filter((anchor) => typeof anchor === 'string');
  return [...new Set(anchors.filter((anchor) => typeof anchor === 'string'))].sort(order);
}

function sourceOf(person: Person, texts: readonly string[], e: AnchorValue | undefined): AnchorValue | undefined {
  const linked = person.directory.filter(isLinked);
  const text = texts.find((one) => one === e) ?? texts[0];
  if (text !== undefined) return text;
  return linked.length === 0
    ? undefined
    : (linked.map((account) => account.anchor).find((one) => one !== null) ?? null);
}

const NOWHERE: Holding['elsewhere'] = { a: 'nowhere', o: 'nowhere' };

function elsewhere(
  person: Person,
  a: AnchorValue | undefined,
  o: AnchorValue | undefined,
  holders: Holders,
): Holding['elsewhere'] {
  const where = (anchor: AnchorValue | undefined): Whereabouts => {
    if (typeof anchor !== 'string' || holders.live(anchor) === undefined) return 'nowhere';
    return person.entra?.anchor === anchor ? 'free' : 'claimed';
  };
  return { a: where(a), o: where(o) };
}

function notesOf(person: Person, ruling: Ruling, known: Known): Note[] {
  const notes: Note[] = [];
  if (person.nameDisputed) notes.push('name-disputed');
  if (ruling.row === 15) notes.push('would-drift');
  if (ruling.row === 18) notes.push('sign-in-broken');
  if (ruling.row === 24 && ruling.verdict === 'matched') notes.push('source-unreadable');
  if (ruling.verdict === 'not-provisioned' && person.assignment !== null) {
    if (person.assignment.syncState === 'ERROR') notes.push('provisioning-failed');
    else if (isPending(person.assignment) && isYoung(person.assignment, known.now)) notes.push('pending');
  }
  const name = person.assignment?.userName ?? null;
  const ours = known.appDomains.length === 0 || known.appDomains.includes(domainOf(name ?? ''));
  if (name !== null && !ours) notes.push('outside-app-domains');
  return notes;
}

/** An account that Okta has not made within a day waits for somebody, not for Okta. */
function isYoung({ created }: Assignment, now: Instant | null): boolean {
  return created === null || now === null || now - created < DAY;
}

export function domainOf(userName: string): string {
  return userName.slice(userName.lastIndexOf('@') + 1).toLowerCase();
}
