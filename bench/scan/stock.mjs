import { env, stdout } from 'node:process';
import { ManagedIdentityCredential } from '@azure/identity';
import * as graphSdk from '@microsoft/microsoft-graph-client';
import oktaSdk from '@okta/okta-sdk-nodejs';

// What a careful admin would write: both SDKs as they come, their own iteration at the largest page, the cache off, the same fields kept.

const { kid, ...key } = JSON.parse(env.ANCHORWATCH_OKTA_PRIVATE_KEY);
const okta = new oktaSdk.Client({
  orgUrl: env.ANCHORWATCH_OKTA_URL,
  authorizationMode: 'PrivateKey',
  clientId: env.ANCHORWATCH_OKTA_CLIENT_ID,
  privateKey: JSON.stringify(key),
  keyId: kid,
  scopes: ['okta.apps.read'],
  cacheMiddleware: null,
});

const credential = new ManagedIdentityCredential(env.ANCHORWATCH_ENTRA_CLIENT_ID);
const getAccessToken = async () => (await credential.getToken('https://graph.microsoft.com/.default')).token;

/**
 * The client sends no token over plain HTTP, and takes the next link of a plain address for a path: the last of its chain asks this machine
 * what was meant for Microsoft.
 */
const elsewhere = {
  async execute(context) {
    const url = String(context.request);
    const path = url.slice(url.lastIndexOf('/v1.0/'));
    context.response = await fetch(`${env.ANCHORWATCH_GRAPH_URL}${path}`, context.options);
  },
};
const { AuthenticationHandler, Client, PageIterator, RetryHandler, TelemetryHandler } = graphSdk;
const chain = [new AuthenticationHandler({ getAccessToken }), new RetryHandler(), new TelemetryHandler()];
for (const [at, one] of chain.entries()) one.setNext(chain[at + 1] ?? elsewhere);
const graph = Client.initWithMiddleware({ middleware: chain[0], defaultVersion: 'v1.0' });

const [ad, assigned, accounts] = [new Map(), new Map(), new Map()];

function users(appId) {
  return okta.applicationApi.listApplicationUsers({ appId, limit: 500 });
}

function keep(row) {
  return accounts.set(row.userPrincipalName.toLowerCase(), row).size > 0;
}

async function readOkta() {
  for (const appId of env.BENCH_DIRECTORIES.split(','))
    await (await users(appId)).each(({ id, externalId, status, created, profile }) => {
      const { userName, samAccountName, email, dn, objectSid, employeeID } = profile;
      ad.set(id, { externalId, status, created, userName, samAccountName, email, dn, objectSid, employeeID });
    });
  await (await users(env.BENCH_OFFICE365)).each(({ id, profile, credentials, ...row }) => {
    const { externalId, status, scope, syncState, created } = row;
    const userName = credentials.userName.toLowerCase();
    assigned.set(id, { externalId, status, scope, syncState, created, userName, anchor: profile.immutableId });
  });
}

async function readEntra() {
  const first = await graph.api('/users').select(env.BENCH_FIELDS).top(999).get();
  await new PageIterator(graph, first, keep).iterate();
}

await Promise.all([readOkta(), readEntra()]);
let paired = 0;
let drifted = 0;
for (const [user, { userName, anchor }] of assigned) {
  const entra = accounts.get(userName)?.onPremisesImmutableId;
  if (entra === undefined) continue;
  paired += 1;
  if ((ad.get(user)?.externalId ?? anchor) !== entra || anchor !== entra) drifted += 1;
}
stdout.write(`${JSON.stringify({ paired, drifted })}\n`);
