import type { Config } from '../config/config.ts';
import type { Clock } from '../ports/clock.ts';
import type { EntraReader } from '../ports/entra.ts';
import type { Log } from '../ports/log.ts';
import type { RepairMessage, ScanMessage } from '../ports/messages.ts';
import type { OktaReader } from '../ports/okta.ts';
import type { Standby } from '../ports/parsing.ts';
import type { Queue } from '../ports/queue.ts';
import type { State } from '../ports/state.ts';
import type { PageStore } from '../rosters/pages.ts';
import type { Progress } from '../rosters/progress.ts';
import type { Telling } from './telling.ts';

/** What the flows are given. Made by wiring.ts in the product, by hand in tests. */
export interface Tools {
  readonly okta: OktaReader;
  readonly entra: EntraReader;
  readonly state: State;
  readonly scans: Queue<ScanMessage>;
  readonly repairs: Queue<RepairMessage>;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: FlowSettings;
  /** A name for this call that no other has; leases are held under it. */
  readonly owner: string;
  /** Nobody is told of anything where it is left out: notices are kept, and that is all. */
  readonly telling?: Telling | undefined;
  /** Where a run keeps its pages; in their table where it is left out. */
  readonly pages?: ((run: string) => PageStore) | undefined;
  readonly standby?: Standby | undefined;
  /** Nobody comes after this run to ask what it remembers. */
  readonly forgets?: boolean | undefined;
  /** Told after each page, for whoever waits in a terminal. */
  readonly onPage?: ((progress: Progress) => void) | undefined;
}

export type FlowSettings = Pick<
  Config,
  'mode' | 'schedule' | 'scan' | 'certificate' | 'causes' | 'policy' | 'repair' | 'tend' | 'okta' | 'entra'
>;
