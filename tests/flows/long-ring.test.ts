import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { proposals } from '../../shared/flows/proposals.ts';
import { readFindings } from '../../shared/flows/scan/snapshot.ts';
import type { Proposed } from '../../shared/plan/proposed.ts';
import type { Question } from '../../shared/plan/questions.ts';
import { propose } from '../../shared/flows/scan/propose.ts';
import { lookBack } from '../../shared/flows/scan/past.ts';
import { MAX_PACKED } from '../../shared/state/pack.ts';
import { isoDay } from '../../shared/time.ts';
import { adAccount, assignment, emptyTenant, entraUser, type Tenant, tenantOf } from '../rosters/tenant.ts';
import { type Night, nextDay, nightOf, runNight, settingsOf } from './night.ts';
import { confirmBaseline, lastRun, reanchorOf, rowsOf } from './second-night.ts';

/** Bytes that nothing can be said about in short, always the same. */
function bytesOf(what: string): Buffer {
  return createHash('sha512').update(what).digest();
}

/** As long as Okta's ids are, and as hard to pack. */
function userOf(number: number): string {
  return `00u${bytesOf(`user ${number}`).toString('base64url').replaceAll(/[-_]/g, 'x').slice(0, 17)}`;
}

function accountOf(number: number): string {
  return bytesOf(`account ${number}`)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}

function anchorOf(number: number): string {
  return bytesOf(`anchor ${number}`).subarray(0, 16).toString('base64');
}

/**
 * So many people, in rings of that length: Entra holds for each the anchor of the next, as after a list that was shifted by a row. As many
 * others are sound.
 */
function shifted(people: number, length: number): Tenant {
  const tenant = emptyTenant();
  for (let number = 0; number < 2 * people; number += 1) {
    const [user, id, anchor] = [userOf(number), accountOf(number), anchorOf(number)];
    const account = { ...adAccount(number), user, anchor };
    tenant.directories.get(account.instance)?.set(user, account);
    tenant.assignments.set(user, { ...assignment(number), user, anchor, externalId: id });
    const next = number % length === length - 1 ? number - length + 1 : number + 1;
    const held = anchorOf(number < people ? next : number);
    tenant.users.set(id, { ...entraUser(number), id, anchor: held });
  }
  return tenant;
}

async function alarmsIn({ tools, clock }: Night): Promise<readonly string[]> {
  return rowsOf(tools.state.outbox.list(isoDay(clock.at)), ({ kind, subject }) => `${kind}: ${subject}`);
}

test('a list that was shifted by a row is told of, however many people are on it', { timeout: 60_000 }, async () => {
  const night = nightOf(shifted(5_000, 5_000), { reading: { pageSize: 500 } });

  expect(await runNight(night)).toBe('good');
  expect(await alarmsIn(night)).toContain('alarm: 5,000 people may sign in as somebody else; nothing was changed');

  const { id } = await lastRun(night);
  const seen = await readFindings(id, night.tools);
  expect(seen).toHaveLength(5_000);
  expect(new Set(seen.map(({ hold }) => hold?.rule))).toEqual(new Set(['ring']));
});

test('many rings that may be repaired take more rows, and no row is too small for them', {
  timeout: 60_000,
}, async () => {
  const scan = { ...settingsOf().scan, confirmLimit: 1_000 };
  const night = nightOf(shifted(1_000, 25), { reading: { pageSize: 500 }, settings: { scan } });
  expect(await runNight(night)).toBe('good');
  await confirmBaseline(night);
  nextDay(night);

  expect(await runNight(night)).toBe('good');

  const { id } = await lastRun(night);
  expect(await readFindings(id, night.tools)).toHaveLength(1_000);
  const [proposal] = await proposals(night.tools);
  expect(proposal?.row).toMatchObject({ repairs: proposal?.items.length });
  expect((proposal?.row.repairs ?? 0) + (proposal?.row.more ?? 0)).toBe(40);
});

function ringOf(ring: number): Question {
  return { why: 'ring', members: Array.from({ length: 20 }, (_, at) => ({ ...reanchorOf(1), key: `${ring}.${at}` })) };
}

/** With 500 bytes of each member that cannot be packed any smaller. */
function shown({ why, members }: Question): Proposed {
  const sides = members.map(({ key: userName }) => {
    const text = Array.from({ length: 8 }, (_, at) => bytesOf(`${userName} ${at}`).toString('base64')).join('');
    return { userName, what: 'name', directory: text, entra: '' };
  });
  return { why, members, sides };
}

test('what a row does not hold is proposed later, and counted', async () => {
  const night = nightOf(tenantOf(20));
  expect(await runNight(night)).toBe('good');
  const run = await lastRun(night);
  const release = { queue: [], proposed: [reanchorOf(1)], held: [], freeze: null };
  const questions = Array.from({ length: 100 }, (_, at) => ringOf(at));

  await propose(run, release, questions, shown, await lookBack(run, night.tools), night.tools);

  const [proposal] = await proposals(night.tools);
  const { repairs = 0, more, packed } = proposal?.row ?? {};
  expect(proposal?.items).toHaveLength(repairs);
  expect(proposal?.items[0]?.why).toBeNull();
  expect(more).toBe(101 - repairs);
  expect(packed?.length).toBeGreaterThan(MAX_PACKED * 0.95);
  expect(packed?.length).toBeLessThanOrEqual(MAX_PACKED);
});
