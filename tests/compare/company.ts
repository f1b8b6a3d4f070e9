import { checkAnswer } from '../../local/answer.ts';
import type { Comparison } from '../../shared/compare/compare.ts';
import type { Rosters } from '../../shared/compare/rows.ts';
import { deletedUser, entraUser } from '../../shared/entra/rows.ts';
import { DELETED_FIELDS, DeletedSchema, USER_FIELDS, UserSchema } from '../../shared/entra/schemas.ts';
import { adAccount, assignment } from '../../shared/okta/rows.ts';
import { AppUserSchema } from '../../shared/okta/schemas.ts';
import type { WorldOptions } from '../../local/world/options.ts';
import { START, Tenant } from '../world/callers.ts';

/** A company in which everything is planted that the generator knows, with its answer key. */
export interface Company {
  readonly rosters: Rosters;
  readonly office365: string;
  readonly began: number;
  readonly key: Tenant['created']['answerKey'];
}

/** Read as the product reads it, but for pages. */
function companyOf(options: Partial<WorldOptions>): Company {
  const tenant = new Tenant(options);
  const { ids, answerKey } = tenant.created;
  const appUsers = (app: string) =>
    tenant.oktaRows(`/api/v1/apps/${app}/users?limit=500`).map((row) => AppUserSchema.parse(row));
  const rosters: Rosters = {
    ad: ids.directories.flatMap(({ id }) => appUsers(id).map((row) => adAccount(row, id, 'externalId'))),
    assignments: [ids.office365, ...ids.otherOffice365].flatMap((id) => appUsers(id).map((row) => assignment(row, id))),
    entra: tenant
      .graphRows(`/v1.0/users?$select=${USER_FIELDS.join(',')}&$top=999`)
      .filter((row) => row['@odata.type'] !== '#microsoft.graph.agentUser')
      .map((row) => entraUser(UserSchema.parse(row))),
    deleted: tenant
      .graphRows(`/v1.0/directory/deletedItems/microsoft.graph.user?$select=${DELETED_FIELDS.join(',')}`)
      .map((row) => deletedUser(DeletedSchema.parse(row))),
    domains: tenant.graphRows('/v1.0/domains').map((row) => ({
      name: row.id,
      federated: row.authenticationType === 'Federated',
      initial: row.isInitial,
      verified: row.isVerified,
    })),
  };
  return { rosters, office365: ids.office365, began: START, key: answerKey };
}

/** One sentence for each thing that is not as the answer key says. */
export function wrongIn({ began, key }: Company, { findings, matched, buckets }: Comparison): readonly string[] {
  const counts = {
    directories: Object.fromEntries(buckets.directories),
    assignments: Object.fromEntries(buckets.assignments),
    entra: Object.fromEntries(buckets.entra),
    deleted: Object.fromEntries(buckets.deleted),
  };
  return checkAnswer({ began, summary: { matched: matched.length, buckets: counts } }, findings, key).wrong;
}

export const COMPANY = companyOf({ seed: 'compared', people: 400 });

/** Companies of which nothing is amiss but one thing, in forty people. */
export const CAUSED = (['ou', 'directory', 'encoding', 'attribute'] as const).map(
  (kind) => [kind, companyOf({ seed: 'cause', people: 400, plants: 'none', causes: [{ kind, people: 40 }] })] as const,
);
