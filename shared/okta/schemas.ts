import * as z from 'zod';

// As much of Okta's answers as is looked at, after its OpenAPI description 2026.06. What may hold an anchor stays unknown here: a row
// with rubbish in it is one unreadable row, not the end of the read. Unknown keys are dropped.

const text = z.string().min(1);
/** Ids, and the addresses that end in one: they become part of a path, which takes no half of a surrogate pair. */
const link = z.string().refine((value) => value.isWellFormed(), 'text that an address can hold');
const id = link.min(1);
const maybeText = z.string().nullish();

/** Taken as it is: a profile has what attributes an organisation gave it, and a copy of each would cost a scan more than its checks. */
const profile = z.custom<Readonly<Record<string, unknown>>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'record',
);

export const AppUserSchema = z.object({
  id,
  externalId: z.unknown().optional(),
  created: maybeText,
  scope: maybeText,
  status: text,
  syncState: maybeText,
  credentials: z.object({ userName: maybeText }).nullish(),
  profile: profile.nullish(),
  _links: z.object({ group: z.object({ href: link.nullish() }).nullish() }).nullish(),
});
export type AppUser = z.infer<typeof AppUserSchema>;

export const AppSchema = z.object({
  id,
  name: text,
  label: z.string(),
  status: text,
  features: z.array(z.string()).nullish(),
  settings: z
    .object({ app: z.object({ domain: maybeText, domains: z.array(z.string()).nullish() }).nullish() })
    .nullish(),
});
export type App = z.infer<typeof AppSchema>;

export const MappingRefSchema = z.object({
  id,
  source: z.object({
    type: text,
    _links: z.object({ schema: z.object({ href: link.nullish() }).nullish() }).nullish(),
  }),
  target: z.object({ id }),
});

export type MappingRef = z.infer<typeof MappingRefSchema>;

export const MappingSchema = z.object({
  properties: z.record(z.string(), z.object({ expression: maybeText })).nullish(),
});

const Status = z.enum(['ENABLED', 'DISABLED']);
const Schedule = z.object({ expression: text, timezone: maybeText }).nullish();

export const FeatureSchema = z.object({
  name: text,
  status: Status,
  capabilities: z
    .object({
      update: z.object({ lifecycleDeactivate: z.object({ status: Status }).nullish() }).nullish(),
      importSettings: z
        .object({
          schedule: z.object({ status: Status.nullish(), fullImport: Schedule, incrementalImport: Schedule }).nullish(),
        })
        .nullish(),
    })
    .nullish(),
});
export type Feature = z.infer<typeof FeatureSchema>;

export const LogEventSchema = z.object({
  eventType: text,
  published: text,
  actor: z.object({ id: maybeText, displayName: maybeText }).nullish(),
  target: z.array(z.object({ id: maybeText, type: maybeText, alternateId: maybeText })).nullish(),
  outcome: z.object({ result: maybeText }).nullish(),
  transaction: z.object({ id: maybeText }).nullish(),
});
export type LogEvent = z.infer<typeof LogEventSchema>;

export const UserSchema = z.object({
  id,
  status: text,
  created: maybeText,
  lastLogin: maybeText,
  profile: z.object({ login: text }),
});

/** Groups and role assignments: their number and their ids are all that counts. */
export const IdSchema = z.object({ id });

export const OktaGroupSchema = z.object({
  id,
  type: text,
  profile: z.object({ name: z.string(), groupType: maybeText, objectSid: maybeText, mail: maybeText }),
  _links: z.object({ source: z.object({ href: id }).nullish() }).nullish(),
});

export const GroupRuleSchema = z.object({
  id,
  name: maybeText,
  status: text,
  conditions: z
    .object({
      expression: z.object({ value: z.string() }).nullish(),
      people: z.object({ users: z.object({ exclude: z.array(z.string()).nullish() }).nullish() }).nullish(),
    })
    .nullish(),
  actions: z.object({ assignUserToGroups: z.object({ groupIds: z.array(z.string()) }).nullish() }).nullish(),
});

export const AppGroupSchema = z.object({ id, priority: z.number().nullish() });

const Attributes = z.object({ properties: z.record(z.string(), z.unknown()) });
/** Without the base nothing is known of what an assignment would lose: that is no schema with no attributes. */
export const AppSchemaSchema = z.object({
  definitions: z.object({ base: Attributes, custom: Attributes.nullish() }),
});

const ProfileAttribute = z.object({
  permissions: z.array(z.object({ principal: maybeText, action: maybeText })).nullish(),
  master: z.object({ type: maybeText }).nullish(),
});
export type ProfileAttribute = z.infer<typeof ProfileAttribute>;
const ProfileAttributes = z.object({ properties: z.record(z.string(), ProfileAttribute) });
/** Without the base nothing is known of what people may edit. */
export const UserSchemaSchema = z.object({
  definitions: z.object({ base: ProfileAttributes, custom: ProfileAttributes.nullish() }),
});
