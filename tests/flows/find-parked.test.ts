import { describe, expect, test } from 'vitest';
import { tend } from '../../shared/flows/tend.ts';
import { DAY, HOUR, MINUTE } from '../../shared/time.ts';
import { watched } from './watched.ts';
import { headRow, holdRows, notices, parkedName, type Post, postOf, somebody, tended } from './post.ts';

const SUBJECT = 'Somebody is parked, and no repair knows of it';

function park(post: Post): ReturnType<typeof somebody> {
  const one = somebody(post);
  post.created.hands.editAccount(one.planned.objectId, { userName: parkedName(post, one.planned) }, post.clock.at);
  return one;
}

/** As a repair does it: with *Deactivate Users* off, so that the account stays. */
function unassign({ created, clock }: Post, user: string): void {
  created.hands.switchDeactivate(created.ids.office365, 'DISABLED', clock.at);
  created.hands.unassign(created.ids.office365, user, clock.at);
}

async function alarms(post: Post) {
  return (await notices(post)).filter(({ subject }) => subject === SUBJECT);
}

describe('somebody who is parked, and of whom no repair knows', () => {
  test('is an alarm by name, with the name to put back', async () => {
    const post = postOf();
    const { planned } = park(post);

    await tended(post);

    const [alarm, ...more] = await alarms(post);
    expect(more).toEqual([]);
    expect(alarm?.kind).toBe('alarm');
    for (const said of [planned.objectId, parkedName(post, planned), `"userPrincipalName":"${planned.userName}"`])
      expect(alarm?.body).toContain(said);
  });

  test('is an alarm once, however long it lasts and however many copies of tend come by', async () => {
    const post = postOf();
    park(post);

    await tended(post, 26);
    await Promise.all([tend(post.tools), tend({ ...post.tools, owner: 'tend-2' })]);
    post.clock.at += 3 * DAY;
    await tended(post);

    expect(await alarms(post)).toHaveLength(1);
  });

  test('is an alarm again when it happens again', async () => {
    const post = postOf();
    const { planned } = park(post);
    await tended(post);
    post.created.hands.editAccount(planned.objectId, { userName: planned.userName }, post.clock.at);
    post.clock.at += 2 * HOUR;
    await tended(post);
    expect(await rowsOf(post)).toBe(0);

    park(post);
    post.clock.at += 2 * HOUR;
    await tended(post);

    expect(await alarms(post)).toHaveLength(2);
    expect(await rowsOf(post)).toBe(1);
  });

  test('and unassigned is known by the claim that the lost repair left', async () => {
    const post = postOf();
    const { planned } = park(post);
    unassign(post, planned.user);
    await tended(post);
    expect(await alarms(post)).toEqual([]);

    await post.tools.state.claims.insert({ person: planned.objectId, repair: 'r-lost', at: post.clock.at });
    post.clock.at += 2 * HOUR;
    await tended(post);

    expect((await alarms(post))[0]?.body).toContain(planned.userName);
  });

  test('and unassigned is known by the hold', async () => {
    const post = postOf();
    const { planned } = park(post);
    unassign(post, planned.user);
    for (const row of holdRows(post, planned)) await post.tools.state.holds.insert(row);

    await tended(post);

    expect(await alarms(post)).toHaveLength(1);
  });
});

describe('nobody is told of', () => {
  test('whoever has a repair that brings them back', async () => {
    const post = postOf();
    const { planned } = park(post);
    const { state } = post.tools;
    await state.claims.insert({ person: planned.objectId, repair: 'r-1', at: post.clock.at });
    await state.repairs.insert(headRow(post.clock.at, planned, { state: 'working', touched: true }));

    await tended(post);

    expect(await alarms(post)).toEqual([]);
  });

  test('a cloud administrator, a guest, a mailbox, and an account beside the one that bears the name', async () => {
    const post = postOf();
    const { someone, planned } = somebody(post);
    const { entraUsers, tenant } = post.created.inside.state;
    const cloud = { ...someone.account, anchor: null, mail: null, licenses: [], extras: null };
    const name = planned.userName.slice(0, planned.userName.indexOf('@'));
    const others = [
      { id: '1', userName: `admin@${tenant.initialDomain}`, licenses: someone.account.licenses },
      { id: '2', userName: `ada_gmail.com#EXT#@${tenant.initialDomain}`, userType: 'Guest' as const, anchor: 'odd' },
      { id: '3', userName: `reception@${tenant.initialDomain}`, enabled: false },
      { id: '4', userName: `${name}@${tenant.initialDomain}`, licenses: someone.account.licenses },
    ];
    for (const { id, ...one } of others)
      entraUsers.put({ ...cloud, ...one, id: `00000000-0000-4000-8000-00000000000${id}` });
    let asked: string[] = [];
    const okta: Post['tools']['okta'] = {
      ...post.tools.okta,
      assignmentsNamed(app, userName) {
        asked = [...asked, userName.slice(0, userName.indexOf('@'))];
        return post.tools.okta.assignmentsNamed(app, userName);
      },
    };

    await tended({ ...post, tools: { ...post.tools, okta } });

    expect(await alarms(post)).toEqual([]);
    // Okta is spared the guests and mailboxes, of which there may be thousands.
    expect(new Set(asked)).toEqual(new Set(['admin', name]));
  });

  test('whoever came back since the index behind the list heard of it', async () => {
    const post = postOf();
    const { planned } = park(post);
    const late = { usersOnDomain: await listed(post) };
    post.created.hands.editAccount(planned.objectId, { userName: planned.userName }, post.clock.at);

    await tended({ ...post, tools: { ...post.tools, entra: { ...post.tools.entra, ...late } } });

    expect(await alarms(post)).toEqual([]);
  });
});

test('Entra is asked once an hour, and again in the next round when it did not answer', async () => {
  const post = postOf();
  let asked = 0;
  const entra = watched(post.tools.entra, ['usersOnDomain'], 'before', () => void (asked += 1));
  const counted = { ...post, tools: { ...post.tools, entra } };
  await tended(counted, 12);
  expect(asked).toBe(1);
  await tended(counted);
  expect(asked).toBe(2);

  const failing = { ...entra, domains: async () => Promise.reject(new Error('Graph is down.')) };
  post.clock.at += HOUR;
  const down = { ...post.tools, entra: failing };
  await expect(tended({ ...post, tools: down })).rejects.toThrow('Graph is down.');
  expect((await post.tools.state.marks.get('mark', 'tended'))?.row.at).toBe(post.clock.at);
  post.clock.at -= 4 * MINUTE;
  await tended(counted);
  expect(asked).toBe(3);
});

async function listed({ tools }: Post): Promise<Post['tools']['entra']['usersOnDomain']> {
  const domain = (await tools.entra.domains()).find(({ initial }) => initial)?.name ?? '';
  const rows = await tools.entra.usersOnDomain(domain);
  return async () => rows;
}

async function rowsOf({ tools }: Post): Promise<number> {
  let rows = 0;
  for await (const _ of tools.state.parked.list('parked')) rows += 1;
  return rows;
}
