import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { deskAt } from '../../local/http/desk-client.ts';
import { tenantsProcess, type TenantsProcessOptions } from '../../local/http/process.ts';
import { type Child, withProcesses } from '../../local/processes.ts';
import type { TenantsReady } from '../../local/http/process.ts';

type Options = TenantsProcessOptions['options'];
type Settings = Readonly<Record<string, string>>;

const fileSchema = z.object({ IsEncrypted: z.literal(false), Values: z.record(z.string(), z.string()) });

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'anchorwatch-tenants-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

async function running<Result>(
  cwd: string,
  options: Options,
  work: (child: Child<TenantsReady>) => Promise<Result>,
): Promise<Result> {
  return withProcesses(async (set) => work(await set.start(tenantsProcess({ options, cwd }))));
}

async function settingsOf(ready: TenantsReady): Promise<Settings> {
  return fileSchema.parse(JSON.parse(await readFile(ready.credentials, 'utf8'))).Values;
}

/** A token of the managed identity, as `@azure/identity` would ask for it. */
async function tokenOf(settings: Settings): Promise<string> {
  const response = await fetch(
    `${settings['IDENTITY_ENDPOINT']}?api-version=2019-08-01&resource=https://graph.microsoft.com`,
    { headers: { 'x-identity-header': settings['IDENTITY_HEADER'] ?? '' } },
  );
  return z.object({ access_token: z.string() }).parse(await response.json()).access_token;
}

async function peopleSeen(settings: Settings, token: string): Promise<number> {
  const page = await fetch(`${settings['ANCHORWATCH_GRAPH_URL']}/v1.0/users?$top=5&$select=id,displayName`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return z.object({ value: z.array(z.unknown()) }).parse(await page.json()).value.length;
}

test('the tenants announce themselves, let in whoever has the settings they wrote, and count it', async () => {
  const cwd = await folder();
  await running(cwd, { people: 40 }, async ({ ready }) => {
    const settings = await settingsOf(ready);
    const people = await peopleSeen(settings, await tokenOf(settings));
    const counts = await deskAt(ready.control).counts();

    expect(people).toBe(5);
    expect(settings['ANCHORWATCH_OKTA_URL']).toBe(ready.okta);
    expect(JSON.parse(settings['ANCHORWATCH_OKTA_PRIVATE_KEY'] ?? '')).toMatchObject({ kty: 'RSA' });
    expect((await stat(ready.credentials)).mode & 0o777).toBe(0o600);
    expect(counts.map(({ operation, calls }) => `${calls} ${operation}`)).toEqual([
      '1 GET /v1.0/users',
      '1 GET /msi/token',
    ]);
  });
});

test('the tenants end cleanly when asked to, and leave neither credentials nor an open port', async () => {
  const cwd = await folder();
  await running(cwd, { people: 5 }, async ({ ready, stop }) => {
    const ending = await stop();

    expect(ending).toMatchObject({ code: 0, signal: null });
    expect(await readdir(join(cwd, '.anchorwatch'))).toEqual([]);
    for (const address of [ready.okta, ready.graph, ready.identity, ready.control]) {
      await expect(fetch(address)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    }
  });
});

test('the next night and a fault are a call to the desk away, and the answer key is there to compare with', async () => {
  const cwd = await folder();
  await running(cwd, { people: 400 }, async ({ ready }) => {
    const desk = deskAt(ready.control);
    const date = async () => Date.parse((await fetch(`${ready.graph}/v1.0/users`)).headers.get('date') ?? '');
    const tonight = await date();

    await desk.shift(86_400_000);
    await desk.setFaults({ rules: [{ when: { path: '/v1.0/users' }, fault: { kind: 'outage', status: 503 } }] });
    const key = await desk.answerKey();

    expect((await date()) - tonight).toBeGreaterThanOrEqual(86_400_000);
    expect((await fetch(`${ready.graph}/v1.0/users`)).status).toBe(503);
    expect(new Set(key.entries.map(({ verdict }) => verdict)).size).toBeGreaterThan(10);
    await expect(
      desk.setFaults({ rules: [{ fault: { kind: 'body-cut', ending: 'clean', share: 9 } }] }),
    ).rejects.toThrow('The control desk refused POST /faults');
  });
});

test('tenants started again with the same seed, start and keys take the tokens that they gave before', async () => {
  const cwd = await folder();
  const options = { people: 20, seed: 'again', start: '2026-11-23T02:00:00Z', keys: 'keys.json' };

  const token = await running(cwd, options, async ({ ready }) => tokenOf(await settingsOf(ready)));
  const seen = await running(cwd, options, async ({ ready }) => peopleSeen(await settingsOf(ready), token));

  expect(seen).toBe(5);
  expect((await stat(join(cwd, 'keys.json'))).mode & 0o777).toBe(0o600);
});

test('a world file chooses what is planted and what happens later', async () => {
  const cwd = await folder();
  const world = {
    plants: { orphan: 2 },
    churn: [{ kind: 'created', people: 3, from: 1, until: 2 }],
    imports: Object.fromEntries(
      ['contoso.com', 'emea.contoso.com'].map((name) => [name, { every: 60_000, duration: 1_000, jitter: 0 }]),
    ),
    office365Apps: 2,
  };
  await writeFile(join(cwd, 'world.json'), JSON.stringify(world));
  const options = { people: 20, start: '2026-11-23T02:00:00Z', world: 'world.json' };

  await running(cwd, options, async ({ ready }) => {
    const key = await deskAt(ready.control).answerKey();

    expect(key.entries.map(({ verdict }) => verdict)).toEqual(['orphan', 'orphan']);
    expect(key.changes.map(({ at }) => new Date(at).toISOString().slice(0, 13))).toEqual(
      Array.from({ length: 3 }, () => '2026-11-23T03'),
    );
    expect(await settingsOf(ready)).toHaveProperty('ANCHORWATCH_OFFICE365_APP');
  });
});
