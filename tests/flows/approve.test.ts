import { describe, expect, test } from 'vitest';
import { AnchorwatchError } from '../../shared/errors.ts';
import { approve, reject } from '../../shared/flows/approve.ts';
import { proposals } from '../../shared/flows/proposals.ts';
import { auditBetween } from '../../shared/flows/audit.ts';
import { ignore, unignore } from '../../shared/flows/ignore.ts';
import { withdrawRejections } from '../../shared/flows/rejected.ts';
import { repair } from '../../shared/flows/repair.ts';
import { tend } from '../../shared/flows/tend.ts';
import type { State } from '../../shared/ports/state.ts';
import type { AuditRow } from '../../shared/state/decision-rows.ts';
import type { RepairRow } from '../../shared/state/repair-rows.ts';
import { DAY, HOUR, isoDay } from '../../shared/time.ts';
import { anchorOf, nameOf, objectId, oktaId, tenantOf } from '../rosters/tenant.ts';
import { type Night, nextDay, nightOf, OPTED_IN, runNight, settingsOf } from './night.ts';
import { watched } from './watched.ts';
import { asked, drift, lastRun, reanchorOf, ringed, rowsOf } from './second-night.ts';

const ADMIN = [{ kind: 'directory-role', name: 'Global Administrator' }] as const;

async function newest(night: Night) {
  const [proposal] = await proposals(night.tools);
  if (proposal === undefined) throw new Error('nothing is proposed');
  return proposal;
}

async function headOf(night: Night): Promise<RepairRow> {
  const message = night.repairs.take();
  const found = message === null ? null : await night.tools.state.repairs.get(message.repair, 'head');
  if (found?.row.kind !== 'head') throw new Error('nothing is queued');
  return found.row;
}

async function audited(night: Night): Promise<readonly AuditRow[]> {
  const rows: AuditRow[] = [];
  for await (const row of auditBetween(0, night.clock.at + DAY, night.tools)) rows.push(row);
  return rows;
}

/** State whose so-manyth call dies, before or after it was carried out. */
function dyingAt(state: State, at: number, when: 'before' | 'after'): { readonly state: State; isReached(): boolean } {
  let calls = 0;
  const table = (one: object): object =>
    new Proxy(one, {
      get(target, name) {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        return (...args: unknown[]): unknown => {
          calls += 1;
          const isIt = calls === at + 1;
          const died = new AnchorwatchError('transient', 'storage does not answer');
          if (isIt && (when === 'before' || name === 'list')) throw died;
          const answer: unknown = Reflect.apply(method, target, args);
          return isIt ? Promise.resolve(answer).then(() => Promise.reject(died)) : answer;
        };
      },
    });
  const tables = Object.entries(state).map(([name, one]: [string, object]) => [name, table(one)]);
  return { state: Object.fromEntries(tables), isReached: () => calls > at };
}

async function subjects(night: Night): Promise<readonly string[]> {
  const day = new Date(night.clock.at).toISOString().slice(0, 10);
  return rowsOf(night.tools.state.outbox.list(day), ({ subject }) => subject);
}

describe('in mode propose', () => {
  test('nobody is repaired, and whoever decides is told once what is proposed, under its checksum', async () => {
    const night = await asked([7, 8]);
    night.groups.set(OPTED_IN, [oktaId(7)]);

    const { row, items } = await newest(night);
    const repairs = items.flatMap(({ members }) => members);
    expect(night.repairs.waiting()).toEqual([]);
    expect(repairs).toMatchObject([{ user: oktaId(8) }, { user: oktaId(7), before: reanchorOf(7).before }]);
    expect(row).toMatchObject({ rule: 'wants-approval', repairs: 2, more: 0, expires: row.created + 48 * HOUR });
    expect((await lastRun(night)).summary).toMatchObject({ queued: 0, proposed: 2, held: { 'wants-approval': 2 } });
    expect(await subjects(night)).toContain('2 repairs wait for approval; nothing of them was done');

    nextDay(night);
    await runNight(night);
    expect(await subjects(night)).toEqual([]);
    expect((await newest(night)).row.checksum).toBe(row.checksum);
  });

  test('whom somebody approves is queued with the approval, and passes the preflight without having opted in', async () => {
    const night = await asked([7, 8]);
    const { row } = await newest(night);

    const decided = await approve({ checksum: row.checksum.slice(0, 8), people: [nameOf(7)], by: 'ada' }, night.tools);

    expect(decided).toMatchObject([{ outcome: 'queued', item: { members: [{ user: oktaId(7) }] } }]);
    const head = await headOf(night);
    expect(head).toMatchObject({ approval: { by: 'ada', checksum: row.checksum, expires: row.expires } });
    expect(await repair(head.id, night.tools)).toBe('ready');
    expect(await audited(night)).toMatchObject([{ actor: 'ada', what: 'approved', person: nameOf(7), run: row.run }]);
  });

  test('an approval raises no limit: the next night may queue as many as it could before', async () => {
    const night = await asked([7, 8, 9], { mode: 'remediate', policy: { ...settingsOf().policy, maxRepairs: 1 } });
    await approve({ checksum: (await newest(night)).row.checksum, people: null, by: 'ada' }, night.tools);
    drift(night.tenant, 20);
    night.groups.set(OPTED_IN, [oktaId(20)]);
    for (let nights = 0; nights < 2; nights += 1) {
      nextDay(night);
      await runNight(night);
    }

    expect((await lastRun(night)).summary).toMatchObject({ queued: 1, freeze: null });
  });
});

test('in mode remediate whoever has not opted in is proposed, and whoever has is repaired without a word', async () => {
  const night = await asked([7, 8], { mode: 'remediate' });
  night.groups.set(OPTED_IN, [oktaId(7)]);
  nextDay(night);
  await runNight(night);

  expect(await headOf(night)).toMatchObject({ approval: null, members: [{ user: oktaId(7) }] });
  expect((await newest(night)).items).toMatchObject([{ why: null, members: [{ user: oktaId(8) }] }]);
});

describe('a plan that froze', () => {
  const policy = { ...settingsOf().policy, maxRepairs: 1 };

  async function frozen(): Promise<Night> {
    const night = await asked([7, 8, 9], { mode: 'remediate', policy });
    night.groups.set(OPTED_IN, [oktaId(7), oktaId(8), oktaId(9)]);
    nextDay(night);
    expect(await runNight(night)).toBe('good');
    return night;
  }

  test('is told of with its checksum, and runs when somebody approves exactly that', async () => {
    const night = await frozen();
    const { row, items } = await newest(night);
    expect(row.rule).toBe('over-limit');
    expect(items).toHaveLength(3);
    expect(night.repairs.waiting()).toEqual([]);
    expect(await subjects(night)).toContain('The plan is frozen; nothing was repaired');

    await approve({ checksum: row.checksum, people: null, by: 'ada' }, night.tools);

    expect(night.repairs.waiting()).toHaveLength(3);
    const head = await headOf(night);
    expect(await repair(head.id, night.tools)).toBe('ready');
  });

  test('is not run by what was approved of another one', async () => {
    const night = await frozen();
    await expect(approve({ checksum: 'a'.repeat(64), people: null, by: 'ada' }, night.tools)).rejects.toThrow(
      'There is no proposal',
    );
    expect(night.repairs.waiting()).toEqual([]);
  });
});

describe('a ring', () => {
  test('is one question with both accounts of everybody, and is never approved with others', async () => {
    const night = await ringed();
    drift(night.tenant, 9);
    for (let nights = 0; nights < 2; nights += 1) {
      nextDay(night);
      await runNight(night);
    }
    const { row, items } = await newest(night);
    expect(items).toMatchObject([
      { why: null, members: [{ user: oktaId(9) }] },
      { why: 'ring', members: [{}, {}], sides: expect.arrayContaining([expect.objectContaining({ what: 'made' })]) },
    ]);

    await approve({ checksum: row.checksum, people: null, by: 'ada' }, night.tools);

    expect(await headOf(night)).toMatchObject({ members: [{ user: oktaId(9) }] });
    expect(night.repairs.waiting()).toEqual([]);
  });

  test('is one repair of all its people when somebody names one of them, and all are known to be in it', async () => {
    const night = await ringed();
    const { row } = await newest(night);

    const decided = await approve({ checksum: row.checksum, people: [nameOf(7), nameOf(8)], by: 'ada' }, night.tools);

    expect(decided).toHaveLength(1);
    const head = await headOf(night);
    expect(new Set(head.members.map(({ user }) => user))).toEqual(new Set([oktaId(7), oktaId(8)]));
    expect(await repair(head.id, night.tools)).toBe('ready');
    nextDay(night);
    await runNight(night);
    expect((await newest(night)).row.run).toBe(row.run);
  });

  test('is named alone: whoever names others with it decides nothing', async () => {
    const night = await ringed();
    drift(night.tenant, 9);
    for (let nights = 0; nights < 2; nights += 1) {
      nextDay(night);
      await runNight(night);
    }
    const { checksum } = (await newest(night)).row;

    await expect(approve({ checksum, people: [nameOf(7), nameOf(9)], by: 'ada' }, night.tools)).rejects.toThrow(
      'is named alone',
    );
    expect(await audited(night)).toEqual([]);
  });

  test('that is all there is cannot be approved by --all', async () => {
    const night = await ringed();
    const { row } = await newest(night);

    await expect(approve({ checksum: row.checksum, people: null, by: 'ada' }, night.tools)).rejects.toThrow(
      'is decided on alone',
    );
  });
});

describe('a decision', () => {
  test.each([
    [{ by: ' ' }, 'names the person who decides'],
    [{ checksum: 'abc' }, 'eight hexadecimal digits'],
    [{ people: ['nobody@contoso.com'] }, '"nobody@contoso.com" is not in the proposal'],
  ])('%j is refused, and nothing is decided', async (over, message) => {
    const night = await asked([7]);
    const { checksum } = (await newest(night)).row;

    await expect(approve({ checksum, people: null, by: 'ada', ...over }, night.tools)).rejects.toThrow(message);

    expect(await audited(night)).toEqual([]);
    expect(night.repairs.waiting()).toEqual([]);
  });

  test('comes too late once the proposal has lapsed', async () => {
    const night = await asked([7]);
    const { checksum } = (await newest(night)).row;
    night.clock.at += 48 * HOUR;

    await expect(approve({ checksum, people: null, by: 'ada' }, night.tools)).rejects.toThrow(
      'could be decided on until',
    );
  });

  test('lapses for a repair that has not begun by then', async () => {
    const night = await asked([7]);
    await approve({ checksum: (await newest(night)).row.checksum, people: null, by: 'ada' }, night.tools);
    const { id } = await headOf(night);
    night.clock.at += 48 * HOUR;

    expect(await repair(id, night.tools)).toBe('refused');
    expect((await night.tools.state.repairs.get(id, 'head'))?.row).toMatchObject({ rule: 'approval-expired' });
  });

  test.each([
    ['observe-mode', { mode: 'observe' }],
    ['limit-zero', { policy: { ...settingsOf().policy, maxRepairs: 0 } }],
  ] as const)('does not lift the rule %s', async (rule, settings) => {
    const night = await asked([7]);
    await approve({ checksum: (await newest(night)).row.checksum, people: null, by: 'ada' }, night.tools);
    const { id } = await headOf(night);

    const tools = { ...night.tools, settings: { ...night.tools.settings, ...settings } };
    expect(await repair(id, tools)).toBe('refused');
    expect((await night.tools.state.repairs.get(id, 'head'))?.row).toMatchObject({ rule });
  });

  test('that is said twice queues once, and the audit has it once', async () => {
    const night = await asked([7]);
    const { checksum } = (await newest(night)).row;
    await approve({ checksum, people: null, by: 'ada' }, night.tools);
    night.clock.at += HOUR;
    await approve({ checksum, people: null, by: 'bob' }, night.tools);

    expect(night.repairs.waiting()).toHaveLength(1);
    expect(await audited(night)).toMatchObject([{ actor: 'ada', what: 'approved' }]);
  });

  test.each(['before', 'after'] as const)(
    'that died %s any of its calls of storage is carried out once when it is said again',
    async (when) => {
      for (let at = 0; ; at += 1) {
        const night = await asked([7]);
        const { checksum } = (await newest(night)).row;
        const dying = dyingAt(night.tools.state, at, when);
        const said = approve({ checksum, people: null, by: 'ada' }, { ...night.tools, state: dying.state });
        const died = await said.then(() => false).catch(() => true);

        expect(await approve({ checksum, people: null, by: 'bob' }, night.tools)).toMatchObject([
          { outcome: 'queued' },
        ]);
        const messages = new Set(night.repairs.waiting().map(({ message }) => message.repair));
        const heads = await rowsOf(night.tools.state.repairs.list('open'), (row) => row.kind === 'open' && row.repair);
        expect(heads).toHaveLength(1);
        // The message of a repair that was written down and never sent is sent by `tend`.
        expect(messages.size).toBeLessThanOrEqual(1);
        expect(await audited(night)).toHaveLength(1);
        if (!dying.isReached()) return expect([died, at]).toEqual([false, expect.any(Number)]);
      }
    },
  );

  test('stands against whoever comes later, who is told whose it is', async () => {
    const night = await asked([7, 8]);
    const { checksum } = (await newest(night)).row;
    await reject({ checksum, people: [objectId(7)], by: 'ada' }, night.tools);

    const decided = await approve({ checksum, people: null, by: 'bob' }, night.tools);

    expect(decided).toMatchObject([
      { outcome: 'queued', decision: { by: 'bob' } },
      { outcome: 'decided', decision: { by: 'ada', decision: 'rejected' } },
    ]);
    expect(night.repairs.waiting()).toHaveLength(1);
  });

  test('not to repair comes too late for a repair that was approved in another proposal and has begun', async () => {
    const night = await asked([7, 8], { policy: { ...settingsOf().policy, approvalFor: 96 * HOUR } });
    const old = (await newest(night)).row.checksum;
    drift(night.tenant, 9);
    for (let nights = 0; nights < 2; nights += 1) {
      nextDay(night);
      await runNight(night);
    }
    const { row } = await newest(night);
    expect(row.checksum).not.toBe(old);
    await approve({ checksum: row.checksum, people: [nameOf(7)], by: 'ada' }, night.tools);
    expect(await repair((await headOf(night)).id, night.tools)).toBe('ready');

    const decided = await reject({ checksum: old, people: [nameOf(7), nameOf(8)], by: 'bob' }, night.tools);

    expect(decided).toMatchObject([
      { outcome: 'decided', decision: { by: 'ada', decision: 'approved' } },
      { outcome: 'rejected', decision: { by: 'bob' } },
    ]);
  });

  test('not to repair is remembered for a month, unless the finding changes', async () => {
    const night = await asked([7]);
    await reject({ checksum: (await newest(night)).row.checksum, people: null, by: 'ada' }, night.tools);
    nextDay(night);
    await runNight(night);
    expect((await lastRun(night)).summary).toMatchObject({ proposed: 0, held: { rejected: 1 } });

    const user = night.tenant.users.get(objectId(7))!;
    night.tenant.users.set(objectId(7), { ...user, anchor: reanchorOf(9).before.a });
    night.tenant.users.delete(objectId(9));
    for (let nights = 0; nights < 2; nights += 1) {
      nextDay(night);
      await runNight(night);
    }
    expect((await lastRun(night)).summary?.held).not.toHaveProperty('rejected');
  });

  test('not to repair that is withdrawn has the next scan propose it again, and decides nothing by itself', async () => {
    const night = await asked([7]);
    const { checksum } = (await newest(night)).row;
    await reject({ checksum, people: null, by: 'ada' }, night.tools);
    await expect(withdrawRejections(objectId(8), 'bob', night.tools)).rejects.toMatchObject({ kind: 'invalid' });
    expect(await withdrawRejections(objectId(7), 'bob', night.tools)).toMatchObject([{ by: 'ada' }]);

    expect(await approve({ checksum, people: null, by: 'bob' }, night.tools)).toMatchObject([{ outcome: 'decided' }]);
    expect(await reject({ checksum, people: null, by: 'bob' }, night.tools)).toMatchObject([{ outcome: 'decided' }]);
    expect(night.repairs.waiting()).toEqual([]);
    expect((await audited(night)).map(({ actor, what }) => [actor, what])).toContainEqual([
      'bob',
      'rejection withdrawn',
    ]);

    nextDay(night);
    await runNight(night);
    const { row } = await newest(night);
    expect(row.run).toBe((await lastRun(night)).id);
    const day = isoDay(row.scheduled);
    expect(await night.tools.state.outbox.get(day, `proposal~${row.run}`)).not.toBeNull();
    expect(await approve({ checksum: row.checksum, people: null, by: 'bob' }, night.tools)).toMatchObject([
      { outcome: 'queued' },
    ]);
  });

  test('is known to the next run: what the preflight refused is not proposed again at once', async () => {
    const night = await asked([7]);
    const { checksum } = (await newest(night)).row;
    await approve({ checksum, people: null, by: 'ada' }, night.tools);
    const { id } = await headOf(night);
    const tools = { ...night.tools, entra: { ...night.tools.entra, privileges: async () => ADMIN } };
    expect(await repair(id, tools)).toBe('refused');
    await tend(night.tools);
    nextDay(night);
    await runNight(night);

    expect((await lastRun(night)).summary).toMatchObject({ proposed: 0, held: { 'refused-before': 1 } });
  });

  test('not to repair stands for the same repair in an older proposal, and for what was approved before it', async () => {
    const night = await asked([7, 8]);
    const older = (await newest(night)).row.checksum;
    await approve({ checksum: older, people: [nameOf(8)], by: 'cid' }, night.tools);
    const { id } = await headOf(night);
    nextDay(night);
    drift(night.tenant, 9);
    await runNight(night);
    night.repairs.take();
    nextDay(night);
    await runNight(night);
    const { row, items } = await newest(night);
    expect(row.checksum).not.toBe(older);
    await reject(
      { checksum: row.checksum, people: items.map(({ members }) => members[0]?.userName ?? ''), by: 'ada' },
      night.tools,
    );
    night.clock.at -= DAY;

    const decided = await approve({ checksum: older, people: [nameOf(7)], by: 'bob' }, night.tools);
    expect(decided).toMatchObject([{ outcome: 'decided', decision: { by: 'ada', decision: 'rejected' } }]);
    expect(night.repairs.waiting()).toEqual([]);
    expect(id).not.toBe('');
  });

  test('that was carried out to a refusal says so when it is said again', async () => {
    const night = await asked([7]);
    const { checksum } = (await newest(night)).row;
    await approve({ checksum, people: null, by: 'ada' }, night.tools);
    const { id } = await headOf(night);
    const policy = { ...settingsOf().policy, maxRepairs: 0 };
    await repair(id, { ...night.tools, settings: { ...night.tools.settings, policy } });

    expect(await approve({ checksum, people: null, by: 'ada' }, night.tools)).toMatchObject([{ outcome: 'over' }]);
  });

  test('on the older of two open proposals is known to the next run as well', async () => {
    const night = await asked([7, 8]);
    const older = (await newest(night)).row.checksum;
    const { users } = night.tenant;
    users.set(objectId(8), { ...users.get(objectId(8))!, anchor: anchorOf(8) });
    nextDay(night);
    await runNight(night);
    expect((await newest(night)).row.checksum).not.toBe(older);
    night.clock.at += HOUR;
    await approve({ checksum: older, people: [nameOf(7)], by: 'ada' }, night.tools);
    const { id } = await headOf(night);
    const tools = { ...night.tools, entra: { ...night.tools.entra, privileges: async () => ADMIN } };
    await repair(id, tools);
    await tend(night.tools);
    nextDay(night);
    await runNight(night);

    expect((await lastRun(night)).summary?.held).toEqual({ 'refused-before': 1 });
  });

  test('of somebody whom another repair has says so', async () => {
    const night = await asked([7]);
    const { checksum } = (await newest(night)).row;
    await night.tools.state.claims.insert({ person: oktaId(7), repair: 'r-other', at: night.clock.at });

    expect(await approve({ checksum, people: null, by: 'ada' }, night.tools)).toMatchObject([
      { outcome: 'busy', decision: null },
    ]);
    expect(await audited(night)).toEqual([]);
    expect(night.repairs.waiting()).toEqual([]);
  });
});

async function ignored(night: Night): Promise<void> {
  const entry = {
    person: oktaId(7),
    userName: nameOf(7),
    reason: 'migrates in June',
    by: 'ada',
    until: night.clock.at + 10 * DAY,
  };
  await ignore(entry, night.tools);
}

describe('a person who is ignored', () => {
  test('is held with the reason until that day, and proposed again afterwards', async () => {
    const night = await asked([7]);
    await ignored(night);
    nextDay(night);
    await runNight(night);
    expect((await lastRun(night)).summary).toMatchObject({ proposed: 0, held: { ignored: 1 } });

    night.clock.at += 10 * DAY;
    await runNight(night);
    expect((await lastRun(night)).summary).toMatchObject({ proposed: 1 });
    expect(await audited(night)).toMatchObject([{ actor: 'ada', after: 'migrates in June', person: nameOf(7) }]);
  });

  test('is not repaired although somebody has approved it before', async () => {
    const night = await asked([7]);
    await approve({ checksum: (await newest(night)).row.checksum, people: null, by: 'bob' }, night.tools);
    const { id } = await headOf(night);
    await ignored(night);

    expect(await repair(id, night.tools)).toBe('refused');
    expect((await night.tools.state.repairs.get(id, 'head'))?.row).toMatchObject({ rule: 'ignored' });
  });

  test('is looked at again when somebody ends it', async () => {
    const night = await asked([7]);
    await ignored(night);
    night.clock.at += HOUR;
    await unignore(oktaId(7), 'bob', night.tools);
    nextDay(night);
    await runNight(night);

    expect((await lastRun(night)).summary).toMatchObject({ proposed: 1 });
    expect(await audited(night)).toMatchObject([{ actor: 'ada' }, { actor: 'bob', what: 'ignored no more' }]);
  });

  test.each([
    [{ by: '' }, 'gives a name'],
    [{ reason: ' ' }, 'Say why'],
    [{ until: 1 }, 'has to be in the future'],
  ])('%j: is not ignored without a name, a reason and an end', async (over, message) => {
    const night = nightOf(tenantOf(1));
    const entry = {
      person: oktaId(7),
      userName: nameOf(7),
      reason: 'x',
      by: 'ada',
      until: night.clock.at + 10 * DAY,
      ...over,
    };

    await expect(ignore(entry, night.tools)).rejects.toThrow(message);
  });
});

test('what tend cannot look at keeps nothing else of its longer round waiting', async () => {
  const night = await asked([7]);
  const { checksum } = (await newest(night)).row;
  const died = watched(night.tools.state.claims, ['insert'], 'before', () => {
    throw new AnchorwatchError('transient', 'storage does not answer');
  });
  const dying = { ...night.tools, state: { ...night.tools.state, claims: died } };
  await expect(approve({ checksum, people: null, by: 'ada' }, dying)).rejects.toThrow('does not answer');
  night.clock.at += 2 * HOUR;

  await expect(tend({ ...night.tools, entra: { ...night.tools.entra, domains: silent } })).rejects.toThrow('Graph');

  expect(night.repairs.waiting()).toHaveLength(1);
});

async function silent(): Promise<never> {
  throw new AnchorwatchError('transient', 'Graph does not answer');
}
