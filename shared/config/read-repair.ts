import type { RepairConfig } from './config.ts';
import type { SettingsReader } from './reader.ts';
import * as repair from './settings/repair.ts';

/** How repairs are carried out. What does not fit together is complained of with everything else. */
export function readRepair(reader: SettingsReader): RepairConfig {
  const { TIMES } = repair;
  const times = {
    lease: reader.value(TIMES.lease),
    request: reader.value(TIMES.request),
    budget: reader.value(TIMES.budget),
    shortWait: reader.value(TIMES.shortWait),
    fresh: reader.value(TIMES.fresh),
    lag: reader.value(TIMES.lag),
    poll: reader.value(TIMES.poll),
    settle: reader.value(TIMES.settle),
    gone: reader.value(TIMES.gone),
    parked: reader.value(TIMES.parked),
    quiet: reader.value(TIMES.quiet),
    hold: reader.value(TIMES.hold),
    afterBroken: reader.value(TIMES.afterBroken),
    recheck: reader.value(TIMES.recheck),
    unsync: reader.value(TIMES.unsync),
    provision: reader.value(TIMES.provision),
    catchUp: reader.value(TIMES.catchUp),
    importDue: reader.value(TIMES.importDue),
    cycle: reader.value(TIMES.cycle),
    remind: reader.value(TIMES.remind),
    out: reader.value(TIMES.out),
  };
  complainOf(times, reader);
  return {
    times,
    attempts: reader.value(repair.ATTEMPTS),
    unsettled: reader.value(repair.UNSETTLED),
    wave: reader.value(repair.WAVE),
    exclusionGroup: reader.optional(repair.EXCLUSION_GROUP),
    allowResidue: reader.value(repair.ALLOW_RESIDUE) === 'yes',
    directoryGroups: reader.value(repair.DIRECTORY_GROUPS),
  };
}

/** Times that are right by themselves and not together. */
function complainOf(times: RepairConfig['times'], reader: SettingsReader): void {
  const { TIMES } = repair;
  const beShorter = (one: keyof typeof TIMES, other: keyof typeof TIMES, wayOut: string): void => {
    if (times[one] < times[other]) return;
    const expected = `a shorter time than ${TIMES[other].name}`;
    const found = `${times[one] / 1_000} seconds beside ${times[other] / 1_000}`;
    reader.report({ variable: TIMES[one].name, expected, found, wayOut });
  };
  if (times.request + times.poll >= times.lease)
    reader.report({
      variable: TIMES.request.name,
      expected: `a time that ends ${TIMES.poll.name} before ${TIMES.lease.name} does`,
      found: `${times.request / 1_000} seconds beside a lease of ${times.lease / 1_000}`,
      wayOut: 'Make the lease longer: a request may not outlast the right to send it',
    });
  beShorter('lag', 'parked', 'Give the parked more time: a lost answer is looked for, and is not an alarm yet');
  beShorter('quiet', 'hold', 'Give the hold more time: none could be closed before it is open for too long');
}
