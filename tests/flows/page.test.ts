import { describe, expect, test } from 'vitest';
import { repair } from '../../shared/flows/repair.ts';
import { proposals } from '../../shared/flows/approve.ts';
import { auditBetween } from '../../shared/flows/audit.ts';
import type { PageTools } from '../../shared/flows/page.ts';
import type { AuditRow } from '../../shared/state/decision-rows.ts';
import { DAY, isoDay } from '../../shared/time.ts';
import { nameOf, oktaId, tenantOf } from '../rosters/tenant.ts';
import { type Night, nextDay, nightOf, runNight } from './night.ts';
import { browse, pageToolsOf, send } from './page-night.ts';
import { asked, drift, ringed } from './second-night.ts';
import { watched } from './watched.ts';

const PLACES = ['', 'findings', 'person?of=x', 'proposals', 'repairs', 'audit'];

async function checksumOf(night: Night): Promise<string> {
  const [proposal] = await proposals(night.tools);
  if (proposal === undefined) throw new Error('nothing is proposed');
  return proposal.row.checksum;
}

async function audited({ state, clock }: PageTools): Promise<readonly AuditRow[]> {
  const rows: AuditRow[] = [];
  for await (const row of auditBetween(0, clock.now() + DAY, { state })) rows.push(row);
  return rows;
}

function approving(checksum: string, numbers: readonly number[]): readonly (readonly [string, string])[] {
  return [
    ['does', 'approve'],
    ['checksum', checksum],
    ['sure', 'yes'],
    ...numbers.map((one) => ['who', oktaId(one)] as const),
  ];
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

  test('while the state cannot be read is told so, and no more', async () => {
    const tools = pageToolsOf(nightOf(tenantOf(5)));
    const broken = { ...tools, state: { ...tools.state, runs: { ...tools.state.runs, list: failing } } };

    const answer = await browse(broken, 'findings');

    expect(answer.status).toBe(503);
    expect(answer.body).not.toContain('the account key');
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

    expect((await browse(tools, 'findings')).body).toContain('2 findings of the run');
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

    const answer = await send(tools, approving(await checksumOf(night), [7]));

    expect(answer).toMatchObject({ status: 200, body: expect.stringContaining('approved by ada') });
    expect(night.repairs.waiting()).toHaveLength(1);
    expect(await audited(tools)).toMatchObject([{ actor: 'ada@contoso.com', what: 'approved', person: nameOf(7) }]);
    expect(await repair(night.repairs.take()?.repair ?? '', night.tools)).toBe('ready');
  });

  test('on all takes everybody of the plan who is not decided on alone', async () => {
    const night = await ringed();
    drift(night.tenant, 9);
    for (let nights = 0; nights < 2; nights += 1) {
      nextDay(night);
      await runNight(night);
    }
    const form = [
      ['does', 'approve-all'],
      ['checksum', await checksumOf(night)],
      ['sure', 'yes'],
    ] as const;

    await send(pageToolsOf(night), form);

    expect(night.repairs.take()).not.toBeNull();
    expect(night.repairs.waiting()).toEqual([]);
    expect(await audited(pageToolsOf(night))).toMatchObject([{ person: nameOf(9), what: 'approved' }]);
  });

  test('said twice is one decision', async () => {
    const night = await asked([7]);
    const tools = pageToolsOf(night);
    const form = approving(await checksumOf(night), [7]);

    await send(tools, form);
    expect(await send(tools, form)).toMatchObject({ status: 200 });

    expect(night.repairs.waiting()).toHaveLength(1);
    expect(await audited(tools)).toHaveLength(1);
  });

  test.each([
    ['from another site', { headers: { origin: 'https://evil.example' } }, 403],
    ['from a page of another site', { headers: { 'sec-fetch-site': 'cross-site' } }, 403],
    ['from nowhere', { headers: { origin: '' } }, 403],
    ['by whoever may look alone', { role: 'Anchorwatch.Look' }, 403],
    ['by whoever is not signed in any more', { headers: { 'x-ms-client-principal': '' } }, 401],
    ['past the sign-in', { isGuarded: false }, 403],
    ['by a link', { method: 'GET' }, 405],
  ])('%s decides nothing', async (_how, asking, status) => {
    const night = await asked([7]);
    const tools = pageToolsOf(night);

    const answer = await send(tools, approving(await checksumOf(night), [7]), asking);

    expect(answer.status).toBe(status);
    expect(night.repairs.waiting()).toEqual([]);
    expect(await audited(tools)).toEqual([]);
  });

  test.each([
    ['a plan that is not there', approving('a'.repeat(64), [7]), 'There is no proposal'],
    ['nobody', approving('a'.repeat(64), []), 'Tick whom it is about'],
    [
      'what cannot be undone',
      [
        ['does', 'undo'],
        ['repair', 'r-1'],
        ['sure', 'yes'],
      ],
      'know of no repair',
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
    const person = ['person', oktaId(7)] as const;

    await send(tools, [['does', 'ignore'], person, ['userName', nameOf(7)], ['reason', 'leaves'], ['until', until]]);
    expect((await browse(tools, `person?of=${nameOf(7)}`)).body).toContain('leave the person alone until');
    night.clock.at += DAY;
    await send(tools, [['does', 'unignore'], person]);

    const said = (await audited(tools)).map(({ actor, what }) => `${actor} ${what}`);
    expect(said).toEqual([`ada@contoso.com ignored until ${until}`, 'ada@contoso.com ignored no more']);
  });

  test('stops all repairs and lets them begin again', async () => {
    const tools = pageToolsOf(await asked([7]));

    await send(tools, [['does', 'stop']]);
    expect((await browse(tools, '')).body).toContain('Repairs are stopped by ada@contoso.com');
    await send(tools, [
      ['does', 'resume'],
      ['sure', 'yes'],
    ]);

    expect(await tools.state.marks.get('mark', 'stop')).toBeNull();
  });

  test('confirms the counts of the first night, which asks for it', async () => {
    const night = nightOf(tenantOf(200));
    await runNight(night);
    const tools = pageToolsOf(night);
    const run = /name="run" value="([^"]+)"/.exec((await browse(tools, '')).body)?.[1] ?? '';

    await send(tools, [
      ['does', 'confirm'],
      ['run', run],
      ['sure', 'yes'],
    ]);

    expect((await tools.state.marks.get('mark', 'baseline'))?.row).toMatchObject({ run, by: 'ada@contoso.com' });
    expect((await browse(tools, '')).body).not.toContain('Confirm the counts');
  });
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
