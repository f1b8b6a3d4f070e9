import { AnchorwatchError } from '../../../shared/errors.ts';
import { DAY, type Instant, SECOND } from '../../../shared/time.ts';
import type { Dice } from '../dice.ts';
import { BARE_ACCOUNT, type EntraRecord, type LicenceRecord } from '../graph/records.ts';
import { guid, guidBytes, oktaId } from '../ids.ts';
import {
  assignmentOf,
  type Basics,
  DIRECT_E3,
  directoryOf,
  entraOf,
  type Licensing,
  licensings,
  oktaUserOf,
} from './basics.ts';
import { type Company, type Directory, DOMAINS } from './company-plan.ts';
import { DEPARTMENTS, nameGiver } from './names.ts';
import type { Account, WholePerson } from './person.ts';

/** Where and since when a person is to be; whatever is left out is diced. */
export interface Wish {
  readonly directory?: Directory;
  /** Organisational unit under `OU=People`. */
  readonly unit?: string;
  readonly domain?: string;
  readonly created?: Instant;
  readonly optedIn?: boolean;
}

/** Most people sit in one unit: any drift is mostly there, and that alone makes it no cause. */
const STAFF_SHARE = 0.55;

/** Makes people and accounts out of chance, none like another. They are in no directory yet. */
export class People {
  readonly dice: Dice;
  readonly company: Company;
  readonly start: Instant;
  readonly #synced: boolean | null;
  readonly #name: ReturnType<typeof nameGiver>;
  readonly #licensings: readonly [Licensing, ...Licensing[]];
  readonly #groupLists = new Map<string, readonly string[]>();
  readonly #units = new Map<string, string>();
  #count = 0;

  constructor(dice: Dice, company: Company, start: Instant, synced: boolean | null) {
    this.dice = dice;
    this.company = company;
    this.start = start;
    this.#synced = synced;
    this.#name = nameGiver(dice.below);
    this.#licensings = licensings(company.entraGroups.licensing);
  }

  /** A new anchor: base64 of sixteen bytes, which nobody holds. */
  anchor(): string {
    return guidBytes(this.dice.next).toString('base64');
  }

  employeeId(): string {
    return `E${100_000 + this.#next()}`;
  }

  /** A licence given straight, so that an account counts as licensed. */
  licence(): readonly LicenceRecord[] {
    return DIRECT_E3;
  }

  /** An address of its own for what is no person. */
  address(word: string, domain: string = DOMAINS.main): string {
    return `${word}${this.#next()}@${domain}`;
  }

  /** An employed person with an AD account, an assignment and an Entra account, healthy in every respect. */
  person(wish: Wish = {}): WholePerson {
    const { dice } = this;
    const directory = wish.directory ?? this.#directory();
    const basics = this.#basics(wish, directory);
    const drawn = dice.pick(this.#licensings);
    // Whom a group grants the app has what the group gives.
    const licensing = basics.grantedBy === null ? drawn : this.#licensings[0];
    const consistencyGuid = dice.chance(0.2) ? basics.anchor : null;
    const externalId = dice.chance(0.995) ? basics.objectId : null;
    const status = dice.chance(0.8) ? 'PROVISIONED' : 'ACTIVE';
    const sid = dice.chance(0.9) ? basics.sid : null;
    return {
      okta: oktaUserOf(basics),
      accounts: [{ app: directory.app, record: directoryOf(basics, consistencyGuid) }],
      assignment: assignmentOf(basics, licensing, { externalId, status }),
      entra: entraOf(basics, licensing, { synced: this.#synced, sid, hours: dice.below(20) }),
    };
  }

  /** An Entra account that Okta knows nothing of, without anchor, mailbox or licence. */
  account(change: Partial<EntraRecord> & { readonly userName: string }): EntraRecord {
    return {
      ...BARE_ACCOUNT,
      id: guid(this.dice.next),
      displayName: change.userName,
      created: this.start - 100 * DAY - this.dice.below(2_000) * DAY,
      ...change,
    };
  }

  /** Another account for the same person, in a directory where there is none yet. */
  secondAccount(person: WholePerson, externalId: string): Account {
    const [first] = person.accounts;
    const directory = this.company.directories.find((one) => one.app !== first.app);
    if (directory === undefined) {
      throw new AnchorwatchError(
        'invalid',
        'Two accounts of one person need two directories: plan a second one, or plant nobody in two.',
      );
    }
    const unit = this.#unit('Staff', directory);
    return { app: directory.app, record: { ...first.record, externalId, unit, sid: this.#sid(directory) } };
  }

  #basics(wish: Wish, directory: Directory): Basics {
    const { dice } = this;
    const { first, last, local } = this.#name();
    const department = dice.pick(DEPARTMENTS);
    const unit = wish.unit ?? (dice.chance(STAFF_SHARE) ? 'Staff' : department);
    const created = wish.created ?? this.start - (30 + dice.below(2_900)) * DAY - dice.below(86_400) * SECOND;
    const grantedBy = dice.chance(0.7) ? this.company.groups.granting : null;
    return {
      user: oktaId('00u', dice.next),
      objectId: guid(dice.next),
      firstName: first,
      lastName: last,
      displayName: `${first} ${last}`,
      userName: `${local}@${wish.domain ?? DOMAINS.main}`,
      anchor: this.anchor(),
      employeeId: dice.chance(0.85) ? this.employeeId() : null,
      department,
      unit: this.#unit(unit, directory),
      samAccountName: `${local.replaceAll(/[.'-]/g, '').slice(0, 12)}${this.#next().toString(36)}`,
      sid: this.#sid(directory),
      created,
      changed: Math.min(created + dice.below(20) * DAY, Math.max(created, this.start)),
      groups: this.#groups(directory, department, grantedBy, wish.optedIn ?? dice.chance(0.3)),
      grantedBy,
    };
  }

  /** One text for all who are in a unit. */
  #unit(name: string, { root }: Directory): string {
    const unit = `OU=${name},OU=People,${root}`;
    const known = this.#units.get(unit) ?? unit;
    this.#units.set(unit, known);
    return known;
  }

  #next(): number {
    this.#count += 1;
    return this.#count;
  }

  #sid(directory: Directory): string {
    return `${directory.sid}-${1_100 + this.#next()}`;
  }

  #directory(): Directory {
    let at = this.dice.next();
    for (const directory of this.company.directories) {
      at -= directory.share;
      if (at < 0) return directory;
    }
    return this.company.directories[0];
  }

  /** People with the same groups share one list: a large tenant has few different ones. */
  #groups(directory: Directory, department: string, grantedBy: string | null, optedIn: boolean): readonly string[] {
    const key = `${directory.app} ${department} ${grantedBy} ${optedIn}`;
    const { everyone, optIn } = this.company.groups;
    const list = this.#groupLists.get(key) ?? [
      everyone,
      ...(grantedBy === null ? [] : [grantedBy]),
      ...(optedIn ? [optIn] : []),
      ...(directory.groups.get(department) ?? []),
    ];
    this.#groupLists.set(key, list);
    return list;
  }
}
