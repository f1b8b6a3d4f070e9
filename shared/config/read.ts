import { CLOUDS, type Cloud } from './clouds.ts';
import type {
  ChannelsConfig,
  Config,
  DeskConfig,
  LimitsConfig,
  PolicyConfig,
  StorageConfig,
  TenantConfig,
} from './config.ts';
import { readEntra } from './read-entra.ts';
import { readOkta } from './read-okta.ts';
import { readRepair } from './read-repair.ts';
import { readStorage } from './read-storage.ts';
import { readTelling } from './read-telling.ts';
import type { Environment } from './environment.ts';
import { type SettingsReader, settingsReader } from './reader.ts';
import { CLOUD } from './settings/entra.ts';
import * as policy from './settings/policy.ts';
import { MODE, SCHEDULE } from './settings/run.ts';
import * as scan from './settings/scan.ts';
import * as tend from './settings/tend.ts';

/** The whole configuration. Throws one AnchorwatchError `invalid` that names everything that is wrong, and no secret. */
export function readConfig(environment: Environment): Config {
  const reader = settingsReader(environment);
  const cloud = CLOUDS[reader.value(CLOUD)];
  const tenants = readTenants(reader, cloud);
  const storage = readStorage(reader, cloud);
  return reader.finish(tenants === null || storage === null ? null : { ...tenants, storage });
}

/** The configuration without storage, for reading the tenants and keeping nothing. Throws like `readConfig`. */
export function readTenantConfig(environment: Environment): TenantConfig {
  const reader = settingsReader(environment);
  return reader.finish(readTenants(reader, CLOUDS[reader.value(CLOUD)]));
}

/** The storage alone, for looking at what is kept. Throws like `readConfig`. */
export function readStorageConfig(environment: Environment): StorageConfig {
  const reader = settingsReader(environment);
  return reader.finish(readStorage(reader, CLOUDS[reader.value(CLOUD)]));
}

/** Storage, and how repairs are carried out, for whoever leads one. Throws like `readConfig`. */
export function readDeskConfig(environment: Environment): DeskConfig {
  const reader = settingsReader(environment);
  const storage = readStorage(reader, CLOUDS[reader.value(CLOUD)]);
  const repair = readRepair(reader);
  return reader.finish(storage === null ? null : { storage, repair });
}

/** Who is told and how, and the way into Graph that mails take. Throws like `readConfig`. */
export function readChannelsConfig(environment: Environment): ChannelsConfig {
  const reader = settingsReader(environment);
  const entra = readEntra(reader, CLOUDS[reader.value(CLOUD)]);
  const { config: telling } = readTelling(reader);
  return reader.finish(entra === null ? null : { entra, telling });
}

/** The limits alone, for files: neither tenants nor storage need be configured. Throws like `readConfig`. */
export function readLimitsConfig(environment: Environment): LimitsConfig {
  const reader = settingsReader(environment);
  return reader.finish(readLimits(reader));
}

function readTenants(reader: SettingsReader, cloud: Cloud): TenantConfig | null {
  const mode = reader.value(MODE);
  const schedule = reader.value(SCHEDULE);
  const okta = readOkta(reader);
  const entra = readEntra(reader, cloud);
  const limits = readLimits(reader);
  const { config: telling, mailbox } = readTelling(reader);
  const policyConfig = readPolicy(reader, mode === 'remediate', mailbox);
  const repair = readRepair(reader);
  const tending = {
    late: reader.value(tend.LATE),
    sweep: reader.value(tend.SWEEP),
    retention: reader.value(tend.RETENTION),
  };
  if (okta === null || entra === null) return null;
  return { mode, schedule, okta, entra, ...limits, policy: policyConfig, repair, tend: tending, telling };
}

function readLimits(reader: SettingsReader): LimitsConfig {
  return {
    scan: {
      budget: reader.value(scan.SCAN_BUDGET),
      rateShare: reader.value(scan.RATE_SHARE),
      confirmLimit: reader.value(scan.CONFIRM_LIMIT),
    },
    certificate: {
      rows: reader.value(scan.COUNT_TOLERANCE_ROWS),
      share: reader.value(scan.COUNT_TOLERANCE_PERCENT),
      shrink: reader.value(scan.SHRINK_PERCENT),
      fill: reader.value(scan.FILL_DROP_POINTS),
      sourceAge: reader.value(scan.IMPORT_MAX_AGE),
    },
    causes: { people: reader.value(scan.CAUSE_PEOPLE), percent: reader.value(scan.CAUSE_PERCENT) },
  };
}

function readPolicy(reader: SettingsReader, repairs: boolean, mailbox: string | null): PolicyConfig {
  const needed = [reader.optional(policy.OFFICE365_ADMIN), mailbox].filter((name) => name !== null);
  return {
    optedInGroup: repairs ? reader.required(policy.OPTED_IN_GROUP) : reader.optional(policy.OPTED_IN_GROUP),
    protectedGroup: reader.optional(policy.PROTECTED_GROUP),
    protectedUsers: [...(reader.optional(policy.PROTECTED_USERS) ?? []), ...needed],
    maxRepairs: reader.value(policy.MAX_REPAIRS),
    maxPercent: reader.value(policy.MAX_REPAIR_PERCENT),
    approvalFor: reader.value(policy.APPROVAL_HOURS),
    coolDown: reader.value(policy.COOL_DOWN_HOURS),
    window: reader.optional(policy.REPAIR_WINDOW),
    timeZone: reader.value(policy.TIME_ZONE),
    parkDomain: reader.optional(policy.PARK_DOMAIN),
    provisioningType: reader.optional(policy.PROVISIONING_TYPE),
  };
}
