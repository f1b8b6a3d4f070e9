import { diceOf } from '../../local/world/dice.ts';
import { createWorld } from '../../local/world/world.ts';
import { realNight } from '../nights/tenants.ts';
import { oktaIn } from '../simulation/tenants.ts';
import { KEYS, START } from '../world/callers.ts';
import { oktaRepairsContract } from './repairs-contract.ts';

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

oktaRepairsContract('in memory', async (world) => {
  const created = createWorld({ seed: 'contract', start: START, people: 12, keys: KEYS, ...world });
  let at = START;
  const now = (): number => at;
  const okta = oktaIn({ inside: created.inside, now, random: diceOf('contract').next, log });
  return { okta, created, hands: created.hands, now, pass: (ms) => void (at += ms) };
});

oktaRepairsContract('through the SDK', async (world) => {
  const { tools, created, clock } = await realNight({ seed: 'contract', people: 12, ...world });
  return {
    okta: tools.okta,
    created,
    hands: created.hands,
    now: () => clock.now(),
    pass: (ms) => void clock.wait(ms),
  };
});
