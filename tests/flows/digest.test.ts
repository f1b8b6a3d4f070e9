import { describe, expect, test } from 'vitest';
import { approve } from '../../shared/flows/approve.ts';
import { proposals } from '../../shared/flows/proposals.ts';
import { repair } from '../../shared/flows/repair.ts';
import { AnchorwatchError } from '../../shared/errors.ts';
import { tend } from '../../shared/flows/tend.ts';
import { deliver } from '../../shared/flows/tend/deliver.ts';
import { tellDigest } from '../../shared/flows/tend/digest.ts';
import type { Attachment } from '../../shared/ports/channel.ts';
import type { Telling } from '../../shared/flows/telling.ts';
import type { RepairFlowTools } from '../../shared/flows/repair.ts';
import { cardOf } from '../../shared/notify/card.ts';
import { htmlOf } from '../../shared/notify/html.ts';
import { letterOfNotice } from '../../shared/notify/notice-letter.ts';
import { payloadOf } from '../../shared/notify/payload.ts';
import { textOf } from '../../shared/notify/text.ts';
import { joinKey } from '../../shared/state/keys.ts';
import { DAY, HOUR, MINUTE } from '../../shared/time.ts';
import { anchorOf, APP, nameOf, objectId, oktaId, tenantOf } from '../rosters/tenant.ts';
import { type Night, type NightOptions, nextDay, nightOf, OPTED_IN, runNight, settingsOf } from './night.ts';
import { lost, postbox, type Postbox } from './postbox.ts';
import { confirmBaseline, drift, lastRun } from './second-night.ts';

/** A watch that tells by mail, in the product's own words. */
interface Told {
  readonly night: Night;
  readonly tools: RepairFlowTools;
  readonly box: Postbox;
}

function toldOf(drifted: readonly number[], options: NightOptions = {}): Told {
  const tenant = tenantOf(200);
  for (const number of drifted) drift(tenant, number);
  const night = nightOf(tenant, options);
  const box = postbox('mail', night.clock);
  const context = { tenant: 'contoso', pageUrl: null, recipients: 'You are told.' };
  const telling: Telling = {
    channels: [box.channel],
    wording: {
      recipients: () => context.recipients,
      letterOf: (notice) => letterOfNotice(notice, context),
      render: (letter, sent) => ({
        html: htmlOf(letter),
        text: textOf(letter),
        card: cardOf(letter),
        payload: payloadOf(letter, sent),
      }),
    },
    attempts: 5,
    tenant: 'contoso',
    pageUrl: null,
  };
  return { night, tools: { ...night.tools, telling }, box };
}

/** The scan of a night, and `tend` for some hours afterwards. Gives back the subjects of what was sent. */
async function nightAndMorning({ night, tools, box }: Told, hours = 6): Promise<readonly string[]> {
  const before = box.taken.length;
  expect(await runNight(night, tools)).toBe('good');
  await morning({ night, tools, box }, hours);
  return box.taken.slice(before).map(({ message }) => message.subject);
}

async function morning({ night, tools }: Told, hours: number): Promise<void> {
  for (let rounds = 0; rounds < hours * 12; rounds += 1) {
    night.clock.at += 5 * MINUTE;
    await tend(tools);
  }
  night.clock.at -= hours * HOUR;
}

function lastText({ box }: Told): string {
  return box.taken.at(-1)?.message.rendered.text ?? '';
}

describe('the first run', () => {
  test('is one mail, which says what to confirm and that nothing was changed', async () => {
    const told = toldOf([7, 8]);

    expect(await nightAndMorning(told)).toEqual([
      '[Anchorwatch] contoso: first look, 2 have drifted, 2 cannot sign in',
    ]);
    expect(lastText(told)).toContain('anchorwatch confirm');
    expect(lastText(told)).toMatch(/nothing was\s+changed/);
  });
});

describe('later nights', () => {
  test('say what is new and what waits for a decision, each to those whom it concerns, and nothing when nothing changed', async () => {
    const told = toldOf([7]);
    await nightAndMorning(told);
    await confirmBaseline(told.night);
    nextDay(told.night);
    drift(told.night.tenant, 8);

    const second = await nightAndMorning(told);
    expect(second).toContain('[Anchorwatch] contoso: 1 repair waits for approval; nothing of them was done');
    expect(second.some((subject) => subject.startsWith('[Anchorwatch] contoso: 1 new'))).toBe(true);
    expect(second).toHaveLength(2);
    const audiences = told.box.taken.slice(-2).map(({ message }) => message.audience);
    expect(new Set(audiences)).toEqual(new Set(['decisions', 'digest']));
  });

  test('remind of what stays open after one, two and three days, then every third, then once a week', async () => {
    const told = toldOf([7], { settings: { mode: 'observe' } });
    const days: number[] = [];
    for (let day = 0; day <= 28; day += 1) {
      if ((await nightAndMorning(told, 1)).length > 0) days.push(day);
      nextDay(told.night);
    }

    expect(days).toEqual([0, 1, 2, 3, 6, 9, 12, 19, 26]);
  });

  test('are silent while all is well, but for a sign of life once a week', async () => {
    const told = toldOf([], { settings: { mode: 'observe' } });
    const days: number[] = [];
    for (let day = 0; day <= 21; day += 1) {
      if ((await nightAndMorning(told, 1)).length > 0) days.push(day);
      nextDay(told.night);
    }

    expect(days).toEqual([0, 7, 14, 21]);
    expect(told.box.taken.at(-1)?.message.subject).toBe('[Anchorwatch] contoso: all quiet, still watching');
  });

  test('tell of a repair that ended, and of drift that is over, once', async () => {
    const told = toldOf([7], { settings: { mode: 'propose' } });
    await nightAndMorning(told);
    await confirmBaseline(told.night);
    nextDay(told.night);
    await nightAndMorning(told);
    const [proposal] = await proposals(told.tools);
    await approve({ checksum: proposal?.row.checksum ?? '', people: null, by: 'ada' }, told.tools);
    const message = told.night.repairs.take();
    const found = await told.tools.state.repairs.get(message?.repair ?? '', 'head');
    if (found?.row.kind !== 'head') throw new Error('nothing is queued');
    const done = { ...found.row, state: 'done', due: null, changed: told.night.clock.at + 8 * HOUR } as const;
    await told.tools.state.repairs.replace(done, found.etag);
    told.night.tenant.users.set(objectId(7), { ...told.night.tenant.users.get(objectId(7))!, anchor: anchorOf(7) });
    nextDay(told.night);

    const [subject] = await nightAndMorning(told);
    expect(subject).toMatch(/1 repaired/);
    expect(lastText(told)).toContain(nameOf(7));
    nextDay(told.night);
    expect(await nightAndMorning(told)).toEqual([]);
  });

  test('wait for the repairs of the night, and tell of those under way after four hours', async () => {
    const told = toldOf([7]);
    told.night.groups.set(OPTED_IN, [oktaId(7)]);
    await nightAndMorning(told);
    await confirmBaseline(told.night);
    nextDay(told.night);
    const before = told.box.taken.length;
    await nightAndMorning(told, 3);
    const audiences = told.box.taken.slice(before).map(({ message }) => message.audience);
    // It does not move, for nobody carries it out here: that is told at once, after five wakes and ten and twenty, and so on.
    expect(audiences).toEqual(['alarms', 'alarms', 'alarms']);

    told.night.clock.at += 5 * HOUR;
    await tend(told.tools);
    const digest = told.box.taken.findLast(({ message }) => message.audience === 'digest')?.message;
    expect(digest?.run).toBe((await lastRun(told.night)).id);
    expect(digest?.rendered.text).toContain('not looked at yet');
  });

  test('do not come every night for a repair that waits for a person', async () => {
    const told = toldOf([7]);
    told.night.groups.set(OPTED_IN, [oktaId(7)]);
    await nightAndMorning(told);
    await confirmBaseline(told.night);
    nextDay(told.night);
    await runNight(told.night, told.tools);
    const message = told.night.repairs.take();
    expect(await repair(message?.repair ?? '', told.tools)).toBe('ready');
    const days: number[] = [];
    for (let day = 1; day <= 8; day += 1) {
      const before = told.box.taken.length;
      if (day === 1) await morning(told, 1);
      else await nightAndMorning(told, 1);
      if (told.box.taken.slice(before).some(({ message: sent }) => sent.audience === 'digest')) days.push(day);
      nextDay(told.night);
    }

    expect(days).toEqual([1, 2, 3, 4, 7]);
  });

  test('name who left while Deactivate Users was off, once', async () => {
    const told = toldOf([7]);
    await nightAndMorning(told);
    nextDay(told.night);
    const { at } = told.night.clock;
    await told.tools.state.holds.put({
      kind: 'leaver',
      app: APP,
      opened: at - HOUR,
      user: '00uLeaver',
      userName: 'leaver@contoso.com',
      at: at - 30 * MINUTE,
      found: at,
    });

    expect(await nightAndMorning(told)).toEqual(['[Anchorwatch] contoso: 1 unassigned meanwhile']);
    expect(lastText(told).replaceAll(/\s+/g, ' ')).toMatch(/leaver@contoso\.com .*not by a repair/);
    nextDay(told.night);
    await nightAndMorning(told);
    expect(lastText(told)).not.toContain('leaver@contoso.com');
  });

  test('a run that could not tell is an alarm at once, and no digest', async () => {
    const told = toldOf([7]);
    await nightAndMorning(told);
    nextDay(told.night);
    const failing = { ...told.tools.entra, domains: () => Promise.reject(new Error('no')) };
    const tools = { ...told.tools, entra: failing };

    expect(await runNight(told.night, tools).catch(() => 'failed')).not.toBe('good');
    await tend(told.tools);
    expect(told.box.taken.slice(1).map(({ message }) => message.audience)).toEqual(['alarms']);
  });
});

function attached({ box }: Told): readonly Attachment[] {
  return box.taken.at(-1)?.message.attachments ?? [];
}

test('a plan that froze and was approved before it is told of is told as it is by then', async () => {
  const told = toldOf([7], { settings: { policy: { ...settingsOf().policy, maxRepairs: 1 } } });
  await nightAndMorning(told);
  await confirmBaseline(told.night);
  nextDay(told.night);
  for (const number of [7, 8, 9]) {
    drift(told.night.tenant, number);
    told.night.groups.set(OPTED_IN, [7, 8, 9].map(oktaId));
  }
  await nightAndMorning(told);
  nextDay(told.night);
  expect(await runNight(told.night, told.tools)).toBe('good');
  const [proposal] = await proposals(told.tools);
  await approve({ checksum: proposal?.row.checksum ?? '', people: [nameOf(8)], by: 'grace' }, told.tools);
  told.night.clock.at += 5 * HOUR;
  await tend(told.tools);

  const digest = told.box.taken.findLast(({ message }) => message.audience === 'digest')?.message;
  expect(digest?.subject).toContain(`plan frozen, 1 of ${proposal?.items.length} approved since`);
  expect(digest?.rendered.text.replaceAll(/\s+/g, ' ')).toContain('repairs was approved by grace, at 2026-');
});

describe('the whole list', () => {
  test('goes with the digest by mail, and with nothing else', async () => {
    const told = toldOf([7, 8]);
    const teams = postbox('teams', told.night.clock);
    const { telling } = told.tools;
    if (telling === undefined) throw new Error('nobody is told');
    await nightAndMorning({
      ...told,
      tools: { ...told.tools, telling: { ...telling, channels: [told.box.channel, teams.channel] } },
    });

    expect(attached(told)).toMatchObject([{ name: 'findings.csv' }]);
    for (const number of [7, 8]) expect(attached(told)[0]?.csv).toContain(`"${nameOf(number)}","entra-stale"`);
    expect(lastText(told).replaceAll(/\s+/g, ' ')).toContain('findings.csv, attached, has all 2 findings of this run.');
    expect(teams.taken.map(({ message }) => message.attachments)).toEqual([[]]);
    expect(teams.taken[0]?.message.rendered.text).not.toContain('findings.csv');
  });

  test('is the same when the mail is sent again, whatever was decided meanwhile, and none once the run is deleted', async () => {
    const told = toldOf([7], { settings: { mode: 'propose' } });
    await nightAndMorning(told);
    await confirmBaseline(told.night);
    nextDay(told.night);
    drift(told.night.tenant, 8);
    expect(await runNight(told.night, told.tools)).toBe('good');
    const before = told.box.taken.length;
    const round = async (): Promise<void> => {
      told.night.clock.at += HOUR;
      told.box.answers.push(lost, lost);
      await tend(told.tools);
      await tend(told.tools);
    };
    await round();
    const [proposal] = await proposals(told.tools);
    await approve({ checksum: proposal?.row.checksum ?? '', people: null, by: 'ada' }, told.tools);
    await round();
    for await (const { row, etag } of told.tools.state.snapshots.list((await lastRun(told.night)).id))
      await told.tools.state.snapshots.remove(row.run, joinKey(row.part, String(row.chunk).padStart(6, '0')), etag);
    await round();

    const digests = told.box.taken.slice(before).filter(({ message }) => message.audience === 'digest');
    const lists = digests.map(({ message }) => message.attachments);
    expect(lists).toHaveLength(3);
    expect(lists[1]).toEqual(lists[0]);
    expect(lists[0]?.[0]?.csv).toContain('wants-approval');
    expect(lists[2]).toEqual([]);
  });

  test('is waited for where storage cannot be asked for it', async () => {
    const told = toldOf([7]);
    expect(await runNight(told.night, told.tools)).toBe('good');
    const { snapshots } = told.tools.state;
    const down: typeof snapshots = {
      ...snapshots,
      list: () => {
        throw new AnchorwatchError('transient', 'storage does not answer');
      },
    };
    told.night.clock.at += HOUR;
    await tellDigest(told.tools);
    await deliver({ ...told.tools, state: { ...told.tools.state, snapshots: down } }).catch(() => undefined);
    expect(told.box.taken).toEqual([]);

    await deliver(told.tools);
    expect(attached(told)).toHaveLength(1);
    expect(told.box.taken).toMatchObject([{ repeat: false }]);
  });
});

test('nobody who is configured for nothing is told anything', async () => {
  const { night } = toldOf([7]);
  await runNight(night);
  night.clock.at += DAY;
  await repair('none', night.tools);
  await tend(night.tools);

  expect(await night.tools.state.marks.get('mark', 'digest')).toBeNull();
});
