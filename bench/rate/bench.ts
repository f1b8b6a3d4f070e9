import type { WorldOptions } from '../../local/world/options.ts';
import { createWorld } from '../../local/world/world.ts';
import { KEYS, START } from '../../tests/world/callers.ts';
import { SHARE } from '../repair/clients.ts';
import { LATENCY, type Premises } from '../repair/line.ts';
import { GRAPH, headersOf, OKTA } from '../repair/office.ts';
import { minutes } from '../repair/targets.ts';
import { lineOf, type Target } from '../target.ts';
import { imposedTime } from './imposed.ts';
import { type ScanTook, scanNight } from './night.ts';
import { line } from './table.ts';

/** How much longer than imposed a scan may take, beside one round trip; and how much more a scan in so many calls may cost than one in one. */
const BEYOND = 0.05;
const RESUMED = 0.1;
const CALLS = 10;
/** A scan before anything is measured, as the first of a process takes longer. */
const WARM_UP = 20_000;

/** The same scan in one call and in ten. */
export interface Rate {
  readonly one: ScanTook;
  readonly ten: ScanTook;
  readonly imposed: number;
  readonly targets: readonly Target[];
}

/** A scan of so many people beside what Okta's limit imposes, and the same in ten calls. False while a target is missed. */
export async function benchRate(people: number, say: (line: string) => void): Promise<boolean> {
  await scanNight(premisesOf({ people: WARM_UP }), START, []);
  const { one, ten, imposed, targets } = await rateOf({ people });
  say(line([`${people.toLocaleString('en-GB')} people`, 'time', 'imposed', 'requests', 'refused']));
  say(line(['---', '---:', '---:', '---:', '---:']));
  say(line(['in one call', minutes(one.time), minutes(imposed), ...costsOf(one)]));
  say(line([`in ${ten.run.slices} calls`, minutes(ten.time), '', ...costsOf(ten)]));
  const ratio = (of: (took: ScanTook) => number): string => (of(ten) / of(one)).toFixed(3);
  const [time, requests] = [ratio((took) => took.time), ratio((took) => took.made.length)];
  say(line(['ratio', time, '', requests, '']));
  for (const target of targets) say(lineOf(target));
  return targets.every(({ isMet }) => isMet);
}

export async function rateOf(world: Partial<WorldOptions> & Pick<WorldOptions, 'people'>): Promise<Rate> {
  const premises = premisesOf(world);
  const one = await scanNight(premises, START, []);
  const cuts = Array.from({ length: CALLS - 1 }, (_, at) => ((at + 1) * one.time) / CALLS);
  const { limitWindow } = premises.created.inside.okta;
  // In the same tenants a little later, and at the beginning of a window too.
  const ten = await scanNight(premises, Math.ceil((START + one.time) / limitWindow) * limitWindow, cuts);
  const imposed = imposedOn(one, premises);
  return { one, ten, imposed, targets: targetsOf(one, ten, imposed) };
}

function premisesOf(world: Partial<WorldOptions> & Pick<WorldOptions, 'people'>): Premises {
  const origins = { okta: OKTA, graph: GRAPH };
  const created = createWorld({ seed: 'bench', start: START, plants: 'none', keys: KEYS, origins, ...world });
  return { created, headers: headersOf(created) };
}

/** By the calls that the tenants saw in the bucket, from the first of them on. */
function imposedOn({ made }: ScanTook, { created }: Premises): number {
  const { limits, share, limitWindow: window } = created.inside.okta;
  const calls = made.filter(({ bucket }) => bucket === 'apps');
  const bucket = { limit: Math.floor(limits.apps * share), share: SHARE.reading, window };
  return imposedTime(calls.length, bucket, LATENCY.okta.read, { elapsed: (calls[0]?.at ?? 0) % window, used: 0 });
}

function targetsOf(one: ScanTook, ten: ScanTook, imposed: number): readonly Target[] {
  const refused = refusedIn(one) + refusedIn(ten);
  const wanted = `at most ${1 + RESUMED} times`;
  const resumed = (name: string, ratio: number): Target => ({
    name: `${name} of ${ten.run.slices} calls beside one`,
    found: ratio.toFixed(3),
    wanted,
    isMet: ratio <= 1 + RESUMED,
  });
  return [
    {
      name: 'time beside what is imposed',
      found: (one.time / imposed).toFixed(3),
      wanted: `at most ${1 + BEYOND} times and a round trip`,
      isMet: one.time >= imposed && one.time <= (1 + BEYOND) * imposed + LATENCY.okta.read,
    },
    { name: 'requests refused', found: String(refused), wanted: 'none', isMet: refused === 0 },
    { name: 'calls', found: String(ten.run.slices), wanted: String(CALLS), isMet: ten.run.slices === CALLS },
    resumed('time', ten.time / one.time),
    resumed('requests', ten.made.length / one.made.length),
  ];
}

function costsOf(took: ScanTook): readonly string[] {
  return [String(took.made.length), String(refusedIn(took))];
}

function refusedIn({ made }: ScanTook): number {
  return made.filter(({ throttled }) => throttled).length;
}
