import type { Domain, EntraUser } from '../../compare/rows.ts';
import { domainOf } from '../../compare/rule.ts';
import type { Notice } from '../../ports/teller.ts';
import { headOf } from '../../repair/journal.ts';
import { parkDomainOf } from '../../repair/look.ts';
import { isOpen } from '../../repair/standing.ts';
import type { ParkedRow } from '../../state/rows.ts';
import { insertOnce } from '../claims.ts';
import { tell } from '../tell.ts';
import type { Tools } from '../tools.ts';

/**
 * Finds people who are parked although no repair is going to bring them back: its rows were lost. Somebody is told of each, once.
 * Every cloud administrator lives on the park domain too, and most tenants have guests and mailboxes there: parked is whom Okta
 * assigns Office 365 under a name of a federated domain that nobody bears, or of whom our own rows say that a repair began.
 */
export async function findParked(tools: Tools): Promise<void> {
  const { okta, entra, state, settings, log } = tools;
  const domains = await entra.domains();
  const park = parkDomainOf(domains, settings.policy.parkDomain);
  const federated = domains.filter((domain) => domain.federated && domain.verified).map(({ name }) => name);
  const found = new Set<string>();
  if (park !== null && federated.length > 0) {
    const accounts = (await entra.usersOnDomain(park.name)).filter(mayBeParked);
    const known = { federated, held: await heldIn(tools), app: (await okta.apps()).office365.id };
    for (const account of accounts) {
      const wanted = await wantedName(account, known, tools);
      if (wanted === null || !(await isStillOn(park, account, tools))) continue;
      found.add(account.id);
      await note(account, wanted, tools);
    }
  }
  for await (const { row, etag } of state.parked.list('parked')) {
    if (found.has(row.objectId)) continue;
    await state.parked.remove('parked', row.objectId, etag);
    log.info('somebody who was parked is not any more', { objectId: row.objectId });
  }
}

/** Whom a repair may have parked: guests never are, and mailboxes without a licence or an anchor belong to no person. */
function mayBeParked({ userName, userType, anchor, enabled, licensed }: EntraUser): boolean {
  if (userType === 'Guest' || userName.toLowerCase().includes('#ext#')) return false;
  return anchor !== null || (enabled && licensed);
}

interface Known {
  /** Names of the federated domains. */
  readonly federated: readonly string[];
  readonly held: ReadonlySet<string>;
  /** The Office 365 app. */
  readonly app: string;
}

/** Object ids of those for whom a hold is open. */
async function heldIn({ state }: Tools): Promise<ReadonlySet<string>> {
  const open = new Map<string, number>();
  const members: { readonly app: string; readonly opened: number; readonly objectId: string }[] = [];
  for await (const { row } of state.holds.list('hold')) {
    if (row.kind === 'member') members.push(row);
    if (row.kind === 'hold' && row.state !== 'closed') open.set(row.app, row.opened);
  }
  return new Set(members.filter(({ app, opened }) => open.get(app) === opened).map(({ objectId }) => objectId));
}

/** The name that has to come back; null for whoever is at home on the domain, or has a repair that sees to it. */
async function wantedName(account: EntraUser, { federated, held, app }: Known, tools: Tools): Promise<string | null> {
  const { okta, entra, state } = tools;
  const claim = await state.claims.get(account.id, 'open');
  const head = claim === null ? null : await headOf(claim.row.repair, tools);
  if (head !== null && isOpen(head.row)) return null;
  const names = namesOf(account, federated);
  for (const name of names) {
    if ((await okta.assignmentsNamed(app, name)).length === 0) continue;
    const bearers = await entra.usersByAddress(name);
    if (!bearers.some(({ id, userName }) => id !== account.id && isSame(userName, name))) return name;
  }
  // Whoever was unassigned before the rows were lost has no assignment that could tell.
  return claim !== null || held.has(account.id) ? (names[0] ?? null) : null;
}

/** A UPN is parked under its own name, so that only the domain is unknown: first that of the person's mail. */
function namesOf({ userName, mail }: EntraUser, federated: readonly string[]): readonly string[] {
  const name = userName.slice(0, userName.lastIndexOf('@'));
  const first = mail === null ? '' : domainOf(mail);
  const domains = federated.toSorted((one, other) => Number(other === first) - Number(one === first));
  return domains.map((domain) => `${name}@${domain}`);
}

/** The index behind the list lags: whoever came back meanwhile is not parked. */
async function isStillOn({ name }: Domain, { id }: EntraUser, { entra }: Tools): Promise<boolean> {
  const now = await entra.user(id);
  return now !== null && domainOf(now.userName) === name.toLowerCase();
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** The row comes first: since when it is known makes the notice one, however often and by whomever it is told. */
async function note({ id, userName }: EntraUser, wanted: string, tools: Tools): Promise<void> {
  const { state, clock } = tools;
  const first: ParkedRow = { objectId: id, userName, wanted, since: clock.now() };
  await insertOnce(() => state.parked.insert(first));
  const since = (await state.parked.get('parked', id))?.row.since ?? first.since;
  await tell(parkedNotice({ ...first, since }), tools);
}

/** Who it is, and how a person brings the name back. */
export function parkedNotice({ objectId: id, userName, wanted, since }: ParkedRow): Notice {
  return {
    kind: 'alarm',
    about: { id: `parked.${id}.${since}`, since },
    subject: 'Somebody is parked, and no repair knows of it',
    lines: [
      `${userName} (${id}) bears a name on the domain on which repairs park people, should be ${wanted}, and cannot sign in by it.`,
      `Set the userPrincipalName back: PATCH /v1.0/users/${id} {"userPrincipalName":"${wanted}"}`,
      'Then see that Office 365 is assigned to the person in Okta; the next scan says whether the anchors are equal.',
    ],
  };
}
