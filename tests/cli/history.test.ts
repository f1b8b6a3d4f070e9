import { describe, expect, inject, test } from 'vitest';
import { viewOf } from '../../cli/history.ts';
import { renderRun, type RunView } from '../../cli/report/run.ts';
import { exitOf } from '../../cli/status.ts';
import { AnchorwatchError } from '../../shared/errors.ts';
import { openRun } from '../../shared/flows/run.ts';
import type { RunRow } from '../../shared/state/rows.ts';
import { nameOf, oktaId, tenantOf } from '../rosters/tenant.ts';
import { type Night, nextDay, nightOf, OPTED_IN, runNight } from '../flows/night.ts';
import { drift } from '../flows/second-night.ts';
import { faulty, refusal } from '../storage/faulty.ts';
import { anchorwatch } from './run.ts';

async function lastView(night: Night): Promise<RunView> {
  for await (const { row: run } of night.tools.state.runs.list('run', { limit: 1 })) {
    return viewOf(run, night.tools);
  }
  throw new Error('there is no run');
}

/** Two nights of 40 people, a confirmed baseline between them, and one person of two who is repaired. */
async function twoNights(): Promise<Night> {
  const tenant = tenantOf(40);
  for (const number of [7, 8]) drift(tenant, number);
  const night = nightOf(tenant);
  night.groups.set(OPTED_IN, [oktaId(7)]);
  await runNight(night);
  const { run } = await lastView(night);
  await night.tools.state.marks.put({ name: 'baseline', at: night.clock.at, run: run.id, by: 'ada', note: '' });
  nextDay(night);
  await runNight(night);
  return night;
}

function rowsRead(run: RunRow, ...lists: readonly string[]): number {
  return run.certificates
    .filter(({ list }) => lists.some((one) => list.startsWith(one)))
    .reduce((sum, { distinct }) => sum + distinct, 0);
}

describe('the report of a night with a baseline', () => {
  test('says what was queued, what was not by which rule, and what comes next', async () => {
    const view = await lastView(await twoNights());

    const report = renderRun(view, 160);

    expect(report).toContain('1 repair was queued.');
    expect(report).toMatch(/1 +not-opted-in +Only members/);
    expect(report).toMatch(new RegExp(`${nameOf(7)} .* queued`));
    expect(report).toMatch(new RegExp(`${nameOf(8)} .* not-opted-in`));
    expect(report).not.toContain('Nobody has confirmed');
    expect(report.trimEnd()).toMatch(
      /Drift: 2 people, 1 queued for repair \(1 not looked at yet\), 1 left to people\.$/,
    );
    expect(exitOf(view)).toBe(1);
  });

  test('has buckets whose sums are the rows that the certificates counted', async () => {
    const view = await lastView(await twoNights());

    const { run } = view;
    const [ad, okta, entra] = [rowsRead(run, 'directory'), rowsRead(run, 'assignments'), rowsRead(run, 'users')];
    expect([ad, okta, entra]).toEqual([40, 40, 40]);
    expect(renderRun(view, 160)).toMatch(new RegExp(`^sum +${ad} +${okta} +${entra}`, 'm'));
  });

  test('shows what a warning or a reason quotes without its escapes', async () => {
    const view = await lastView(await twoNights());
    const { run } = view;
    const [first] = view.seen;
    const finding = { ...first!.finding, userName: 'ada\u001B[2J\u202E\n<b>@contoso.com' };
    const summary = { ...run.summary!, warnings: ['the app \u001B[31mOffice\u2028'] };

    const report = renderRun({ ...view, run: { ...run, summary }, seen: [{ ...first!, finding }] }, 100);

    expect(report.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  });
});

test('a night on which nobody drifted says so, and is all well', async () => {
  const night = nightOf(tenantOf(30));
  await runNight(night);
  const view = await lastView(night);

  const report = renderRun(view, 80);

  expect(report).toContain('nobody has drifted.');
  expect(report).toContain('30 paired, 30 matched, 0 cannot sign in, 0 out of groups, 0 need a person');
  expect(report.trimEnd()).toMatch(/No drift\.$/);
  expect(exitOf(view)).toBe(0);
});

test('a first night says that nobody has confirmed it, and once somebody has, who, and that repairs follow', async () => {
  const night = nightOf(tenantOf(30));
  await runNight(night);
  const unconfirmed = await lastView(night);
  await night.tools.state.marks.put({
    name: 'baseline',
    at: night.clock.at,
    run: unconfirmed.run.id,
    by: 'ada',
    note: '',
  });

  expect(renderRun(unconfirmed, 160)).toContain('Nobody has confirmed the counts of a run yet');
  const report = renderRun(await lastView(night), 160);
  expect(report).not.toContain('Nobody has confirmed');
  expect(report).toContain(`ada has since confirmed the counts of run ${unconfirmed.run.id}`);
});

test('a run that still reads, or could not tell, is never all well', async () => {
  const night = nightOf(tenantOf(30));
  const { clock } = night;
  const { row } = await openRun(night.tools.state, {
    scheduled: clock.at,
    trigger: 'manual',
    mode: 'observe',
    now: clock.at,
  });
  const reading = await viewOf(row, night.tools);
  expect(renderRun(reading, 80)).toContain('still reading');
  expect(exitOf(reading)).toBe(2);

  nextDay(night);
  const denied = new AnchorwatchError('denied', 'Graph refuses the token.');
  await runNight(night, { ...night.tools, entra: { ...night.tools.entra, domains: () => Promise.reject(denied) } });
  const blind = await lastView(night);
  expect(renderRun(blind, 80).trimEnd()).toMatch(/Could not tell\.$/);
  expect(exitOf(blind)).toBe(2);
});

test('a night that could not tell shows whom the last good night found drifted, and since when nobody looked', async () => {
  const night = await twoNights();
  const good = await lastView(night);
  nextDay(night);
  const denied = new AnchorwatchError('denied', 'Graph refuses the token.');
  await runNight(night, { ...night.tools, entra: { ...night.tools.entra, domains: () => Promise.reject(denied) } });

  const blind = await lastView(night);

  expect(blind).toMatchObject({ checked: good.run.id, seen: good.seen, repairs: [] });
  expect(renderRun(blind, 120)).toContain(good.run.id);
});

test('where there is no run there is nothing to view', async () => {
  const night = nightOf(tenantOf(1));

  await expect(viewOf(undefined, night.tools)).rejects.toThrow('There is no run yet');
});

describe('without storage', () => {
  const nowhere = inject('azurite').connectionString.replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:1');

  test.each([
    ['status', []],
    ['runs', []],
    ['confirm', ['2026-11-23T02-00-00Z', '--by', 'ada']],
  ])('%s could not run, and shows no key', async (command, more) => {
    const env = { AzureWebJobsStorage: `${nowhere.replace('AccountKey=Eby8', 'AccountKey=')};garbage` };

    const { code, out, err } = await anchorwatch([command, ...more], { env });

    expect([code, out]).toEqual([2, '']);
    expect(err).not.toContain('vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50');
    expect(err).not.toContain('defect');
  });
});

test('status, runs and confirm only look: where nothing is kept they create no table', async () => {
  const { connectionString, tableServiceUri } = inject('azurite');
  const service = await faulty(tableServiceUri);
  const env = { AzureWebJobsStorage: connectionString.replace(new URL(tableServiceUri).origin, service.origin) };
  const nothing = Array.from({ length: 3 }, () => refusal(404, 'TableNotFound'));
  service.next('GET', ...nothing);

  const status = await anchorwatch(['status'], { env });
  const runs = await anchorwatch(['runs'], { env });
  const confirm = await anchorwatch(['confirm', '2026-11-23T02-00-00Z', '--by', 'ada'], { env });
  await service.close();

  expect(status).toMatchObject({ code: 2, err: expect.stringContaining('There is no run yet') });
  expect(runs.code).toBe(0);
  expect(confirm).toMatchObject({ code: 2, err: expect.stringContaining('There is no run') });
  expect(service.seen.map(({ method }) => method)).toEqual(['GET', 'GET', 'GET']);
});
