import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AnchorwatchError } from '../../shared/errors.ts';
import { withFaults } from '../../local/http/faults/faulty.ts';
import { faultScriptSchema, parseFaults, type FaultScriptInput } from '../../local/http/faults/script.ts';
import type { Call } from '../../local/world/call.ts';
import { faultScripts, pageFaults, passingFaults } from './fault-scripts.ts';
import { NOW } from './serving.ts';
import { GRAPH_LIST, OKTA_LIST, tinyWorld } from './tiny-world.ts';

type When = NonNullable<FaultScriptInput['rules'][number]['when']>;

const USERS = call('okta', OKTA_LIST);
const PEOPLE = call('graph', GRAPH_LIST);
const PERSON = call('graph', '/v1.0/users/4f1c%2Fx?$select=id');
const FOUND = call('graph', `/v1.0/users?$filter=${encodeURIComponent("onPremisesImmutableId eq 'a+b'")}`);
const WRITE: Call = { ...call('graph', '/v1.0/users/4f1c', 'PATCH'), body: '{"userPrincipalName":"a@b"}' };

function call(side: Call['side'], target: string, method = 'GET'): Call {
  return { side, method, target, headers: { host: '127.0.0.1:1' }, body: '' };
}

/** Which of the calls are struck, from 1. */
function struck(when: When, calls: readonly Call[], seed = 1): readonly number[] {
  const faulty = withFaults(tinyWorld(), parseFaults({ seed, rules: [{ when, fault: { kind: 'token-refused' } }] }));
  const statuses = calls.map((each) => faulty.exchange(each, NOW, () => 0.5).answer.status);
  return statuses.flatMap((status, index) => (status === 401 ? [index + 1] : []));
}

describe('a rule selects', () => {
  const calls = [USERS, PEOPLE, PERSON, FOUND, WRITE];

  test.each<[string, When, readonly number[]]>([
    ['everything when it says nothing', {}, [1, 2, 3, 4, 5]],
    ['by side', { side: 'okta' }, [1]],
    ['by method', { method: 'PATCH' }, [5]],
    ['by path', { path: '/v1.0/users' }, [2, 4]],
    ['by one step of the path', { path: '/api/v1/apps/*/users' }, [1]],
    ['by decoded path, where a star stops at a slash', { path: '/v1.0/users/*' }, [5]],
    ['by everything below a path', { path: '/v1.0/users/**' }, [3, 5]],
    ['by any path', { path: '**' }, [1, 2, 3, 4, 5]],
    ['by decoded query', { query: "onPremisesImmutableId eq 'a+b'" }, [4]],
    ['by what no query holds', { path: '/v1.0/**', without: ['$filter=', '$top='] }, [3, 5]],
    ['by body', { body: 'userPrincipalName' }, [5]],
    ['by a body that none has', { body: 'onPremisesImmutableId' }, []],
    ['by page, which every list has a first of', { pages: [1] }, [1, 2, 3, 4, 5]],
    ['by a page that no walk has come to, never', { pages: [2] }, []],
    ['by ordinal among the calls that fit', { side: 'graph', ordinals: [1, 3] }, [2, 4]],
    ['from an ordinal on', { from: 4 }, [4, 5]],
    ['so many times', { times: 2 }, [1, 2]],
    ['from an ordinal on, so many times', { side: 'graph', from: 2, times: 1 }, [3]],
    ['never, by chance', { probability: 0 }, []],
  ])('%s', (_, when, expected) => {
    expect(struck(when, calls)).toEqual(expected);
  });

  test('by probability: the same calls for the same seed, others for another', () => {
    const many = Array.from({ length: 400 }, () => USERS);

    const first = struck({ probability: 0.25 }, many, 7);

    expect(first).toEqual(struck({ probability: 0.25 }, many, 7));
    expect(first).not.toEqual(struck({ probability: 0.25 }, many, 8));
    expect(first.length).toBeGreaterThan(70);
    expect(first.length).toBeLessThan(130);
  });

  test('by probability without regard to what the other side was asked', () => {
    const alone = Array.from({ length: 40 }, () => USERS);
    const mixed = alone.flatMap((each) => [each, PEOPLE]);

    const beside = struck({ side: 'okta', probability: 0.5 }, mixed).map((ordinal) => (ordinal + 1) / 2);

    expect(beside).toEqual(struck({ side: 'okta', probability: 0.5 }, alone));
  });
});

test('the first rule that can be applied strikes, and only that counts for its times', () => {
  const script = parseFaults({
    rules: [{ when: { times: 1 }, fault: { kind: 'session-refused' } }, { fault: { kind: 'outage', status: 503 } }],
  });
  const faulty = withFaults(tinyWorld(), script);

  const faults = [PEOPLE, USERS, USERS].map((each) => faulty.exchange(each, NOW, () => 0.5).fault);

  expect(faults).toEqual(['outage', 'session-refused', 'outage']);
});

test('a script that cannot be read is refused with everything that is wrong with it', () => {
  const input = {
    rules: [
      { fault: { kind: 'earthquake' } },
      { when: { probability: 2, sides: 'okta' }, fault: { kind: 'outage', status: 418 } },
      { fault: { kind: 'next-elsewhere', origin: 'https://elsewhere.example/path' } },
    ],
  };

  const error = thrown(() => parseFaults(input));

  expect(error).toBeInstanceOf(AnchorwatchError);
  expect(error).toMatchObject({ kind: 'invalid' });
  for (const part of [
    'rules[0].fault',
    'rules[1].when',
    'probability',
    'sides',
    'rules[1].fault.status',
    'an origin',
  ]) {
    expect(String(error)).toContain(part);
  }
});

test('a script read is plain data: through JSON it stays what it is', () => {
  fc.assert(
    fc.property(faultScripts(fc.oneof(pageFaults, passingFaults)), (input) => {
      const script = parseFaults(input);
      expect(faultScriptSchema.parse(JSON.parse(JSON.stringify(script)))).toEqual(script);
    }),
  );
});

function thrown(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}
