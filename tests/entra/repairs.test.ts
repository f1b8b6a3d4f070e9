import { expect, test } from 'vitest';
import { diceOf } from '../../local/world/dice.ts';
import { READ_ROLES } from '../../local/world/options.ts';
import { createWorld } from '../../local/world/world.ts';
import { realNight } from '../nights/tenants.ts';
import { peopleOfTheirOwn } from '../simulation/people.ts';
import { entraIn } from '../simulation/tenants.ts';
import { KEYS, START } from '../world/callers.ts';
import { entraRepairsContract } from './repairs-contract.ts';

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const ROLES = ['User.ReadWrite.All', 'Directory.Read.All', 'RoleManagement.Read.Directory'];

function atStart(): number {
  return START;
}

entraRepairsContract('in memory', async (world) => {
  const created = createWorld({
    seed: 'contract',
    start: START,
    people: 12,
    keys: KEYS,
    graph: { roles: ROLES },
    ...world,
  });
  return {
    entra: entraIn({ inside: created.inside, now: atStart, random: diceOf('contract').next, log }),
    created,
    now: atStart,
  };
});

entraRepairsContract('through the SDK', async (world) => {
  const { tools, created, clock } = await realNight({ seed: 'contract', people: 12, ...world });
  return { entra: tools.entra, created, now: () => clock.now() };
});

test('without the permission to write a write is denied, and says which permission and which role it takes', async () => {
  const { tools, created, clock } = await realNight({
    seed: 'rights',
    people: 12,
    plants: 'none',
    synced: 'never',
    graph: { roles: READ_ROLES },
  });
  const [someone] = peopleOfTheirOwn(created, 1);
  const effect = { until: clock.now() + 30_000, correlation: '00000000-0000-8000-8000-000000000000' };

  await expect(
    tools.entra.setUserName(someone?.account.id ?? '', 'ada@contoso.onmicrosoft.com', effect),
  ).rejects.toMatchObject({
    kind: 'denied',
    message: expect.stringMatching(/User\.ReadWrite\.All.*Privileged Authentication Administrator/),
    fields: { status: 403, clientRequestId: effect.correlation },
  });
});
