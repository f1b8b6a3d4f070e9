import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../shared/time.ts';
import { errorOf, filterOf, json, nextOf, OKTA, START, Tenant } from './callers.ts';

const tenant = new Tenant({ people: 120 });
const { ids } = tenant.created;
const USERS = `/api/v1/apps/${ids.office365}/users`;

describe('an Okta list', () => {
  it('gives every row once over its pages', () => {
    const rows = tenant.oktaRows(`${USERS}?limit=50`);

    expect(rows).toHaveLength(120);
    expect(new Set(rows.map((row) => row.id)).size).toBe(120);
  });

  it('links to itself and to the next page in one header', () => {
    const answer = tenant.okta(`${USERS}?limit=50`);

    expect(answer.headers['link']).toMatch(/^<http:\/\/okta\.test\S+limit=50>; rel="self", <\S+>; rel="next"$/);
  });

  it('has no next link on its last page', () => {
    expect(nextOf(tenant.okta(`${USERS}?limit=120`))).toBeNull();
  });

  it('serves 50 rows unless told', () => {
    expect(json(tenant.okta(USERS))).toHaveLength(50);
  });

  it('forgets expand in the link to the next page, as Okta does', () => {
    const first = tenant.okta(`${USERS}?limit=50&expand=user`);
    const second = tenant.okta(nextOf(first)!.slice(OKTA.length));

    expect(json(first)[0]._embedded.user.id).toBe(json(first)[0].id);
    expect(json(second)[0]._embedded).toBeUndefined();
  });

  it('keeps every other option in the link to the next page', () => {
    const next = nextOf(tenant.okta('/api/v1/users?limit=5&filter=status+eq+%22ACTIVE%22'));

    expect(next).toContain(`filter=${encodeURIComponent('status eq "ACTIVE"')}`);
  });

  it('serves no more rows a page than the tenant was told to', () => {
    const capped = new Tenant({ people: 10, okta: { pageCap: 3 } });

    expect(json(capped.okta(`/api/v1/apps/${capped.created.ids.office365}/users?limit=500`))).toHaveLength(3);
  });

  it('finds app users whose user name begins with the text, in any case', () => {
    const [row] = tenant.oktaRows(USERS);

    const found = tenant.oktaRows(`${USERS}?q=${encodeURIComponent(row.credentials.userName.toUpperCase())}`);

    expect(found.map((one) => one.id)).toContain(row.id);
    expect(found.length).toBeLessThan(120);
  });

  it.each([
    ['a limit above the largest', `${USERS}?limit=501`],
    ['a limit of nothing', `${USERS}?limit=0`],
    ['a limit that is no number', `${USERS}?limit=many`],
    ['a limit under the smallest', `/api/v1/apps/${ids.office365}/groups?limit=19`],
    ['an unknown kind of agent', '/api/v1/agentPools?poolType=HR'],
    ['an unknown option', `${USERS}?orderBy=name`],
    ['an option given twice', `${USERS}?limit=5&limit=5`],
    ['a broken escape', `${USERS}?q=%E0%A4%A`],
    ['a cursor that nobody gave out', `${USERS}?after=nonsense`],
    ['an unknown expansion', `${USERS}?expand=group`],
  ])('refuses %s', (_, target) => {
    expect(errorOf(tenant.okta(target))).toBe('400 E0000001');
  });

  it('refuses the cursor of another list', () => {
    const cursor = new URL(nextOf(tenant.okta(`${USERS}?limit=5`))!).searchParams.get('after');

    expect(errorOf(tenant.okta(`/api/v1/users?after=${cursor}`))).toBe('400 E0000001');
  });

  it('refuses a cursor that has grown too old', () => {
    const short = new Tenant({ people: 10, okta: { cursorLifetime: HOUR } });
    const next = nextOf(short.okta('/api/v1/users?limit=5'))!.slice(OKTA.length);

    short.now = START + 2 * HOUR;

    expect(errorOf(short.okta(next))).toBe('400 E0000001');
  });

  it('takes a limit above the largest for the largest where Okta does', () => {
    expect(json(tenant.okta('/api/v1/users?limit=5000'))).toHaveLength(120);
  });
});

it('a search may lag behind what the list shows, as far as the tenant was told', () => {
  const churn = [{ kind: 'renamed', people: 1, from: START + HOUR, until: START + HOUR }] as const;
  const org = new Tenant({ churn, okta: { searchLag: 10 * MINUTE } });
  const [{ profile }] = json(org.okta('/api/v1/users'));
  const found = (option: string, now: number) => {
    org.now = now;
    const target = `/api/v1/users?${option}=${encodeURIComponent(`profile.login eq "${profile.login}"`)}`;
    return new Set(Array.from({ length: 40 }, () => json(org.okta(target)).length));
  };

  expect(found('search', START + HOUR - 1)).toEqual(new Set([1]));
  expect(found('filter', START + HOUR + 5 * MINUTE)).toEqual(new Set([0]));
  expect(found('search', START + HOUR + 5 * MINUTE)).toEqual(new Set([0, 1]));
  expect(found('search', START + HOUR + 10 * MINUTE)).toEqual(new Set([0]));
});

describe('the list of apps', () => {
  it('finds the AD instances by name', () => {
    const apps = tenant.oktaRows(`/api/v1/apps?${filterOf('name eq "active_directory"')}`);

    expect(apps.map((app) => app.id).sort()).toEqual(ids.directories.map((directory) => directory.id).sort());
    expect(apps.map((app) => [app.signOnMode, app.settings.app.namingContext])).toContainEqual([null, 'contoso.com']);
  });

  it('has inactive apps in it, which a filter leaves out', () => {
    const all = tenant.oktaRows(`/api/v1/apps?${filterOf('name eq "office365"')}`);
    const active = tenant.oktaRows(`/api/v1/apps?${filterOf('name eq "office365" and status eq "ACTIVE"')}`);

    expect(all.map((app) => app.id).sort()).toEqual([ids.office365, ids.inactiveOffice365].sort());
    expect(active.map((app) => app.id)).toEqual([ids.office365]);
  });

  it('gives the apps of one person with the app user inside', () => {
    const [user] = tenant.oktaRows('/api/v1/users?limit=1');
    const filter = filterOf(`user.id eq "${user.id}"`);

    const apps = json(tenant.okta(`/api/v1/apps?${filter}&expand=user/${user.id}`));

    expect(apps.map((app: { name: string }) => app.name).sort()).toEqual(['active_directory', 'office365']);
    expect(apps[0]._embedded.user.id).toBe(user.id);
  });

  it.each([
    ['an attribute that cannot be filtered', 'label eq "x"'],
    ['an operator that is not known', 'name pr'],
    ['an unfinished expression', 'name eq "x" and'],
    ['text without quotes', 'name eq office365'],
  ])('refuses a filter with %s', (_, filter) => {
    expect(errorOf(tenant.okta(`/api/v1/apps?${filterOf(filter)}`))).toBe('400 E0000031');
  });
});

describe('filter and search of users', () => {
  const [user] = tenant.oktaRows('/api/v1/users');
  const { firstName, lastName, login } = user.profile;
  const find = (option: 'filter' | 'search', expression: string) =>
    tenant.oktaRows(`/api/v1/users?${option}=${encodeURIComponent(expression)}`).map(({ id }) => id);

  it.each([
    ['filter', `profile.firstName eq "${firstName}" and profile.lastName eq "${lastName}"`],
    ['filter', `profile.login EQ "${login}" or id eq "nobody"`],
    ['filter', `lastUpdated gt "2001-01-01T00:00:00.000Z" and id eq "${user.id}"`],
    ['filter', `lastUpdated le "${user.lastUpdated}" and lastUpdated ge "${user.lastUpdated}"`],
    ['search', `profile.login eq "${login.toUpperCase()}"`],
    ['search', `profile.lastName sw "${lastName.slice(0, 2).toLowerCase()}" and profile.firstName eq "${firstName}"`],
    ['search', `profile.email co "${login.slice(1, -3).toUpperCase()}"`],
    ['search', `(status lt "STAGED" or status gt "STAGED") and id eq "${user.id}"`],
  ] as const)('%s takes %s', (option, expression) => {
    expect(find(option, expression)).toContain(user.id);
  });

  it('differ in whether they mind the case of values', () => {
    expect(find('filter', `profile.login eq "${login.toUpperCase()}"`)).toEqual([]);
    expect(find('filter', 'lastUpdated lt "2001-01-01T00:00:00.000Z"')).toEqual([]);
  });

  it.each([
    ['filter', 'profile.login sw "a"'],
    ['filter', 'profile.login co "a"'],
    ['filter', 'status ne "STAGED"'],
    ['filter', 'not (status eq "STAGED")'],
    ['filter', 'status gt "STAGED"'],
    ['filter', 'profile.employeeNumber eq "1"'],
    ['filter', 'lastUpdated gt "yesterday"'],
    ['search', 'status ne "STAGED"'],
    ['search', 'profile.department co "Sal"'],
    ['search', 'profile.shoeSize eq "43"'],
  ])('%s refuses %s', (option, expression) => {
    const target = `/api/v1/users?${option}=${encodeURIComponent(expression)}`;

    expect(errorOf(tenant.okta(target))).toBe('400 E0000031');
  });
});

function groupsBy(option: 'filter' | 'search', expression: string) {
  return tenant.okta(`/api/v1/groups?${option}=${encodeURIComponent(expression)}`);
}

describe('filter and search of groups', () => {
  it.each([
    ['filter', 'id eq "x"'],
    ['filter', 'type eq "APP_GROUP" and lastMembershipUpdated gt "2001-01-01T00:00:00.000Z"'],
    ['filter', 'lastUpdated lt "2001-01-01T00:00:00.000Z"'],
    ['search', 'profile.name co "a" or profile.description sw "x"'],
    ['search', 'type eq "APP_GROUP" and source.id eq "x"'],
  ] as const)('%s takes %s', (option, expression) => {
    expect(groupsBy(option, expression).status).toBe(200);
  });

  it.each([
    ['filter', 'profile.name eq "x"'],
    ['filter', 'source.id eq "x"'],
    ['filter', 'type sw "APP"'],
    ['search', 'type co "APP"'],
    ['search', 'lastUpdated gt "2001-01-01T00:00:00.000Z"'],
    ['search', 'type ne "APP_GROUP"'],
  ] as const)('%s refuses %s', (option, expression) => {
    expect(errorOf(groupsBy(option, expression))).toBe('400 E0000031');
  });
});
