import type { JsonWebKey } from 'node:crypto';
import type { Answer, Call, World } from './call.ts';
import { diceOf } from './dice.ts';
import type { Agenda } from './agenda.ts';
import { type Company, SIGN_IN_HOST } from './generate/company-plan.ts';
import { generate } from './generate/generate.ts';
import type { AnswerKey } from './generate/key.ts';
import { Graph } from './graph/graph.ts';
import { Identity, principalOf } from './identity/identity.ts';
import { type Hands, handsOf } from './hands.ts';
import { guid, oktaId } from './ids.ts';
import { Okta } from './okta/okta.ts';
import { completed, type WorldOptions } from './options.ts';
import type { GraphSettings } from './graph/context.ts';
import type { OktaSettings } from './okta/context.ts';
import type { State } from './state.ts';
import { groupJobsFrom } from './sync/group-job.ts';
import { privateKeyOf, publicKeyOf } from './tokens.ts';

/** What a caller needs to be let in. */
export interface Credentials {
  readonly okta: {
    readonly clientId: string;
    readonly keyId: string;
    readonly privateJwk: JsonWebKey;
    readonly scopes: readonly string[];
    /** An API token of an administrator, for `Authorization: SSWS …`. */
    readonly apiToken: string;
  };
  /** For the managed identity: `IDENTITY_HEADER`, and the client id of a user-assigned one. */
  readonly identity: { readonly header: string; readonly clientId: string };
}

export interface WorldIds {
  readonly org: string;
  readonly tenant: string;
  readonly directories: readonly { readonly id: string; readonly name: string }[];
  /** The Office 365 app that people are assigned. */
  readonly office365: string;
  readonly otherOffice365: readonly string[];
  readonly inactiveOffice365: string;
  readonly groups: Company['groups'];
  /** Where Entra sends the people of the company's own domains. */
  readonly signInHost: string;
}

/** What there is behind the tenants' doors, for whoever checks what became of it, or goes in without knocking. */
export interface Inside {
  readonly state: State;
  readonly okta: OktaSettings;
  readonly graph: GraphSettings;
  /** Application permissions of the managed identity. */
  readonly roles: readonly string[];
  /** Object id of its service principal. */
  readonly principal: string;
}

export interface CreatedWorld {
  readonly world: World;
  readonly inside: Inside;
  readonly answerKey: AnswerKey;
  readonly credentials: Credentials;
  readonly ids: WorldIds;
  readonly hands: Hands;
}

/** Okta, Active Directory and Entra of one company. The same options make the same world. */
export function createWorld(options: WorldOptions): CreatedWorld {
  const { plan, okta, graph } = completed(options);
  const { state, company, imports, answerKey } = generate(plan);
  for (const app of company.office365) groupJobsFrom(state, app, options.start);
  const dice = diceOf(`${options.seed} credentials`);
  const clientId = oktaId('0oa', dice.next);
  const keyId = oktaId('kid', dice.next);
  const apiToken = oktaId('00', dice.next) + oktaId('', dice.next);
  const identity = { header: guid(dice.next), clientId: guid(dice.next) };
  const settings = {
    okta: {
      ...okta,
      clientId,
      clientKeyId: keyId,
      clientKey: publicKeyOf(options.keys.client.publicJwk),
      grantedScopes: new Set(okta.scopes),
      apiTokens: new Set([apiToken]),
      signingKey: privateKeyOf(options.keys.okta.privateJwk),
      verifyingKey: publicKeyOf(options.keys.okta.publicJwk),
      imports,
    },
    graph: { ...graph, verifyingKey: publicKeyOf(options.keys.entra.publicJwk) },
  };
  const sides = {
    okta: new Okta(state, settings.okta, options.origins?.okta ?? null),
    graph: new Graph(state, settings.graph, options.origins?.graph ?? null),
    identity: new Identity({
      ...identity,
      tenantId: state.tenant.id,
      audience: graph.audience,
      roles: graph.roles,
      tokenLifetime: graph.tokenLifetime,
      signingKey: privateKeyOf(options.keys.entra.privateJwk),
    }),
  };
  return {
    world: { handle: timekeeper(sides, state.agenda) },
    inside: { state, ...settings, roles: graph.roles, principal: principalOf(identity.clientId) },
    answerKey,
    hands: handsOf(state, imports),
    credentials: {
      okta: { clientId, keyId, privateJwk: options.keys.client.privateJwk, scopes: okta.scopes, apiToken },
      identity,
    },
    ids: {
      org: company.org.id,
      tenant: company.tenant.id,
      directories: company.directories.map(({ app, name }) => ({ id: app, name })),
      office365: company.office365[0],
      otherOffice365: company.office365.slice(1),
      inactiveOffice365: company.inactiveOffice365,
      groups: company.groups,
      signInHost: SIGN_IN_HOST,
    },
  };
}

type Sides = Readonly<Record<Call['side'], World>>;

/** Lets everything happen that was to happen by `now`, then asks the side that was called. */
function timekeeper(sides: Sides, agenda: Agenda): World['handle'] {
  return (call: Call, now: number, random: () => number): Answer => {
    agenda.runUpTo(now);
    return sides[call.side].handle(call, now, random);
  };
}
