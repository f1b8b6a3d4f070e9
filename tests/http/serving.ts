import { onTestFinished } from 'vitest';
import { parseFaults, type FaultScriptInput } from '../../local/http/faults/script.ts';
import { serve, type ServeOptions, type Tenants } from '../../local/http/serve.ts';
import type { World } from '../../local/world/call.ts';

/** 2026-11-23T02:00:00Z: the tenants' time in these tests, which is never the machine's. */
export const NOW = Date.UTC(2026, 10, 23, 2);

type Rules = FaultScriptInput['rules'];

/** Tenants that stand still in time, and are closed when the test ends. What the world throws fails the test that did not ask for it. */
export async function serving(world: World, rules: Rules = [], options: Partial<ServeOptions> = {}): Promise<Tenants> {
  const tenants = await serve(world, {
    clock: { now: () => NOW, wait: () => Promise.reject(new Error('nothing in this test should wait')) },
    random: () => 0.5,
    faults: parseFaults({ rules }),
    onError: (error) => {
      throw error;
    },
    ...options,
  });
  onTestFinished(() => tenants.close());
  return tenants;
}
