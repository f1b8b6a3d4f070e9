import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { lastInput } from '../../cli/mail/last.ts';
import { sampleLetters } from '../../cli/mail/sample.ts';
import { digestOf } from '../../shared/notify/digest.ts';
import { AnchorwatchError } from '../../shared/errors.ts';
import { nextDay, nightOf, runNight } from '../flows/night.ts';
import { drift } from '../flows/second-night.ts';
import { APP, nameOf, objectId, tenantOf } from '../rosters/tenant.ts';
import { anchorwatch } from './run.ts';

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'mails-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

const EVERY_NIGHT = '0 0 2 * * *';

describe('mail preview', () => {
  test('writes a mail of each kind in three forms, and says where', async () => {
    const cwd = await folder();
    const { code, out, err } = await anchorwatch(['mail', 'preview', '--out', 'out'], { cwd });
    const files = await readdir(join(cwd, 'out'));

    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(files.toSorted()).toEqual(
      Object.keys(sampleLetters())
        .flatMap((name) => ['html', 'txt', 'eml'].map((ending) => `${name}.${ending}`))
        .toSorted(),
    );
    expect(out.trim().split('\n').toSorted()).toEqual(files.map((file) => join(cwd, 'out', file)).toSorted());
    expect(await readFile(join(cwd, 'out', 'digest-quiet.txt'), 'utf8')).toContain('Nobody has drifted');
  });

  test('says why it cannot write, and ends with 2', async () => {
    const cwd = await folder();
    await writeFile(join(cwd, 'out'), '');
    const { code, out, err } = await anchorwatch(['mail', 'preview', '--out', 'out'], { cwd });

    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('The mails cannot be written');
  });

  test('of the last run names who has drifted, and has the whole list attached', async () => {
    const cwd = await folder();
    const tenant = tenantOf(40);
    drift(tenant, 7);
    const night = nightOf(tenant);
    await runNight(night);

    const { code } = await anchorwatch(['mail', 'preview', '--last', '--out', 'out'], { cwd, tools: night.tools });

    expect(code).toBe(0);
    expect(await readFile(join(cwd, 'out', 'digest-last.txt'), 'utf8')).toContain(nameOf(7));
    const mail = await readFile(join(cwd, 'out', 'digest-last.eml'), 'utf8');
    const list =
      /filename="?findings\.csv"?[\s\S]*?\r\n\r\n(?<base64>[A-Za-z0-9+/=\r\n]+)/.exec(mail)?.groups?.['base64'] ?? '';
    expect(Buffer.from(list, 'base64').toString()).toContain(`"${nameOf(7)}","entra-stale"`);
  });

  test('of the last run wants the storage setting', async () => {
    const { code, err } = await anchorwatch(['mail', 'preview', '--last'], { cwd: await folder() });

    expect(code).toBe(2);
    expect(err).toContain('AzureWebJobsStorage');
  });
});

describe('the digest of the last run', () => {
  test('names who left meanwhile', async () => {
    const night = nightOf(tenantOf(40));
    await runNight(night);
    const at = night.clock.at;
    const hold = { app: APP, opened: at } as const;
    await night.tools.state.holds.put({ ...hold, kind: 'leaver', user: '00uLeaver', userName: 'eve', at, found: at });

    const input = await lastInput('contoso', EVERY_NIGHT, night.tools);

    expect(input.unassigned).toEqual([{ userName: 'eve', at, fate: 'left' }]);
  });

  test('names who is new, and who is over since the run before', async () => {
    const tenant = tenantOf(40);
    const right = tenant.users.get(objectId(9))!;
    for (const number of [7, 9]) drift(tenant, number);
    const night = nightOf(tenant);
    await runNight(night);
    nextDay(night);
    drift(tenant, 8);
    tenant.users.set(right.id, right);
    await runNight(night);

    const digest = digestOf(await lastInput('contoso', EVERY_NIGHT, night.tools));

    expect(digest.fresh.shown.map(({ userName }) => userName)).toEqual([nameOf(8)]);
    expect(digest.closed.shown).toMatchObject([{ userName: nameOf(9), change: 'resolved' }]);
    expect(digest.open).toMatchObject([{ people: 1, lockedOut: 1 }]);
    expect(digest.next.join('\n')).toMatch(/The next scan begins at \d{4}-\d\d-\d\d 02:00 UTC\./);
  });

  test('is refused where there is no run yet', async () => {
    const night = nightOf(tenantOf(40));

    await expect(lastInput('contoso', EVERY_NIGHT, night.tools)).rejects.toThrow(AnchorwatchError);
  });
});
