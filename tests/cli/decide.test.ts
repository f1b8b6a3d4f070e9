import { describe, expect, test } from 'vitest';
import { approve } from '../../shared/flows/approve.ts';
import { proposals } from '../../shared/flows/proposals.ts';
import { repair } from '../../shared/flows/repair.ts';
import { tend } from '../../shared/flows/tend.ts';
import { nameOf, oktaId, tenantOf } from '../rosters/tenant.ts';
import { type Night, nextDay, nightOf, OPTED_IN, runNight } from '../flows/night.ts';
import { confirmBaseline, drift } from '../flows/second-night.ts';
import { anchorwatch } from './run.ts';

/** Two nights in which two people are proposed. */
async function proposed(): Promise<{ readonly night: Night; readonly checksum: string }> {
  const tenant = tenantOf(40);
  for (const number of [7, 8]) drift(tenant, number);
  const night = nightOf(tenant, { settings: { mode: 'propose' } });
  await runNight(night);
  await confirmBaseline(night);
  nextDay(night);
  await runNight(night);
  const [proposal] = await proposals(night.tools);
  return { night, checksum: proposal?.row.checksum ?? '' };
}

describe('anchorwatch proposals', () => {
  test('shows who would be repaired and how, under which checksum, until when, and what was decided', async () => {
    const { night, checksum } = await proposed();
    await approve({ checksum, people: [nameOf(7)], by: 'ada' }, night.tools);

    const { code, out } = await anchorwatch(['proposals'], { tools: night.tools });

    expect(code).toBe(0);
    expect(out).toContain(`Proposal ${checksum.slice(0, 12)} of run`);
    expect(out).toMatch(new RegExp(`${nameOf(7)} .*unassign Office 365 safely.* approved by ada`));
    expect(out).toMatch(new RegExp(`${nameOf(8)} .*unassign Office 365 safely`));
    expect(out).not.toMatch(/[A-Za-z0-9+/]{22}==/);
  });

  test('says so when nothing waits, and shows what has lapsed only when it is asked for', async () => {
    const { night, checksum } = await proposed();
    night.clock.at += 3 * 86_400_000;

    expect((await anchorwatch(['proposals'], { tools: night.tools })).out).toBe('Nothing waits for a decision.\n');
    expect((await anchorwatch(['proposals', '--all'], { tools: night.tools })).out).toContain(checksum.slice(0, 12));
  });
});

describe('anchorwatch approve', () => {
  test('queues whom it names, after a yes', async () => {
    const { night, checksum } = await proposed();
    const args = ['approve', checksum.slice(0, 12), nameOf(7), '--by', 'ada'];

    const { code, out } = await anchorwatch(args, { tools: night.tools, ask: async () => 'y' });

    expect([code, out]).toEqual([
      0,
      `${nameOf(7)}: approved by ada and queued; it is looked at afresh before anything is done.\n1 of 1 queued.\n`,
    ]);
    expect(night.repairs.waiting()).toHaveLength(1);
  });

  test.each<[readonly string[], string]>([
    [[], 'Nothing was decided. Without a terminal: --yes\n'],
    [['--all', '--yes'], '2 of 2 queued.\n'],
  ])('with %j and no terminal ends in: %s', async (more, last) => {
    const { night, checksum } = await proposed();
    const args = more.length === 0 ? ['--all'] : more;

    const { out } = await anchorwatch(['approve', checksum, '--by', 'ada', ...args], { tools: night.tools });

    expect(out.endsWith(last)).toBe(true);
  });

  test.each<[readonly string[], string]>([
    [['--yes'], 'Say whom it is about: names, or --all.'],
    [[nameOf(7), '--all', '--yes'], 'Name some people, or give --all: not both.'],
    [['nobody@contoso.com', '--yes'], '"nobody@contoso.com" is not in the proposal'],
  ])('%j cannot run, and says why', async (more, message) => {
    const { night, checksum } = await proposed();

    const { code, err } = await anchorwatch(['approve', checksum, '--by', 'ada', ...more], { tools: night.tools });

    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(night.repairs.waiting()).toEqual([]);
  });
});

test('anchorwatch reject leaves people as they are, and says whose decision stood already', async () => {
  const { night, checksum } = await proposed();
  await approve({ checksum, people: [nameOf(7)], by: 'ada' }, night.tools);

  const { code, out } = await anchorwatch(['reject', checksum, '--all', '--by', 'bob', '--yes'], {
    tools: night.tools,
  });

  expect(code).toBe(1);
  expect(out).toContain(`${nameOf(8)}: rejected by bob`);
  expect(out).toContain(`${nameOf(7)}: ada has approved it already`);
});

test('anchorwatch unreject has what was rejected proposed again, and the proposal says how to come to that', async () => {
  const { night, checksum } = await proposed();
  const { tools } = night;
  await anchorwatch(['reject', checksum, nameOf(7), '--by', 'ada', '--yes'], { tools });

  const late = await anchorwatch(['approve', checksum, nameOf(7), '--by', 'bob', '--yes'], { tools });
  expect(late.out).toContain('anchorwatch unreject <person> --by <your name>');

  const { code, out } = await anchorwatch(['unreject', nameOf(7), '--by', 'bob'], { tools });
  expect([code, out]).toEqual([0, expect.stringMatching(/ada rejected it on .*; the next scan proposes it again/)]);
  const again = await anchorwatch(['approve', checksum, nameOf(7), '--by', 'bob', '--yes'], { tools });
  expect(again.out).toContain('which bob has withdrawn: the next scan proposes it again');
  expect((await anchorwatch(['proposals'], { tools })).out).toContain('rejected by ada, withdrawn');
  expect((await anchorwatch(['unreject', nameOf(7), '--by', 'bob'], { tools })).code).toBe(2);
});

describe('anchorwatch ignore', () => {
  test('leaves a person alone, is listed, and ends by unignore', async () => {
    const { night } = await proposed();
    const tools = night.tools;
    const day = new Date(night.clock.at + 20 * 86_400_000).toISOString().slice(0, 10);
    const args = ['--until', day, '--reason', 'moves in June', '--by', 'ada'];

    expect((await anchorwatch(['ignore', nameOf(7), ...args], { tools })).out).toBe(
      `${nameOf(7)} is left alone until ${day}.\n`,
    );
    expect((await anchorwatch(['ignored'], { tools })).out).toMatch(
      new RegExp(`${nameOf(7)} .*${oktaId(7)} .*${day} .*ada .*moves in June`),
    );
    expect((await anchorwatch(['unignore', nameOf(7), '--by', 'bob'], { tools })).code).toBe(0);
    expect((await anchorwatch(['ignored'], { tools })).out).toBe('Nobody is ignored.\n');
  });

  test('takes an object id in whatever case for what it is', async () => {
    const { tools } = (await proposed()).night;
    const args = ['--until', '2099-01-01', '--reason', 'x', '--by', 'ada'];
    const id = '0A1B2C3D-1111-2222-3333-444455556666';
    await anchorwatch(['ignore', id, ...args], { tools });

    expect(await tools.state.decisions.get('ignore', id.toLowerCase())).not.toBeNull();
  });

  test('does not take a name that it knows nothing of, nor a day that is none', async () => {
    const { tools } = (await proposed()).night;
    const args = ['--reason', 'x', '--by', 'ada'];

    expect(
      (await anchorwatch(['ignore', 'ned@contoso.com', '--until', '2099-01-01', ...args], { tools })).err,
    ).toContain('The last good run has no finding of "ned@contoso.com"');
    expect((await anchorwatch(['ignore', nameOf(7), '--until', 'soon', ...args], { tools })).err).toContain(
      '2027-01-31',
    );
  });
});

describe('anchorwatch explain', () => {
  test('says what is wrong, why it is not repaired, by which rule, and what would change that', async () => {
    const { tools } = (await proposed()).night;

    const { code, out } = await anchorwatch(['explain', nameOf(7).toUpperCase()], { tools });

    expect(code).toBe(1);
    expect(out).toContain(`${nameOf(7)}: entra-stale, since`);
    expect(out).toContain('Not repaired by rule wants-approval: the mode is propose');
    expect(out).toContain('anchorwatch approve releases it');
    expect(out).toMatch(/new +entra-stale +cannot sign in/);
  });

  test('tells where a repair is once somebody has approved it, and that all is well where nothing was found', async () => {
    const { night, checksum } = await proposed();
    night.groups.set(OPTED_IN, []);
    await approve({ checksum, people: [nameOf(7)], by: 'ada' }, night.tools);
    const message = night.repairs.take();
    await repair(message?.repair ?? '', night.tools);

    expect((await anchorwatch(['explain', nameOf(7)], { tools: night.tools })).out).toMatch(
      /The repair r-\w+ is ready\./,
    );
    expect((await anchorwatch(['explain', nameOf(9)], { tools: night.tools })).code).toBe(0);
  });
});

describe('anchorwatch audit', () => {
  test('shows decisions, and effects of a repair once it is over, as table, CSV and JSON Lines', async () => {
    const { night, checksum } = await proposed();
    await approve({ checksum, people: [nameOf(7)], by: '=ada' }, night.tools);
    night.tenant.users.delete(night.tenant.users.keys().next().value ?? '');
    const message = night.repairs.take();
    night.clock.at += 3 * 86_400_000;
    await repair(message?.repair ?? '', night.tools);
    await tend(night.tools);
    await tend(night.tools);
    const since = ['audit', '--since', '2020-01-01'];

    const { out } = await anchorwatch(since, { tools: night.tools });
    expect(out).toMatch(new RegExp(`=ada .*approved .*${nameOf(7)}`));
    expect(out).toMatch(/Anchorwatch .*refused .*approval-expired/);

    const csv = (await anchorwatch([...since, '--format', 'csv'], { tools: night.tools })).out;
    expect(csv).toContain(`"'=ada","approved","${nameOf(7)}","proposed"`);
    const lines = (await anchorwatch([...since, '--format', 'jsonl'], { tools: night.tools })).out.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).what)).toEqual(['approved', 'queued', 'refused']);
  });

  test('takes a time that is none for a mistake, and says so when there was nothing', async () => {
    const { tools } = (await proposed()).night;

    expect((await anchorwatch(['audit', '--since', 'yesterday'], { tools })).err).toContain('2026-11-23');
    expect((await anchorwatch(['audit', '--since', '2020-01-01'], { tools })).out).toContain('Nothing was decided');
  });
});
