import { beforeAll, onTestFinished } from 'vitest';
import { parseFaults, type FaultScriptInput } from '../../local/http/faults/script.ts';
import { serve, type Tenants } from '../../local/http/serve.ts';
import type { World } from '../../local/world/call.ts';
import { newKeys, type WorldKeys } from '../../local/world/keys.ts';
import { READ_ROLES, READ_SCOPES, WRITE_ROLES, type WorldOptions, WRITE_SCOPES } from '../../local/world/options.ts';
import { createWorld, type CreatedWorld } from '../../local/world/world.ts';
import { createEntraReader } from '../../shared/entra/reader.ts';
import { createEntraRepairs } from '../../shared/entra/repairs.ts';
import type { RepairFlowTools } from '../../shared/flows/repair.ts';
import type { FlowSettings } from '../../shared/flows/tools.ts';
import { nightly } from '../../shared/flows/nightly.ts';
import { scan, type ScanOutcome } from '../../shared/flows/scan.ts';
import { readFindings } from '../../shared/flows/scan/snapshot.ts';
import type { Ask } from '../../shared/http.ts';
import { createLog, jsonLine } from '../../shared/log.ts';
import { createOktaReader } from '../../shared/okta/reader.ts';
import { createOktaRepairs } from '../../shared/okta/repairs.ts';
import { repairScopes } from '../../shared/okta/settings.ts';
import type { RunRow, SeenFinding } from '../../shared/state/rows.ts';
import { REPAIR_QUEUE, type RepairMessage, SCAN_QUEUE, type ScanMessage } from '../../shared/state/messages.ts';
import { memoryQueue, type MemoryQueue } from '../../shared/storage/memory-queue.ts';
import { memoryTable } from '../../shared/storage/memory-table.ts';
import { DAY, HOUR, type Instant, MINUTE, SECOND } from '../../shared/time.ts';
import { stateOf } from '../../shared/wiring.ts';
import { settingsOf } from '../flows/night.ts';
import { fakeClock, serveForFile } from '../loopback.ts';

/** Limits that a night of single reads never meets: what these tests are about is the answer, not the pace. */
export const GENEROUS = { apps: 1e6, app: 1e6, groups: 1e6, users: 1e6, logs: 1e6, token: 1e6, other: 1e6 };

/** Making keys takes longer than most nights, so the nights of a file share them. */
const KEYS: WorldKeys = newKeys();

/** Where managed identities are asked for in this night. */
let identity = { endpoint: '', header: '' };

/**
 * The library remembers the first endpoint for managed identities for the life of the process. So there is one for the whole file,
 * and it passes every question on to the tenants of the night.
 */
beforeAll(async () => {
  const desk = await serveForFile(async ({ url }) => {
    const answer = await fetch(identity.endpoint + new URL(url, 'http://localhost').search, {
      headers: { 'x-identity-header': identity.header },
    });
    return { status: answer.status, body: await answer.json() };
  });
  process.env['IDENTITY_ENDPOINT'] = `${desk.url}/msi/token`;
  process.env['IDENTITY_HEADER'] = 'passed on';
  return () => desk.close();
});

/** What begins in Active Directory shows within half a minute. Before that no import began for long, so that the System Log stays short. */
export function importsOften(start: Instant): NonNullable<WorldOptions['imports']> {
  const stopped = [{ from: start - 30 * DAY, until: start - HOUR }];
  const often = { every: 8 * SECOND, duration: 2 * SECOND, jitter: 0, stopped };
  return { 'contoso.com': often, 'emea.contoso.com': often };
}

export interface RealNight {
  readonly created: CreatedWorld;
  readonly tenants: Tenants;
  readonly clock: ReturnType<typeof fakeClock>;
  readonly tools: RepairFlowTools;
  readonly scans: MemoryQueue<ScanMessage>;
  readonly repairs: MemoryQueue<RepairMessage>;
  readonly lines: string[];
}

/**
 * The real readers against simulated tenants on real sockets; state and queues in memory; time shared, and moved by waiting alone. `around`
 * stands between the sockets and the tenants: who looks on there, or asks them something of their own.
 */
export async function realNight(
  world: Partial<WorldOptions> & Pick<WorldOptions, 'seed' | 'people'>,
  settings: Partial<FlowSettings> = {},
  around: (tenants: World) => World = (tenants) => tenants,
  ask?: Ask,
): Promise<RealNight> {
  // The SDKs sign and judge tokens by the machine's clock, and the tenants take them within an hour of it.
  const clock = fakeClock(Date.now() - 50 * MINUTE);
  const created = createWorld({
    start: clock.now(),
    keys: KEYS,
    // What the SDK signs goes by the machine's clock, and would be too old for a night of more than an hour.
    okta: { limits: GENEROUS, scopes: [...READ_SCOPES, ...WRITE_SCOPES], tokenLifetime: DAY },
    // The token of a managed identity is good for a day, and the library that keeps it goes by the machine's clock.
    graph: { roles: [...READ_ROLES, ...WRITE_ROLES], tokenLifetime: DAY },
    ...world,
  });
  const tenants = await serve(around(created.world), { clock, random: () => 0.5, onError: fail });
  onTestFinished(() => tenants.close());
  const lines: string[] = [];
  const log = createLog((line) => lines.push(line), { format: jsonLine, now: () => clock.now(), least: 'debug' });
  const deps = { clock, log, random: () => 0.5, ask };
  const { credentials, ids } = created;
  identity = { endpoint: `${tenants.addresses.identity}/msi/token`, header: credentials.identity.header };
  const { clientId, keyId, privateJwk } = credentials.okta;
  const privateKey = JSON.stringify({ ...privateJwk, kid: keyId });
  const scans = memoryQueue(SCAN_QUEUE, clock);
  const repairs = memoryQueue(REPAIR_QUEUE, clock);
  const usual = settingsOf();
  const rateShare = settings.scan?.rateShare ?? 1;
  const okta = {
    orgUrl: tenants.addresses.okta,
    credential: { kind: 'private-key', clientId, privateKey },
    office365App: ids.office365,
    appDomains: [],
    directories: [],
    anchorAttribute: 'externalId',
    rateShare,
  } as const;
  const graph = {
    graphUrl: tenants.addresses.graph,
    credential: { kind: 'managed-identity', clientId: credentials.identity.clientId },
    rateShare,
  } as const;
  const writing = {
    ...okta,
    credential: {
      ...okta.credential,
      scopes: repairScopes({ exclusionGroup: ids.groups.exclusion, directoryGroups: 'directories-api' }),
    },
  };
  const tools: RepairFlowTools = {
    okta: { ...createOktaReader(okta, deps), ...createOktaRepairs(writing, deps) },
    entra: { ...createEntraReader(graph, deps), ...createEntraRepairs(graph, deps) },
    state: stateOf((spec) => memoryTable(spec)),
    scans,
    repairs,
    clock,
    log,
    settings: {
      ...usual,
      okta: { ...usual.okta, signInHosts: [ids.signInHost] },
      policy: { ...usual.policy, optedInGroup: ids.groups.optIn, protectedGroup: null, maxRepairs: 1_000 },
      ...settings,
    },
    owner: 'worker',
  };
  return { created, tenants, clock, tools, scans, repairs, lines };
}

function fail(error: unknown): void {
  throw error instanceof Error ? error : new Error('the world failed');
}

/** Faults from the next call on. */
export function misbehave({ tenants }: Pick<RealNight, 'tenants'>, rules: FaultScriptInput['rules']): void {
  tenants.setFaults(parseFaults({ rules }));
}

export interface Outcome {
  readonly outcome: ScanOutcome;
  readonly run: RunRow;
  readonly seen: readonly SeenFinding[];
}

/** Fires the timer and carries the scan out, call after call, whenever its next message is due. */
export async function runNight({ tools, scans, clock }: RealNight): Promise<Outcome> {
  const { id } = await nightly('timer', tools);
  let outcome: ScanOutcome = 'finished';
  for (let [next] = scans.waiting(); next !== undefined; [next] = scans.waiting()) {
    if (next.due > clock.now()) await clock.wait(next.due - clock.now());
    const message = scans.take();
    if (message !== null) outcome = await scan(message.run, tools);
  }
  for await (const { row } of tools.state.runs.list('run', { limit: 1 })) {
    if (row.id !== id) continue;
    return { outcome, run: row, seen: row.state === 'good' ? await readFindings(id, tools) : [] };
  }
  throw new Error('the run is not there');
}
