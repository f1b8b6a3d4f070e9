import { describe, expect, it } from 'vitest';
import { HOUR, isoTime, MINUTE } from '../../shared/time.ts';
import { errorOf, GRAPH, IMPORTED_AT_ONCE, type Json, json, START, Tenant } from './callers.ts';

const SELECT = 'id,userPrincipalName,onPremisesImmutableId,onPremisesSyncEnabled,proxyAddresses';
const EVENTUAL = { consistencylevel: 'eventual' };
const tenant = new Tenant({ people: 250 });
const users = tenant.graphRows(`/v1.0/users?$select=${SELECT}&$top=999`);
const filtered = (expression: string) => `/v1.0/users?$select=${SELECT}&$filter=${encodeURIComponent(expression)}`;

function find(expression: string): Json[] {
  return json(tenant.graph(filtered(expression))).value;
}

describe('the list of users', () => {
  it('gives every user once over its pages', () => {
    const ids = tenant.graphRows('/v1.0/users?$select=id&$top=40').map((user) => user.id);

    expect(new Set(ids)).toEqual(new Set(users.map((user) => user.id)));
    expect(ids).toHaveLength(250);
  });

  it('serves 100 unless told, and links to the next page with the whole query', () => {
    const page = json(tenant.graph(`/v1.0/users?$select=${SELECT}`));

    expect(page.value).toHaveLength(100);
    expect(page['@odata.nextLink']).toMatch(/^http:\/\/graph\.test\/v1\.0\/users\?\$select=\S+&\$skiptoken=\S+$/);
  });

  it('serves no more rows a page than the tenant was told to, and all of them over its pages', () => {
    const capped = new Tenant({ people: 10, graph: { pageCap: 3 } });

    expect(json(capped.graph('/v1.0/users?$select=id&$top=999')).value).toHaveLength(3);
    expect(capped.graphRows('/v1.0/users?$select=id&$top=999')).toHaveLength(10);
  });

  it('leaves the anchor out unless it is selected', () => {
    const [plain] = json(tenant.graph('/v1.0/users?$top=1')).value;

    expect(plain).toHaveProperty('userPrincipalName');
    expect(plain).not.toHaveProperty('onPremisesImmutableId');
    expect(users[0].onPremisesImmutableId).toMatch(/==$/);
  });

  it('gives no count without the header, and no error either', () => {
    expect(json(tenant.graph('/v1.0/users?$count=true'))['@odata.count']).toBeUndefined();
    expect(json(tenant.graph('/v1.0/users?$count=true', EVENTUAL))['@odata.count']).toBe(250);
  });

  it.each([
    ['a page larger than the largest', '/v1.0/users?$top=1000', '400 Request_UnsupportedQuery'],
    ['a page of nothing', '/v1.0/users?$top=0', '400 Request_UnsupportedQuery'],
    ['a property that does not exist', '/v1.0/users?$select=id,immutableId', '400 BadRequest'],
    ['a count that is neither true nor false', '/v1.0/users?$count=yes', '400 BadRequest'],
    ['skipping', '/v1.0/users?$skip=10', '400 BadRequest'],
    ['an order', '/v1.0/users?$orderby=displayName', '400 BadRequest'],
    ['a page token that nobody gave out', '/v1.0/users?$skiptoken=nonsense', '400 Directory_ExpiredPageToken'],
  ])('refuses %s', (_, target, problem) => {
    expect(errorOf(tenant.graph(target))).toBe(problem);
  });

  it('refuses a page token that has grown too old', () => {
    const short = new Tenant({ people: 10, graph: { cursorLifetime: HOUR } });
    const next = json(short.graph('/v1.0/users?$top=5'))['@odata.nextLink'].slice(GRAPH.length);

    short.now = START + 2 * HOUR;
    const late = short.graph(next);

    expect(errorOf(late)).toBe('400 Directory_ExpiredPageToken');
  });

  it('says that an agent is none of the people', () => {
    const org = new Tenant({ plants: { account: 10 } });

    const rows = org.graphRows('/v1.0/users?$select=id');

    expect(rows.filter((row) => row['@odata.type'] === '#microsoft.graph.agentUser')).toHaveLength(1);
  });
});

describe('a filter on users', () => {
  const [user] = users.filter((one) => one.onPremisesImmutableId.includes('+'));

  it.each([
    ['the anchor', `onPremisesImmutableId eq '${user.onPremisesImmutableId}'`],
    ['the anchor among others', `onPremisesImmutableId in ('x', '${user.onPremisesImmutableId}')`],
    [
      'the user name in another case',
      `userPrincipalName eq '${user.userPrincipalName.toUpperCase().replaceAll("'", "''")}'`,
    ],
    ['a proxy address', `proxyAddresses/any(p:p eq '${user.proxyAddresses[1].replaceAll("'", "''")}')`],
    [
      'either of two proxy addresses',
      `proxyAddresses/any(p:p eq 'x' or p eq '${user.proxyAddresses[0].replaceAll("'", "''")}')`,
    ],
    ['one thing and another', `accountEnabled eq true and (id eq '${user.id}' or id eq 'x')`],
  ])('finds one by %s', (_, expression) => {
    expect(find(expression).map((one: { id: string }) => one.id)).toEqual([user.id]);
  });

  it('finds nobody by an anchor whose plus sign was not encoded', () => {
    const expression = `onPremisesImmutableId%20eq%20'${user.onPremisesImmutableId}'`;

    expect(json(tenant.graph(`/v1.0/users?$filter=${expression}`)).value).toEqual([]);
  });

  it('minds no case, so that who looks for an anchor must compare again', () => {
    expect(find(`onPremisesImmutableId eq '${user.onPremisesImmutableId.toLowerCase()}'`)).toHaveLength(1);
  });

  it('finds many over several pages', () => {
    expect(tenant.graphRows(`${filtered("startsWith(userPrincipalName,'a')")}&$top=2`)).toHaveLength(
      users.filter((one) => one.userPrincipalName.startsWith('a')).length,
    );
  });

  it.each([
    ['null', 'onPremisesImmutableId eq null', 'Request_UnsupportedQuery'],
    ['another operator', "userPrincipalName ne 'x'", 'Request_UnsupportedQuery'],
    ['a property that cannot be filtered', "department eq 'Sales'", 'Request_UnsupportedQuery'],
    [
      'the end of a name without advanced query parameters',
      "endsWith(userPrincipalName,'m')",
      'Request_UnsupportedQuery',
    ],
    ['text where a property is true or false', "accountEnabled eq 'yes'", 'BadRequest'],
    ['true where a property is text', 'mail eq true', 'BadRequest'],
    ['half an expression', "userPrincipalName eq 'x' and", 'BadRequest'],
    ['too many alternatives', `id in (${Array.from({ length: 16 }, () => "'x'").join()})`, 'BadRequest'],
    ['rubbish', 'userPrincipalName eq #', 'BadRequest'],
  ])('refuses %s', (_, expression, code) => {
    expect(errorOf(tenant.graph(filtered(expression)))).toBe(`400 ${code}`);
  });

  it('takes the end of a name in an advanced query', () => {
    const answer = tenant.graph(`${filtered("endsWith(userPrincipalName,'@contoso.com')")}&$count=true`, EVENTUAL);

    expect(json(answer)['@odata.count']).toBe(250);
  });
});

describe('the number of users', () => {
  it('is plain text, and needs the header', () => {
    expect(tenant.graph('/v1.0/users/$count', EVENTUAL)).toMatchObject({
      body: '250',
      headers: { 'content-type': 'text/plain' },
    });
    expect(errorOf(tenant.graph('/v1.0/users/$count'))).toBe('400 Request_UnsupportedQuery');
  });

  it('lags behind the list', () => {
    const churn = [{ kind: 'created', people: 4, from: START + MINUTE, until: START + 2 * MINUTE }] as const;
    const org = new Tenant({ people: 10, churn, imports: IMPORTED_AT_ONCE, graph: { countLag: HOUR } });

    org.now = START + 30 * MINUTE;

    expect(org.graphRows('/v1.0/users?$select=id')).toHaveLength(14);
    expect(org.graph('/v1.0/users/$count', EVENTUAL).body).toBe('10');
    org.now = START + 90 * MINUTE;
    expect(org.graph('/v1.0/users/$count', EVENTUAL).body).toBe('14');
  });
});

describe('a single user', () => {
  it('is found by object id and by user name', () => {
    const [user] = users;
    const byId = json(tenant.graph(`/v1.0/users/${user.id}?$select=${SELECT}`));
    const byName = json(tenant.graph(`/v1.0/users/${encodeURIComponent(user.userPrincipalName)}?$select=${SELECT}`));

    expect(byId).toMatchObject(user);
    expect(byName).toEqual(byId);
  });

  it('that is not there is not found', () => {
    expect(errorOf(tenant.graph('/v1.0/users/nobody@contoso.com'))).toBe('404 Request_ResourceNotFound');
  });

  it('says when it was last synced: in the last cycle', () => {
    tenant.now = START + 47 * MINUTE;
    const path = `/v1.0/users/${users[0].id}?$select=onPremisesLastSyncDateTime,onPremisesSyncEnabled`;

    expect(json(tenant.graph(path))).toMatchObject({
      onPremisesSyncEnabled: true,
      onPremisesLastSyncDateTime: isoTime(START + 30 * MINUTE),
    });
  });
});

it('a read may show what was, as far back as the replicas lag', () => {
  const churn = [{ kind: 'renamed', people: 1, from: START + HOUR, until: START + HOUR }] as const;
  const org = new Tenant({ churn, graph: { replicaLag: 10 * MINUTE } });
  const [change] = org.created.answerKey.changes;
  const names = (now: number) => {
    org.now = now;
    const seen = Array.from({ length: 40 }, () => json(org.graph(`/v1.0/users/${change!.objectId}`)).userPrincipalName);
    return new Set(seen).size;
  };

  expect([names(START + HOUR - 1), names(START + HOUR + 5 * MINUTE), names(START + HOUR + 10 * MINUTE)]).toEqual([
    1, 2, 1,
  ]);
});

describe('deleted users', () => {
  const org = new Tenant({ plants: { 'soft-deleted': 3 } });
  const path = '/v1.0/directory/deletedItems/microsoft.graph.user';

  it('keep their anchor, and their names are prefixed with the object id', () => {
    const rows = org.graphRows(`${path}?$select=${SELECT},deletedDateTime&$top=2`);

    expect(rows).toHaveLength(3);
    for (const row of rows) {
      expect(row.userPrincipalName.startsWith(row.id.replaceAll('-', ''))).toBe(true);
      expect(row.onPremisesImmutableId).toMatch(/==$/);
      expect(Date.parse(row.deletedDateTime)).toBeLessThan(START);
    }
  });

  it('are found by anchor', () => {
    const [row] = org.graphRows(`${path}?$select=${SELECT}`);
    const expression = encodeURIComponent(`onPremisesImmutableId eq '${row.onPremisesImmutableId}'`);

    expect(org.graphRows(`${path}?$select=${SELECT}&$filter=${expression}`)).toEqual([row]);
  });

  it('are refused without their type, or with another', () => {
    expect(errorOf(org.graph('/v1.0/directory/deletedItems'))).toBe('400 BadRequest');
    expect(errorOf(org.graph('/v1.0/directory/deletedItems/microsoft.graph.group'))).toBe('400 BadRequest');
  });
});

describe('the tenant', () => {
  it('names its domains and how they sign in', () => {
    const domains = tenant.graphRows('/v1.0/domains');
    const shown = domains.map((domain) => [domain.id, domain.authenticationType, domain.isInitial, domain.isVerified]);

    expect(shown).toContainEqual(['contoso.com', 'Federated', false, true]);
    expect(shown).toContainEqual(['contoso.onmicrosoft.com', 'Managed', true, true]);
    expect(errorOf(tenant.graph('/v1.0/domains?$top=5'))).toBe('400 BadRequest');
  });

  it('tells of a federated domain where it is federated to, and of a managed one nothing', () => {
    const federations = (name: string) => tenant.graphRows(`/v1.0/domains/${name}/federationConfiguration`);

    expect(federations('contoso.com')).toMatchObject([
      { passiveSignInUri: 'https://login.contoso.com/app/office365/sso/wsfed/passive' },
    ]);
    expect(federations('contoso-labs.com')).toEqual([]);
    expect(errorOf(tenant.graph('/v1.0/domains/nowhere.example/federationConfiguration'))).toBe(
      '404 Request_ResourceNotFound',
    );
  });

  it('says whether it is synced', () => {
    const select = '$select=id,displayName,onPremisesSyncEnabled';

    expect(tenant.graphRows(`/v1.0/organization?${select}`)).toEqual([
      { id: tenant.created.ids.tenant, displayName: 'Contoso', onPremisesSyncEnabled: true },
    ]);
    expect(
      new Tenant({ synced: 'never' }).graphRows(`/v1.0/organization?${select}`)[0].onPremisesSyncEnabled,
    ).toBeNull();
  });
});
