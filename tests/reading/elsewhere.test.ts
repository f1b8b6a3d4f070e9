import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createEntraReader } from '../../shared/entra/reader.ts';
import { createOktaReader } from '../../shared/okta/reader.ts';
import type { Body, Parsing } from '../../shared/ports/parsing.ts';
import type { Page } from '../../shared/ports/okta.ts';
import { type Elsewhere, parsingElsewhere } from '../../shared/reading/elsewhere.ts';
import { NEVER } from '../okta/org.ts';
import { asManagedIdentity, misbehave, PASSING, readToEnd, startWorld } from '../okta/world.ts';

const world = startWorld();
const ROOT = resolve(import.meta.dirname, '../..');

asManagedIdentity(world);

/** Threads for one test. */
function threads(sparing?: Parameters<typeof parsingElsewhere>[0]): Elsewhere {
  const elsewhere = parsingElsewhere(sparing);
  onTestFinished(() => elsewhere.rest());
  return elsewhere;
}

/** All long lists of the world, by how a page of each is read. */
function listsBy(parsing?: Parsing): Readonly<Record<string, (cursor: string | null) => Promise<Page<unknown>>>> {
  const { created, tenants, tools } = world();
  const { credentials, ids } = created;
  const { clientId, keyId, privateJwk } = credentials.okta;
  const okta = createOktaReader(
    {
      orgUrl: tenants.addresses.okta,
      credential: { kind: 'private-key', clientId, privateKey: JSON.stringify({ ...privateJwk, kid: keyId }) },
      office365App: ids.office365,
      appDomains: [],
      directories: [],
      anchorAttribute: 'externalId',
      rateShare: 0.8,
    },
    tools,
    parsing,
  );
  const credential = { kind: 'managed-identity', clientId: credentials.identity.clientId } as const;
  const entra = createEntraReader({ graphUrl: tenants.addresses.graph, credential, rateShare: 0.8 }, tools, parsing);
  const [directory] = ids.directories;
  return {
    accounts: (cursor) => okta.directoryPage(directory?.id ?? '', cursor, NEVER),
    assignments: (cursor) => okta.assignmentPage(ids.office365, cursor, NEVER),
    users: (cursor) => entra.usersPage(cursor, NEVER),
    deleted: (cursor) => entra.deletedPage(cursor, NEVER),
  };
}

const LISTS = ['accounts', 'assignments', 'users', 'deleted'] as const;

describe.each(LISTS)('the list of %s', (name) => {
  test('is the same by threads as without them, page by page', async () => {
    const [by, without] = [listsBy(threads())[name]!, listsBy()[name]!];

    const [here, there] = [await readToEnd(without), await readToEnd(by)];
    expect(here.rows.length).toBeGreaterThan(0);
    expect(there).toEqual(here);
  });

  test.each(PASSING.filter(({ kind }) => kind === 'html' || kind === 'body-cut'))(
    'is read to its end by threads although $kind comes in between',
    async (fault) => {
      const list = listsBy(threads())[name]!;
      const here = await readToEnd(listsBy()[name]!);
      misbehave(world(), [{ when: { path: '/api/v1/apps/*/users', times: 1 }, fault }]);
      misbehave(world(), [{ when: { path: '/v1.0/**', times: 1 }, fault }]);

      expect((await readToEnd(list)).rows).toEqual(here.rows);
    },
  );
});

function bodyOf(value: unknown): Body {
  return new Uint8Array(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)));
}

const account = (id: string) => ({ id, status: 'ACTIVE', profile: { userName: `${id}@contoso.com` } });

describe('a thread', () => {
  test.each([
    ['a web page', '<html>', 'transient', 'The answer to GET /api/v1/apps/0oa1/users is not JSON but a web page.'],
    ['no list', { id: 'x' }, 'invalid', 'The answer to GET /api/v1/apps/0oa1/users is no list.'],
    ['a row of another shape', [account('00u1'), { id: 7 }], 'invalid', '.id is number, expected string'],
  ])('that is given %s says what it is, and of which kind', async (_, value, kind, words) => {
    const parsed = threads().accounts(bodyOf(value), { instance: '0oa1', anchorAttribute: 'externalId' });
    await expect(parsed).rejects.toMatchObject({
      name: 'AnchorwatchError',
      kind,
      message: expect.stringContaining(words),
    });
  });

  test('keeps the fields of what it says', async () => {
    const parsed = threads().assignments(bodyOf([{}]), '0oa1');
    await expect(parsed).rejects.toMatchObject({ fields: { issues: 2 } });
  });

  test('gives each body its own rows, however many are asked for at once', async () => {
    const parsing = threads();
    const ids = Array.from({ length: 40 }, (_, at) => `00u${at}`);
    const of = { instance: '0oa1', anchorAttribute: 'externalId' };
    const asked = ids.map(async (id, at) => {
      const body = bodyOf([account(id)]);
      const rows = at % 3 === 0 ? await parsing.accounts(body, of) : await parsing.assignments(body, '0oa2');
      return [...rows].map(({ user }) => user);
    });
    const read = await Promise.all(asked);
    expect(read).toEqual(ids.map((id) => [id]));
  });

  test('that dies leaves nobody waiting, and another takes its place', async () => {
    const parsing = threads({ heap: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 } });
    const many = Array.from({ length: 200_000 }, (_, at) => account(`00u${at}`));
    const asked = [many, [account('00u1')], many, [account('00u2')]].map((rows) =>
      parsing.assignments(bodyOf(rows), '0oa1'),
    );
    const outcomes = await Promise.allSettled(asked);
    const dead = outcomes.filter((one) => one.status === 'rejected').map(({ reason }) => reason);
    expect(dead.length).toBeGreaterThanOrEqual(2);
    for (const error of dead)
      expect(error).toMatchObject({ kind: 'transient', message: 'The thread that makes rows of pages has died.' });
    await expect(parsing.assignments(bodyOf([account('00u3')]), '0oa1')).resolves.toHaveLength(1);
  });

  test('is let go when it has nothing to do, and not before; the next page has another', async () => {
    const parsing = threads();
    const many = Array.from({ length: 5_000 }, (_, at) => account(`00u${at}`));
    const asked = parsing.assignments(bodyOf(many), '0oa1');
    parsing.rest();
    await expect(asked).resolves.toHaveLength(5_000);
    parsing.rest();
    await expect(parsing.assignments(bodyOf(many), '0oa1')).resolves.toHaveLength(5_000);
  });

  test.each([
    ['began and was given nothing', async (parsing: Elsewhere) => parsing.begin()],
    ['has done its work', (parsing: Elsewhere) => parsing.assignments(bodyOf([account('00u1')]), '0oa1')],
  ])('that %s is let go after a while, and the next page has another', async (_, use) => {
    const parsing = threads({ linger: 1 });
    const [begun] = await Promise.all([once(process, 'worker'), use(parsing)]);
    const [worker] = begun.filter((one): one is Worker => one instanceof Worker);
    await once(worker!, 'exit');
    await expect(parsing.assignments(bodyOf([account('00u2')]), '0oa1')).resolves.toHaveLength(1);
  });

  test('that has just done its work does the next page too', async () => {
    const parsing = threads();
    let begun = 0;
    const count = (): void => void (begun += 1);
    process.on('worker', count);
    onTestFinished(() => void process.off('worker', count));
    for (const id of ['00u1', '00u2', '00u3']) await parsing.assignments(bodyOf([account(id)]), '0oa1');
    parsing.begin();
    await parsing.assignments(bodyOf([account('00u4')]), '0oa1');
    expect(begun).toBe(1);
  });

  test.each([
    [
      'has done its work',
      `(await parsing.assignments(new Uint8Array(Buffer.from('[{"id":"00u1","status":"ACTIVE"}]')), '0oa1')).length`,
    ],
    ['was begun and given nothing', 'parsing.begin()'],
  ])('that %s keeps no process alive', { timeout: 20_000 }, async (_, use) => {
    const script = `
      const { parsingElsewhere } = await import('./shared/reading/elsewhere.ts');
      const parsing = parsingElsewhere();
      console.log(${use});`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      cwd: ROOT,
      timeout: 15_000,
    });
    expect(stdout).toMatch(/^(1|undefined)\n$/);
  });
});
