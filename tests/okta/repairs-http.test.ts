import { describe, expect, test } from 'vitest';
import type { WorldOptions } from '../../local/world/options.ts';
import { READ_SCOPES, WRITE_SCOPES } from '../../local/world/options.ts';
import { AnchorwatchError } from '../../shared/errors.ts';
import { createOktaRepairs } from '../../shared/okta/repairs.ts';
import type { OktaCredential } from '../../shared/okta/settings.ts';
import { SECOND } from '../../shared/time.ts';
import { deps } from '../loopback.ts';
import { misbehave, type RealNight, realNight } from '../nights/tenants.ts';
import { listOf, refusal, type Scene, stageOf, whatIsThere, WRITES } from './repairs-face.ts';

interface Served {
  readonly night: RealNight;
  readonly scene: Scene;
}

/** The tenants on their sockets, and the port as the product makes it. */
async function served(world: Partial<WorldOptions> = {}): Promise<Served> {
  const night = await realNight({ seed: 'http', people: 12, plants: 'none', ...world });
  const { tools, created, clock } = night;
  const face = {
    okta: tools.okta,
    created,
    hands: created.hands,
    now: () => clock.now(),
    pass: (ms: number) => void clock.wait(ms),
  };
  return { night, scene: await stageOf(async () => face)() };
}

/** The same scene by somebody with other credentials. */
function as({ night, scene }: Served, credential: OktaCredential): Scene {
  const { tenants, clock } = night;
  const settings = {
    orgUrl: tenants.addresses.okta,
    credential,
    office365App: scene.app,
    appDomains: [],
    directories: [],
    anchorAttribute: 'externalId',
    rateShare: 1,
  };
  return { ...scene, okta: createOktaRepairs(settings, { ...deps(clock), clock }) };
}

function keyOf({ created }: RealNight, scopes: readonly string[]): OktaCredential {
  const { clientId, keyId, privateJwk } = created.credentials.okta;
  return { kind: 'private-key', clientId, privateKey: JSON.stringify({ ...privateJwk, kid: keyId }), scopes };
}

/** Calls that reached Okta and were no reads, tokens aside. */
function sent({ tenants }: RealNight): number {
  return tenants.meter
    .counts()
    .filter(({ side, operation }) => side === 'okta' && !/^GET |\/token$/.test(operation))
    .reduce((sum, { calls }) => sum + calls, 0);
}

async function failure(call: Promise<unknown>): Promise<AnchorwatchError> {
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof AnchorwatchError) return error;
  throw new Error('the call did not fail', { cause: error });
}

const WORKS = { switches: { directoriesApi: 'works' } } as const;

describe('a write without the right to it', () => {
  test.each(WRITES)('is denied for want of a scope, and says so: %s', async (_, write) => {
    const world = await served(WORKS);
    const scene = as(world, keyOf(world.night, READ_SCOPES));
    const before = await whatIsThere(scene);

    const error = await failure(write(scene, scene.effect()));

    expect([error.kind, error.fields['status']]).toEqual(['denied', 403]);
    expect(error.message).toMatch(/needs the scope for this call and an admin role/);
    expect(await whatIsThere(scene)).toEqual(before);
    expect(sent(world.night)).toBe(1);
  });

  test('is denied for want of an administrator role', async () => {
    const { scene } = await served({ okta: { hasAdminRole: false, scopes: [...READ_SCOPES, ...WRITE_SCOPES] } });
    const { okta, app, own, effect } = scene;

    expect(await refusal(okta.unassign(app, own.user, effect()))).toEqual(['denied', 403, 'E0000006']);
    expect(await refusal(okta.deactivateSwitch(app))).toEqual(['denied', 403, 'E0000006']);
  });

  test('is denied to an API token where Okta takes access tokens alone', async () => {
    const world = await served(WORKS);
    const { apiToken } = world.night.created.credentials.okta;
    const scene = as(world, { kind: 'ssws', token: apiToken });
    const { okta, app, own, effect } = scene;
    const { group, instance } = await listOf(scene, own.user);

    const modify = okta.changeDirectoryGroup(instance, group, own.user, 'leave', effect());
    expect(await refusal(modify)).toEqual(['denied', 403, 'E0000006']);
    expect(await refusal(okta.switchDeactivate(app, 'DISABLED', effect()))).toEqual(['taken']);
  });
});

describe('a write that Okta does not take now', () => {
  test.each(WRITES)('is sent once, and says when to come back: %s', async (_, write) => {
    const { night, scene } = await served(WORKS);
    const before = await whatIsThere(scene);
    // Reads go through: what a write has to look for first is no part of it.
    const rules = ['POST', 'PUT', 'DELETE'].map((method) => ({
      when: { side: 'okta' as const, method, path: '/api/**' },
      fault: { kind: 'throttled' as const, reset: 'future' as const, seconds: 40 },
    }));
    misbehave(night, rules);
    const since = night.clock.now();

    const error = await failure(write(scene, scene.effect()));

    expect([error.kind, error.fields['status'], error.fields['code']]).toEqual(['throttled', 429, 'E0000047']);
    expect(Math.abs((error.retryAfter ?? 0) - 40 * SECOND)).toBeLessThanOrEqual(SECOND);
    expect(night.clock.now()).toBe(since);
    expect(sent(night)).toBe(1);
    expect(await whatIsThere(scene)).toEqual(before);

    await night.clock.wait(error.retryAfter ?? 0);
    misbehave(night, []);
    expect(await refusal(write(scene, scene.effect()))).toEqual(['taken']);
  });

  test('says nothing about when where too many calls were under way', async () => {
    const { night, scene } = await served();
    misbehave(night, [{ when: { side: 'okta', method: 'DELETE' }, fault: { kind: 'concurrency-throttled' } }]);

    const error = await failure(scene.okta.unassign(scene.app, scene.own.user, scene.effect()));

    expect([error.kind, error.fields['status'], error.retryAfter]).toEqual(['throttled', 429, undefined]);
    expect(sent(night)).toBe(1);
  });

  test.each(WRITES)('is sent once where its answer is lost, and may have been done: %s', async (_, write) => {
    const { night, scene } = await served(WORKS);
    const before = await whatIsThere(scene);
    const rules = ['POST', 'PUT', 'DELETE'].map((method) => ({
      when: { side: 'okta' as const, method, path: '/api/**' },
      fault: { kind: 'socket-closed' as const, when: 'before-headers' as const, reached: true },
    }));
    misbehave(night, rules);

    expect((await failure(write(scene, scene.effect()))).kind).toBe('transient');

    expect(sent(night)).toBe(1);
    expect(await whatIsThere(scene)).not.toEqual(before);
  });
});

test.each(WRITES)('a write that comes too late reaches nobody: %s', async (_, write) => {
  const { night, scene } = await served(WORKS);

  expect(await refusal(write(scene, scene.effect(0)))).toEqual(['transient', null, null]);
  expect(sent(night)).toBe(0);
});
