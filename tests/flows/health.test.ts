import { describe, expect, test } from 'vitest';
import { AnchorwatchError } from '../../shared/errors.ts';
import { health, type Health, unconfigured } from '../../shared/flows/health.ts';
import { nightly } from '../../shared/flows/nightly.ts';
import { readConfig } from '../../shared/config/read.ts';
import { DAY, HOUR, MINUTE } from '../../shared/time.ts';
import { tend } from '../../shared/flows/tend.ts';
import type { HoldRow } from '../../shared/state/hold-rows.ts';
import { APP, tenantOf } from '../rosters/tenant.ts';
import { headRow } from './post.ts';
import { reanchorOf } from './second-night.ts';
import { type Night, carryOn, nextDay, nightOf, runNight } from './night.ts';

const denied = new AnchorwatchError('denied', 'Graph refuses.');

async function goodNight(schedule = '0 0 2 * * *'): Promise<Night> {
  const night = nightOf(tenantOf(5), { settings: { schedule } });
  await runNight(night);
  return night;
}

function blind(night: Night): Night['tools'] {
  return { ...night.tools, entra: { ...night.tools.entra, domains: async () => Promise.reject(denied) } };
}

test('is green while the watch is kept, and says when it last was', async () => {
  const night = await goodNight();
  night.clock.at += 12 * HOUR;

  expect(await healthOf(night)).toEqual({
    status: 'green',
    reds: [],
    lastRun: { id: '2026-11-23T02-00-00Z', state: 'good' },
    heartbeat: '2026-11-23T02:00:00.000Z',
  });
});

/** While `tend` comes by. */
async function healthOf({ tools, clock }: Night): Promise<Health> {
  await tools.state.marks.put({ name: 'tended', at: clock.at, run: null, by: 'tend', note: '' });
  return health(tools);
}

async function reasonsOf(night: Night): Promise<readonly string[]> {
  const { status, reds } = await healthOf(night);
  expect(status).toBe('red');
  for (const { message } of reds) {
    expect(message.length).toBeGreaterThan(20);
  }
  return reds.map(({ reason }) => reason);
}

describe('is red', () => {
  test('when the timer has never fired', async () => {
    expect(await reasonsOf(nightOf(tenantOf(1)))).toEqual(['no-heartbeat']);
  });

  test('when the timer was due two hours ago and has not fired', async () => {
    const night = await goodNight();
    night.clock.at += DAY + HOUR;
    expect((await healthOf(night)).status).toBe('green');

    night.clock.at += HOUR;
    expect(await reasonsOf(night)).toEqual(['old-heartbeat']);
  });

  test('by the schedule, not by the day: a weekly watch is late after a week', async () => {
    const night = await goodNight('0 0 2 * * 1');
    night.clock.at += 6 * DAY;
    expect((await healthOf(night)).status).toBe('green');

    night.clock.at += DAY + 3 * HOUR;
    expect(await reasonsOf(night)).toEqual(['old-heartbeat']);
  });

  test('when the last run could not tell, with its reasons', async () => {
    const night = await goodNight();
    nextDay(night);
    await runNight(night, blind(night));

    expect(await reasonsOf(night)).toEqual(['could-not-tell']);
    expect((await healthOf(night)).reds[0]?.message).toContain('Graph refuses.');
  });

  test('when three runs in a row could not tell', async () => {
    const night = await goodNight();
    for (let nights = 0; nights < 3; nights += 1) {
      nextDay(night);
      await runNight(night, blind(night));
    }

    expect(await reasonsOf(night)).toEqual(['could-not-tell', 'no-good-run']);
  });

  test('when every run is overtaken by the next before it is done', async () => {
    const night = await goodNight('0 0 * * * *');
    for (let hours = 0; hours < 12; hours += 1) {
      night.clock.at += HOUR;
      await nightly('timer', night.tools);
    }

    expect(await reasonsOf(night)).toEqual(['stuck', 'no-good-run']);
  });

  test('when only somebody’s starts by hand keep a watch whose timer is dead', async () => {
    const night = await goodNight();
    night.clock.at += 2 * DAY;
    await nightly('manual', night.tools);
    await carryOn(night);

    expect(await reasonsOf(night)).toEqual(['old-heartbeat']);
  });

  test('not before the timer was due once, when somebody started the first run by hand', async () => {
    const night = nightOf(tenantOf(5), { settings: { schedule: '0 0 2 * * *' } });
    night.clock.at += HOUR;
    await nightly('manual', night.tools);
    await carryOn(night);
    expect((await healthOf(night)).status).toBe('green');

    night.clock.at += DAY + HOUR;
    expect(await reasonsOf(night)).toEqual(['no-heartbeat']);
  });

  test('when a run reads for hours', async () => {
    const night = await goodNight();
    nextDay(night);
    await nightly('timer', night.tools);
    night.clock.at += 7 * HOUR;

    expect(await reasonsOf(night)).toEqual(['stuck']);
  });

  test('when the storage cannot be read', async () => {
    const night = await goodNight();
    const marks = { ...night.tools.state.marks, get: async () => Promise.reject(new Error('no such host')) };

    const { reds } = await health({ ...night.tools, state: { ...night.tools.state, marks } });

    expect(reds).toEqual([{ reason: 'storage', message: 'The storage account cannot be read: no such host' }]);
  });

  test('when the configuration cannot be used, with every error and no secret', () => {
    let thrown: unknown;
    try {
      readConfig({ ANCHORWATCH_OKTA_API_TOKEN: 'very-secret-token', ANCHORWATCH_SCHEDULE: '0 2 * * *' });
    } catch (error) {
      thrown = error;
    }

    const { reds } = unconfigured(thrown);

    expect(reds).toMatchObject([{ reason: 'configuration' }]);
    expect(reds[0]?.message).toContain('ANCHORWATCH_OKTA_URL');
    expect(reds[0]?.message).toContain('ANCHORWATCH_SCHEDULE');
    expect(reds[0]?.message).not.toContain('very-secret-token');
  });
});

async function saidOf({ tools }: Night): Promise<readonly string[]> {
  return (await health(tools)).reds.map(({ reason, message }) => `${reason}: ${message}`);
}

describe('while repairs are under way, it is red', () => {
  test('when tend has not come by for too long, or never did', async () => {
    const night = await goodNight();
    expect(await saidOf(night)).toEqual([]);
    night.clock.at += 21 * MINUTE;
    expect(await saidOf(night)).toEqual([expect.stringMatching(/^not-tended: tend has never come by/)]);

    await tend(night.tools);
    night.clock.at += 20 * MINUTE;
    expect(await saidOf(night)).toEqual([]);
    night.clock.at += MINUTE;
    expect(await saidOf(night)).toEqual([expect.stringMatching(/^not-tended: tend last came by at 2026-11-23T02:21/)]);
  });

  test('when a hold is open for too long, and not once it is closed', async () => {
    const night = await goodNight();
    const { holds } = night.tools.state;
    const hold = openHold(night);
    const { etag } = await holds.insert(hold);
    night.clock.at += 2 * HOUR;
    expect((await healthOf(night)).status).toBe('green');
    night.clock.at += MINUTE;

    expect(await reasonsOf(night)).toEqual(['hold-open']);
    await holds.replace({ ...hold, state: 'closed' }, etag);
    expect((await healthOf(night)).status).toBe('green');
  });

  test('when somebody is parked for too long, by name', async () => {
    const night = await goodNight();
    const { repairs } = night.tools.state;
    const parked = { state: 'working', touched: true, parked: night.clock.at } as const;
    await repairs.insert(headRow(night.clock.at, reanchorOf(3), parked));
    await repairs.insert({ kind: 'open', repair: 'r-1', people: [], created: night.clock.at });
    night.clock.at += 5 * MINUTE;
    expect((await healthOf(night)).status).toBe('green');
    night.clock.at += MINUTE;

    expect(await reasonsOf(night)).toEqual(['parked']);
    expect((await saidOf(night))[0]).toContain('person3@contoso.com: parked for 6 minutes');
  });

  test('when somebody is parked and no repair knows of it', async () => {
    const night = await goodNight();
    const row = { objectId: 'e-1', userName: 'ada@contoso.onmicrosoft.com', wanted: 'ada@contoso.com' };
    await night.tools.state.parked.insert({ ...row, since: night.clock.at });

    expect(await reasonsOf(night)).toEqual(['parked']);
    expect((await saidOf(night))[0]).toContain('back to ada@contoso.com');
  });
});

function openHold({ clock }: Night): HoldRow {
  const opened = clock.at;
  const rest = { byHand: false, off: opened, lastUnassigned: opened, first: null, firstIntact: null, broken: null };
  return {
    kind: 'hold',
    app: APP,
    state: 'open',
    since: opened,
    opened,
    prior: 'ENABLED',
    rest: '',
    alarmed: null,
    named: null,
    jobs: null,
    ...rest,
  };
}
