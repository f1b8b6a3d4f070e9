import type { Instant } from '../../shared/time.ts';
import type { AssignmentRecord } from './okta/records.ts';
import type { State } from './state.ts';
import type { CreatedWorld, WorldIds } from './world.ts';

/** One person as Okta and Active Directory have them. */
export interface PersonTruth {
  readonly user: string;
  readonly status: string;
  /** Okta groups, those of Active Directory among them; in the order of their ids. */
  readonly groups: readonly string[];
  /** A: what the first Active Directory says. */
  readonly source: string | null;
  readonly assignment: {
    readonly userName: string;
    /** O: Okta's copy. */
    readonly copy: string | null;
    /** Object id of the Entra account that it is linked to. */
    readonly account: string | null;
    readonly scope: string;
    readonly grantedBy: string | null;
    readonly licenses: readonly string[];
    readonly roles: readonly string[];
  } | null;
}

/** One live account in Entra. */
export interface AccountTruth {
  readonly id: string;
  readonly userName: string;
  /** E. */
  readonly anchor: string | null;
  readonly enabled: boolean;
  /** Each with the group that it comes from, if it does. */
  readonly licenses: readonly string[];
  readonly groups: readonly string[];
}

/** What is so at an instant, whatever a replica shows and whoever may ask: for whoever checks what became of a world. */
export interface Truth {
  readonly at: Instant;
  readonly tenant: string;
  /** The Office 365 app that people are assigned. */
  readonly office365: string;
  readonly groups: WorldIds['groups'];
  /** Its *Deactivate Users*. */
  readonly deactivate: string | null;
  readonly people: readonly PersonTruth[];
  readonly accounts: readonly AccountTruth[];
  /** Object ids in the recycle bin. */
  readonly deleted: readonly string[];
}

/** Tells the truth about a world. Whatever was due by then has happened before. */
export function truthIn({ inside: { state }, ids }: CreatedWorld): (now: Instant) => Truth {
  return (now) => {
    state.agenda.runUpTo(now);
    return {
      at: now,
      tenant: ids.tenant,
      office365: ids.office365,
      groups: ids.groups,
      deactivate: state.apps.get(ids.office365)?.provisioning?.deactivate ?? null,
      people: peopleIn(state, ids.office365, now),
      accounts: accountsIn(state, now),
      deleted: [...state.deletedUsers.list(null, now)].map(({ id }) => id),
    };
  };
}

function peopleIn(state: State, app: string, now: Instant): readonly PersonTruth[] {
  return [...state.oktaUsers.list(null, now)].map(({ id, status, groups }) => {
    const [account] = [...state.directories.values()].flatMap((roster) => roster.get(id, now) ?? []);
    const assignment = state.assignments.get(app)?.get(id, now);
    return {
      user: id,
      status,
      groups: [...groups].sort(),
      source: account?.externalId ?? null,
      assignment: assignment === undefined ? null : assignmentTruth(assignment),
    };
  });
}

function assignmentTruth(assignment: AssignmentRecord): PersonTruth['assignment'] {
  const { userName, immutableId, externalId, scope, grantedBy, licenses, roles } = assignment;
  return { userName, copy: immutableId, account: externalId, scope, grantedBy, licenses, roles };
}

function accountsIn(state: State, now: Instant): readonly AccountTruth[] {
  return [...state.entraUsers.list(null, now)].map((account) => ({
    id: account.id,
    userName: account.userName,
    anchor: account.anchor,
    enabled: account.enabled,
    licenses: account.licenses.map(({ skuId, group }) => `${skuId} ${group ?? 'straight'}`).sort(),
    groups: [...account.syncedGroups, ...(account.extras?.groups ?? [])].sort(),
  }));
}
