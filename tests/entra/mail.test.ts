import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { FaultScriptInput } from '../../local/http/faults/script.ts';
import { createWorld } from '../../local/world/world.ts';
import { createMail } from '../../shared/entra/mail.ts';
import type { GraphSettings } from '../../shared/entra/settings.ts';
import { fakeClock, nobody, recordingLog } from '../loopback.ts';
import { misbehave, realNight, type RealNight } from '../nights/tenants.ts';
import { mailIn } from '../simulation/tenants.ts';
import { KEYS } from '../world/callers.ts';
import { mailContract } from './mail-contract.ts';
import { enterMail, MESSAGE, type OpenedMail, type OpenMail } from './mail-office.ts';

const inMemory: OpenMail = async (world) => {
  const clock = fakeClock();
  const created = createWorld({ start: clock.now(), keys: KEYS, ...world });
  const asker = { inside: created.inside, now: () => clock.now(), random: () => 0.5, log: recordingLog() };
  return { created, clock, mailOf: (settings) => mailIn(asker, settings) };
};

interface HttpFace extends OpenedMail {
  readonly tenants: RealNight['tenants'];
  readonly credential: GraphSettings['credential'];
}

const overHttp: OpenMail<HttpFace> = async (world) => {
  const { created, clock, tenants } = await realNight(world);
  const credential = { kind: 'managed-identity', clientId: created.credentials.identity.clientId } as const;
  const graph = { graphUrl: tenants.addresses.graph, credential, rateShare: 1 };
  const deps = { clock, log: recordingLog(), random: () => 0.5 };
  return { created, clock, tenants, credential, mailOf: (settings) => createMail(graph, settings, deps) };
};

describe('Mail in memory', () => {
  mailContract(inMemory);
});

describe('Mail through the SDK and HTTP', () => {
  mailContract(overHttp);
});

const POST = { side: 'graph', method: 'POST' } as const;

describe('a mail over HTTP', () => {
  test.each<FaultScriptInput['rules'][number]['fault']>([
    { kind: 'outage', status: 503, reached: true },
    { kind: 'html', status: 502, reached: true },
    { kind: 'socket-closed', when: 'before-headers', reached: true },
  ])('that was taken although the answer was lost is unknown, and sent by nobody a second time: %j', async (fault) => {
    const face = await enterMail(overHttp);
    misbehave(face, [{ when: POST, fault }]);

    await expect(face.mail.send(MESSAGE, face.effect())).resolves.toMatchObject({ kind: 'unknown' });
    expect(face.mails()).toHaveLength(1);
    await expect(face.drafts.find(null, MESSAGE)).resolves.toMatchObject({ kind: 'sent' });
  });

  test('is throttled with the time to wait, and neither waited for nor sent again', async () => {
    const face = await enterMail(overHttp);
    misbehave(face, [{ when: POST, fault: { kind: 'throttled', reset: 'future', seconds: 12 } }]);

    await expect(face.mail.send(MESSAGE, face.effect())).resolves.toMatchObject({
      kind: 'refused',
      why: 'throttled',
      retryAfter: 12_000,
    });
    expect([face.mails(), face.clock.waits]).toEqual([[], []]);
  });

  test('to nobody who listens is known not to be sent', async () => {
    const { clock, credential } = await enterMail(overHttp);
    const graph = { graphUrl: await nobody(), credential, rateShare: 1 };
    const settings = { from: 'a@contoso.com', to: { digest: [], decisions: [], alarms: [] }, drafts: false };
    const mail = createMail(graph, settings, { clock, log: recordingLog(), random: () => 0.5 });

    expect(mail.drafts).toBeNull();
    await expect(mail.send(MESSAGE, { until: clock.now() + 1_000, correlation: randomUUID() })).resolves.toMatchObject({
      kind: 'refused',
      why: 'transient',
    });
  });
});
