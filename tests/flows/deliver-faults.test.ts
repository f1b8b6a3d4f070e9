import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AnchorwatchError } from '../../shared/errors.ts';
import { deliver } from '../../shared/flows/tend/deliver.ts';
import type { Telling } from '../../shared/flows/telling.ts';
import type { Tools } from '../../shared/flows/tools.ts';
import type { Channel } from '../../shared/ports/channel.ts';
import { MINUTE } from '../../shared/time.ts';
import { denied, notice, type Office, officeWith, placesOf, type Postbox, postbox, told } from './postbox.ts';

/** What befalls one call of a port: `lost` is carried out, and the caller is not told. */
type Fault = 'crash-before' | 'crash-after' | 'lost' | 'refused';
const FAULTS: readonly Fault[] = ['crash-before', 'crash-after', 'lost', 'refused'];

/** Calls in the order in which they are made, over all rounds, and what befalls some of them. */
interface Plan {
  readonly faults: ReadonlyMap<number, Fault>;
  calls: number;
}

type Sending = Tools & { readonly telling: Telling };

/** The same tools for one worker, which is dead after a crash. `turn` is waited for before every call. */
function worker(tools: Sending, plan: Plan, turn: () => Promise<void>): Sending {
  let dead = false;
  const through = async <Answered>(call: () => Promise<Answered>): Promise<Answered> => {
    await turn();
    if (dead) throw new Error('the worker is dead');
    const fault = plan.faults.get((plan.calls += 1));
    const die = (): never => {
      dead = true;
      throw new Error('the worker is dead');
    };
    if (fault === 'crash-before') return die();
    if (fault === 'refused') throw new AnchorwatchError('transient', 'nothing was done');
    const answered = await call();
    if (fault === undefined) return answered;
    if (fault === 'crash-after') return die();
    throw new AnchorwatchError('transient', 'the answer was lost');
  };
  const wrapped = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]): unknown =>
          name === 'list'
            ? Reflect.apply(value, target, args)
            : through(async () => Reflect.apply(value, target, args));
      },
    });
  const channels = tools.telling.channels.map((channel): Channel => {
    const { drafts } = channel;
    return {
      name: channel.name,
      send: (message, effect) => wrapped(channel).send(message, effect),
      drafts: drafts === null ? null : wrapped(drafts),
    };
  });
  const { outbox, unsent, channels: standing } = tools.state;
  const state = {
    ...tools.state,
    outbox: wrapped(outbox),
    unsent: wrapped(unsent),
    channels: wrapped(standing),
  };
  return { ...tools, state, telling: { ...tools.telling, channels } };
}

interface Played extends Office {
  readonly boxes: readonly Postbox[];
  readonly plan: Plan;
}

interface Course {
  readonly drafts: boolean;
  readonly faults: ReadonlyMap<number, Fault>;
  readonly notices?: number;
  readonly channels?: number;
  /** Which of the copies does its next call, over and over; one copy where it is left out. */
  readonly order?: readonly number[];
}

/** Rounds until everything is at its end. */
async function play({ drafts, faults, notices = 1, channels = 1, order }: Course): Promise<Played> {
  const boxes: Postbox[] = [];
  const office = officeWith((clock) => {
    boxes.push(postbox('mail', clock, drafts));
    if (channels > 1) boxes.push(postbox('teams', clock));
    return boxes;
  }, 20);
  const plan: Plan = { faults, calls: 0 };
  await told(office, ...Array.from({ length: notices }, (_, at) => notice(`n-${at}`)));
  for (let round = 0; round < 60 && (await placesOf(office)).length > 0; round += 1) {
    office.clock.at += 10 * MINUTE;
    if (order === undefined) await deliver(worker(office.tools, plan, async () => undefined)).catch(() => undefined);
    else await together(office, plan, order);
  }
  return { ...office, boxes, plan };
}

/** Two copies of tend at once, each call in the order that is given. */
async function together(office: Office, plan: Plan, order: readonly number[]): Promise<void> {
  const waiting: (() => void)[][] = [[], []];
  const running = new Set([0, 1]);
  const copies = [0, 1].map(async (copy) => {
    const turn = (): Promise<void> => new Promise((go) => waiting[copy]?.push(go));
    await deliver(worker(office.tools, plan, turn)).catch(() => undefined);
    running.delete(copy);
  });
  for (let step = 0; running.size > 0; step += 1) {
    await new Promise((settled) => setImmediate(settled));
    const wanted = order[step % order.length] ?? 0;
    const [next] = [wanted, 1 - wanted].flatMap((copy) => waiting[copy]?.slice(0, 1).map((go) => ({ copy, go })) ?? []);
    if (next === undefined) continue;
    waiting[next.copy]?.shift();
    next.go();
  }
  await Promise.all(copies);
}

function timesTaken(box: Pick<Postbox, 'taken'>): ReadonlyMap<string, readonly boolean[]> {
  const times = new Map<string, boolean[]>();
  for (const { id, repeat } of box.taken) times.set(id, [...(times.get(id) ?? []), repeat]);
  return times;
}

/**
 * What is wrong: each notice reaches each channel; what comes twice says so, bears the same id, and comes so only where an answer was
 * lost.
 */
async function faultsOf(
  { boxes, plan, ...office }: Played,
  notices: number,
  drafts: boolean,
): Promise<readonly string[]> {
  const wrong: string[] = [];
  const isTrue = (fact: boolean, otherwise: string): void => void (fact || wrong.push(otherwise));
  isTrue((await placesOf(office)).length === 0, 'something is never at its end');
  let repeats = 0;
  for (const { channel, taken } of boxes) {
    const times = timesTaken({ taken });
    isTrue(times.size === notices, `${channel.name} took ${times.size} of ${notices}`);
    for (const [, ...more] of times.values()) {
      repeats += more.length;
      isTrue(more.every(Boolean), 'a repeat does not say so');
      isTrue(more.length === 0 || channel.name !== 'mail' || !drafts, 'a mail that could be looked up came twice');
    }
  }
  // A worker that dies between the answer and its journal row loses the answer too; a storage that stumbles once loses nothing.
  const faults = [...plan.faults.values()];
  const losses = faults.length > 1 ? faults.length : faults.filter((fault) => fault !== 'refused').length;
  isTrue(repeats <= losses, `${repeats} repeats of ${losses} losses`);
  return wrong;
}

const PLACES = 24;

describe.each([
  ['sent at once', false],
  ['made as a draft', true],
])('a mail that is %s', (_how, drafts) => {
  test.each(FAULTS)('arrives whatever call meets the fault %s', async (fault) => {
    for (let at = 1; at <= PLACES; at += 1) {
      const played = await play({ drafts, faults: new Map([[at, fault]]) });
      expect([at, ...(await faultsOf(played, 1, drafts))]).toEqual([at]);
    }
  });

  test('is sent by one of two copies of tend, in whatever order they go', async () => {
    const orders = fc.array(fc.constantFrom(0, 1), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(orders, async (order) => {
        const played = await play({ drafts, faults: new Map(), notices: 2, channels: 2, order });
        for (const box of played.boxes) expect([...timesTaken(box).values()]).toEqual([[false], [false]]);
      }),
      { numRuns: 60 },
    );
  });

  test('is never sent twice unless an answer was lost, and then it says so: any faults, two copies, two channels', async () => {
    const faults = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 90 }), fc.constantFrom(...FAULTS)), {
      maxLength: 6,
      selector: ([at]) => at,
    });
    const orders = fc.option(fc.array(fc.constantFrom(0, 1), { minLength: 1, maxLength: 30 }), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(faults, orders, async (chosen, order) => {
        const course = { drafts, faults: new Map(chosen), notices: 2, channels: 2 };
        const played = await play(order === undefined ? course : { ...course, order });
        expect(await faultsOf(played, 2, drafts)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

test('refusals alone never make a repeat', async () => {
  const boxes: Postbox[] = [];
  const office = officeWith((clock) => {
    boxes.push(postbox('mail', clock));
    return boxes;
  }, 20);
  boxes[0]?.answers.push(denied, denied, denied);
  await told(office, notice('one'));
  for (let round = 0; round < 30; round += 1) {
    office.clock.at += 10 * MINUTE;
    await deliver(office.tools);
  }

  expect(boxes[0]?.taken).toMatchObject([{ repeat: false }]);
});
