import { AnchorwatchError } from '../../shared/errors.ts';
import { DAY, HOUR, type Instant, MINUTE, SECOND } from '../../shared/time.ts';
import type { CausePlan } from './generate/causes.ts';
import type { ChurnPlan } from './generate/churn.ts';
import type { DirectoryPlan } from './generate/company-plan.ts';
import { DOMAINS } from './generate/company-plan.ts';
import { type PlantCounts, usualPlants } from './generate/plants.ts';
import type { WorldKeys } from './keys.ts';
import { type Switches, UNKIND } from './switches.ts';
import type { OktaLimits } from './okta/context.ts';
import type { ImportPlan } from './okta/imports.ts';
import { MEMORY } from './roster.ts';

/** Everything about a world that can be chosen. What is left out is as in a middling Universal Sync tenant. */
export interface WorldOptions {
  readonly seed: string;
  /** When the world begins: everybody was there before, and churn comes after. */
  readonly start: Instant;
  readonly people: number;
  readonly keys: WorldKeys;
  /** What is planted: every kind as often as usual, nothing, or so many of each. By itself everything from 400 people on, else nothing. */
  readonly plants?: 'all' | 'none' | PlantCounts;
  readonly causes?: readonly CausePlan[];
  readonly churn?: readonly ChurnPlan[];
  readonly directories?: readonly DirectoryPlan[];
  /** Active Office 365 apps. People are assigned the first. */
  readonly office365Apps?: number;
  readonly anchorExpression?: string;
  /** Under User and Universal Sync everybody appears as synced. */
  readonly synced?: 'universal-sync' | 'never';
  /** By the name of the directory; the rest is imported hourly. */
  readonly imports?: Readonly<Record<string, Partial<ImportPlan>>>;
  /** What nobody can vouch for; unkind where nothing else is said. */
  readonly switches?: Partial<Switches>;
  /** The tenants' own addresses, where links shall not follow the caller's `host`. */
  readonly origins?: { readonly okta?: string; readonly graph?: string };
  readonly okta?: Partial<OktaOptions>;
  readonly graph?: Partial<GraphOptions>;
}

export interface OktaOptions {
  readonly scopes: readonly string[];
  readonly hasAdminRole: boolean;
  /** Calls in a window, by bucket. */
  readonly limits: Partial<OktaLimits>;
  /** Milliseconds after which a limit is there again; by itself a minute. */
  readonly limitWindow: number;
  readonly share: number;
  readonly pageCap: number;
  readonly cursorLifetime: number;
  readonly tokenLifetime: number;
  readonly searchLag: number;
}

export interface GraphOptions {
  readonly roles: readonly string[];
  /** Resource units in a window. */
  readonly quota: number;
  /** Milliseconds after which the quota is there again; by itself ten seconds. */
  readonly quotaWindow: number;
  readonly pageCap: number;
  readonly cursorLifetime: number;
  readonly tokenLifetime: number;
  readonly replicaLag: number;
  readonly countLag: number;
  /** The audit log hears of a change so much later. */
  readonly auditLag: number;
  /** Whether the tenant has Entra ID P1, without which nobody is told when somebody signed in. */
  readonly premium: boolean;
  readonly audience: string;
}

/** What the product needs to read. */
export const READ_SCOPES = [
  'okta.apps.read',
  'okta.users.read',
  'okta.groups.read',
  'okta.roles.read',
  'okta.profileMappings.read',
  'okta.schemas.read',
  'okta.logs.read',
  'okta.agentPools.read',
  'okta.orgs.read',
] as const;

export const READ_ROLES = [
  'User.Read.All',
  'Domain.Read.All',
  'Organization.Read.All',
  'GroupMember.Read.All',
  'RoleManagement.Read.Directory',
] as const;

/** What tells more of an account, and can be done without: sign-ins, and who changed it. */
export const EVIDENCE_ROLES = ['AuditLog.Read.All'] as const;

/** What it needs besides to carry out repairs. */
export const WRITE_SCOPES = ['okta.apps.manage', 'okta.groups.manage', 'okta.directories.groups.manage'] as const;
export const WRITE_ROLES = ['User.ReadWrite.All'] as const;

/** What it needs to send mails; the second to make drafts and look them up. */
export const MAIL_ROLES = ['Mail.Send', 'Mail.ReadWrite'] as const;

export const DEFAULT_MAPPING = 'hasDirectoryUser()?findDirectoryUser().externalId:null';

const OKTA = {
  scopes: READ_SCOPES,
  hasAdminRole: true,
  share: 0.5,
  limitWindow: MINUTE,
  pageCap: 1_000,
  cursorLifetime: DAY,
  tokenLifetime: HOUR,
  searchLag: 0,
} satisfies Omit<OktaOptions, 'limits'>;

/** Workforce tier, calls a minute. */
const LIMITS: OktaLimits = { apps: 100, app: 500, groups: 500, users: 600, logs: 120, token: 300, other: 1_000 };

const GRAPH: GraphOptions = {
  roles: READ_ROLES,
  quota: 8_000,
  quotaWindow: 10 * SECOND,
  pageCap: 999,
  cursorLifetime: DAY,
  tokenLifetime: HOUR,
  replicaLag: 0,
  countLag: 0,
  auditLag: 5 * MINUTE,
  premium: false,
  audience: 'https://graph.microsoft.com',
};

const IMPORTS: ImportPlan = { every: HOUR, duration: 10 * MINUTE, jitter: 5 * MINUTE, failing: [], stopped: [] };

const DIRECTORIES: readonly DirectoryPlan[] = [
  { name: DOMAINS.main, share: 0.8 },
  { name: `emea.${DOMAINS.main}`, share: 0.2 },
];

/** From this size on a world has everything in it, unless told otherwise. */
const ROOM_FOR_ALL = 400;
/** For each so many people a world has everything once more: drift and noise grow with the size. */
const ROOM_FOR_MORE = 2_000;

export function completed(options: WorldOptions) {
  if (!Number.isInteger(options.people) || options.people < 0) {
    throw new AnchorwatchError(
      'invalid',
      `The number of people must be a whole number from 0 on, not ${options.people}.`,
    );
  }
  refuseLongLags({ ...options.okta, ...options.graph });
  const plants = options.plants ?? (options.people >= ROOM_FOR_ALL ? 'all' : 'none');
  const { imports = {} } = options;
  return {
    plan: {
      seed: options.seed,
      switches: { ...UNKIND, ...options.switches },
      replicaLag: options.graph?.replicaLag ?? GRAPH.replicaLag,
      start: options.start,
      people: options.people,
      plants:
        plants === 'all'
          ? usualPlants(Math.max(1, Math.floor(options.people / ROOM_FOR_MORE)))
          : plants === 'none'
            ? {}
            : plants,
      causes: options.causes ?? [],
      churn: options.churn ?? [],
      directories: options.directories ?? DIRECTORIES,
      office365Apps: options.office365Apps ?? 1,
      anchorExpression: options.anchorExpression ?? DEFAULT_MAPPING,
      synced: options.synced === 'never' ? null : true,
      syncEnabled: options.synced === 'never' ? null : true,
      importsOf: (directory: string): ImportPlan => ({ ...IMPORTS, ...imports[directory] }),
    },
    okta: { ...OKTA, ...options.okta, limits: { ...LIMITS, ...options.okta?.limits } },
    graph: { ...GRAPH, ...options.graph },
  };
}

/** Beyond its memory a roster would show rows as they are now, and count wrongly. */
function refuseLongLags(lags: Partial<OktaOptions & GraphOptions>): void {
  for (const name of ['searchLag', 'replicaLag', 'countLag'] as const) {
    const lag = lags[name] ?? 0;
    if (lag > MEMORY) {
      throw new AnchorwatchError(
        'invalid',
        `${name} is ${lag} ms, and replaced rows are remembered for ${MEMORY}: choose a shorter lag.`,
      );
    }
  }
}
