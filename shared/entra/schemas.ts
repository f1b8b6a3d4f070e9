import * as z from 'zod';
import { parseTime } from '../time.ts';

// As much of Graph's answers as is looked at, after its v1.0 metadata of August 2026. What decides about people must be there: a
// property that was selected and is absent is an error, never null. Unknown keys are dropped.

const text = z.string().min(1);
/** It becomes part of a path, which takes no half of a surrogate pair. */
const id = text.refine((value) => value.isWellFormed(), 'text that an address can hold');
const maybeText = z.string().nullish();

/** Present, whatever it is. An app without the right to a property gets rows without it. */
const present = z.unknown();

export const PageSchema = z.object({
  value: z.array(z.unknown()),
  '@odata.nextLink': z.string().optional(),
});

/** `#microsoft.graph.agentUser` in a list of users. */
export const TypedSchema = z.object({ '@odata.type': z.string().optional() });

export const UserSchema = z.object({
  id,
  userPrincipalName: text,
  onPremisesImmutableId: present,
  /** True synced, false fallen out of sync, null never synced. */
  onPremisesSyncEnabled: z.boolean().nullable(),
  accountEnabled: z.boolean().nullable(),
  assignedLicenses: z.array(z.object({ skuId: text })),
  proxyAddresses: z.array(z.string()),
  displayName: maybeText,
  mail: maybeText,
  userType: maybeText,
  creationType: maybeText,
  externalUserState: maybeText,
  employeeId: maybeText,
  onPremisesSecurityIdentifier: maybeText,
  onPremisesLastSyncDateTime: maybeText,
  createdDateTime: maybeText,
});
export type User = z.infer<typeof UserSchema>;
export const USER_FIELDS: readonly string[] = Object.keys(UserSchema.shape);

export const DetailSchema = UserSchema.extend({
  isManagementRestricted: z.boolean().nullable(),
  isResourceAccount: z.boolean().nullable(),
});
export type Detail = z.infer<typeof DetailSchema>;
export const DETAIL_FIELDS: readonly string[] = Object.keys(DetailSchema.shape);

export const DeletedSchema = z.object({
  id,
  userPrincipalName: text,
  onPremisesImmutableId: present,
  deletedDateTime: maybeText,
});
export type Deleted = z.infer<typeof DeletedSchema>;
export const DELETED_FIELDS: readonly string[] = Object.keys(DeletedSchema.shape);

export const CountSchema = z.int().min(0);

/** A list that was asked for its count. */
export const CountedSchema = z.object({ '@odata.count': CountSchema.optional() });

export const DomainSchema = z.object({
  id,
  authenticationType: text,
  isInitial: z.boolean(),
  isVerified: z.boolean(),
});

/** `internalDomainFederation`; a domain has one at most. */
export const FederationSchema = z.object({ passiveSignInUri: maybeText });

export const OrganizationSchema = z.object({
  id,
  displayName: maybeText,
  onPremisesSyncEnabled: z.boolean().nullish(),
});

export const RoleSchema = z.object({ displayName: maybeText });

export const GroupSchema = z.object({ displayName: maybeText, isAssignableToRole: z.boolean().nullable() });

/** The role's template id, which is the same in every tenant (Global Administrator: 62e90394-69f5-4237-9190-012177145e10). */
export const EligibilitySchema = z.object({ roleDefinitionId: text });

/** `signInActivity` is absent for whoever never signed in. */
export const SignInSchema = z.object({
  signInActivity: z
    .object({
      lastSuccessfulSignInDateTime: maybeText,
      lastSignInDateTime: maybeText,
      lastNonInteractiveSignInDateTime: maybeText,
    })
    .nullish(),
});

export const HoldingsSchema = z.object({
  assignedLicenses: z.array(z.object({ skuId: text })),
  assignedPlans: z.array(z.object({ service: maybeText, servicePlanId: maybeText, capabilityStatus: maybeText })),
});

export const SkuSchema = z.object({ skuId: text, skuPartNumber: text });

/** A change without its time would be shown as one of 1970. */
const instant = text.transform((value, context) => {
  const at = parseTime(value);
  if (at !== null) return at;
  context.addIssue('a time');
  return z.NEVER;
});

export const AuditSchema = z.object({
  activityDateTime: instant,
  result: maybeText,
  initiatedBy: z.object({
    app: z.object({ appId: maybeText, displayName: maybeText, servicePrincipalId: maybeText }).nullish(),
    user: z.object({ id: maybeText, displayName: maybeText, userPrincipalName: maybeText }).nullish(),
  }),
  targetResources: z
    .array(z.object({ id: maybeText, modifiedProperties: z.array(z.object({ displayName: maybeText })).nullish() }))
    .nullish(),
});
export type Audit = z.infer<typeof AuditSchema>;

export const LicensesSchema = z.object({
  licenseAssignmentStates: z.array(z.object({ skuId: text, assignedByGroup: maybeText })),
});

export const EntraGroupSchema = z.object({
  id,
  displayName: maybeText,
  mail: maybeText,
  onPremisesSecurityIdentifier: maybeText,
});
