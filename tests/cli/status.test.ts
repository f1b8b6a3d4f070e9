import { describe, expect, inject, test } from 'vitest';
import { renderRun } from '../../cli/report/run.ts';
import { AnchorwatchError } from '../../shared/errors.ts';
import { confirmBaseline } from '../../shared/flows/decide.ts';
import { openRun, runId } from '../../shared/flows/run.ts';
import { readFindings } from '../../shared/flows/scan/snapshot.ts';
import { stateTools } from '../../shared/wiring.ts';
import { anchorOf, nameOf, oktaId, tenantOf } from '../rosters/tenant.ts';
import { type Night, nextDay, nightOf, OPTED_IN, runNight } from '../flows/night.ts';
import { drift, lastRun } from '../flows/second-night.ts';
import { recordingLog } from '../loopback.ts';
import { anchorwatch } from './run.ts';

async function drifted(): Promise<Night> {
  const tenant = tenantOf(40);
  for (const number of [7, 8]) drift(tenant, number);
  const night = nightOf(tenant);
  night.groups.set(OPTED_IN, [oktaId(7)]);
  await runNight(night);
  return night;
}

async function reportOf(night: Night, width = 160): Promise<string> {
  const run = await lastRun(night);
  const seen = await readFindings(run.id, night.tools);
  return renderRun({ run, seen, checked: run.id, repairs: [], baseline: null, remembers: true }, width);
}

describe('the report of a run', () => {
  test('says who has drifted, who is hurt, why nothing is repaired, and that the sums agree', async () => {
    const report = await reportOf(await drifted());

    expect(report).toContain('2 people have drifted.');
    expect(report).toContain('40 paired, 38 matched, 2 cannot sign in, 0 out of groups, 2 need a person');
    expect(report).toContain('Nobody has confirmed the counts of a run yet');
    expect(report).toContain(nameOf(7));
    expect(report).toMatch(/entra-stale\s+cannot sign in\s+AD,\sOkta/);
    expect(report).toMatch(/2 +baseline +Nobody has/);
    expect(report).toMatch(/sum +40 +40 +40/);
    expect(report).toMatch(/Entra users +40 +2 +40 before, 40 after +40/);
    expect(report.trimEnd()).toMatch(/Drift: 2 people, 0 queued for repair, 2 left to people\.$/);
    expect(report).not.toContain(anchorOf(7));
  });

  test.each([80, 120, 160])('fits %i columns', async (width) => {
    const lines = (await reportOf(await drifted(), width)).split('\n');

    const tables = lines.filter((line) => Array.from(line).length > width);
    expect(tables).toEqual([]);
  });

  test('of a night that could not tell gives the reasons, and says who was not checked', async () => {
    const night = await drifted();
    const before = await readFindings((await lastRun(night)).id, night.tools);
    nextDay(night);
    const denied = new AnchorwatchError('denied', 'Graph refuses the token.');
    await runNight(night, { ...night.tools, entra: { ...night.tools.entra, domains: () => Promise.reject(denied) } });

    const report = renderRun(
      {
        run: await lastRun(night),
        seen: before,
        checked: '2026-11-23T02-00-00Z',
        repairs: [],
        baseline: null,
        remembers: true,
      },
      120,
    );

    expect(report).toContain('could not tell. Nothing was compared, queued or changed.');
    expect(report).toContain('- Graph refuses the token.');
    expect(report).toContain('2 people who had drifted have not been checked since 2026-11-23T02-00-00Z.');
  });
});

describe('a confirmation', () => {
  test('is refused for a run that is not there, is still reading, or read nothing, and names who confirms', async () => {
    const night = await drifted();
    const { state } = night.tools;
    const { clock } = night;
    const { row } = await openRun(state, {
      scheduled: clock.at + 1_000,
      trigger: 'manual',
      mode: 'observe',
      now: clock.at,
    });

    await expect(confirmBaseline('2020-01-01T00-00-00Z', 'ada', night.tools)).rejects.toThrow('There is no run');
    await expect(confirmBaseline('rubbish', 'ada', night.tools)).rejects.toThrow('There is no run');
    await expect(confirmBaseline(row.id, 'ada', night.tools)).rejects.toThrow('still reading');
    await expect(confirmBaseline('2026-11-23T02-00-00Z', ' ', night.tools)).rejects.toThrow('names the person');
    await confirmBaseline('2026-11-23T02-00-00Z', 'ada', night.tools);
    const mark = await state.marks.get('mark', 'baseline');
    expect(mark?.row).toMatchObject({
      by: 'ada',
      run: '2026-11-23T02-00-00Z',
      note: expect.stringContaining('users 40'),
    });
  });
});

test('status, runs and confirm look at Table Storage, with the storage setting alone', async () => {
  const { connectionString } = inject('azurite');
  const io = { env: { AzureWebJobsStorage: connectionString } };
  const { state } = stateTools({ kind: 'connection-string', connectionString }, recordingLog());
  const night = await drifted();
  const run = await lastRun(night);
  // Far ahead of any other run in this storage, so that it is the last one.
  const scheduled = Date.UTC(2090, 0, 1, 2);
  const id = runId(scheduled);
  await state.runs.insert({ ...run, id, scheduled });
  for await (const { row } of night.tools.state.snapshots.list(run.id)) await state.snapshots.put({ ...row, run: id });

  expect(await anchorwatch(['status'], io)).toMatchObject({
    code: 1,
    out: expect.stringContaining('2 people have drifted'),
  });
  const json = await anchorwatch(['status', '--format', 'json'], io);
  expect(JSON.parse(json.out)).toMatchObject({ version: 1, run: { id, state: 'good' }, seen: [{}, {}] });
  expect((await anchorwatch(['runs', '--limit', '1'], io)).out).toContain(id);
  expect((await anchorwatch(['runs', '--limit', 'none'], io)).code).toBe(2);
  expect(await anchorwatch(['confirm', id, '--by', 'ada'], io)).toMatchObject({
    code: 0,
    out: expect.stringContaining('ada confirms'),
  });
  expect(await anchorwatch(['confirm', 'rubbish', '--by', 'ada'], io)).toMatchObject({
    code: 2,
    err: expect.stringContaining('There is no run'),
  });
  expect(await anchorwatch(['status'], { env: {} })).toMatchObject({
    code: 2,
    err: expect.stringContaining('AzureWebJobsStorage'),
  });
});
