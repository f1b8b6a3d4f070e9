import { once } from '../once.ts';
import type { Columns } from './columns.ts';
import { type Digests, digestsOf, isSame, isText, NONE, placesOf, SEVERAL } from './digest.ts';
import type { Agreement, Crowd, Parted } from './part.ts';
import type { Roll, Rolls } from './roll.ts';

/**
 * Parts the rolls as `part` parts rosters, by their columns alone: whoever is plainly matched stays packed. Where `part` lets nobody in who
 * shares a key with somebody plain, this lets nobody in who shares one with anybody, so that the rest may be somewhat more; they are judged
 * all the same.
 */
export function partRolls(all: Rolls, office365App: string | null): Parted {
  const places = plainPlaces(all, office365App);
  return {
    plain: crowdAt(places, all),
    rest: {
      ad: all.ad.at(left(all.ad, places.ad)),
      assignments: all.assignments.at(left(all.assignments, places.assignments)),
      entra: all.entra.at(left(all.entra, places.entra)),
      deleted: all.deleted,
      domains: all.domains,
    },
    holder(anchor) {
      const place = all.entra.places('anchor').find(digestOf(anchor), 0);
      return place < 0 ? undefined : all.entra.textAt(place);
    },
  };
}

/** Where the rows of each plain person stand, person by person. */
interface PlainPlaces {
  readonly ad: Int32Array;
  readonly assignments: Int32Array;
  readonly entra: Int32Array;
}

function plainPlaces({ ad: accounts, assignments, entra: users }: Rolls, office365App: string | null): PlainPlaces {
  const [ad, assigned, entra] = [accounts.columns(), assignments.columns(), users.columns()];
  const only = {
    account: accounts.places('id'),
    assignment: assignments.places('id'),
    named: assignments.places('name'),
    name: users.places('name'),
    source: accounts.places('anchor'),
    anchor: users.places('anchor'),
  };
  const places = {
    ad: new Int32Array(assignments.length),
    assignments: new Int32Array(assignments.length),
    entra: new Int32Array(assignments.length),
  };
  let size = 0;
  for (let at = 0; at < assignments.length; at += 1) {
    if (!only.assignment.isOnly(at) || !only.named.isOnly(at)) continue;
    const [account, user] = [only.account.find(assigned.id, at), only.name.find(assigned.name, at)];
    if (account < 0 || user < 0) continue;
    if (!isSame(ad.anchor, account, assigned.anchor, at) || !only.source.isOnly(account)) continue;
    if (!isSame(entra.anchor, user, assigned.anchor, at) || !only.anchor.isOnly(user)) continue;
    if (ad.plain[account] === 0 || assigned.plain[at] === 0 || entra.plain[user] === 0) continue;
    if (office365App !== null && assigned.units[assigned.unit[at] ?? NONE]?.app !== office365App) continue;
    places.ad[size] = account;
    places.assignments[size] = at;
    places.entra[size] = user;
    size += 1;
  }
  return {
    ad: places.ad.slice(0, size),
    assignments: places.assignments.slice(0, size),
    entra: places.entra.slice(0, size),
  };
}

/** The places that are nobody's who is plain. */
function left({ length }: Roll<unknown>, taken: Int32Array): readonly number[] {
  const isTaken = new Uint8Array(length);
  for (const place of taken) isTaken[place] = 1;
  const places: number[] = [];
  for (let place = 0; place < length; place += 1) if (isTaken[place] === 0) places.push(place);
  return places;
}

function crowdAt(places: PlainPlaces, { ad, assignments, entra }: Rolls): Crowd {
  const size = places.assignments.length;
  const carriers = once(() => ({
    ad: placesOf(picked(ad.columns().evidence, places.ad)),
    entra: placesOf(picked(entra.columns().evidence, places.entra)),
  }));
  return {
    size,
    *pairs() {
      for (let one = 0; one < size; one += 1)
        yield {
          user: assignments.textAt(places.assignments[one] ?? NONE),
          objectId: entra.textAt(places.entra[one] ?? NONE),
        };
    },
    *standing() {
      const { unit, units } = ad.columns();
      const people = new Uint32Array(units.length);
      for (const place of places.ad) people[unit[place] ?? NONE] = (people[unit[place] ?? NONE] ?? 0) + 1;
      for (const [at, one] of units.entries()) yield { ...one, people: people[at] ?? 0 };
    },
    agreement: () => agreementOf(places, ad.columns(), assignments.columns(), entra.columns()),
    employees(employeeId) {
      const id = digestOf(employeeId);
      return { ad: countOf(carriers().ad.find(id, 0)), entra: countOf(carriers().entra.find(id, 0)) };
    },
  };
}

function agreementOf(places: PlainPlaces, ad: Columns, assigned: Columns, entra: Columns): Agreement {
  const sum = { externalIds: 0, externalIdHits: 0, employees: 0, employeeHits: 0 };
  for (let one = 0; one < places.ad.length; one += 1) {
    const [a, o, e] = [places.ad[one] ?? NONE, places.assignments[one] ?? NONE, places.entra[one] ?? NONE];
    if (isText(assigned.evidence, o)) sum.externalIds += 1;
    if (isSame(assigned.evidence, o, entra.id, e)) sum.externalIdHits += 1;
    if (isText(ad.evidence, a) && isText(entra.evidence, e)) sum.employees += 1;
    if (isSame(ad.evidence, a, entra.evidence, e)) sum.employeeHits += 1;
  }
  return sum;
}

/** The digests at these places. */
function picked(digests: Digests, places: Int32Array): Digests {
  const some = new Uint32Array(2 * places.length);
  places.forEach((place, one) => {
    some[2 * one] = digests[2 * place] ?? 0;
    some[2 * one + 1] = digests[2 * place + 1] ?? 0;
  });
  return some;
}

function digestOf(text: string): Digests {
  return digestsOf([text], (one) => one);
}

function countOf(place: number): number {
  if (place === NONE) return 0;
  return place === SEVERAL ? 2 : 1;
}
