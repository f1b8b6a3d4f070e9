import type { AnchorForm } from '../../../shared/anchor/forms.ts';
import type { Impact, OutsideReason, Relation, Verdict } from '../../../shared/compare/verdicts.ts';
import type { Instant } from '../../../shared/time.ts';
import type { Dice } from '../dice.ts';
import type { EntraRecord } from '../graph/records.ts';
import type { State } from '../state.ts';
import type { Company } from './company-plan.ts';
import type { KeyEntry } from './key.ts';
import { People } from './people.ts';
import type { Person } from './person.ts';

/** What a plant says of the person it planted; the ids and names are added. By itself nobody is hurt and nothing is related. */
export interface Truth {
  readonly kind: string;
  readonly verdict: Verdict;
  readonly row?: number;
  readonly outside?: readonly OutsideReason[];
  readonly relation?: Relation | null;
  readonly impact?: Impact | null;
  readonly encoding?: AnchorForm;
  readonly instead?: string;
  readonly guard?: string;
}

/** Puts people into the directories, and writes down what is true of those that were planted. */
export class Maker extends People {
  readonly entries: KeyEntry[] = [];
  readonly #state: State;
  /** By the list of groups, which people share. */
  readonly #twins = new Map<readonly string[], readonly string[]>();

  constructor(dice: Dice, company: Company, state: State, start: Instant, synced: boolean | null) {
    super(dice, company, start, synced);
    this.#state = state;
  }

  /** Puts a person into the directories; from `at` on, or as if always there. */
  add(person: Person, at: Instant | null = null): void {
    this.addAccounts(person, at);
    this.addElsewhere(person, at);
  }

  /** The AD accounts alone, as Okta shows them. */
  addAccounts({ accounts }: Person, at: Instant | null): void {
    for (const { app, record } of accounts) this.#state.directories.get(app)?.put(record, at);
  }

  /** Everything but the AD accounts. */
  addElsewhere(person: Person, at: Instant | null): void {
    if (person.okta !== null) this.#state.oktaUsers.put(person.okta, at);
    if (person.assignment !== null) {
      this.#state.assignments.get(this.company.office365[0])?.put(person.assignment, at);
    }
    if (person.entra?.deleted === null) this.#state.entraUsers.put(this.#inGroups(person, person.entra), at);
    else if (person.entra !== null) this.#state.deletedUsers.put(person.entra, at);
  }

  /** Whoever is assigned and has one anchor in AD and Entra is in the twins of their AD groups; all others have dropped out. */
  #inGroups({ okta, accounts, assignment }: Person, entra: EntraRecord): EntraRecord {
    const anchored = entra.anchor !== null && accounts.some(({ record }) => record.externalId === entra.anchor);
    if (okta === null || assignment === null || !anchored) return entra;
    const known = this.#twins.get(okta.groups) ?? okta.groups.flatMap((group) => this.#state.twins.get(group) ?? []);
    this.#twins.set(okta.groups, known);
    return { ...entra, syncedGroups: known };
  }

  /** A person who must be found. */
  plant(person: Person, truth: Truth): void {
    this.#put(person, truth, false);
  }

  /** What is no drift, whatever it looks like, and must not be reported. */
  decoy(person: Person, truth: Truth): void {
    this.#put(person, truth, true);
  }

  #put(person: Person, truth: Truth, decoy: boolean): void {
    this.add(person);
    this.entries.push({
      outside: [],
      row: null,
      relation: 'none',
      impact: 'nobody',
      encoding: null,
      instead: null,
      guard: null,
      ...truth,
      decoy,
      oktaUser: person.okta?.id ?? null,
      objectId: person.entra?.id ?? null,
      userName: person.assignment?.userName ?? person.entra?.userName ?? person.accounts[0]?.record.userName ?? '',
      optedIn: person.okta?.groups.includes(this.company.groups.optIn) ?? false,
    });
  }
}
