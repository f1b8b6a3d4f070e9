import type { InvocationContext } from '@azure/functions';
import { createTeams } from './channels/teams.ts';
import { createWebhook } from './channels/webhook.ts';
import { readChannelsConfig, readConfig, readDeskConfig, readTenantConfig } from './config/read.ts';
import type { ChannelsConfig, Config, StorageConfig, TenantConfig } from './config/config.ts';
import { systemClock } from './clock.ts';
import { createMail } from './entra/mail.ts';
import { createEntraReader } from './entra/reader.ts';
import { createEntraRepairs } from './entra/repairs.ts';
import type { Desk } from './flows/lead.ts';
import type { RepairFlowTools } from './flows/repair.ts';
import type { Telling } from './flows/telling.ts';
import type { Tools } from './flows/tools.ts';
import { calledBy } from './notify/subject.ts';
import { wordingOf } from './notify/wording.ts';
import { explain } from './errors.ts';
import { createLog, errorFields, jsonLine } from './log.ts';
import { redact } from './redact.ts';
import { createOktaReader } from './okta/reader.ts';
import { createOktaRepairs } from './okta/repairs.ts';
import { type OktaSettings, repairScopes, withScopes } from './okta/settings.ts';
import type { Channel } from './ports/channel.ts';
import type { Clock } from './ports/clock.ts';
import type { EntraRepairs } from './ports/entra-repairs.ts';
import type { EntraReader } from './ports/entra.ts';
import type { Log } from './ports/log.ts';
import type { OktaRepairs } from './ports/okta-repairs.ts';
import type { OktaReader } from './ports/okta.ts';
import type { Queue } from './ports/queue.ts';
import type { State, Table } from './ports/state.ts';
import { parsingElsewhere } from './reading/elsewhere.ts';
import { memoryPages } from './rosters/memory.ts';
import { REPAIR_QUEUE, type RepairMessage, SCAN_QUEUE, type ScanMessage } from './state/messages.ts';
import type { TableSpec } from './state/spec.ts';
import { AUDIT, DECISIONS } from './state/decision-specs.ts';
import { HOLDS } from './state/hold-specs.ts';
import { CAPABILITIES, REPAIRS } from './state/repair-specs.ts';
import * as specs from './state/specs.ts';
import { memoryQueue, type MemoryQueue } from './storage/memory-queue.ts';
import { memoryTable } from './storage/memory-table.ts';
import { openQueue } from './storage/queue.ts';
import { openTable } from './storage/table.ts';

type Environment = Readonly<Record<string, string | undefined>>;

interface Deps {
  readonly clock: Clock;
  readonly log: Log;
  readonly random: () => number;
}

interface Clients {
  readonly config: Config;
  readonly okta: OktaReader & OktaRepairs;
  readonly entra: EntraReader & EntraRepairs;
  readonly standby: Tools['standby'];
  readonly state: State;
  readonly scans: Queue<ScanMessage>;
  readonly repairs: Queue<RepairMessage>;
  readonly telling: Telling | undefined;
  readonly clock: Clock;
}

/** The one set of clients of a process: made on first use, and safe to lose with the instance. */
let clients: Clients | undefined;

/** What the flows of the function app are given, with all of its configuration. */
export type AppTools = RepairFlowTools & { readonly settings: Config };

/** One call of a function, as the Functions runtime hands it over. */
export type Call = Pick<InvocationContext, 'invocationId' | 'debug' | 'info' | 'warn' | 'error'>;

/**
 * Runs a flow with everything it needs, from the environment. Whatever it throws is logged here, redacted, and thrown on as plain
 * text: the host repeats the call or poisons its message, and writes the text into its own log.
 */
export async function withTools<Outcome>(
  environment: Environment,
  call: Call,
  flow: (tools: AppTools) => Promise<Outcome>,
): Promise<Outcome> {
  const log = callLog(call);
  try {
    clients ??= connect(readConfig(environment), log);
    const { config, ...rest } = clients;
    return await flow({ ...rest, settings: config, log, owner: call.invocationId });
  } catch (error) {
    log.error('the call failed', errorFields(error));
    throw plainly(error);
  }
}

/** The host writes errors into its own log as they are: no cause travels with this one. */
function plainly(error: unknown): Error {
  return new Error(redact(explain(error)));
}

/** State alone, for looking at past runs: no tenant need be configured for it. */
export function stateTools(storage: StorageConfig, log: Log): { readonly state: State; readonly clock: Clock } {
  const clock = systemClock();
  return { state: storedState(storage, { clock, log, random: Math.random }), clock };
}

/** What leads a repair: state, and the queue of the function app, which does the looking. No tenant need be configured for it. */
export function deskTools(environment: Environment, log: Log): Desk {
  const { storage, repair } = readDeskConfig(environment);
  const clock = systemClock();
  const deps = { clock, log, random: Math.random };
  const repairs = openQueue(storage, REPAIR_QUEUE, deps);
  return { state: storedState(storage, deps), clock, repairs, settings: { repair } };
}

/** Everything that a worker of the function app has, for somebody who looks on while a pilot is made. */
export function pilotTools(environment: Environment, log: Log, clock = systemClock()): RepairFlowTools {
  const { config, ...rest } = connect(readConfig(environment), log, clock);
  return { ...rest, settings: config, log, owner: `command line ${Math.random()}` };
}

/** Reads the tenants and keeps nothing: state and queues in memory, for `anchorwatch scan`. */
export function commandTools(
  environment: Environment,
  log: Log,
): { readonly tools: Tools; readonly scans: MemoryQueue<ScanMessage> } {
  const config = readTenantConfig(environment);
  const clock = systemClock();
  const scans = memoryQueue(SCAN_QUEUE, clock);
  const tools: Tools = {
    ...readersOf(config, { clock, log, random: Math.random }),
    state: stateOf((spec) => memoryTable(spec)),
    pages: memoryPages(),
    forgets: true,
    scans,
    repairs: memoryQueue(REPAIR_QUEUE, clock),
    clock,
    log,
    settings: { ...config, mode: 'observe' },
    owner: 'command line',
  };
  return { tools, scans };
}

/** Every channel that is configured, for somebody who tries them. Neither Okta nor storage need be. */
export function channelTools(
  environment: Environment,
  log: Log,
): { readonly telling: Telling | undefined; readonly clock: Clock } {
  const clock = systemClock();
  return { telling: tellingOf(readChannelsConfig(environment), { clock, log, random: Math.random }), clock };
}

function connect(config: Config, log: Log, clock = systemClock()): Clients {
  const deps = { clock, log, random: Math.random };
  return {
    config,
    ...tenantsOf(config, deps),
    state: storedState(config.storage, deps),
    scans: openQueue(config.storage, SCAN_QUEUE, deps),
    repairs: openQueue(config.storage, REPAIR_QUEUE, deps),
    telling: tellingOf(config, deps),
    clock,
  };
}

function readersOf(config: TenantConfig, deps: Deps): Pick<Tools, 'okta' | 'entra' | 'standby'> {
  const parsing = parsingElsewhere();
  return {
    okta: createOktaReader(oktaSettings(config), deps, parsing),
    entra: createEntraReader(graphSettings(config), deps, parsing),
    standby: parsing,
  };
}

/**
 * Share of the tenants' limits up to which a repair asks at all; a scan stops long before. What is left is room for the other instances,
 * which hear of a full bucket only by being refused.
 */
export const REPAIR_SHARE = 0.95;

/**
 * Readers, and what repairs need besides. In Okta these have a token of their own: a scope that is not granted keeps the whole token
 * away, and the scan must not stop because the right to write is missing.
 */
function tenantsOf(config: TenantConfig, deps: Deps): Pick<Clients, 'okta' | 'entra' | 'standby'> {
  const { okta, entra, standby } = readersOf(config, deps);
  const settings = oktaSettings(config);
  const repairing = withScopes({ ...settings, rateShare: REPAIR_SHARE }, repairScopes(config.repair));
  return {
    okta: { ...okta, ...createOktaRepairs(repairing, deps) },
    entra: { ...entra, ...createEntraRepairs({ ...graphSettings(config), rateShare: REPAIR_SHARE }, deps) },
    standby,
  };
}

/** Nothing where nobody is to be told. */
function tellingOf(config: ChannelsConfig, deps: Deps): Telling | undefined {
  const channels = channelsOf(config, deps);
  if (channels.length === 0) return undefined;
  const { attempts, tenantName, pageUrl } = config.telling;
  const tenant = calledBy(tenantName);
  return { channels, wording: wordingOf(tenant, pageUrl), attempts, tenant, pageUrl };
}

function channelsOf({ entra, telling: { mail, teams, webhook } }: ChannelsConfig, deps: Deps): readonly Channel[] {
  const { graphUrl, credential } = entra;
  return [
    ...(mail === null ? [] : [createMail({ graphUrl, credential, rateShare: REPAIR_SHARE }, mail, deps)]),
    ...(teams === null ? [] : [createTeams(teams, deps)]),
    ...(webhook === null ? [] : [createWebhook(webhook, deps)]),
  ];
}

function oktaSettings({ okta, scan: { rateShare } }: TenantConfig): OktaSettings {
  const { url, credential, office365App, appDomains, directories, anchorAttribute } = okta;
  return {
    orgUrl: url,
    credential,
    office365App,
    appDomains,
    directories: directories ?? [],
    anchorAttribute,
    rateShare,
  };
}

function graphSettings({ entra, scan: { rateShare } }: TenantConfig) {
  return { graphUrl: entra.graphUrl, credential: entra.credential, rateShare };
}

function storedState(storage: StorageConfig, deps: Deps): State {
  return stateOf((spec) => openTable(storage, spec, deps));
}

/** Every table of the state, opened the same way. */
export function stateOf(open: <Row extends object>(spec: TableSpec<Row>) => Table<Row>): State {
  return {
    runs: open(specs.RUNS),
    pages: open(specs.PAGES),
    findings: open(specs.FINDINGS),
    history: open(specs.HISTORY),
    snapshots: open(specs.SNAPSHOTS),
    repairs: open(REPAIRS),
    claims: open(specs.CLAIMS),
    outbox: open(specs.OUTBOX),
    unsent: open(specs.UNSENT),
    channels: open(specs.CHANNEL_ROWS),
    leases: open(specs.LEASES),
    marks: open(specs.MARKS),
    parked: open(specs.PARKED),
    holds: open(HOLDS),
    capabilities: open(CAPABILITIES),
    decisions: open(DECISIONS),
    audit: open(AUDIT),
  };
}

/** Into the call's own log, so that Azure shows the lines with the call they belong to. */
function callLog(call: Call): Log {
  const clock = systemClock();
  return createLog((line, level) => call[level](line), { format: jsonLine, now: () => clock.now() });
}
