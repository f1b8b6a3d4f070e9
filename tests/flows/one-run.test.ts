import { describe, expect, test } from 'vitest';
import { AnchorwatchError } from '../../shared/errors.ts';
import { scan } from '../../shared/flows/scan.ts';
import { nightly } from '../../shared/flows/nightly.ts';
import { findRun } from '../../shared/flows/run.ts';
import { DAY, HOUR, MINUTE } from '../../shared/time.ts';
import { NOW, tenantOf } from '../rosters/tenant.ts';
import { carryOn, type Night, nextDay, nightOf, runNight } from './night.ts';
import { drift, lastRun, rowsOf, secondNight } from './second-night.ts';
import { watched } from './watched.ts';

test('a timer that fires a moment early makes the run of tonight, and not yesterday’s again', async () => {
  const night = nightOf(tenantOf(10));
  night.clock.at = NOW - 10;

  expect(await runNight(night)).toBe('good');
  expect((await lastRun(night)).id).toBe('2026-11-23T02-00-00Z');
});

test('a start by hand after a night that could not tell looks again', async () => {
  const night = nightOf(tenantOf(10));
  const denied = new AnchorwatchError('denied', 'Graph refuses.');
  const blind = { ...night.tools, entra: { ...night.tools.entra, domains: async () => Promise.reject(denied) } };
  await runNight(night, blind);
  night.clock.at += HOUR;

  await nightly('manual', night.tools);

  expect(await carryOn(night)).toBe('good');
  expect((await lastRun(night)).id).toBe('2026-11-23T03-00-00Z');
});

describe('one run', () => {
  test('comes of a past-due start, a double timer and a start by hand', async () => {
    const night = nightOf(tenantOf(10));

    await nightly('timer', night.tools);
    night.clock.at += HOUR;
    await nightly('timer', night.tools);
    night.clock.at += 3 * HOUR;
    await nightly('manual', night.tools);
    expect(await carryOn(night)).toBe('finished');

    const runs = await rowsOf(night.tools.state.runs.list('run'), ({ id }) => id);
    expect(runs).toEqual(['2026-11-23T02-00-00Z']);
  });

  test('is carried on in further calls when the budget is spent, and reads nothing twice', async () => {
    const requests: string[] = [];
    const reading = { cost: 10_000, onRequest: (_count: number, list: string) => void requests.push(list) };
    const whole = nightOf(tenantOf(200), { reading });
    await runNight(whole);
    const inOne = requests.splice(0).filter((list) => list !== 'single').length;
    const sliced = nightOf(tenantOf(200), {
      reading,
      settings: { scan: { budget: MINUTE, rateShare: 1, confirmLimit: 500 } },
    });

    expect(await runNight(sliced)).toBe('good');

    const run = await lastRun(sliced);
    expect(run.slices).toBeGreaterThan(3);
    expect(requests.filter((list) => list !== 'single')).toHaveLength(inOne);
    expect(run.summary).toMatchObject({ paired: 200, matched: 200 });
  });

  test('is carried on without a look at its pages, which the last call alone reads back, and a run of one call not at all', async () => {
    // Single reads are looked for in the end; nobody has drifted, so there are none.
    expect(await walks(HOUR)).toEqual([1]);
    const sliced = await walks(MINUTE);
    expect(sliced.length).toBeGreaterThan(3);
    expect(sliced.slice(0, -1)).toEqual(sliced.slice(0, -1).map(() => 0));
    expect(sliced.at(-1)).toBeGreaterThan(1);
  });

  test('lets whoever makes its rows rest when everything is read, and not between its calls', async () => {
    const heard: string[] = [];
    const standby = { begin: () => void heard.push('begin'), rest: () => void heard.push('rest') };
    const night = nightOf(tenantOf(200), {
      reading: { cost: 10_000 },
      settings: { scan: { budget: MINUTE, rateShare: 1, confirmLimit: 500 } },
    });

    expect(await runNight(night, { ...night.tools, standby })).toBe('good');

    const { slices } = await lastRun(night);
    expect(slices).toBeGreaterThan(3);
    expect(heard).toEqual([...Array.from({ length: slices }, () => 'begin'), 'rest']);
  });

  test('is done by one worker at a time: another one asks again later', async () => {
    const night = nightOf(tenantOf(200), {
      reading: { cost: 10_000 },
      settings: { scan: { budget: MINUTE, rateShare: 1, confirmLimit: 5 } },
    });
    await nightly('timer', night.tools);
    const { run } = night.scans.take()!;
    const other = { ...night.tools, owner: 'another worker' };
    let outcomeOfOther: string | null = null;
    const interrupted = {
      ...night.tools,
      entra: {
        ...night.tools.entra,
        userCount: async () => {
          outcomeOfOther ??= await scan(run, other);
          return night.tools.entra.userCount();
        },
      },
    };

    await scan(run, interrupted);

    expect(outcomeOfOther).toBe('busy');
    expect(night.scans.waiting().some(({ due }) => due > night.clock.at)).toBe(true);
    night.clock.at += HOUR;
    await carryOn(night);
    expect((await lastRun(night)).state).toBe('good');
  });

  test('gives way to a newer one', async () => {
    const night = nightOf(tenantOf(10));
    await nightly('timer', night.tools);
    nextDay(night);
    await nightly('timer', night.tools);

    await carryOn(night);

    const runs = await rowsOf(night.tools.state.runs.list('run'), ({ id, state, doubts }) => [
      id,
      state,
      doubts[0]?.rule,
    ]);
    expect(runs).toEqual([
      ['2026-11-24T02-00-00Z', 'good', undefined],
      ['2026-11-23T02-00-00Z', 'could-not-tell', 'superseded'],
    ]);
  });
});

test('a run that was left lying for hours is not carried on: what it had read is of another time', async () => {
  const night = nightOf(tenantOf(60), { settings: { schedule: '0 0 2 * * 1' } });
  await nightly('timer', night.tools);
  const { run } = night.scans.take()!;
  await expect(scan(run, dyingAfter(night, 3))).rejects.toThrow('killed');
  night.clock.at += 5 * DAY;

  expect(await scan(run, night.tools)).toBe('could-not-tell');
  expect((await lastRun(night)).doubts).toMatchObject([{ rule: 'too-old' }]);
});

test('a run whose message was lost ends when the next one begins, however many nights lie between', async () => {
  const night = await secondNight();
  const left = await nightly('timer', night.tools);
  night.scans.take();
  night.clock.at += 3 * DAY;

  await runNight(night);
  await carryOn(night);

  expect((await findRun(night.tools.state, left.id))?.row).toMatchObject({
    state: 'could-not-tell',
    doubts: [{ rule: 'superseded' }],
  });
  expect((await lastRun(night)).state).toBe('good');
});

describe('a call that dies', () => {
  test('after any page is carried on from the last stored page, with the same result', async () => {
    const tenant = tenantOf(130);
    drift(tenant, 7);
    const whole = nightOf(tenant);
    await runNight(whole);
    const expected = await lastRun(whole);

    for (let page = 1; page < 100; page += 1) {
      const night = nightOf(tenant);
      await nightly('timer', night.tools);
      const { run } = night.scans.take()!;
      const died = await scan(run, dyingAfter(night, page)).then(
        () => false,
        () => true,
      );
      if (!died) {
        expect(page).toBeGreaterThan(15);
        return;
      }
      night.clock.at += 10 * MINUTE;
      expect(await scan(run, night.tools)).toBe('good');
      const { row } = (await findRun(night.tools.state, run))!;
      expect(row.summary).toEqual(expected.summary);
      expect(row.certificates.map(({ list, distinct }) => [list, distinct])).toEqual(
        expected.certificates.map(({ list, distinct }) => [list, distinct]),
      );
    }
    expect.unreachable('no call ever came through');
  });

  test('after any write leaves no second message, claim or repair that the row does not explain', async () => {
    for (let write = 1; write < 100; write += 1) {
      const night = await secondNight();
      await nightly('timer', night.tools);
      const { run } = night.scans.take()!;
      const died = await scan(run, dyingAtWrite(night, write)).then(
        () => false,
        () => true,
      );
      night.clock.at += 10 * MINUTE;
      await scan(run, night.tools);
      await carryOn(night);

      const { row } = (await findRun(night.tools.state, run))!;
      expect(row).toMatchObject({ state: 'good', summary: { queued: 1, changes: { open: 1 } } });
      expect(new Set(night.repairs.waiting().map(({ message }) => message.repair)).size).toBe(1);
      if (!died) {
        expect(write).toBeGreaterThan(10);
        return;
      }
    }
    expect.unreachable('no call ever came through');
  });
});

/** The process ends behind the n-th page that was stored. */
function dyingAfter(night: Night, page: number): Night['tools'] {
  const { pages } = night.tools.state;
  let written = 0;
  const count = (): void => {
    written += 1;
    if (written >= page) throw new Error('killed');
  };
  return withState(night, { pages: watched(pages, ['put', 'transact'], 'after', count) });
}

/** Before the n-th write behind the reading, and at every one after it: the process is gone. */
function dyingAtWrite(night: Night, nth: number): Night['tools'] {
  let writes = 0;
  const count = (): void => {
    writes += 1;
    if (writes >= nth) throw new Error('killed');
  };
  const { state, repairs } = night.tools;
  const tools = withState(night, {
    snapshots: watched(state.snapshots, ['put'], 'before', count),
    findings: watched(state.findings, ['putAll'], 'before', count),
    history: watched(state.history, ['putAll'], 'before', count),
    claims: watched(state.claims, ['insert'], 'before', count),
    repairs: watched(state.repairs, ['insert'], 'before', count),
    outbox: watched(state.outbox, ['insert'], 'before', count),
    pages: watched(state.pages, ['put'], 'before', count),
    runs: watched(state.runs, ['replace'], 'before', count),
  });
  return { ...tools, repairs: watched(repairs, ['send'], 'before', count) };
}

function withState(night: Night, over: Partial<Night['tools']['state']>): Night['tools'] {
  return { ...night.tools, state: { ...night.tools.state, ...over }, owner: 'doomed worker' };
}

/** How often each call of a run goes through stored pages. */
async function walks(budget: number): Promise<readonly number[]> {
  const night = nightOf(tenantOf(200), {
    reading: { cost: 10_000 },
    settings: { scan: { budget, rateShare: 1, confirmLimit: 500 } },
  });
  let lists = 0;
  const pages = new Proxy(night.tools.state.pages, {
    get(table, name) {
      const value: unknown = Reflect.get(table, name, table);
      if (name === 'list') lists += 1;
      return typeof value === 'function' ? value.bind(table) : value;
    },
  });
  const tools = withState(night, { pages });
  await nightly('timer', tools);
  const calls: number[] = [];
  for (let message = night.scans.take(); message !== null; message = night.scans.take()) {
    lists = 0;
    await scan(message.run, tools);
    calls.push(lists);
  }
  expect((await lastRun(night)).summary).toMatchObject({ paired: 200, matched: 200 });
  return calls;
}
