import { describe, expect, test } from 'vitest';
import { createTeams } from '../shared/channels/teams.ts';
import { createWebhook } from '../shared/channels/webhook.ts';
import type { GraphClient } from '../shared/entra/client.ts';
import { readPage as readGraphPage } from '../shared/entra/pager.ts';
import type { OktaClient } from '../shared/okta/client.ts';
import { readPage as readOktaPage } from '../shared/okta/pager.ts';
import { AnchorwatchError } from '../shared/errors.ts';
import { createOktaRepairs } from '../shared/okta/repairs.ts';
import type { Effect } from '../shared/ports/effect.ts';
import type { StorageSettings } from '../shared/storage/clients.ts';
import { openQueue } from '../shared/storage/queue.ts';
import { openTable } from '../shared/storage/table.ts';
import { MINUTE } from '../shared/time.ts';
import { tenant } from './entra/tenant.ts';
import { MESSAGE } from './entra/mail-office.ts';
import { deps, type Loopback, type Reply, serve } from './loopback.ts';
import { BY_KEY, NEVER, org } from './okta/org.ts';
import { orderSpec, sampleRow, sampleSpec, testDeps } from './storage/fixtures.ts';

// Whoever is spoken to sends us elsewhere: to a server of which we can see whether anything reached it.

const unused = (): Promise<never> => Promise.reject(new Error('nothing else is asked here'));

const REDIRECTS = [301, 302, 303, 307, 308] as const;
const ID = '11111111-2222-4333-8444-555555555555';

const elsewhere = (): Promise<Loopback> => serve(() => ({ body: { access_token: 'stray', value: [] } }));

const to = (other: Loopback, status: number): Reply => ({
  status,
  headers: { location: `${other.url}/taken` },
  body: '',
});

function effectOn({ clock }: ReturnType<typeof deps>): Effect {
  return { until: clock.now() + MINUTE, correlation: ID };
}

describe.each(REDIRECTS)('a %i to another server takes nothing there', (status) => {
  test.each([
    ['/oauth2/v1/token', 'invalid'],
    ['/api/v1/apps/0oaad/users', 'refused'],
  ])('from %s of Okta: no assertion, no token', async (path, kind) => {
    const other = await elsewhere();
    const { okta } = await org({ [path]: to(other, status) });

    await expect(okta.directoryPage('0oaad', null, NEVER)).rejects.toMatchObject({ kind });
    expect(other.seen).toEqual([]);
  });

  test('from a write to Okta', async () => {
    const other = await elsewhere();
    const { server, tools } = await org({ '/api/v1/groups/00g1/users/00u1': to(other, status) });
    const settings = { orgUrl: server.url, credential: BY_KEY, office365App: null, appDomains: [], directories: [] };
    const okta = createOktaRepairs({ ...settings, anchorAttribute: 'externalId', rateShare: 0.8 }, tools);

    await expect(okta.joinGroup('00g1', '00u1', effectOn(tools))).rejects.toMatchObject({ kind: 'refused' });
    expect(other.seen).toEqual([]);
  });

  test('from a read of Graph, and from a write', async () => {
    const other = await elsewhere();
    const { entra, tools } = await tenant({
      '/v1.0/users': to(other, status),
      [`/v1.0/users/${ID}`]: to(other, status),
    });

    await expect(entra.usersPage(null, NEVER)).rejects.toMatchObject({ kind: 'refused' });
    await expect(entra.setAnchor(ID, 'secret', effectOn(tools))).rejects.toMatchObject({ kind: 'refused' });
    expect(other.seen).toEqual([]);
  });

  test('from where a managed identity is asked for: the library follows none to another origin', async () => {
    const other = await elsewhere();
    const { entra, server } = await tenant({}, to(other, status));

    await expect(entra.domains()).rejects.toMatchObject({ kind: expect.stringMatching(/denied|transient/) });
    expect([...other.seen, ...server.seen]).toEqual([]);
  });

  test('from a table or a queue of Azure Storage: neither signature nor row', async () => {
    const other = await elsewhere();
    const storage = await serve(() => to(other, status));
    const account = 'DefaultEndpointsProtocol=http;AccountName=acme;AccountKey=c2VjcmV0c2VjcmV0c2VjcmV0';
    const settings: StorageSettings = {
      kind: 'connection-string',
      connectionString: `${account};TableEndpoint=${storage.url}/acme;QueueEndpoint=${storage.url}/acme`,
    };
    const table = openTable(settings, sampleSpec(), testDeps());

    await expect(table.get('p', 'a')).rejects.toBeInstanceOf(AnchorwatchError);
    await expect(table.insert(sampleRow('p', 'a'))).rejects.toBeInstanceOf(AnchorwatchError);
    await expect(openQueue(settings, orderSpec(), testDeps()).send({ repair: 'a' })).rejects.toBeInstanceOf(
      AnchorwatchError,
    );
    expect(storage.seen.length).toBeGreaterThan(0);
    expect(other.seen).toEqual([]);
  });

  test('from a channel: neither letter nor signature', async () => {
    const other = await elsewhere();
    const { url } = await serve(() => to(other, status));
    const tools = deps();

    for (const channel of [createTeams({ url }, tools), createWebhook({ url, secret: 'secret' }, tools)]) {
      await expect(channel.send(MESSAGE, effectOn(tools))).resolves.toMatchObject({ kind: 'refused' });
    }
    expect(other.seen).toEqual([]);
  });
});

test.each(['http://acme.example', 'https://acme.example.org', 'https://acme.example:8443'])(
  'a next link from https://acme.example to %s is not followed: without TLS, another name, another port',
  async (away) => {
    const origin = 'https://acme.example';
    const okta: OktaClient = {
      origin,
      get: async () => ({ body: [], link: `<${away}/api/v1/users?after=x>; rel="next"` }),
      send: unused,
      untilRoom: () => 0,
      rights: unused,
    };
    const graph: GraphClient = {
      origin,
      json: async () => ({ value: [], '@odata.nextLink': `${away}/v1.0/users?$skiptoken=x` }),
      patch: unused,
      rights: unused,
      names: unused,
    };

    await expect(readOktaPage(okta, '/api/v1/users', null)).rejects.toMatchObject({ kind: 'refused' });
    await expect(readGraphPage(graph, '/v1.0/users', null)).rejects.toMatchObject({ kind: 'refused' });
  },
);
