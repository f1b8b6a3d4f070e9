import type { Answer } from '../../local/world/call.ts';
import { READ_ROLES, READ_SCOPES, WRITE_ROLES, WRITE_SCOPES, type WorldOptions } from '../../local/world/options.ts';
import { HOUR } from '../../shared/time.ts';
import { json, type Json, Tenant } from './callers.ts';

/** A small tenant in which everything may be written by whoever has the right, and one healthy person of it. */
export class Office extends Tenant {
  readonly app: string;
  readonly user: string;
  readonly objectId: string;
  readonly userName: string;

  constructor(options: Partial<WorldOptions> = {}, granted = false) {
    super({
      people: 40,
      plants: 'none',
      switches: { syncedWrites: 'anyway', latePush: 'never', regroup: 'by-itself' },
      okta: { limits: { apps: 1e6, app: 1e6 }, scopes: [...READ_SCOPES, ...WRITE_SCOPES] },
      graph: { quota: 1e6, roles: [...READ_ROLES, ...WRITE_ROLES] },
      ...options,
    });
    this.app = this.created.ids.office365;
    const one = this.oktaRows(`/api/v1/apps/${this.app}/users`).find(
      (row) => (row.scope === 'GROUP') === granted && row.externalId !== null && row.profile.licenses.length > 0,
    );
    this.user = one.id;
    this.userName = one.credentials.userName;
    this.objectId = one.externalId;
  }

  write(method: string, target: string, body?: unknown): Answer {
    const authorization = `SSWS ${this.created.credentials.okta.apiToken}`;
    const headers = { host: 'okta.test', authorization, 'content-type': 'application/json' };
    return this.send({ side: 'okta', method, target, headers, body: body === undefined ? '' : JSON.stringify(body) });
  }

  patch(body: unknown, user = this.objectId): Answer {
    const authorization = `Bearer ${this.graphToken()}`;
    const headers = { host: 'graph.test', authorization, 'content-type': 'application/json' };
    return this.send({
      side: 'graph',
      method: 'PATCH',
      target: `/v1.0/users/${user}`,
      headers,
      body: JSON.stringify(body),
    });
  }

  account(id = this.objectId): Json {
    const select =
      'id,userPrincipalName,onPremisesImmutableId,onPremisesSyncEnabled,accountEnabled,assignedLicenses,proxyAddresses';
    return json(this.graph(`/v1.0/users/${id}?$select=${select}`));
  }

  assignment(): Json {
    return json(this.okta(`/api/v1/apps/${this.app}/users/${this.user}`));
  }

  groups(): string[] {
    return this.graphRows(`/v1.0/users/${this.objectId}/memberOf/microsoft.graph.group?$select=id,displayName`).map(
      ({ displayName }) => displayName,
    );
  }

  /** As a service app, with one scope. */
  modify(directory: string, body: unknown): Answer {
    const scope = 'okta.directories.groups.manage';
    const token = json(this.oktaToken({ scope })).access_token;
    const headers = { host: 'okta.test', authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const target = `/api/v1/directories/${directory}/groups/modify`;
    return this.send({ side: 'okta', method: 'POST', target, headers, body: JSON.stringify(body) });
  }

  switchDeactivate(status: 'ENABLED' | 'DISABLED'): Answer {
    return this.write('PUT', `/api/v1/apps/${this.app}/features/USER_PROVISIONING`, {
      update: { lifecycleDeactivate: { status } },
    });
  }

  unassign(): Answer {
    return this.write('DELETE', `/api/v1/apps/${this.app}/users/${this.user}?sendEmail=false`);
  }

  /** Makes an assignment that a group grants the person's own. */
  convert(): Answer {
    return this.write('POST', `/api/v1/apps/${this.app}/users/${this.user}`, { scope: 'USER' });
  }

  assign(body: object = {}): Answer {
    return this.write('POST', `/api/v1/apps/${this.app}/users`, { id: this.user, scope: 'USER', ...body });
  }

  events(eventType: string): Json[] {
    const since = new Date(this.now - HOUR).toISOString();
    const until = new Date(this.now + 1).toISOString();
    const filter = encodeURIComponent(`eventType eq "${eventType}"`);
    return this.oktaRows(`/api/v1/logs?since=${since}&until=${until}&filter=${filter}`);
  }
}

export const ANCHOR = 'AAECAwQFBgcICQoLDA0ODw==';

/** The person's own name on the managed domain. */
export function parked(office: Office): string {
  return office.userName.replace('contoso.com', 'contoso.onmicrosoft.com');
}
