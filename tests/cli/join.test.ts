import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { csvFile, GUIDS, jsonFile } from '../files/written.ts';
import { anchorwatch, type Ran } from './run.ts';

const [[guid, anchor], [, other]] = GUIDS;

/** One person whose UPN in AD is not the name in Entra; what joins them is the mail or the account name. */
async function compare(key: string, okta: boolean, entraAnchor: string = anchor): Promise<Ran> {
  const cwd = await mkdtemp(join(tmpdir(), 'anchorwatch-join-'));
  onTestFinished(() => rm(cwd, { recursive: true }));
  const files = {
    'ad.csv': csvFile([
      ['ObjectGUID', 'UserPrincipalName', 'SamAccountName', 'mail'],
      [guid, 'ada@corp.local', 'ABYRON', 'abyron@contoso.com'],
    ]),
    'entra.csv': csvFile([
      ['Id', 'UserPrincipalName', 'OnPremisesImmutableId', 'Mail', 'OnPremisesSamAccountName'],
      ['00000000-0000-4000-8000-000000000001', 'abyron@contoso.com', entraAnchor, 'AByron@contoso.com', 'abyron'],
    ]),
    'okta.json': jsonFile([
      {
        id: '00u00aBcDeFgHiJkLmNo',
        status: 'PROVISIONED',
        scope: 'USER',
        credentials: { userName: 'abyron@contoso.com' },
        profile: { immutableId: anchor },
      },
    ]),
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(cwd, name), content);
  const third = okta ? ['--okta', 'okta.json'] : [];
  const args = ['compare', '--ad', 'ad.csv', '--entra', 'entra.csv', ...third, '--join', key, '--format', 'json'];
  return anchorwatch(args, { cwd });
}

test.each(['mail', 'samAccountName'])('people are joined by %s, without regard to case', async (key) => {
  expect(await compare(key, false)).toMatchObject({ code: 0 });
  expect(JSON.parse((await compare(key, false)).out)).toMatchObject({ join: key, same: 1, rows: [] });
  expect(await compare(key, true)).toMatchObject({ code: 0 });
  expect(JSON.parse((await compare(key, true)).out)).toMatchObject({ join: key, matched: 1, findings: [] });
});

test.each(['mail', 'samAccountName'])('drift of people joined by %s is drift', async (key) => {
  const two = await compare(key, false, other);
  const three = await compare(key, true, other);

  expect([two.code, three.code]).toEqual([1, 1]);
  expect(JSON.parse(two.out).rows).toMatchObject([{ word: 'differs', a: anchor, e: other }]);
  expect(JSON.parse(three.out).findings).toMatchObject([{ verdict: 'entra-stale', a: anchor, o: anchor, e: other }]);
});

test('what is no join key is refused with the list of those that are', async () => {
  expect(await compare('employeeId', false)).toMatchObject({
    code: 2,
    err: expect.stringContaining('upn, mail, samAccountName'),
  });
});
