import { ManagedIdentityCredential } from '@azure/identity';
import { z } from 'zod';
import type { FaultyWorld } from '../../local/http/faults/faulty.ts';
import { withFaults } from '../../local/http/faults/faulty.ts';
import type { Fault, FaultScript } from '../../local/http/faults/script.ts';
import { inProcessFetch } from '../../local/http/in-process.ts';
import type { Call } from '../../local/world/call.ts';
import { diceOf } from '../../local/world/dice.ts';
import type { WorldOptions } from '../../local/world/options.ts';
import { type CreatedWorld, createWorld } from '../../local/world/world.ts';
import { createEntraReader } from '../../shared/entra/reader.ts';
import { AnchorwatchError } from '../../shared/errors.ts';
import { nightly } from '../../shared/flows/nightly.ts';
import { scanPoisoned } from '../../shared/flows/poison.ts';
import { findRun } from '../../shared/flows/run.ts';
import { scan } from '../../shared/flows/scan.ts';
import { readFindings } from '../../shared/flows/scan/snapshot.ts';
import type { Tools } from '../../shared/flows/tools.ts';
import type { Ask } from '../../shared/http.ts';
import { createOktaReader } from '../../shared/okta/reader.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { CertificateLimits } from '../../shared/rosters/limits.ts';
import { RETRY_RULES } from '../../shared/retry.ts';
import { REPAIR_QUEUE, SCAN_QUEUE, type ScanMessage } from '../../shared/state/messages.ts';
import type { RunRow, SeenFinding } from '../../shared/state/rows.ts';
import { memoryQueue } from '../../shared/storage/memory-queue.ts';
import { type Instant, MINUTE } from '../../shared/time.ts';
import { stateOf } from '../../shared/wiring.ts';
import { parsingBy } from '../../shared/reading/elsewhere.ts';
import { done } from '../../shared/reading/task.ts';
import { settingsOf } from '../flows/night.ts';
import { plainTable } from '../simulation/table.ts';
import { askingBy } from './asked.ts';

const OKTA = 'https://contoso.okta.com';
const GRAPH = 'https://graph.microsoft.com';
const IDENTITY = 'http://identity.test';
const SIDES: ReadonlyMap<string, Call['side']> = new Map([
  [OKTA, 'okta'],
  [GRAPH, 'graph'],
  [IDENTITY, 'identity'],
]);

/** Limits that a night of single reads never meets: what is asked here is the answer, not the pace. */
const GENEROUS = { apps: 1e6, app: 1e6, groups: 1e6, users: 1e6, logs: 1e6, token: 1e6, other: 1e6 };

/** What a night came to. */
export interface Night {
  readonly run: RunRow;
  readonly seen: readonly SeenFinding[];
  /** Repairs that were queued. */
  readonly queued: number;
}

/** Simulated tenants in this process, and the product's own clients and flows before it. */
export interface Unplugged {
  readonly created: CreatedWorld;
  readonly clock: VirtualClock;
  /** Kinds of the faults that have struck so far, in their order. */
  readonly struck: readonly Fault['kind'][];
  misbehave(script: FaultScript): void;
  night(trigger: RunRow['trigger']): Promise<Night>;
}

export interface UnpluggedOptions extends WorldOptions {
  /** Milliseconds that every request takes. */
  readonly pace: number;
  /** When a read is believed. */
  readonly certificate: CertificateLimits;
  /** Milliseconds that a call reads for; a night goes on in the next one. */
  readonly budget: number;
}

export function unplugged(options: UnpluggedOptions): Unplugged {
  const origins = { okta: OKTA, graph: GRAPH };
  const created = createWorld({ ...options, origins, okta: { limits: GENEROUS, ...options.okta } });
  const clock = virtualClock(options.start);
  const struck: Fault['kind'][] = [];
  let faulty = withFaults(created.world, { seed: 1, rules: [] });
  const noted: FaultyWorld = {
    exchange(...asked) {
      const exchange = faulty.exchange(...asked);
      if (exchange.fault !== null) struck.push(exchange.fault);
      // Nobody answers any more: the next thing that happens is that whoever waits has waited long enough.
      const isSilent = exchange.act.kind === 'cut' && exchange.act.ending === 'stalled';
      if (isSilent) setImmediate(() => clock.pass(RETRY_RULES.deadline));
      return { ...exchange, delay: exchange.delay + options.pace };
    },
  };
  const ask = inProcessFetch(noted, {
    clock: { now: () => clock.now(), wait: async (ms) => clock.pass(ms) },
    random: diceOf(`${options.seed} chance`).next,
    side: ({ origin }) => SIDES.get(origin) ?? null,
  });
  const tools = toolsOf(created, options, clock, askingBy(ask));
  return {
    created,
    clock,
    struck,
    misbehave: (script) => {
      faulty = withFaults(created.world, script);
    },
    night: (trigger) => connected(ask, created, () => oneNight(trigger, tools)),
  };
}

export interface VirtualClock extends Clock {
  /** Lets time pass for everybody who waits for an answer. */
  pass(ms: number): void;
}

/** Waiting takes no time, but is counted. Whoever waits waits alone: what the other side is asked meanwhile was answered long since. */
function virtualClock(start: Instant): VirtualClock {
  const running = new Set<{ at: Instant; readonly controller: AbortController }>();
  let now = start;
  return {
    now: () => now,
    pass(ms) {
      now += ms;
      for (const { at, controller } of running) {
        if (at <= now) controller.abort(new AnchorwatchError('transient', 'no answer in time'));
      }
    },
    async wait(ms, signal) {
      signal?.throwIfAborted();
      now += ms;
      for (const one of running) one.at += ms;
    },
    deadline(ms) {
      const one = { at: now + ms, controller: new AbortController() };
      running.add(one);
      return { signal: one.controller.signal, end: () => void running.delete(one) };
    },
  };
}

function silent(): void {}

function toolsOf({ credentials, ids }: CreatedWorld, options: UnpluggedOptions, clock: Clock, ask: Ask) {
  const { certificate, budget } = options;
  const log = { debug: silent, info: silent, warn: silent, error: silent };
  const deps = { clock, log, random: () => 0.5, ask };
  // As in a thread of its own, but for the thread.
  const parsing = parsingBy(async (task, body) => structuredClone(done(task, body)));
  const usual = settingsOf();
  const okta = {
    orgUrl: OKTA,
    // What the SDK signs goes by the machine's clock: with a token of Okta's own a night is the same on every day.
    credential: { kind: 'ssws', token: credentials.okta.apiToken },
    office365App: ids.office365,
    appDomains: [],
    directories: [],
    anchorAttribute: 'externalId',
    rateShare: 1,
  } as const;
  const entra = { graphUrl: GRAPH, credential: { kind: 'managed-identity' }, rateShare: 1 } as const;
  return {
    okta: createOktaReader(okta, deps, parsing),
    entra: createEntraReader(entra, deps, parsing),
    state: stateOf((spec) => plainTable(spec)),
    scans: memoryQueue(SCAN_QUEUE, clock),
    repairs: memoryQueue(REPAIR_QUEUE, clock),
    clock,
    log,
    settings: {
      ...usual,
      certificate,
      scan: { ...usual.scan, budget },
      schedule: '0 0 * * * *',
      okta: { ...usual.okta, signInHosts: [ids.signInHost] },
      policy: { ...usual.policy, optedInGroup: ids.groups.optIn, protectedGroup: null, maxRepairs: 1_000 },
    },
    owner: 'worker',
  } satisfies Tools;
}

/** As the host does: a call that throws is repeated after a minute, and the fifth that throws poisons its message. */
const ATTEMPTS = 5;

/** Fires the trigger and carries the scan out, call after call, whenever its next message is due. */
async function oneNight(trigger: RunRow['trigger'], tools: ReturnType<typeof toolsOf>): Promise<Night> {
  const { scans, repairs, clock, state } = tools;
  const { id } = await nightly(trigger, tools);
  for (let [next] = scans.waiting(); next !== undefined; [next] = scans.waiting()) {
    if (next.due > clock.now()) await clock.wait(next.due - clock.now());
    const message = scans.take();
    if (message !== null) await delivered(message, tools);
  }
  const run = await findRun(state, id);
  if (run === null) throw new Error('the run is not there');
  return {
    run: run.row,
    seen: run.row.state === 'good' ? await readFindings(id, tools) : [],
    queued: repairs.waiting().length,
  };
}

async function delivered(message: ScanMessage, tools: Tools): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    try {
      await scan(message.run, tools);
      return;
    } catch (error) {
      // What is no failure of ours or theirs is a mistake, and no weather.
      if (!(error instanceof AnchorwatchError)) throw error;
      await tools.clock.wait(MINUTE);
    }
  }
  await scanPoisoned(JSON.stringify(message), tools);
}

const tokenAnswer = z.object({ access_token: z.string(), expires_on: z.string() });

/** Has everybody in this process who wants a token of the managed identity ask `ask` for it, until it is over. */
async function connected<Outcome>(
  ask: ReturnType<typeof inProcessFetch>,
  { credentials }: CreatedWorld,
  work: () => Promise<Outcome>,
): Promise<Outcome> {
  const { prototype } = ManagedIdentityCredential;
  const own = Object.getOwnPropertyDescriptor(prototype, 'getToken');
  // The library asks by a socket of its own, and for the life of the process at the first address that it was given.
  prototype.getToken = async () => {
    const resource = encodeURIComponent(GRAPH);
    const address = `${IDENTITY}/msi/token?api-version=2019-08-01&resource=${resource}`;
    const answer = await ask(address, { headers: { 'x-identity-header': credentials.identity.header } });
    if (!answer.ok) throw Object.assign(new Error('no token'), { statusCode: answer.status });
    const { access_token: token, expires_on: expires } = tokenAnswer.parse(await answer.json());
    return { token, expiresOnTimestamp: Number(expires) * 1_000 };
  };
  try {
    return await work();
  } finally {
    if (own !== undefined) Object.defineProperty(prototype, 'getToken', own);
  }
}
