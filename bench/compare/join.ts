import { argv, cpuUsage, stdout } from 'node:process';
import { compareRosters } from '../../shared/compare/compare.ts';
import type { Rosters } from '../../shared/compare/rows.ts';
import { settingsOf } from '../../tests/flows/night.ts';
import { APP } from '../../tests/rosters/tenant.ts';
import { rostersOf } from './people.ts';

// A process of its own: `node join.ts <ours|plain> <people> <times> <before>`. Says the milliseconds of CPU of each time, and how many have
// drifted; as many times before are not said, for those are V8's, which compiles what it runs.

const [way, people, times, before] = [argv[2], Number(argv[3]), Number(argv[4]), Number(argv[5])];
const rosters = rostersOf(people);
const took: number[] = [];
let drifted = 0;
for (let time = -before; time < times; time += 1) {
  const began = cpuUsage();
  drifted = way === 'plain' ? joined(rosters) : compared(rosters);
  const { user, system } = cpuUsage(began);
  if (time >= 0) took.push((user + system) / 1_000);
}
stdout.write(JSON.stringify({ took, drifted }));

function compared(all: Rosters): number {
  return compareRosters(all, {
    office365App: APP,
    appDomains: ['contoso.com'],
    seenMatched: () => false,
    onceFromAd: () => false,
    known: () => false,
    causes: settingsOf().causes,
    now: null,
  }).findings.length;
}

/** The least that finds the same people: three Maps, and a look from one to the next. */
function joined({ ad, assignments, entra }: Rosters): number {
  const sources = new Map(ad.map((account) => [account.user, account]));
  const assigned = new Map(assignments.map((one) => [one.user, one]));
  const accounts = new Map(entra.map((user) => [user.userName.toLowerCase(), user]));
  let found = 0;
  for (const [user, { userName, anchor }] of assigned) {
    const held = accounts.get((userName ?? '').toLowerCase())?.anchor;
    if (held !== undefined && (sources.get(user)?.anchor !== held || anchor !== held)) found += 1;
  }
  return found;
}
