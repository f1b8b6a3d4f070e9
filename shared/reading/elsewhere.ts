import { type ResourceLimits, Worker } from 'node:worker_threads';
import { AnchorwatchError, type ErrorKind } from '../errors.ts';
import type { Body, GraphPage, Parsing, Standby } from '../ports/parsing.ts';
import { ACCOUNTS, ASSIGNMENTS, DELETED, USERS } from '../rosters/lists.ts';
import { opened, type Packing } from '../rosters/parcel.ts';
import { MINUTE } from '../time.ts';
import type { Made, Task } from './task.ts';

/** What a thread is asked, and what it answers under the same number. */
export interface Order {
  readonly number: number;
  readonly task: Task;
  readonly body: Body;
}
export type Outcome = { readonly made: Made } | { readonly failed: Failed };

interface Failed {
  readonly kind: ErrorKind;
  readonly message: string;
  readonly fields: AnchorwatchError['fields'];
}

/** With three lists on their way at once, a third thread would wait for pages nearly always. */
const THREADS = 2;
/** So many pages are read before a second thread is worth its start: those of some 20,000 people. */
const MANY = 60;

/**
 * Megabytes. What lives longer than a page is next to nothing, so that a small young space is swept quickly; the old one is given room, as
 * V8 collects the more eagerly the less it may have.
 */
const HEAP = { maxYoungGenerationSizeMb: 24, maxOldGenerationSizeMb: 2_048 };

/**
 * Milliseconds after which a thread without work is let go: longer than any pause for Okta's window of a minute, and than it takes until a
 * scan goes on in its next call, most likely in this process. To start two threads anew takes 0.4 s of CPU.
 */
const LINGER = 2 * MINUTE;

/** Beside this file, or, from wherever a bundle has put this, in its own place. */
const THREAD = new URL(
  import.meta.url.endsWith('.ts') ? './thread.ts' : '../shared/reading/thread.js',
  import.meta.url,
);

/** How threads are kept small, and for how long at all. */
interface Sparing {
  readonly heap: ResourceLimits;
  readonly linger: number;
}

/** Parses beside this thread, which goes on asking the tenants meanwhile. */
export interface Elsewhere extends Parsing, Standby {}

/** Threads keep no process alive. Of one that dies, whatever it had to do throws `transient`: asked again, it goes to another. */
export function parsingElsewhere({ heap = HEAP, linger = LINGER }: Partial<Sparing> = {}): Elsewhere {
  const threads = new Set<Thread>();
  let pages = 0;

  function another(): Thread {
    const thread = startThread({ heap, linger }, () => threads.delete(thread));
    threads.add(thread);
    return thread;
  }

  function idlest(): Thread {
    const [first] = [...threads].sort((one, other) => one.orders() - other.orders());
    return first !== undefined && (first.orders() === 0 || pages < MANY || threads.size === THREADS)
      ? first
      : another();
  }

  async function make(task: Task, body: Body): Promise<Made> {
    pages += 1;
    return idlest().make(task, body);
  }

  return {
    ...parsingBy(make),
    begin() {
      pages = 0;
      if (threads.size === 0) another();
    },
    rest() {
      for (const thread of threads) thread.retire();
      threads.clear();
    },
  };
}

/** Parsing by whoever makes parcels of bodies. */
export function parsingBy(make: (task: Task, body: Body) => Promise<Made>): Parsing {
  async function page<Row>(task: Task, list: Packing<Row>, body: Body): Promise<GraphPage<Row>> {
    const { rows, next, leftOut } = await make(task, body);
    return { rows: opened(rows, list), next, leftOut };
  }

  return {
    accounts: async (body, of) => (await page({ list: 'accounts', of }, ACCOUNTS, body)).rows,
    assignments: async (body, app) => (await page({ list: 'assignments', app }, ASSIGNMENTS, body)).rows,
    users: (body) => page({ list: 'users' }, USERS, body),
    deleted: (body) => page({ list: 'deleted' }, DELETED, body),
  };
}

interface Thread {
  /** How many it has not done yet. */
  orders(): number;
  make(task: Task, body: Body): Promise<Made>;
  /** It ends as soon as it has done everything. */
  retire(): void;
}

function startThread({ heap, linger }: Sparing, onDeath: () => void): Thread {
  const worker = new Worker(THREAD, { resourceLimits: heap, execArgv: [] });
  const waiting = new Map<number, PromiseWithResolvers<Made>>();
  let orders = 0;
  let isRetired = false;
  let idle = setTimeout(end, linger).unref();

  function die(cause?: unknown): void {
    onDeath();
    const error = new AnchorwatchError('transient', 'The thread that makes rows of pages has died.', { cause });
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  }

  function rested(): void {
    if (waiting.size > 0) return;
    worker.unref();
    if (isRetired) end();
    else idle = setTimeout(end, linger).unref();
  }

  function end(): void {
    clearTimeout(idle);
    onDeath();
    void worker.terminate();
  }

  worker.on('error', die);
  worker.on('exit', (code) => die(new Error(`exit code ${code}`)));
  worker.on('message', ({ number, ...outcome }: Outcome & Pick<Order, 'number'>) => {
    const order = waiting.get(number);
    waiting.delete(number);
    rested();
    if ('made' in outcome) order?.resolve(outcome.made);
    else {
      const { kind, message, fields } = outcome.failed;
      order?.reject(new AnchorwatchError(kind, message, { fields }));
    }
  });
  // Only now: whoever listens for messages keeps the process alive again.
  worker.unref();
  return {
    orders: () => waiting.size,
    make(task, body) {
      const number = orders;
      orders += 1;
      const order = Promise.withResolvers<Made>();
      worker.postMessage({ number, task, body } satisfies Order, [body.buffer]);
      waiting.set(number, order);
      clearTimeout(idle);
      worker.ref();
      return order.promise;
    },
    retire() {
      isRetired = true;
      rested();
    },
  };
}
