import type { Clock } from '../ports/clock.ts';
import type { EntraRepairs } from '../ports/entra-repairs.ts';
import type { EntraReader } from '../ports/entra.ts';
import type { Log } from '../ports/log.ts';
import type { OktaRepairs } from '../ports/okta-repairs.ts';
import type { OktaReader } from '../ports/okta.ts';
import type { State } from '../ports/state.ts';
import type { Tell } from '../ports/teller.ts';
import type { PreflightPolicy } from './facts.ts';
import type { Asked } from './step.ts';

/** How long a repair waits for what. All in milliseconds. */
export interface RepairTimes {
  /** For which a worker has a repair to itself. */
  readonly lease: number;
  /** Within which a write is answered, or given up. Ends before the lease does. */
  readonly request: number;
  /** How long one call works before it leaves the rest to the next. */
  readonly budget: number;
  /** The longest that a call waits for something instead of leaving it to the next one. */
  readonly shortWait: number;
  /** How old a look may be when the write that it allows is sent. */
  readonly fresh: number;
  /** Longer than the slowest replica: what was written and is not seen by then was not written. */
  readonly lag: number;
  /** From one look to the next while something is expected any moment. */
  readonly poll: number;
  /** For which a UPN must be seen back before Okta may look for the account by it. */
  readonly settle: number;
  /** Between the two reads that show an assignment gone. */
  readonly gone: number;
  /** Nobody stays parked for longer without an alarm. */
  readonly parked: number;
  /** Without any unassignment, before *Deactivate Users* is given back. */
  readonly quiet: number;
  /** A hold that is open for longer takes nobody further, and a person is told. */
  readonly hold: number;
  /** After a hold was broken nobody is unassigned for so long. */
  readonly afterBroken: number;
  /** How long a passed preflight is believed of whoever waits to be unassigned. */
  readonly recheck: number;
  /** How long Entra is given at least to let go of somebody who is shown as synced; twice as long as it took the pilot, where that is more. */
  readonly unsync: number;
  /** How long Okta may take to provision an assignment before a person is told. */
  readonly provision: number;
  /** How long Entra is given to catch up with the groups by itself. */
  readonly catchUp: number;
  /** A group is left by the API only when the import that brings it to Okta is due within this time. */
  readonly importDue: number;
  /** What counts as a sync cycle where no group job is seen. */
  readonly cycle: number;
  /** After which, and as often, a person who is waited for is reminded, and is told of a repair that waits for anything else. */
  readonly remind: number;
  /** The same while somebody is out of a group. */
  readonly out: number;
}

export interface RepairSettings {
  readonly times: RepairTimes;
  /** Acts of one step before a person is asked. */
  readonly attempts: number;
  /** People who are in a hold at a time and not assigned again. */
  readonly wave: number;
  /** Unassignments that may be unsettled at a time. */
  readonly unsettled: number;
  /** The Okta group whose members a rule leaves out of the group that grants Office 365; null: nobody is unassigned that way. */
  readonly exclusionGroup: string | null;
  /** Whether a UPN may be parked on a name that the person does not have yet, and that stays as an address for good. */
  readonly allowResidue: boolean;
  /** Who takes people out of AD groups: an operator, or `groups/modify` where it has proven to work. */
  readonly directoryGroups: 'operator' | 'directories-api';
}

/**
 * Share of what Okta allows a minute. While more of it is used, nothing is begun that can wait: the rest is for those who are unassigned or
 * parked, and who would else stand behind all that have not begun. The bench says why it is this.
 */
export const PATIENT = 0.65;

/** A person who looks on, and is asked before each write. */
export interface Confirm {
  /** Whether this write was agreed to already. */
  readonly has: (work: Asked) => boolean;
  /** Whether it may be sent. It is not, where nobody answers for long. */
  readonly ask: (work: Asked) => Promise<boolean>;
}

/** What the steps are given. */
export interface RepairTools {
  readonly okta: OktaReader & OktaRepairs;
  readonly entra: EntraReader & EntraRepairs;
  readonly state: State;
  readonly clock: Clock;
  readonly log: Log;
  readonly tell: Tell;
  /** A name for this call that no other has. */
  readonly owner: string;
  readonly repair: RepairSettings;
  readonly policy: PreflightPolicy;
  /** Only where a person looks on who may say no. */
  readonly confirm?: Confirm | undefined;
}
