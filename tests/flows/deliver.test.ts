import { expect, test } from 'vitest';
import { health } from '../../shared/flows/health.ts';
import { tell } from '../../shared/flows/tell.ts';
import { deliver } from '../../shared/flows/tend/deliver.ts';
import { tend } from '../../shared/flows/tend.ts';
import { DAY, HOUR, MINUTE } from '../../shared/time.ts';
import { tenantOf } from '../rosters/tenant.ts';
import { nightOf } from './night.ts';
import {
  denied,
  lost,
  notice,
  type Office,
  officeWith,
  placesOf,
  postbox,
  type Postbox,
  rounds,
  rowsOf,
  told,
} from './postbox.ts';

function mailOffice(drafts = false, attempts = 5): Office & { readonly mail: Postbox } {
  const boxes: Postbox[] = [];
  const office = officeWith((clock) => {
    boxes.push(postbox('mail', clock, drafts));
    return boxes;
  }, attempts);
  const [mail] = boxes;
  if (mail === undefined) throw new Error('There is no mailbox.');
  return { ...office, mail };
}

function twoChannels(): Office & { readonly mail: Postbox; readonly teams: Postbox } {
  const made: { mail?: Postbox; teams?: Postbox } = {};
  const office = officeWith((clock) => {
    made.mail = postbox('mail', clock);
    made.teams = postbox('teams', clock);
    return [made.mail, made.teams];
  });
  if (made.mail === undefined || made.teams === undefined) throw new Error('There are no channels.');
  return { ...office, mail: made.mail, teams: made.teams };
}

test('what is told is sent once, however often it is told and tend comes by', async () => {
  const office = mailOffice();
  await told(office, notice('r-1.parked'), notice('r-1.parked'));
  await rounds(office, 3);
  await told(office, notice('r-1.parked'));
  await rounds(office, 3);

  expect(office.mail.taken).toMatchObject([
    { repeat: false, message: { subject: 'Something about r-1.parked', audience: 'alarms' } },
  ]);
  expect(await rowsOf(office)).toMatchObject([
    { sent: expect.any(Number), deliveries: { mail: { state: 'sent', id: 'request-1' } } },
  ]);
  expect(await placesOf(office)).toEqual([]);
});

test('without a channel nothing is read or written but what tend has always read and written', async () => {
  const night = nightOf(tenantOf(1));
  const calls: string[] = [];
  const spied = <Port extends object>(port: Port, name: string): Port =>
    new Proxy(port, {
      get(target, method) {
        calls.push(`${name}.${String(method)}`);
        const value: unknown = Reflect.get(target, method, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  const { unsent, channels, outbox } = night.tools.state;
  const state = {
    ...night.tools.state,
    unsent: spied(unsent, 'unsent'),
    channels: spied(channels, 'channels'),
    outbox: spied(outbox, 'outbox'),
  };
  await night.tools.state.marks.put({ name: 'swept', at: night.clock.at, run: null, by: 'x', note: '' });

  await tend({ ...night.tools, state });
  await tell(notice('r-1', 'alarm', night.clock.at), { ...night.tools, state });

  expect(calls).toEqual(['outbox.insert']);
});

test('alarms go before what somebody has to decide, and that before digests', async () => {
  const office = mailOffice();
  await told(office, notice('d', 'digest'), notice('f', 'freeze'), notice('n', 'needs-a-person'), notice('a', 'alarm'));
  await rounds(office);

  expect(office.mail.taken.map(({ message }) => [message.notice, message.audience])).toEqual([
    ['alarm~a', 'alarms'],
    ['needs-a-person~n', 'alarms'],
    ['freeze~f', 'decisions'],
    ['digest~d', 'digest'],
  ]);
});

test('one failing channel keeps no other from sending, and is not hammered with the rest', async () => {
  const office = twoChannels();
  const { mail, teams } = office;
  mail.answers.push(denied, denied);
  await told(office, notice('one'), notice('two'), notice('three'));
  await rounds(office);

  expect(teams.taken).toHaveLength(3);
  expect([mail.taken.length, mail.answers.length]).toEqual([0, 1]);

  await rounds(office, 10);
  expect(mail.taken).toHaveLength(3);
  expect(teams.taken).toHaveLength(3);
});

test('a notice of long ago is sent too: its place says where it is', async () => {
  const office = mailOffice();
  await told(office, notice('r-1.waits', 'needs-a-person', office.clock.at - 90 * DAY));
  await rounds(office);

  expect(office.mail.taken).toHaveLength(1);
});

test('what was told before anything was sent is taken in for three days, and not from before', async () => {
  const office = mailOffice();
  const { telling: _telling, ...silent } = office.tools;
  await tell(notice('old', 'alarm', office.clock.at - 9 * DAY), silent);
  await tell(notice('new', 'alarm', office.clock.at - DAY), silent);
  await rounds(office, 2);

  expect(office.mail.taken.map(({ message }) => message.notice)).toEqual(['alarm~new']);
});

test('a place whose notice was never written goes after an hour', async () => {
  const office = mailOffice();
  await office.tools.state.unsent.insert({
    day: '2026-11-20',
    notice: 'alarm~x',
    kind: 'alarm',
    since: office.clock.at,
  });
  await rounds(office, 12);
  expect(await placesOf(office)).toEqual(['alarm~x']);
  await rounds(office);

  expect(await placesOf(office)).toEqual([]);
});

test('a lost answer is sent again under the same id, and says that it may be a repeat', async () => {
  const office = mailOffice();
  office.mail.answers.push(lost);
  await told(office, notice('one'));
  await rounds(office, 4);

  const [first, second, ...more] = office.mail.taken;
  expect(more).toEqual([]);
  expect([first?.repeat, second?.repeat]).toEqual([false, true]);
  expect(second?.id).toBe(first?.id);
  expect(second?.message.subject).toContain('(possible repeat)');
  expect(second?.message.rendered.text).toContain('You may have had this before');
});

test('where the mailbox may be read, a lost answer is looked up, and nothing is sent again', async () => {
  const office = mailOffice(true);
  office.mail.answers.push(lost);
  await told(office, notice('one'));
  await rounds(office, 20);

  expect(office.mail.taken).toHaveLength(1);
  expect(await rowsOf(office)).toMatchObject([
    { deliveries: { mail: { state: 'sent', id: expect.stringContaining('sent-') } } },
  ]);
});

test('a draft that was refused is kept by its id, and sent later', async () => {
  const office = mailOffice(true);
  office.mail.answers.push(denied);
  await told(office, notice('one'));
  await rounds(office);
  expect(await rowsOf(office)).toMatchObject([
    { deliveries: { mail: { state: 'drafted', id: 'draft-1', gone: null } } },
  ]);

  await rounds(office, 3);
  expect(office.mail.taken).toMatchObject([{ repeat: false }]);
});

test('being asked to wait is obeyed by every notice, and costs no attempt', async () => {
  const office = mailOffice();
  const wait = { ...denied, why: 'throttled', status: 429, retryAfter: HOUR } as const;
  office.mail.answers.push(wait);
  await told(office, notice('one'), notice('two'));
  await rounds(office, 12);
  expect(office.mail.taken).toEqual([]);
  expect(await rowsOf(office)).toMatchObject([
    { deliveries: { mail: { attempts: 0, state: 'refused' } } },
    { deliveries: {} },
  ]);

  await rounds(office, 3);
  expect(office.mail.taken).toHaveLength(2);
});

test('after so many attempts a channel is given up, counted and logged, and health says which, since when and why', async () => {
  const office = mailOffice(false, 3);
  office.mail.answers.push(denied, denied, denied);
  await told(office, notice('one', 'digest'));
  const began = office.clock.at + 5 * MINUTE;
  await rounds(office, 20);

  expect(office.mail.taken).toEqual([]);
  expect(await placesOf(office)).toEqual([]);
  expect(await rowsOf(office)).toMatchObject([
    { sent: null, deliveries: { mail: { state: 'refused', attempts: 3, due: null } } },
  ]);
  expect(office.night.lines).toContain('a notice was given up: nobody was told of it this way');
  const { reds } = await health(office.tools);
  expect(reds).toContainEqual({
    reason: 'channel',
    message: `The channel mail fails since ${new Date(began).toISOString()}. 1 notice was given up and reached nobody this way; they are in the outbox. The last reason: Microsoft Graph answered 403. Try it: anchorwatch mail test --channel mail`,
  });
});

test('a channel that works again is green a day after the last loss, and at once where nothing was lost', async () => {
  const office = mailOffice(false, 3);
  const isRed = async () => (await health(office.tools)).reds.some(({ reason }) => reason === 'channel');
  office.mail.answers.push(denied, denied, denied);
  await told(office, notice('one', 'digest'));
  await rounds(office, 20);
  await told(office, notice('two', 'digest'));
  await rounds(office);
  expect([office.mail.taken.length, await isRed()]).toEqual([1, true]);

  office.clock.at += DAY;
  expect(await isRed()).toBe(false);
});

test('an alarm is never given up, however long the channel fails', async () => {
  const office = mailOffice(false, 3);
  office.mail.answers.push(...Array.from({ length: 8 }, () => denied));
  await told(office, notice('one', 'digest'), notice('two', 'alarm'));
  for (let days = 0; days < 10; days += 1) {
    office.clock.at += DAY;
    await rounds(office, 12);
  }

  expect(office.mail.taken.map(({ message }) => message.notice)).toEqual(['alarm~two']);
});

test('words that cannot be made are given up like any other failure, and stop nothing else', async () => {
  const office = mailOffice(false, 2);
  const { wording } = office.tools.telling;
  const failing = {
    ...wording,
    letterOf: (...[words, audience]: Parameters<typeof wording.letterOf>) => {
      if (words.subject.includes('bad')) throw new Error('no words');
      return wording.letterOf(words, audience);
    },
  };
  const tools = { ...office.tools, telling: { ...office.tools.telling, wording: failing } };
  await told(office, notice('bad'), notice('good'));
  for (let round = 0; round < 6; round += 1) {
    office.clock.at += 10 * MINUTE;
    await deliver(tools);
  }

  expect(office.mail.taken.map(({ message }) => message.notice)).toEqual(['alarm~good']);
  expect(await placesOf(office)).toEqual([]);
});

test('a letter that a notice brings is kept, and sent as it is', async () => {
  const office = mailOffice();
  const letter = {
    subject: 'A night',
    severity: 'news',
    verdict: 'Nothing was changed.',
    figures: [{ label: 'checked', value: 5 }],
    next: ['The next scan is at 02:00.'],
    action: null,
    parts: [{ title: 'New', lines: [], table: { head: ['who'], rows: [['ada']], more: 2 } }],
    footer: [],
  } as const;
  await tell({ ...notice('digest', 'digest'), letter }, office.tools);
  await rounds(office);

  expect(office.mail.taken[0]?.message).toMatchObject({
    subject: 'A night',
    severity: 'news',
    rendered: { payload: letter },
  });
});

test('a mail on its way is in no folder for a while: it is waited for, and not sent again', async () => {
  const office = mailOffice(true);
  const { mail, clock } = office;
  const { drafts } = mail.channel;
  if (drafts === null) throw new Error('There are no drafts.');
  const lagging: typeof drafts = {
    ...drafts,
    async find(draft, message) {
      const [taken] = mail.taken;
      return taken !== undefined && clock.at - taken.at < 12 * MINUTE
        ? { kind: 'nowhere' }
        : drafts.find(draft, message);
    },
  };
  const telling = { ...office.tools.telling, channels: [{ ...mail.channel, drafts: lagging }] };
  mail.answers.push(lost);
  await told(office, notice('one'));
  await rounds({ ...office, tools: { ...office.tools, telling } }, 10);

  expect(mail.taken).toHaveLength(1);
  expect(await rowsOf(office)).toMatchObject([{ deliveries: { mail: { state: 'sent' } } }]);
});

test('a mail that is nowhere for a quarter of an hour is made anew, and marked', async () => {
  const office = mailOffice(true);
  const { mail } = office;
  const { drafts } = mail.channel;
  if (drafts === null) throw new Error('There are no drafts.');
  const blind: typeof drafts = { ...drafts, find: async () => ({ kind: 'nowhere' }) };
  const telling = { ...office.tools.telling, channels: [{ ...mail.channel, drafts: blind }] };
  mail.answers.push(lost);
  await told(office, notice('one'));
  await rounds({ ...office, tools: { ...office.tools, telling } }, 10);

  expect(mail.taken.map(({ repeat }) => repeat)).toEqual([false, true]);
});

test('whoever comes back late with an outcome leaves that of whoever took over', async () => {
  const office = mailOffice();
  const { mail } = office;
  const slow = Promise.withResolvers<void>();
  const frozen = {
    ...mail.channel,
    send: async () => {
      await slow.promise;
      return denied;
    },
  };
  await told(office, notice('one'));
  office.clock.at += 5 * MINUTE;
  const first = deliver({ ...office.tools, telling: { ...office.tools.telling, channels: [frozen] } });
  await expect
    .poll(async () => (await rowsOf(office))[0]?.deliveries.mail)
    .toMatchObject({ state: 'unknown', attempts: 1 });
  await rounds(office);
  slow.resolve();
  await first;

  expect(mail.taken).toMatchObject([{ repeat: true }]);
  expect(await rowsOf(office)).toMatchObject([{ deliveries: { mail: { state: 'sent', attempts: 2 } } }]);
});
