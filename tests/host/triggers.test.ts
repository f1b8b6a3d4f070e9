import { describe, expect, test } from 'vitest';
import type { Registered } from '../../local/host/core.ts';
import { matchRoute, readRoute } from '../../local/host/routes.ts';
import { createSettings } from '../../local/host/settings.ts';
import { readTriggers } from '../../local/host/triggers.ts';

const SETTINGS = createSettings({
  AzureWebJobsStorage: 'UseDevelopmentStorage=true',
  NIGHTLY: '0 0 2 * * *',
  QUEUE: 'Repairs',
});

interface Options {
  readonly name?: string;
  readonly retryOptions?: object;
  readonly [option: string]: unknown;
}

function fn(type: string, { name = 'one', retryOptions, ...options }: Options = {}): Registered {
  return {
    metadata: { name, bindings: { input: { type, direction: 'in', ...options } }, retryOptions },
    handler: () => undefined,
  };
}

describe('readTriggers', () => {
  test('settings are resolved, and a queue name becomes lower case', () => {
    const triggers = readTriggers(
      [
        fn('timerTrigger', { name: 'nightly', schedule: '%NIGHTLY%' }),
        fn('queueTrigger', { name: 'repair', queueName: '%QUEUE%', connection: 'Storage' }),
        fn('httpTrigger', { name: 'health', authLevel: 'anonymous', methods: ['get'] }),
      ],
      SETTINGS,
    );

    expect(triggers.timers).toMatchObject([
      { name: 'nightly', input: 'input', schedule: { text: '0 0 2 * * *' }, runOnStartup: false },
    ]);
    expect(triggers.queues).toMatchObject([
      { name: 'repair', queue: 'repairs', connection: 'UseDevelopmentStorage=true' },
    ]);
    expect(triggers.routes).toMatchObject([{ name: 'health', methods: ['GET'], route: { text: 'health' } }]);
  });

  test.each([
    ['a five-field schedule', fn('timerTrigger', { schedule: '0 2 * * *' }), /five fields/],
    ['a schedule that is not set', fn('timerTrigger', { schedule: '%OTHER%' }), /%OTHER% does not resolve to a value/],
    ['no schedule', fn('timerTrigger'), /schedule/],
    ['a queue name that is not set', fn('queueTrigger', { queueName: '%OTHER%' }), /%OTHER% does not resolve/],
    ['a name no queue can have', fn('queueTrigger', { queueName: 'a--b' }), /no name that a queue can have/],
    [
      'a connection that is not set',
      fn('queueTrigger', { queueName: 'q-1', connection: 'OTHER' }),
      /OTHER is not among the app settings/,
    ],
    ['a binding nobody knows', fn('blobTrigger', { path: 'a' }), /'blobTrigger' are not registered/],
    ['a retry policy', fn('timerTrigger', { schedule: '0 0 2 * * *', retryOptions: {} }), /retry policy/],
    [
      'a name that is none',
      fn('timerTrigger', { name: '1st', schedule: '0 0 2 * * *' }),
      /'1st' is not a valid function name/,
    ],
    [
      'a reserved route',
      fn('httpTrigger', { authLevel: 'admin', route: 'Admin/x' }),
      /conflicts with one or more built in routes/,
    ],
    ['a route with a constraint', fn('httpTrigger', { authLevel: 'admin', route: 'x/{id:int}' }), /\{id:int\}/],
    ['an unknown level', fn('httpTrigger', { authLevel: 'user' }), /authLevel/],
  ])('%s is an error', (_, registered, why) => {
    expect(() => readTriggers([registered], SETTINGS)).toThrow(why);
  });

  test('timers and queues need the storage of the host, HTTP alone does not', () => {
    const nothing = createSettings({});

    expect(() => readTriggers([fn('timerTrigger', { schedule: '0 0 2 * * *' })], nothing)).toThrow(
      /AzureWebJobsStorage/,
    );
    expect(readTriggers([fn('httpTrigger', { authLevel: 'admin' })], nothing).routes).toHaveLength(1);
  });

  test('two functions with one route are an error when a request could mean either', () => {
    const get = fn('httpTrigger', { name: 'one', authLevel: 'admin', methods: ['GET'], route: 'x/{a}' });
    const also = fn('httpTrigger', { name: 'two', authLevel: 'admin', methods: ['GET', 'POST'], route: 'X/{b}' });
    const post = fn('httpTrigger', { name: 'three', authLevel: 'admin', methods: ['PUT'], route: 'x/{a}' });

    expect(() => readTriggers([get, also], SETTINGS)).toThrow("conflicts with the route defined by function 'one'");
    expect(readTriggers([get, post], SETTINGS).routes).toHaveLength(2);
  });

  test('all that is wrong is named at once', () => {
    const functions = [fn('timerTrigger', { name: 'one', schedule: 'x' }), fn('blobTrigger', { name: 'two' })];

    expect(() => readTriggers(functions, SETTINGS)).toThrow(/'one' function is in error[^]*'two' function is in error/);
  });
});

describe('matchRoute', () => {
  test.each([
    ['a/b', ['A', 'b'], {}],
    ['a/{x}', ['a', 'B'], { x: 'B' }],
    ['a/{x}', ['a'], null],
    ['a/{x?}', ['a'], {}],
    ['{*all}', [], { all: '' }],
    ['a/{*all}', ['a', 'b', 'c'], { all: 'b/c' }],
    ['', [], {}],
    ['', ['a'], null],
  ])('"%s" and %j give %j', (route, path, parameters) => {
    expect(matchRoute(readRoute(route), path)).toEqual(parameters);
  });

  test.each(['a/{x?}/b', '{*x}/b', 'a{x}', '{}'])('the route "%s" is refused', (route) => {
    expect(() => readRoute(route)).toThrow(/a segment that this host does not understand/);
  });
});
