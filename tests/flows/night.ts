import type { EntraReader } from '../../shared/ports/entra.ts';
import type { OktaReader } from '../../shared/ports/okta.ts';
import type { RepairFlowTools } from '../../shared/flows/repair.ts';
import type { FlowSettings, Tools } from '../../shared/flows/tools.ts';
import { entraRepairsOver } from '../../shared/entra/repairs.ts';
import type { OktaRepairs } from '../../shared/ports/okta-repairs.ts';
import { oktaRepairsOver } from '../../shared/okta/repairs.ts';
import { nightly } from '../../shared/flows/nightly.ts';
import { scan, type ScanOutcome } from '../../shared/flows/scan.ts';
import { REPAIR_QUEUE, type RepairMessage, SCAN_QUEUE, type ScanMessage } from '../../shared/state/messages.ts';
import { memoryQueue, type MemoryQueue } from '../../shared/storage/memory-queue.ts';
import { memoryTable } from '../../shared/storage/memory-table.ts';
import { stateOf } from '../../shared/wiring.ts';
import { DAY, HOUR, MINUTE } from '../../shared/time.ts';
import { readersOf, type Readers, type Settings } from '../rosters/readers.ts';
import { APP, DOMAINS, PLAN, type Tenant } from '../rosters/tenant.ts';

export const OPTED_IN = '00gOptedIn';
export const PROTECTED = '00gProtected';

/** Settings of a night, with everything that a test may turn. */
export function settingsOf(over: Partial<FlowSettings> = {}): FlowSettings {
  return {
    mode: 'remediate',
    schedule: '0 0 2 * * *',
    scan: { budget: 20 * MINUTE, rateShare: 0.8, confirmLimit: 500 },
    certificate: { rows: 5, share: 0.001, shrink: 0.1, fill: 0.05, sourceAge: 26 * HOUR },
    causes: { people: 20, percent: 60 },
    policy: {
      optedInGroup: OPTED_IN,
      protectedGroup: PROTECTED,
      protectedUsers: [],
      maxRepairs: 25,
      maxPercent: 100,
      approvalFor: 48 * HOUR,
      coolDown: 72 * HOUR,
      window: null,
      timeZone: 'UTC',
      parkDomain: null,
      provisioningType: null,
    },
    repair: {
      times: {
        lease: 5 * MINUTE,
        request: 30_000,
        budget: 4 * MINUTE,
        shortWait: 20_000,
        fresh: 30_000,
        lag: 2 * MINUTE,
        poll: 5_000,
        settle: MINUTE,
        gone: MINUTE,
        parked: 5 * MINUTE,
        quiet: 10 * MINUTE,
        hold: 2 * HOUR,
        afterBroken: 18 * HOUR,
        recheck: 40 * MINUTE,
        unsync: 10 * MINUTE,
        provision: 15 * MINUTE,
        catchUp: 24 * HOUR,
        importDue: 30 * MINUTE,
        cycle: HOUR,
        remind: 12 * HOUR,
        out: 2 * HOUR,
      },
      attempts: 5,
      unsettled: 5,
      wave: 25,
      exclusionGroup: null,
      allowResidue: false,
      directoryGroups: 'operator',
    },
    tend: { late: 20 * MINUTE, sweep: HOUR, retention: 400 * DAY },
    okta: {
      url: 'http://127.0.0.1',
      credential: { kind: 'ssws', token: 'none' },
      office365App: null,
      appDomains: [],
      directories: [],
      anchorAttribute: 'externalId',
      signInHosts: ['login.contoso.com'],
    },
    entra: {
      graphUrl: 'http://127.0.0.1',
      authorityHost: 'http://127.0.0.1',
      tenantId: null,
      credential: { kind: 'managed-identity' },
    },
    ...over,
  };
}

export interface Night {
  readonly tools: RepairFlowTools;
  readonly tenant: Tenant;
  readonly clock: Readers['clock'];
  readonly scans: MemoryQueue<ScanMessage>;
  readonly repairs: MemoryQueue<RepairMessage>;
  /** Members by group. */
  readonly groups: Map<string, string[]>;
  readonly lines: string[];
}

export interface NightOptions {
  readonly settings?: Partial<FlowSettings>;
  readonly reading?: Partial<Settings>;
  readonly okta?: Partial<OktaReader>;
  readonly entra?: Partial<EntraReader>;
}

/** Two tenants, state and queues in memory, and a clock that only the test moves. */
export function nightOf(tenant: Tenant, options: NightOptions = {}): Night {
  const readers = readersOf(tenant, { pageSize: 20, ...options.reading });
  const { clock } = readers;
  const groups = new Map<string, string[]>();
  const lines: string[] = [];
  const say = (message: string): void => void lines.push(message);
  const scans = memoryQueue(SCAN_QUEUE, clock);
  const repairs = memoryQueue(REPAIR_QUEUE, clock);
  const okta: OktaReader = {
    ...readers.okta,
    apps: async () => ({
      directories: PLAN.directories.map(({ id, label }) => ({ id, label, status: 'ACTIVE', isProfileSource: true })),
      office365: {
        id: APP,
        label: 'Office 365',
        status: 'ACTIVE',
        domains: ['contoso.com'],
        features: ['PUSH_NEW_USERS', 'PUSH_PROFILE_UPDATES', 'PUSH_USER_DEACTIVATION'],
      },
      otherOffice365: [],
    }),
    anchorMapping: async () => ({
      expression: 'hasDirectoryUser()?findDirectoryUser().externalId:null',
      isDefault: true,
    }),
    provisioning: async () => ({ deactivateUsers: 'ENABLED', importSchedule: null, nextImport: null }),
    user: async (id) => ({ id, login: id, status: 'ACTIVE', created: null, lastLogin: null }),
    groupsOf: async (user) => [...groups].filter(([, members]) => members.includes(user)).map(([group]) => group),
    groupMembers: async (group) => groups.get(group) ?? [],
    rulesFeeding: async () => [],
    editableAttributes: async () => [],
    isAdministrator: async () => false,
    ...options.okta,
  };
  const entra: EntraReader = {
    ...readers.entra,
    domains: async () => DOMAINS,
    signInHost: async () => 'login.contoso.com',
    organization: async () => ({ id: 'tenant', displayName: 'Contoso', syncEnabled: true }),
    user: async (id) => {
      const user = tenant.users.get(id);
      return user === undefined
        ? null
        : { ...user, proxyAddresses: [], licenses: [], restricted: false, resourceAccount: false };
    },
    usersByAnchor: async (anchor) => [...tenant.users.values()].filter((user) => user.anchor === anchor),
    deletedByAnchor: async (anchor) => [...tenant.deleted.values()].filter((user) => user.anchor === anchor),
    privileges: async () => [],
    lastSignIn: async () => ({ told: null }),
    holdings: async () => ({ licenses: ['sku-1'], mailbox: true }),
    licenseNames: async () => new Map([['sku-1', 'SPE_E3']]),
    anchorChange: async () => ({ told: null }),
    ...options.entra,
  };
  const tools: RepairFlowTools = {
    okta: {
      ...okta,
      ...oktaRepairsOver({ origin: '', get: untouched, send: untouched, rights: async () => [], untilRoom: () => 0 }),
      ...whatPreflightReads(okta),
    },
    entra: {
      ...entra,
      ...entraRepairsOver({
        origin: '',
        json: untouched,
        patch: untouched,
        rights: async () => [],
        names: async () => [],
      }),
      licenses: async () => [],
    },
    state: stateOf((spec) => memoryTable(spec)),
    scans,
    repairs,
    clock,
    log: { debug: say, info: say, warn: say, error: say },
    settings: settingsOf(options.settings),
    owner: 'worker',
  };
  return { tools, tenant, clock, scans, repairs, groups, lines };
}

/** Fires the timer and carries the scan out to its end, call by call. */
export async function runNight(night: Night, tools: Tools = night.tools): Promise<ScanOutcome> {
  await nightly('timer', tools);
  return carryOn(night, tools);
}

export async function carryOn(night: Night, tools: Tools = night.tools): Promise<ScanOutcome> {
  let outcome: ScanOutcome = 'finished';
  for (let calls = 0; calls < 1_000; calls += 1) {
    const message = night.scans.take();
    if (message === null) return outcome;
    outcome = await scan(message.run, tools);
  }
  throw new Error('the scan never ends');
}

/** The same night, a day later. */
export function nextDay(night: Night): void {
  night.clock.at += DAY;
}

/** Assignments of nobody's group, in an app whose switch can be read. */
function whatPreflightReads(okta: OktaReader): Partial<OktaRepairs> {
  return {
    async assignmentDetail(app, user) {
      const assignment = await okta.assignment(app, user);
      return assignment === null ? null : { ...assignment, profile: {}, grantedBy: null };
    },
    unmappedAttributes: async () => [],
    groupsGranting: async () => [],
    groupRules: async () => [],
    deactivateSwitch: async () => ({ status: 'ENABLED', rest: '', pushesDeactivation: true }),
  };
}

/** What only the steps behind the preflight do: no night here gets so far. */
async function untouched(): Promise<never> {
  throw new Error('No repair goes beyond its preflight here');
}
