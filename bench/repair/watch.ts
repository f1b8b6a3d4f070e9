import { canonical } from '../../shared/canonical.ts';
import type { Instant } from '../../shared/time.ts';
import type { Office, Patient } from './office.ts';

export interface Span {
  readonly from: Instant;
  until: Instant | null;
}

/** What became of the people and of the switch, as the tenants themselves know it; asked after every write. */
export class Watch {
  /** While *Deactivate Users* was off. */
  readonly off: Span[] = [];
  readonly unassigned: Span[] = [];
  readonly parked: Span[] = [];
  readonly #open = new Map<string, Span>();
  readonly #office: Office;
  readonly #licenses: ReadonlyMap<string, string>;

  constructor(office: Office) {
    this.#office = office;
    this.#licenses = new Map(office.patients.map(({ user, account }) => [user, canonical(account.licenses)]));
  }

  look(now: Instant): void {
    const { created, patients } = this.#office;
    const { state } = created.inside;
    const app = created.ids.office365;
    this.#note('switch', this.off, state.apps.get(app)?.provisioning?.deactivate !== 'ENABLED', now);
    for (const { user, plan } of patients) {
      const isAssigned = state.assignments.get(app)?.get(user, now) !== undefined;
      this.#note(`assignment ${user}`, this.unassigned, !isAssigned, now);
      const name = state.entraUsers.get(plan.objectId, now)?.userName.toLowerCase();
      this.#note(`name ${user}`, this.parked, name !== plan.userName.toLowerCase(), now);
    }
  }

  #note(key: string, spans: Span[], isOpen: boolean, now: Instant): void {
    const span = this.#open.get(key);
    if (isOpen && span === undefined) {
      const opened: Span = { from: now, until: null };
      spans.push(opened);
      this.#open.set(key, opened);
    }
    if (!isOpen && span !== undefined) {
      span.until = now;
      this.#open.delete(key);
    }
  }

  /** Leavers whose account is still there and enabled, though they were dismissed long enough ago for Okta to have dealt with it. */
  exposed(now: Instant): number {
    const { created, leavers } = this.#office;
    const { state } = created.inside;
    return leavers.filter(({ user, account }) => {
      const dismissed = state.oktaUsers.get(user, now)?.status === 'DEPROVISIONED';
      return dismissed && state.entraUsers.get(account.id, now)?.enabled === true;
    }).length;
  }

  /** People whose three sides are equal, under their own name, with their licences, in one account. */
  whole(now: Instant): number {
    return this.#office.patients.filter((patient) => this.#isWhole(patient, now)).length;
  }

  #isWhole({ user, plan, assignment }: Patient, now: Instant): boolean {
    const { created } = this.#office;
    const { state } = created.inside;
    const account = state.entraUsers.get(plan.objectId, now);
    const assigned = state.assignments.get(created.ids.office365)?.get(user, now);
    if (account === undefined || assigned === undefined) return false;
    return (
      account.anchor === plan.before.a &&
      assigned.immutableId === plan.before.a &&
      assigned.externalId === plan.objectId &&
      assigned.scope === assignment.scope &&
      account.userName.toLowerCase() === plan.userName.toLowerCase() &&
      canonical(account.licenses) === this.#licenses.get(user)
    );
  }
}
