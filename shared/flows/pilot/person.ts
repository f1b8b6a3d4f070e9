import { AnchorwatchError } from '../../errors.ts';
import type { AdAccount, Assignment, EntraUser } from '../../compare/rows.ts';
import { domainOf } from '../../compare/rule.ts';
import type { Witness } from '../../compare/witness.ts';
import { isLinked } from '../../compare/standing.ts';
import type { PlannedRepair } from '../../plan/plan.ts';
import type { RepairFlowTools } from '../repair.ts';

type Readers = Pick<RepairFlowTools, 'okta' | 'entra'>;

/** A test person, as the three sides hold them now. */
export interface TestPerson {
  readonly planned: PlannedRepair;
  readonly licences: number;
}

/**
 * Reads a test person fresh. What is planted decides what can be tried: another anchor in Entra, for writing there; another copy in
 * Okta, for a nudge. Throws `invalid` for whoever is no good test person, with what to plant.
 */
export async function testPerson(name: string, { okta, entra }: Readers): Promise<TestPerson> {
  const { office365, directories } = await okta.apps();
  const assignment = await assignmentOf(office365.id, name, okta);
  const { user, userName } = assignment;
  if (userName === null) throw new AnchorwatchError('invalid', `Okta pushes ${name} under no user name.`);
  const accounts = [];
  for (const { id } of directories) accounts.push(await okta.directoryAccount(id, user));
  const linked = accounts.filter((account) => account !== null && isLinked(account));
  const [source, ...others] = new Set(linked.map((account) => account?.anchor ?? null));
  if (typeof source !== 'string' || others.length > 0)
    throw new AnchorwatchError('invalid', `${userName} has not exactly one anchor in Active Directory.`);
  const account = await accountOf(userName, entra);
  if (account.synced !== true)
    throw new AnchorwatchError(
      'invalid',
      `${userName} is not shown as synchronised in Entra ID: such people are repaired without a pilot, and prove nothing.`,
    );
  const before = { a: source, o: textOf(assignment.anchor, userName), e: textOf(account.anchor, userName) };
  const recipe = recipeOf(before, userName);
  const domain = (await entra.domains()).find(({ name: one }) => one.toLowerCase() === domainOf(userName));
  const park = recipe !== 'reassign' && domain?.federated === true;
  const objectId = account.id;
  const witness = witnessIn(assignment, account, linked, recipe);
  const planned = { key: `${user}.${objectId}`, user, objectId, userName, recipe, park, after: null, before, witness };
  return { planned, licences: (await entra.licenses(objectId)).length };
}

/** What shows that both accounts are the test person's; equal names do not. Throws `invalid` where nothing does. */
function witnessIn(
  { externalId, userName }: Assignment,
  account: EntraUser,
  linked: readonly (AdAccount | null)[],
  recipe: PlannedRepair['recipe'],
): Witness {
  if (recipe === 'reassign') return 'source-equals-entra';
  if (externalId === account.id) return 'external-id';
  if (linked.some((one) => one !== null && one.sid !== null && one.sid === account.sid)) return 'sid';
  if (linked.some((one) => one !== null && one.employeeId !== null && one.employeeId === account.employeeId))
    return 'employee-id';
  throw new AnchorwatchError(
    'invalid',
    `Nothing but the name shows that both accounts are ${userName}’s: neither Okta’s externalId, nor the SID, nor the employee id.`,
  );
}

function recipeOf({ a, o, e }: PlannedRepair['before'], userName: string): 'reanchor' | 'reassign' {
  if (o === a && e !== null && e !== a) return 'reanchor';
  if (e === a && o !== a) return 'reassign';
  const found = o === a && e === a ? 'all three sides are equal' : 'more than one side differs';
  throw new AnchorwatchError(
    'invalid',
    `Nothing can be tried on ${userName}: ${found}. Plant a difference in Entra ID alone, by making the test person’s AD account anew under the same name; for a nudge one in Okta’s copy alone.`,
  );
}

async function assignmentOf(app: string, name: string, okta: Readers['okta']): Promise<Assignment> {
  const byId = /^00u\w+$/.test(name) ? await okta.assignment(app, name) : null;
  const found = byId === null ? await okta.assignmentsNamed(app, name) : [byId];
  const [assignment, ...others] = found;
  if (assignment !== undefined && others.length === 0) return assignment;
  const many = others.length > 0 ? 'more than one' : 'no';
  throw new AnchorwatchError('invalid', `Okta has ${many} assignment of the Office 365 app under "${name}".`);
}

async function accountOf(userName: string, entra: Readers['entra']): Promise<EntraUser> {
  const named = await entra.usersByAddress(userName);
  const account = named.find((one) => one.userName.toLowerCase() === userName.toLowerCase());
  if (account !== undefined) return account;
  throw new AnchorwatchError('invalid', `Entra ID has no account with the user principal name ${userName}.`);
}

function textOf(anchor: Assignment['anchor'], userName: string): string | null {
  if (typeof anchor === 'string' || anchor === null) return anchor;
  throw new AnchorwatchError('invalid', `${userName} has something where an anchor belongs that can be none.`);
}
