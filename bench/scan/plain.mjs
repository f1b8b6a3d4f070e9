import { createPrivateKey, randomUUID, sign } from 'node:crypto';
import { env, stdout } from 'node:process';

// The least that can be done: fetch, JSON.parse, the same fields kept, three Maps. No library, no validation, no certificate.

const okta = env.ANCHORWATCH_OKTA_URL;
const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

async function oktaToken() {
  const { kid, ...key } = JSON.parse(env.ANCHORWATCH_OKTA_PRIVATE_KEY);
  const now = Math.floor(Date.now() / 1_000);
  const client = env.ANCHORWATCH_OKTA_CLIENT_ID;
  const aud = `${okta}/oauth2/v1/token`;
  const claims = { iss: client, sub: client, aud, iat: now, exp: now + 300, jti: randomUUID() };
  const unsigned = `${part({ alg: 'RS256', kid })}.${part(claims)}`;
  const proof = sign('sha256', Buffer.from(unsigned), createPrivateKey({ key, format: 'jwk' }));
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    scope: 'okta.apps.read',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: `${unsigned}.${proof.toString('base64url')}`,
  });
  return (await (await fetch(aud, { method: 'POST', body })).json()).access_token;
}

async function graphToken() {
  const query = `api-version=2019-08-01&resource=https://graph.microsoft.com&client_id=${env.ANCHORWATCH_ENTRA_CLIENT_ID}`;
  const headers = { 'x-identity-header': env.IDENTITY_HEADER };
  return (await (await fetch(`${env.IDENTITY_ENDPOINT}?${query}`, { headers })).json()).access_token;
}

async function each(url, token, keep) {
  for (let next = url; next !== undefined; ) {
    const response = await fetch(next, { headers: { authorization: `Bearer ${token}` } });
    const body = await response.json();
    for (const row of body.value ?? body) keep(row);
    next = body['@odata.nextLink'] ?? /<([^>]+)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
  }
}

const [ad, assigned, accounts] = [new Map(), new Map(), new Map()];

function users(id) {
  return `${okta}/api/v1/apps/${id}/users?limit=500`;
}

async function readOkta() {
  const token = await oktaToken();
  for (const id of env.BENCH_DIRECTORIES.split(','))
    await each(users(id), token, ({ id: user, externalId, status, created, profile }) => {
      const { userName, samAccountName, email, dn, objectSid, employeeID } = profile;
      ad.set(user, { externalId, status, created, userName, samAccountName, email, dn, objectSid, employeeID });
    });
  await each(users(env.BENCH_OFFICE365), token, ({ id: user, profile, credentials, ...row }) => {
    const { externalId, status, scope, syncState, created } = row;
    const userName = credentials.userName.toLowerCase();
    assigned.set(user, { externalId, status, scope, syncState, created, userName, anchor: profile.immutableId });
  });
}

async function readEntra() {
  const list = `${env.ANCHORWATCH_GRAPH_URL}/v1.0/users?$select=${env.BENCH_FIELDS}&$top=999`;
  await each(list, await graphToken(), (row) => accounts.set(row.userPrincipalName.toLowerCase(), row));
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
