import { expect, test } from 'vitest';
import { createWorld } from '../../local/world/world.ts';
import { policyOf } from '../../shared/flows/first-step.ts';
import type { Log } from '../../shared/ports/log.ts';
import { enter, readHold, reserve } from '../../shared/repair/hold.ts';
import type { Work } from '../../shared/repair/step.ts';
import { unassign } from '../../shared/repair/steps/unassign.ts';
import type { RepairTools } from '../../shared/repair/tools.ts';
import { cursorAt } from '../../shared/repair/turns.ts';
import { HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import { stateOf } from '../../shared/wiring.ts';
import { settingsOf } from '../flows/night.ts';
import { head } from '../kill/good-night.ts';
import { drifted, peopleOfTheirOwn, strangeAnchor } from '../simulation/people.ts';
import { plainTable } from '../simulation/table.ts';
import { entraIn, oktaIn } from '../simulation/tenants.ts';
import { KEYS, START } from '../world/callers.ts';

const QUIET: Log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
const settings = settingsOf();

function ignore(): void {}

/** Somebody whom Entra shows as synchronised was unassigned just now, after a long wait for others. */
async function unassignedLate() {
  const created = createWorld({ seed: 'late', start: START, people: 40, plants: 'none', keys: KEYS });
  const { office365: app } = created.ids;
  let now = START + HOUR;
  const asker = { inside: created.inside, now: () => now, random: () => 0.5, log: QUIET };
  const tools: RepairTools = {
    okta: oktaIn(asker),
    entra: entraIn(asker),
    state: stateOf((spec) => plainTable(spec)),
    clock: {
      now: () => now,
      wait: async () => undefined,
      deadline: () => ({ signal: new AbortController().signal, end: ignore }),
    },
    log: QUIET,
    tell: async () => undefined,
    owner: 'worker',
    repair: settings.repair,
    policy: policyOf({ settings }),
  };
  const [someone] = peopleOfTheirOwn(created, 1);
  if (someone === undefined) throw new Error('there is nobody');
  const member = drifted(created, someone, { e: strangeAnchor('late') });
  const { user, objectId } = member;
  created.hands.switchDeactivate(app, 'DISABLED', now);
  const person = { app, user, objectId, repair: 'r-1', licenses: '[]', byHand: false };
  await enter(person, await readHold(app, tools), await tools.okta.deactivateSwitch(app), tools);
  await reserve(await readHold(app, tools), user, tools);
  created.hands.unassign(app, user, now);
  const place = { step: 'unassign', member: 0, target: null } as const;
  // The last intent was taken back, because its act was not sent any more: one before it was carried out all the same.
  const cursor = { ...cursorAt(place, 'repaired', now - HOUR), intended: null, attempts: 1 };
  const course = {
    app,
    unassign: 'direct',
    writes: 'api',
    gate: true,
    lag: null,
    nudge: false,
    undoes: false,
    parking: [null],
  } as const;
  const work: Work = { head: head({ members: [member] }), course, cursor, member, before: null, tools };
  return { look: () => unassign.look(work), pass: (time: number) => void (now += time) };
}

test('Entra is given its whole time to let go of a person, from when the assignment was seen gone', async () => {
  const { look, pass } = await unassignedLate();

  const first = await look();
  pass(settings.repair.times.unsync - SECOND);
  const within = await look();
  pass(MINUTE);
  const beyond = await look();

  expect([first, within]).toEqual([
    expect.objectContaining({ seen: 'waiting' }),
    expect.objectContaining({ seen: 'waiting' }),
  ]);
  expect(beyond).toMatchObject({ seen: 'refused', rule: 'still-synced' });
});
