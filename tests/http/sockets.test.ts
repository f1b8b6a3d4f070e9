import { describe, expect, test } from 'vitest';
import type { FaultScriptInput } from '../../local/http/faults/script.ts';
import { serving } from './serving.ts';
import { GRAPH_LIST, tinyWorld } from './tiny-world.ts';

type Fault = FaultScriptInput['rules'][number]['fault'];

async function struck(fault: Fault) {
  const world = tinyWorld();
  const tenants = await serving(world, [{ when: { times: 1 }, fault }]);
  const address = tenants.addresses.graph + GRAPH_LIST;
  return { world, tenants, ask: () => fetch(address) };
}

describe('a body cut in half', () => {
  test('as a complete message, is half a JSON text', async () => {
    const { ask } = await struck({ kind: 'body-cut', ending: 'clean' });

    const response = await ask();
    const half = await response.text();
    const whole = await (await ask()).text();

    expect(half).toBe(whole.slice(0, Math.floor(whole.length / 2)));
    expect(response.headers.get('content-length')).toBe(String(half.length));
    expect(() => JSON.parse(half)).toThrow(SyntaxError);
  });

  test.each(['closed', 'chunk-closed'] as const)(
    'with the connection %s, fails the reader in the middle',
    async (ending) => {
      const { ask } = await struck({ kind: 'body-cut', ending });

      const response = await ask();
      const read = parts(response);
      const whole = await (await ask()).text();

      expect(response.status).toBe(200);
      expect(response.headers.get('content-length')).toBe(ending === 'closed' ? String(whole.length) : null);
      await expect(read).resolves.toEqual({
        text: whole.slice(0, Math.floor(whole.length / 2)),
        ended: expect.objectContaining({ message: 'terminated' }),
      });
    },
  );

  test('and stalled, says nothing more until the server closes', async () => {
    const { ask, tenants } = await struck({ kind: 'body-cut', ending: 'stalled', share: 0.25 });

    const response = await ask();
    const reader = response.body!.getReader();
    const first = await reader.read();
    const second = reader.read();
    const whole = await (await ask()).text();
    await tenants.close();

    expect(Buffer.from(first.value).toString()).toBe(whole.slice(0, Math.floor(whole.length / 4)));
    await expect(second).rejects.toThrow('terminated');
  });
});

describe('a socket closed', () => {
  test('before the headers is no answer at all, though the call had its effect', async () => {
    const { ask, world } = await struck({ kind: 'socket-closed', when: 'before-headers' });

    await expect(ask()).rejects.toMatchObject({ message: 'fetch failed', cause: { code: 'UND_ERR_SOCKET' } });
    expect(world.calls).toHaveLength(1);
  });

  test('before the headers may keep the call from the tenant', async () => {
    const { ask, world } = await struck({ kind: 'socket-closed', when: 'before-headers', reached: false });

    await expect(ask()).rejects.toThrow('fetch failed');
    expect(world.calls).toHaveLength(0);
  });

  test('after the headers leaves a status and no body', async () => {
    const { ask } = await struck({ kind: 'socket-closed', when: 'after-headers' });

    const response = await ask();

    expect(response.status).toBe(200);
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(0);
    await expect(response.text()).rejects.toThrow('terminated');
  });
});

describe('an endless body', () => {
  test('is longer than any page, and still the same JSON when it ends at its bound', async () => {
    const { ask } = await struck({ kind: 'body-endless', bytes: 300_000 });

    const long = await (await ask()).text();
    const short = await (await ask()).text();

    expect(long.length).toBe(short.length + 300_000);
    expect(JSON.parse(long)).toEqual(JSON.parse(short));
  });

  test('stops being sent when the reader has had enough', async () => {
    const { ask, tenants } = await struck({ kind: 'body-endless', bytes: 2 ** 32 });

    const response = await ask();
    const reader = response.body!.getReader();
    await reader.read();
    await reader.cancel();

    await expect(tenants.close()).resolves.toBeUndefined();
  });
});

/** What of a body arrives, and how the reading ended. */
async function parts(response: Response): Promise<{ text: string; ended: unknown }> {
  let text = '';
  try {
    for await (const part of response.body!) text += Buffer.from(part).toString();
    return { text, ended: null };
  } catch (ended) {
    return { text, ended };
  }
}
