import { privateKeyOf, signToken } from '../../local/world/tokens.ts';
import { READ_ROLES, READ_SCOPES, WRITE_ROLES, WRITE_SCOPES } from '../../local/world/options.ts';
import { type CreatedWorld, createWorld } from '../../local/world/world.ts';
import type { PlannedRepair } from '../../shared/plan/plan.ts';
import { DAY, HOUR, type Instant, MINUTE, SECOND } from '../../shared/time.ts';
import {
  drifted,
  inGroup,
  peopleOf,
  peopleOfTheirOwn,
  type Someone,
  strangeAnchor,
} from '../../tests/simulation/people.ts';
import { KEYS, START } from '../../tests/world/callers.ts';

export const OKTA = 'https://contoso.okta.com';
export const GRAPH = 'https://graph.microsoft.com';

/** Somebody who is to be repaired, with the plan of it. */
export type Patient = Someone & { readonly plan: PlannedRepair };

/** One company in the evening before the night: its tenants, whom to repair, and who will leave it meanwhile. */
export interface Office {
  readonly created: CreatedWorld;
  readonly begin: Instant;
  readonly patients: readonly Patient[];
  readonly leavers: readonly Someone[];
  /** What every call carries, by side. */
  readonly headers: Readonly<Record<'okta' | 'graph', Readonly<Record<string, string>>>>;
}

/** So often somebody leaves the company while the night goes on: dismissed in Okta, and nobody's repair. */
const LEAVES_EVERY = 30 * MINUTE;
/** Whoever stays besides those who are repaired; as long as there are any left, somebody leaves. */
const COLLEAGUES = 200;

/** The same seed gives the same office, so that both ways begin with the same. */
export function officeOf(people: number, seed: string): Office {
  const created = createWorld({
    seed: `bench ${seed}`,
    start: START,
    // Some have no assignment, some no licence: those are nobody's patients.
    people: Math.ceil(1.5 * (people + COLLEAGUES)),
    plants: 'none',
    keys: KEYS,
    origins: { okta: OKTA, graph: GRAPH },
    switches: {
      syncedWrites: 'anyway',
      directoriesApi: 'works',
      latePush: 'never',
    },
    okta: { scopes: [...READ_SCOPES, ...WRITE_SCOPES] },
    graph: { roles: [...READ_ROLES, ...WRITE_ROLES, 'Directory.Read.All'], replicaLag: 2 * SECOND },
  });
  const chosen = peopleOfTheirOwn(created, people);
  const patients = chosen.map((someone) => {
    const plan = drifted(created, someone, { e: strangeAnchor(someone.user) });
    return { ...someone, plan };
  });
  const users = patients.map(({ user }) => user);
  inGroup(created, created.ids.groups.optIn, users);
  // By then the System Log tells in which rhythm imports and group jobs run.
  const begin = START + 6 * HOUR;
  const leavers = peopleOf(created, 'GROUP')
    .filter(({ user }) => !users.includes(user))
    .slice(0, COLLEAGUES);
  for (const [at, { user }] of leavers.entries()) {
    created.inside.state.agenda.add(begin + (at + 1) * LEAVES_EVERY, (now) => created.hands.dismiss(user, now));
  }
  return { created, begin, patients, leavers, headers: headersOf(created) };
}

/** Good for the whole bench: what tokens cost is no matter of what is measured. */
export function headersOf({ inside, credentials }: CreatedWorld): Office['headers'] {
  const times = { iat: START / SECOND, nbf: START / SECOND, exp: (START + 60 * DAY) / SECOND };
  const okta = signToken(
    'okta',
    { ...times, aud: OKTA, sub: credentials.okta.clientId, scp: [...inside.okta.grantedScopes] },
    inside.okta.signingKey,
  );
  const graph = signToken(
    'entra',
    { ...times, aud: inside.graph.audience, sub: credentials.identity.clientId, roles: [...inside.roles] },
    privateKeyOf(KEYS.entra.privateJwk),
  );
  return {
    okta: { authorization: `Bearer ${okta}`, 'content-type': 'application/json' },
    graph: { authorization: `Bearer ${graph}`, 'content-type': 'application/json' },
  };
}

/** Longer than either way takes. */
export const LONGEST = 60 * DAY - HOUR;
