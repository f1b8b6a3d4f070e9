import { describe, expect, test } from 'vitest';
import { READ_ROLES } from '../../local/world/options.ts';
import type { FaultScriptInput } from '../../local/http/faults/script.ts';
import { createWorld } from '../../local/world/world.ts';
import { SECOND } from '../../shared/time.ts';
import { fakeClock, recordingLog } from '../loopback.ts';
import { misbehave, realNight, type RealNight } from '../nights/tenants.ts';
import { entraIn } from '../simulation/tenants.ts';
import { KEYS } from '../world/callers.ts';
import { evidenceContract } from './evidence-contract.ts';
import { entraRepairsContract } from './repairs-contract.ts';
import { CORRELATION, enter, type Open, type Opened, parkedName } from './repairs-office.ts';

const inMemory: Open = async (world) => {
  const clock = fakeClock();
  const created = createWorld({ start: clock.now(), keys: KEYS, ...world });
  const { inside } = created;
  const asker = { inside, now: () => clock.now(), random: () => 0.5, log: recordingLog() };
  return { created, clock, entra: entraIn(asker) };
};

interface HttpFace extends Opened {
  readonly tenants: RealNight['tenants'];
}

const overHttp: Open<HttpFace> = async (world) => {
  const { created, clock, tools, tenants } = await realNight(world);
  return { created, clock, tenants, entra: tools.entra };
};

describe('Entra in memory', () => {
  entraRepairsContract(inMemory);
  evidenceContract(inMemory);
});

describe('Entra through the SDK and HTTP', () => {
  entraRepairsContract(overHttp);
  evidenceContract(overHttp);
});

const WRITE = { side: 'graph', method: 'PATCH' } as const;

function writesOf({ tenants }: HttpFace): number {
  const counts = tenants.meter.counts().filter(({ operation }) => operation === 'PATCH /v1.0/users/{id}');
  return counts.reduce((sum, { calls }) => sum + calls, 0);
}

describe('a write over HTTP', () => {
  test('is denied to an app that may only read, which is told what permission and which role it takes', async () => {
    // Tokens are kept for the whole process, one for each identity: this one’s says less than that of the others.
    const face = await enter(overHttp, { seed: 'reading', graph: { roles: READ_ROLES } });
    const { entra, ada, effect } = face;

    await expect(entra.setUserName(ada.id, parkedName(ada), effect())).rejects.toMatchObject({
      kind: 'denied',
      message: expect.stringMatching(/User\.ReadWrite\.All.*Privileged Authentication Administrator/),
      fields: { status: 403, code: 'Authorization_RequestDenied', clientRequestId: CORRELATION },
    });
    await expect(entra.user(ada.id)).resolves.toMatchObject({ userName: ada.userName });
  });

  test('is throttled with the time to wait, and neither waited for nor sent again', async () => {
    const face = await enter(overHttp);
    const { entra, ada, clock, effect } = face;
    misbehave(face, [{ when: WRITE, fault: { kind: 'throttled', reset: 'future', seconds: 12 } }]);

    await expect(entra.setUserName(ada.id, parkedName(ada), effect())).rejects.toMatchObject({
      kind: 'throttled',
      retryAfter: 12 * SECOND,
      fields: { status: 429, clientRequestId: CORRELATION },
    });
    expect([writesOf(face), clock.waits]).toEqual([1, []]);
    await expect(entra.user(ada.id)).resolves.toMatchObject({ userName: ada.userName });
  });

  test.each<FaultScriptInput['rules'][number]['fault']>([
    { kind: 'outage', status: 503, reached: true },
    { kind: 'html', status: 502, reached: true },
    { kind: 'socket-closed', when: 'before-headers', reached: true },
  ])('that was done although the answer to it was lost is transient, and not sent again: %j', async (fault) => {
    const face = await enter(overHttp);
    const { entra, ada, effect } = face;
    misbehave(face, [{ when: WRITE, fault }]);

    await expect(entra.setUserName(ada.id, parkedName(ada), effect())).rejects.toMatchObject({ kind: 'transient' });
    expect(writesOf(face)).toBe(1);
    await expect(entra.user(ada.id)).resolves.toMatchObject({ userName: parkedName(ada) });
  });

  test('that is too late opens no connection', async () => {
    const face = await enter(overHttp);
    const { entra, ada, clock, effect } = face;

    const late = entra.setUserName(ada.id, parkedName(ada), { ...effect(), until: clock.now() });

    await expect(late).rejects.toMatchObject({ kind: 'transient' });
    expect(face.tenants.meter.counts()).toEqual([]);
  });
});
