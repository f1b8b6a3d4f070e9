import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, vi } from 'vitest';
import type { Answer, Call, World } from '../../local/world/call.ts';
import { type Exchange, RECORD_FOLDER } from './exchange.ts';

// Before each file of tests: every world that it makes tells what it was asked and what it answered. Behind the faults, which spoil
// answers on purpose and are nobody's contract.

const lines: string[] = [];

vi.mock(import('../../local/world/world.ts'), async (original) => {
  const real = await original();
  return {
    ...real,
    createWorld(options) {
      const created = real.createWorld(options);
      return { ...created, world: recorded(created.world) };
    },
  };
});

function recorded(world: World): World {
  return {
    handle(call, now, random) {
      const answer = world.handle(call, now, random);
      const { side } = call;
      // The descriptions say nothing of tokens.
      const isDescribed = side !== 'identity' && !call.target.startsWith('/oauth2/');
      if (isDescribed) lines.push(JSON.stringify(exchangeOf({ ...call, side }, answer)));
      return answer;
    },
  };
}

function exchangeOf(call: Call & Pick<Exchange, 'side'>, answer: Answer): Exchange {
  const { testPath = '' } = expect.getState();
  return {
    by: testPath.includes('/tests/world/') ? 'test' : 'product',
    side: call.side,
    method: call.method,
    target: call.target,
    contentType: call.headers['content-type'] ?? null,
    body: call.body,
    status: answer.status,
    answerType: answer.headers['content-type'] ?? null,
    challenge: answer.headers['www-authenticate'] ?? null,
    answer: answer.body,
  };
}

afterAll(() => {
  const folder = process.env[RECORD_FOLDER];
  if (folder === undefined) throw new Error(`${RECORD_FOLDER} says where to write, and is not set.`);
  writeFileSync(join(folder, `${randomUUID()}.jsonl`), lines.map((line) => `${line}\n`).join(''));
});
