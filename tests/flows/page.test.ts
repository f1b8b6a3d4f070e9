import { describe, expect, test } from 'vitest';
import { repair } from '../../shared/flows/repair.ts';
import { releaseMembers } from '../../shared/flows/claims.ts';
import { tend } from '../../shared/flows/tend.ts';
import { AnchorwatchError } from '../../shared/errors.ts';
import { headOf } from '../../shared/repair/journal.ts';
import type { Answer } from '../../shared/web/page.ts';
import { auditBetween } from '../../shared/flows/audit.ts';
import type { PageTools } from '../../shared/flows/page/tools.ts';
import type { AuditRow } from '../../shared/state/decision-rows.ts';
import { DAY, HOUR, isoDay, MINUTE } from '../../shared/time.ts';
import { nameOf, oktaId, tenantOf } from '../rosters/tenant.ts';
import { nextDay, nightOf, runNight } from './night.ts';
import { queued } from './led.ts';
import { browse, formOf, pageToolsOf, send } from './page-night.ts';
import { type Post, postOf } from './post.ts';
import { asked, drift, ringed } from './second-night.ts';
import { watched } from './watched.ts';

const PLACES = ['', 'findings', 'person?of=x', 'proposals', 'repairs', 'audit'];

async function audited({ state, clock }: PageTools): Promise<readonly AuditRow[]> {
  const rows: AuditRow[] = [];
  for await (const row of auditBetween(0, clock.now() + DAY, { state })) rows.push(row);
  return rows;
}

function shownIn({ body }: Answer): string {
  return body.slice(body.indexOf('<body>')).replaceAll(/<[^>]*>/g, '');
}

function boxes({ body }: Answer): number {
  return body.match(/type="checkbox" name="who"/g)?.length ?? 0;
}

/** The form for some of a plan, with these ticked. */
async function approving(
  tools: PageTools,
  numbers: readonly number[],
): Promise<readonly (readonly [string, string])[]> {
  const form = formOf(await browse(tools, 'proposals'), 'approve');
  return [...form, ...numbers.map((one) => ['who', oktaId(one)] as const)];
}

describe('whoever asks for a page', () => {
  test.each(PLACES)('/%s without having signed in is led to the sign-in, and from there back', async (path) => {
    const tools = pageToolsOf(nightOf(tenantOf(5)));

    const answer = await browse(tools, path, { headers: { 'x-ms-client-principal': '' } });

    expect(answer.status).toBe(302);
    const [place, query] = (answer.headers['location'] ?? '').split('?');
    expect(place).toBe('/.auth/login/aad');
    const back = new URLSearchParams(query).get('post_login_redirect_uri');
    expect(back).toBe(path === '' ? '/api/page' : `/api/page/${path}`);
  });

  test.each([
    ['has no role', { role: null }, 403, 'neither the app role'],
    [
      'may say who they are by themselves, for nothing stands in front',
      { isGuarded: false },
      403,
      'App Service Authentication',
    ],
    ['uses another method', { method: 'PUT' }, 405, 'by GET'],
  ])('who %s sees nothing of the tenant', async (_who, asking, status, reason) => {
    const night = await asked([7]);

    for (const path of PLACES) {
      const answer = await browse(pageToolsOf(night), path, asking);
      expect(answer.status).toBe(status);
      expect(answer.body).toContain(reason);
      expect(answer.body).not.toContain(nameOf(7));
    }
  });

  test('where no address of pages is set, or of a page that is not there, is told so', async () => {
    const tools = pageToolsOf(nightOf(tenantOf(5)));
    const { telling } = tools.settings;
    const without = { ...tools, settings: { ...tools.settings, telling: { ...telling, pageUrl: null } } };

    expect(await browse(without, '')).toMatchObject({ status: 404 });
    expect(await browse(tools, 'secrets')).toMatchObject({ status: 404 });
  });

  test('while the state cannot be read is told so, and no more; the log has the reason', async () => {
    const night = nightOf(tenantOf(5));
    const tools = pageToolsOf(night);
    const broken = { ...tools, state: { ...tools.state, runs: { ...tools.state.runs, list: failing } } };

    for (const path of ['findings', 'person?of=x']) {
      const answer = await browse(broken, path);
      expect(answer.status).toBe(503);
      expect(answer.body).not.toContain('the account key');
    }
    expect(night.lines).toContain('a page could not be shown');
    // Whether the watch is kept is said all the same.
    expect(await browse(broken, '')).toMatchObject({
      status: 200,
      body: expect.stringMatching(/The watch is not kept.*The last run cannot be read/s),
    });
  });
});

function failing(): never {
  throw new Error('no storage, and here is the account key');
}

describe('a page', () => {
  test('shows the digest of the last run, and what waits for somebody', async () => {
    const { body, status } = await browse(pageToolsOf(await asked([7, 8])), '');

    expect(status).toBe(200);
    expect(body).toContain('Decide on what is proposed: 2');
    expect(body).toContain('people paired');
  });

  test('before the first run has ended says so', async () => {
    const { body } = await browse(pageToolsOf(nightOf(tenantOf(5))), '');

    expect(body).toContain('No run has ended yet.');
  });

  test('lists findings, and finds among them', async () => {
    const tools = pageToolsOf(await asked([7, 8]));

    expect(shownIn(await browse(tools, 'findings'))).toMatch(/Findings of the run \S*: 2/);
    const found = await browse(tools, `findings?find=${oktaId(8)}`);
    expect(found.body).toContain('1 of them');
    expect(found.body).toContain(`of=${oktaId(8)}`);
    expect(found.body).not.toContain(`of=${oktaId(7)}`);
    expect((await browse(tools, 'findings?page=99')).status).toBe(200);
    expect((await browse(tools, 'findings?page=none&find=%00%ff')).status).toBe(200);
  });

  test('says why a person is not repaired, by the rule and its numbers', async () => {
    const { body } = await browse(pageToolsOf(await asked([7])), `person?of=${nameOf(7)}`);

    expect(body).toContain('wants-approval');
    expect(body).toContain('Not repaired by rule');
  });

  test('shows both accounts of whoever is decided on alone, and a box for each of the others', async () => {
    const night = await ringed();
    drift(night.tenant, 9);
    for (let nights = 0; nights < 2; nights += 1) {
      nextDay(night);
      await runNight(night);
    }

    const { body } = await browse(pageToolsOf(night), 'proposals');

    expect(body).toContain('Active Directory');
    expect(body).toContain('I have compared both accounts');
    expect(body).toContain(`name="who" value="${oktaId(9)}"`);
  });

  test('offers nothing to decide to whoever may look alone', async () => {
    const tools = pageToolsOf(await asked([7]));

    for (const path of [...PLACES, `person?of=${nameOf(7)}`])
      expect((await browse(tools, path, { role: 'Anchorwatch.Look' })).body).not.toContain('method="post"');
  });

  test.each([...PLACES, `person?of=${nameOf(7)}`])('/%s changes nothing by being looked at', async (path) => {
    const { state, ...tools } = pageToolsOf(await asked([7]));
    let writes = 0;
    const counted = Object.fromEntries(
      Object.entries(state).map(([name, table]: [string, object]) => [
        name,
        watched(
          table,
          ['put', 'putAll', 'insert', 'replace', 'remove', 'transact'],
          'before',
          () => void (writes += 1),
        ),
      ]),
    );
    const watching: PageTools['state'] = { ...state, ...counted };

    expect((await browse({ ...tools, state: watching }, path)).status).toBe(200);

    expect(writes).toBe(0);
  });
});

describe('a decision on a page', () => {
  test('is that of whoever has signed in: the ticked are queued with the approval, and nobody else', async () => {
    const night = await asked([7, 8]);
    const tools = pageToolsOf(night);

    const answer = await send(tools, await approving(tools, [7]));

    expect(answer).toMatchObject({ status: 200, body: expect.stringContaining('1 of 1 approved and queued') });
    expect(night.repairs.waiting()).toHaveLength(1);
    expect(await audited(tools)).toMatchObject([{ actor: 'ada@contoso.com', what: 'approved', person: nameOf(7) }]);
    expect(await repair(night.repairs.take()?.repair ?? '', night.tools)).toBe('ready');
  });

  test('to leave somebody as they are rejects, and can be withdrawn on the page of the person', async () => {
    const night = await asked([7, 8]);
    const tools = pageToolsOf(night);
    const form = (await approving(tools, [7])).filter(([name]) => name !== 'does');

    const answer = await send(tools, [['does', 'reject'], ...form]);
    expect(answer.body).toContain('1 of 1 rejected');
    expect(night.repairs.waiting()).toEqual([]);
    expect((await browse(tools, 'proposals')).body).toContain('rejected by ada');
    nextDay(night);
    await runNight(night);
    const person = await browse(tools, `person?of=${nameOf(7)}`);
    expect((await send(tools, formOf(person, 'unreject'))).status).toBe(200);

    const said = (await audited(tools)).map(({ what }) => what);
    expect(said).toEqual(['rejected', 'rejection withdrawn']);
  });

  test('on all takes everybody of the plan who is not decided on alone', async () => {
    const night = await ringed();
    for (const number of [9, 10]) drift(night.tenant, number);
    for (let nights = 0; nights < 2; nights += 1) {
      nextDay(night);
      await runNight(night);
    }
    const tools = pageToolsOf(night);

    await send(tools, formOf(await browse(tools, 'proposals'), 'approve-all'));

    expect(night.repairs.waiting()).toHaveLength(2);
    const said = (await audited(tools)).map(({ person, what }) => `${what} ${person}`).toSorted();
    expect(said).toEqual([`approved ${nameOf(10)}`, `approved ${nameOf(9)}`]);
  });

  test('to leave all as they are rejects all', async () => {
    const night = await asked([7, 8]);
    const tools = pageToolsOf(night);

    await send(tools, formOf(await browse(tools, 'proposals'), 'reject-all'));

    expect(night.repairs.waiting()).toEqual([]);
    expect((await audited(tools)).map(({ what }) => what)).toEqual(['rejected', 'rejected']);
  });

  test('said twice is one decision', async () => {
    const night = await asked([7]);
    const tools = pageToolsOf(night);
    const form = await approving(tools, [7]);

    await send(tools, form);
    expect(await send(tools, form)).toMatchObject({ status: 200 });

    expect(night.repairs.waiting()).toHaveLength(1);
    expect(await audited(tools)).toHaveLength(1);
  });

  test('by an old page of a plan that was proposed anew is refused: other accounts may stand beside it', async () => {
    const night = await ringed();
    const tools = pageToolsOf(night);
    const form = formOf(await browse(tools, 'proposals'), 'approve');
    night.clock.at += 3 * DAY;
    await runNight(night);

    expect(await send(tools, form)).toMatchObject({ status: 409, body: expect.stringContaining('look again') });

    expect(night.repairs.waiting()).toEqual([]);
  });

  test('that a dying call has left half-way is carried out by tend within its longer round', async () => {
    const night = await asked([7]);
    const tools = pageToolsOf(night);
    const form = await approving(tools, [7]);
    const { state } = tools;
    const claims = watched(state.claims, ['insert'], 'before', () => {
      throw new AnchorwatchError('transient', 'storage does not answer');
    });

    const answer = await send({ ...tools, state: { ...state, claims } }, form);
    expect(answer).toMatchObject({ status: 503, body: expect.stringContaining('done in part') });
    expect((await browse(tools, `person?of=${nameOf(7)}`)).body).toContain('queued within the hour');
    expect(night.repairs.waiting()).toEqual([]);
    night.clock.at += 2 * HOUR;
    await tend(night.tools);

    expect(night.repairs.waiting()).toHaveLength(1);
  });

  test.each([
    ['from another site', { headers: { origin: 'https://evil.example' } }, 403],
    ['from a page of another site', { headers: { 'sec-fetch-site': 'cross-site' } }, 403],
    ['from a neighbour of this site', { headers: { 'sec-fetch-site': 'same-site' } }, 403],
    ['from nowhere', { headers: { origin: '' } }, 403],
    ['by whoever may look alone', { role: 'Anchorwatch.Look' }, 403],
    ['by whoever is not signed in any more', { headers: { 'x-ms-client-principal': '' } }, 401],
    ['past the sign-in', { isGuarded: false }, 403],
    ['by a link', { method: 'GET' }, 302],
  ])('%s decides nothing', async (_how, asking, status) => {
    const night = await asked([7]);
    const tools = pageToolsOf(night);

    const answer = await send(tools, await approving(tools, [7]), asking);

    expect(answer.status).toBe(status);
    expect(night.repairs.waiting()).toEqual([]);
    expect(await audited(tools)).toEqual([]);
  });

  test.each([
    [
      'a plan that is not there',
      [
        ['does', 'approve-all'],
        ['checksum', 'a'.repeat(64)],
        ['run', 'r'],
        ['sure', 'yes'],
      ],
      'no proposal',
    ],
    [
      'nobody',
      [
        ['does', 'approve'],
        ['checksum', 'a'.repeat(64)],
        ['run', 'r'],
        ['sure', 'yes'],
      ],
      'Tick whom it is about',
    ],
    [
      'a repair that is not there',
      [
        ['does', 'undo'],
        ['repair', 'r-1'],
        ['sure', 'yes'],
      ],
      'There is no repair',
    ],
    [
      'somebody whom nobody knows',
      [
        ['does', 'ignore'],
        ['person', 'nobody'],
        ['reason', 'x'],
        ['until', '2035-01-01'],
      ],
      'no finding of',
    ],
  ] as const)('on %s is refused with the reason', async (_what, form, reason) => {
    const tools = pageToolsOf(await asked([7]));

    expect(await send(tools, form)).toMatchObject({ status: 400, body: expect.stringContaining(reason) });

    expect(await audited(tools)).toEqual([]);
  });

  test('leaves a person alone and ends that again, each in the name of who said so', async () => {
    const night = await asked([7]);
    const tools = pageToolsOf(night);
    const until = isoDay(night.clock.at + 30 * DAY);
    const path = `person?of=${nameOf(7)}`;

    await send(tools, [...formOf(await browse(tools, path), 'ignore'), ['reason', 'leaves'], ['until', until]]);
    expect((await browse(tools, 'proposals')).body).toContain('Who is left alone');
    night.clock.at += DAY;
    await send(tools, formOf(await browse(tools, path), 'unignore'));

    const said = (await audited(tools)).map(({ actor, what, person }) => `${actor} ${what} ${person}`);
    expect(said).toEqual([
      `ada@contoso.com ignored until ${until} ${nameOf(7)}`,
      `ada@contoso.com ignored no more ${nameOf(7)}`,
    ]);
  });

  test('stops all repairs and lets them begin again; an old page lifts no newer stop', async () => {
    const night = await asked([7]);
    const tools = pageToolsOf(night);
    await send(tools, formOf(await browse(tools, 'repairs'), 'stop'));
    expect((await browse(tools, '')).body).toContain('Repairs are stopped by ada@contoso.com');
    const old = formOf(await browse(tools, 'repairs'), 'resume');
    await send(tools, old);
    expect(await tools.state.marks.get('mark', 'stop')).toBeNull();

    night.clock.at += HOUR;
    await send(tools, formOf(await browse(tools, 'repairs'), 'stop'));

    expect((await send(tools, old)).status).toBe(409);
    expect(await tools.state.marks.get('mark', 'stop')).not.toBeNull();
  });

  test('confirms the counts of the first night, which asks for it, and no others behind somebody’s back', async () => {
    const night = nightOf(tenantOf(200));
    await runNight(night);
    const tools = pageToolsOf(night);
    const form = formOf(await browse(tools, ''), 'confirm');

    await send(tools, form);

    const run = new Map(form).get('run');
    expect((await tools.state.marks.get('mark', 'baseline'))?.row).toMatchObject({ run, by: 'ada@contoso.com' });
    expect((await browse(tools, '')).body).not.toContain('Confirm the counts');
    expect((await send(tools, form)).status).toBe(409);
  });
});

/** Somebody who waits to be led, as the function app has left it. */
async function ready(): Promise<{ readonly post: Post; readonly tools: PageTools }> {
  const post = postOf({ synced: 'universal-sync' });
  await queued(post);
  await post.tools.state.repairs.put({ kind: 'open', repair: 'r-1', people: [], created: post.clock.at });
  await repair('r-1', post.tools);
  return { post, tools: pageToolsOf(post) };
}

describe('a repair on a page', () => {
  test('that waits for somebody begins for whoever is here, and looks when what was asked is done', async () => {
    const { post, tools } = await ready();
    expect((await browse(tools, 'repairs')).body).toContain('waits to be led');

    expect((await send(tools, formOf(await browse(tools, 'repairs'), 'here'))).status).toBe(200);
    await repair('r-1', post.tools);
    const head = await headOf('r-1', tools);
    expect(head?.row).toMatchObject({ state: 'working', operator: { name: 'ada@contoso.com' } });
    const asking = await browse(tools, 'repair?of=r-1');
    expect(asking.body).toContain('It is done: look now');
    expect((await browse(tools, 'repair?of=r-1', { role: 'Anchorwatch.Look' })).body).not.toContain('method="post"');
    const form = formOf(asking, 'done');
    post.clock.at += MINUTE;
    expect((await send(tools, form)).status).toBe(200);
    expect((await headOf('r-1', tools))?.row.due).toBe(post.clock.at);

    const other = form.map(([name, value]): readonly [string, string] => [name, name === 'asked' ? '1' : value]);
    expect(await send(tools, other)).toMatchObject({ status: 409, body: expect.stringContaining('look again') });
  });

  test('that is done can be taken back, and one that is not cannot', async () => {
    const { post, tools } = await ready();
    expect((await browse(tools, 'repair?of=r-1')).body).not.toContain('Take it back');
    const head = await headOf('r-1', tools);
    if (head === null) throw new Error('there is no head');
    const { a, e } = head.row.members[0]!.before;
    const members = head.row.members.map((one) => ({ ...one, before: { a, o: a, e: `${String(e).slice(0, -3)}w==` } }));
    await tools.state.repairs.replace({ ...head.row, members, state: 'done', due: null }, head.etag);
    await tools.state.repairs.put({ kind: 'ended', repair: 'r-1', at: post.clock.at });
    await releaseMembers(head.row, tools);

    expect((await browse(tools, 'repairs')).body).toContain('The last that ended');
    const answer = await send(tools, formOf(await browse(tools, 'repair?of=r-1'), 'undo'));

    expect(answer).toMatchObject({ status: 200, body: expect.stringContaining('takes it back') });
    expect((await audited(tools)).map(({ what, actor }) => `${what} ${actor}`)).toContain('undo ada@contoso.com');
  });

  test.each(['r-2', '', '%2e%2e', 'a/b#?'])('of the id %j is not there', async (id) => {
    expect(await browse((await ready()).tools, `repair?of=${encodeURIComponent(id)}`)).toMatchObject({ status: 404 });
  });
});

test('a plan that has lapsed is shown no more, and each person in the newest plan alone', async () => {
  const night = await asked([7, 8]);
  const tools = pageToolsOf(night);
  drift(night.tenant, 9);
  for (let nights = 0; nights < 2; nights += 1) {
    nextDay(night);
    await runNight(night);
  }

  expect(boxes(await browse(tools, 'proposals'))).toBe(3);
  night.clock.at += 3 * DAY;
  expect((await browse(tools, 'proposals')).body).toContain('Nothing waits for a decision');
});

test('every link of a page leads to one that is there', async () => {
  const tools = pageToolsOf(await asked([7]));
  const bodies = await Promise.all(PLACES.map(async (path) => (await browse(tools, path)).body));
  const links = bodies.flatMap((body) =>
    [...body.matchAll(/href="\/api\/page\/?([^"]*)"/g)].map(([, path]) => path ?? ''),
  );
  expect(new Set(links).size).toBeGreaterThan(5);

  for (const path of new Set(links)) expect((await browse(tools, path.replaceAll('&amp;', '&'))).status).toBe(200);
});
