import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { firstStep } from '../../shared/flows/first-step.ts';
import { repair } from '../../shared/flows/repair.ts';
import { tend as comeBy } from '../../shared/flows/tend.ts';
import { queueRepair } from '../../shared/flows/scan/queue-repairs.ts';
import { licenseText } from '../../shared/repair/before.ts';
import { headOf } from '../../shared/repair/journal.ts';
import { openRun } from '../../shared/flows/run.ts';
import type { PlannedRepair } from '../../shared/plan/plan.ts';
import type { Stored } from '../../shared/ports/state.ts';
import type { HoldMemberRow, HoldRow } from '../../shared/state/hold-rows.ts';
import type { RepairRow } from '../../shared/state/repair-rows.ts';
import type { NoticeRow } from '../../shared/state/rows.ts';
import { WRITE_ORDER } from '../../shared/state/write-order.ts';
import { joinKey } from '../../shared/state/keys.ts';
import { DAY, HOUR, isoTime, MINUTE } from '../../shared/time.ts';
import { PLAN } from '../rosters/tenant.ts';
import { peopleOf } from '../simulation/people.ts';
import { START } from '../world/callers.ts';
import { watched } from './watched.ts';
import { PLAIN, postbox } from './postbox.ts';
import { headRow, holdRows, notices, type Post, postOf, somebody, tended } from './post.ts';

type Order = (typeof WRITE_ORDER)[number];

/** Writes one row of an order, or does what it says in a tenant. */
type Write = (post: Post, planned: PlannedRepair) => Promise<unknown> | void;

interface Walk<Rows extends readonly string[]> {
  /** What is there before, and is no part of it. */
  readonly before?: Write;
  /** One for each of the rows but the last. */
  readonly writes: { readonly [At in keyof Rows]: Write | null };
  /** So often `tend` comes by; the clock is moved by so much first. */
  readonly times?: number;
  readonly after?: number;
  /** What must be true in the end, whichever part was there. `rows`: how many of them were written. */
  readonly whole: (post: Post, planned: PlannedRepair, rows: number) => Promise<void>;
}

const PACKED = new Uint8Array([1]);

const NOTICE = { day: isoTime(START).slice(0, 10), notice: 'alarm~told', kind: 'alarm' } as const;

function noticeRow(created: number): NoticeRow {
  return {
    ...NOTICE,
    run: null,
    subject: 'told',
    body: '',
    next: null,
    letter: null,
    created,
    sent: null,
    deliveries: {},
  };
}

async function rewrite({ state }: Post['tools'], change: Partial<NoticeRow>): Promise<void> {
  const found = await state.outbox.get(NOTICE.day, NOTICE.notice);
  if (found !== null) await state.outbox.replace({ ...found.row, ...change }, found.etag);
}

async function count(rows: AsyncIterable<Stored<object>>): Promise<number> {
  let found = 0;
  for await (const _ of rows) found += 1;
  return found;
}

async function isFree({ tools }: Post, { user, objectId }: PlannedRepair): Promise<void> {
  for (const name of [user, objectId]) expect(await tools.state.claims.get(name, 'open')).toBeNull();
  expect(await count(tools.state.repairs.list('open'))).toBe(0);
}

async function claim({ tools, clock }: Post, { user, objectId }: PlannedRepair): Promise<void> {
  for (const person of [user, objectId]) await tools.state.claims.insert({ person, repair: 'r-1', at: clock.at });
}

function place({ tools, clock }: Post, { user, objectId }: PlannedRepair) {
  return tools.state.repairs.insert({ kind: 'open', repair: 'r-1', people: [user, objectId], created: clock.at });
}

function head(over: Partial<RepairRow>): Write {
  return ({ tools, clock }, planned) => tools.state.repairs.insert(headRow(clock.at, planned, over));
}

/** A hold as the tenant has it: its other settings are those of the feature. */
function held(over: { readonly hold?: Partial<HoldRow>; readonly member?: Partial<HoldMemberRow> }): Write {
  return async (post, planned) => {
    const { okta, entra, state } = post.tools;
    const { rest } = await okta.deactivateSwitch(post.created.ids.office365);
    const licenses = licenseText(await entra.licenses(planned.objectId));
    const hold = { rest, off: null, ...over.hold };
    for (const row of holdRows(post, planned, { hold, member: { licenses, ...over.member } }))
      await state.holds.insert(row);
  };
}

const switchTo =
  (status: 'ENABLED' | 'DISABLED'): Write =>
  ({ created, clock }) =>
    created.hands.switchDeactivate(created.ids.office365, status, clock.at);

/** Somebody else leaves while the switch is off. */
function leaver({ created }: Post, planned: PlannedRepair): string {
  return peopleOf(created, 'GROUP').find(({ user }) => user !== planned.user)?.user ?? '';
}

async function isClosed({ tools, created }: Post): Promise<void> {
  const { office365 } = created.ids;
  expect((await tools.state.holds.get('hold', joinKey(office365, 'state')))?.row).toMatchObject({ state: 'closed' });
  expect(await tools.okta.deactivateSwitch(office365)).toMatchObject({ status: 'ENABLED' });
}

/** The repair that is in the hold has written down what it is about to do. */
function intent(step: 'hold' | 'unassign'): Write {
  return async (post, planned) => {
    await place(post, planned);
    await head({ state: 'working', sequence: 1, touched: step === 'unassign' })(post, planned);
    const row = { kind: 'step', repair: 'r-1', sequence: 1, fence: 1, at: post.clock.at, step, member: 0 } as const;
    await post.tools.state.repairs.insert({ ...row, outcome: 'intent', facts: {} });
  };
}

const WALKS: { readonly [What in Order['what']]: Walk<Extract<Order, { what: What }>['rows']> } = {
  'a repair is queued': {
    writes: [place, claim, head({}), null],
    after: HOUR,
    async whole(post, planned, rows) {
      if (rows < 3) return isFree(post, planned);
      expect(post.repairs.take()).toMatchObject({ repair: 'r-1' });
    },
  },
  'a repair is left to the next call, or to a person who comes': {
    before: async (post, planned) => [await place(post, planned), await claim(post, planned)],
    writes: [head({ state: 'working', touched: true }), null],
    async whole(post) {
      expect(post.repairs.take()).toMatchObject({ repair: 'r-1' });
      expect(post.repairs.take()).toBeNull();
    },
  },
  'a repair ends': {
    before: async (post, planned) => [await place(post, planned), await claim(post, planned)],
    writes: [
      head({ state: 'done', due: null }),
      async ({ tools }, { user, objectId }) => {
        for (const name of [user, objectId]) {
          const found = await tools.state.claims.get(name, 'open');
          await tools.state.claims.remove(name, 'open', found?.etag ?? '');
        }
      },
      ({ tools, clock }) => tools.state.repairs.put({ kind: 'ended', repair: 'r-1', at: clock.at }),
      null,
    ],
    async whole(post, planned) {
      await isFree(post, planned);
      expect(await count(post.tools.state.repairs.list('ended'))).toBe(1);
    },
  },
  'the hold takes somebody in': {
    writes: [held({}), intent('hold'), null],
    after: 3 * HOUR,
    times: 3,
    whole: isClosed,
  },
  'somebody is unassigned': {
    before: switchTo('DISABLED'),
    writes: [
      async (post, planned) => {
        const { at } = post.clock;
        await held({ hold: { off: at, lastUnassigned: at, first: 'r-1' }, member: { unassigned: at } })(post, planned);
      },
      intent('unassign'),
      null,
    ],
    after: 5 * MINUTE,
    times: 6,
    whole: isClosed,
  },
  'the hold is given back': {
    before: switchTo('DISABLED'),
    writes: [
      async (post, planned) => {
        const { at } = post.clock;
        await held({ hold: { state: 'closing', off: at, since: at } })(post, planned);
        post.created.hands.dismiss(leaver(post, planned), at + MINUTE);
        post.clock.at += 2 * MINUTE;
      },
      switchTo('ENABLED'),
      async ({ tools, created, clock }) => {
        const found = await tools.state.holds.get('hold', joinKey(created.ids.office365, 'state'));
        if (found?.row.kind !== 'hold') throw new Error('There is no hold.');
        await tools.state.holds.replace({ ...found.row, state: 'closed', since: clock.at }, found.etag);
      },
      null,
    ],
    times: 2,
    async whole(post, planned) {
      await isClosed(post);
      const named = (await notices(post)).filter(({ body }) => body.includes(leaver(post, planned)));
      expect(named.map(({ kind }) => kind)).toEqual(['alarm']);
      const key = joinKey(post.created.ids.office365, 'leaver', leaver(post, planned));
      expect(await post.tools.state.holds.get('hold', key)).not.toBeNull();
    },
  },
  'a hold is open for too long': {
    before: async (post, planned) => {
      await switchTo('DISABLED')(post, planned);
      const { at } = post.clock;
      await held({ hold: { off: at }, member: { unassigned: at } })(post, planned);
      post.clock.at += 3 * HOUR;
      // What it waits for does not come.
      post.created.hands.removeLicence(planned.objectId, 'SPE_E3', post.clock.at);
    },
    writes: [
      async ({ tools, created, clock }) => {
        const opened = clock.at - 3 * HOUR;
        const notice = `alarm~hold.${created.ids.office365}.long`;
        const row = { day: isoTime(opened).slice(0, 10), notice, kind: 'alarm', run: null } as const;
        await tools.state.outbox.insert({
          ...row,
          subject: 'told',
          body: '',
          next: null,
          letter: null,
          created: clock.at,
          sent: null,
          deliveries: {},
        });
      },
      null,
    ],
    async whole(post) {
      const told = (await notices(post)).filter(({ notice }) => notice.endsWith('.long'));
      expect(told.map(({ subject }) => subject)).toEqual(['told']);
      const key = joinKey(post.created.ids.office365, 'state');
      expect((await post.tools.state.holds.get('hold', key))?.row).toMatchObject({ alarmed: post.clock.at });
    },
  },
  'somebody is found parked whom no repair knows': {
    before: ({ created, clock }, { objectId, userName }) =>
      created.hands.editAccount(
        objectId,
        { userName: `${userName.split('@')[0] ?? ''}@${created.inside.state.tenant.initialDomain}` },
        clock.at,
      ),
    writes: [
      ({ tools, clock }, { objectId, userName }) =>
        tools.state.parked.insert({ objectId, userName: 'parked', wanted: userName, since: clock.at }),
      null,
    ],
    async whole(post, { objectId }) {
      const told = (await notices(post)).filter(({ notice }) => notice.startsWith(`alarm~parked.${objectId}`));
      expect(told).toHaveLength(1);
      expect(told[0]?.notice).toContain(String(post.clock.at - 5 * MINUTE));
    },
  },
  'somebody is told by a channel': {
    writes: [
      ({ tools, clock }) => tools.state.unsent.insert({ ...NOTICE, since: clock.at }),
      ({ tools, clock }) => tools.state.outbox.insert(noticeRow(clock.at)),
      async ({ tools, clock }) => {
        const mail = { state: 'unknown', attempts: 1, at: clock.at, id: null, why: null } as const;
        await rewrite(tools, { deliveries: { mail: { ...mail, due: clock.at + 2 * MINUTE, gone: clock.at } } });
      },
      null,
      async ({ tools, clock }) => {
        const mail = {
          state: 'sent',
          attempts: 1,
          at: clock.at,
          id: 'x',
          why: null,
          due: null,
          gone: clock.at,
        } as const;
        await rewrite(tools, { sent: clock.at, deliveries: { mail } });
      },
      null,
    ],
    after: 2 * HOUR,
    async whole({ tools, clock }, _planned, rows) {
      const box = postbox('mail', clock);
      const telling = { channels: [box.channel], wording: PLAIN, attempts: 5, tenant: 'contoso', pageUrl: null };
      await comeBy({ ...tools, telling });
      await comeBy({ ...tools, telling });

      // With an attempt and no outcome the message may have been sent or not: another says so.
      const [taken, ...more] = box.taken.map(({ repeat }) => repeat);
      expect(more).toEqual([]);
      expect(taken).toBe(rows === 1 || rows >= 5 ? undefined : rows > 2);
      expect(await count(tools.state.unsent.list('unsent'))).toBe(0);
      expect((await tools.state.outbox.get(NOTICE.day, NOTICE.notice))?.row.sent ?? null).toEqual(
        rows === 1 ? null : expect.any(Number),
      );
    },
  },
  'an ended repair is deleted': {
    before: async (post, planned) => {
      const { repairs } = post.tools.state;
      await head({ state: 'done', due: null })(post, planned);
      await repairs.insert({ kind: 'before', repair: 'r-1', member: 0, passed: null, packed: PACKED });
      await repairs.put({ kind: 'ended', repair: 'r-1', at: post.clock.at });
    },
    writes: [deleted('before~000000'), deleted('head'), null],
    after: 401 * DAY,
    async whole({ tools }) {
      expect([await count(tools.state.repairs.list('r-1')), await count(tools.state.repairs.list('ended'))]).toEqual([
        0, 0,
      ]);
    },
  },
  'a run is deleted': {
    before: async ({ tools, clock }) => {
      const { state } = tools;
      const scheduled = clock.at - HOUR;
      const run = await openRun(state, { scheduled, trigger: 'timer', mode: 'observe', now: scheduled });
      await state.runs.replace({ ...run.row, state: 'could-not-tell', plan: PLAN }, run.etag);
      await state.pages.put({ run: run.row.id, list: 'users', attempt: 0, number: 0, packed: PACKED });
      await state.snapshots.put({ run: run.row.id, part: 'findings', chunk: 0, chunks: 1, packed: PACKED });
    },
    writes: [
      async ({ tools: { state } }) => {
        for await (const { row } of state.runs.list('run'))
          for await (const { etag } of state.pages.list(joinKey(row.id, 'users')))
            await state.pages.remove(joinKey(row.id, 'users'), '000000~000000', etag);
      },
      async ({ tools: { state } }) => {
        for await (const { row } of state.runs.list('run'))
          for await (const { etag } of state.snapshots.list(row.id))
            await state.snapshots.remove(row.id, 'findings~000000', etag);
      },
      null,
    ],
    after: 401 * DAY,
    async whole({ tools: { state } }) {
      expect(await count(state.runs.list('run'))).toBe(0);
    },
  },
};

function deleted(key: string): Write {
  return async ({ tools: { state } }) => {
    const found = await state.repairs.get('r-1', key);
    await state.repairs.remove('r-1', key, found?.etag ?? '');
  };
}

const PARTS = WRITE_ORDER.flatMap(({ what, rows }) => rows.slice(0, -1).map((row, at) => [what, row, at + 1] as const));

describe('when a call died in between', () => {
  test.each(PARTS)('%s, up to: %s, and tend makes it whole', async (what, _row, rows) => {
    const { before, writes, after = 0, times = 1, whole } = WALKS[what];
    const post = postOf();
    const { planned } = somebody(post);
    await before?.(post, planned);
    for (const write of writes.slice(0, rows)) await write?.(post, planned);
    post.clock.at += after;

    await expect(tended(post, times)).resolves.toBeUndefined();
    await whole(post, planned, rows);
  });
});

test('the architecture says of each order what stands in the table', async () => {
  const page = await readFile(new URL('../../docs/architecture.md', import.meta.url), 'utf8');
  for (const { what, rows, tend } of WRITE_ORDER) expect(page).toContain(`| ${what} | ${rows.join(' → ')} | ${tend} |`);
});

test('a repair that is written while tend frees its people keeps its place, and claims them anew before it begins', async () => {
  const post = postOf();
  const { tools, clock } = post;
  const { planned } = somebody(post);
  await place(post, planned);
  await claim(post, planned);
  clock.at += 2 * HOUR;
  const { claims } = tools.state;
  const written = watched(claims, ['remove'], 'before', () =>
    queueRepair('2026-11-23T02-00-00Z', 'r-1', [planned], tools, { purpose: { kind: 'undo', of: 'r-0' } }),
  );
  const state = { ...tools.state, claims: written };

  await expect(tended({ ...post, tools: { ...tools, state } })).rejects.toMatchObject({ kind: 'conflict' });

  expect(await count(tools.state.repairs.list('open'))).toBe(1);
  const late = await headOf('r-1', tools);
  if (late === null) throw new Error('there is no head');
  await firstStep(late.row, null, tools);
  expect((await claims.get(planned.objectId, 'open'))?.row.repair).toBe('r-1');
  expect((await claims.get(planned.user, 'open'))?.row.repair).toBe('r-1');
});

test('whom another repair has claimed by then is refused, and stays that one’s', async () => {
  const post = postOf();
  const { tools, clock } = post;
  const { planned } = somebody(post);
  await tools.state.repairs.insert(headRow(clock.at, planned, { purpose: { kind: 'undo', of: 'r-0' } }));
  await tools.state.claims.insert({ person: planned.objectId, repair: 'r-2', at: clock.at });

  await repair('r-1', tools);

  expect((await headOf('r-1', tools))?.row).toMatchObject({ state: 'refused', rule: 'another-repair' });
  expect((await tools.state.claims.get(planned.objectId, 'open'))?.row.repair).toBe('r-2');
  expect(await tools.state.claims.get(planned.user, 'open')).toBeNull();
});
