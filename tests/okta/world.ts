import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { parseFaults, type FaultScriptInput } from '../../local/http/faults/script.ts';
import { serve, type Tenants } from '../../local/http/serve.ts';
import { newKeys } from '../../local/world/keys.ts';
import { createWorld, type CreatedWorld } from '../../local/world/world.ts';
import type { Page } from '../../shared/ports/okta.ts';
import { MINUTE } from '../../shared/time.ts';
import { deps, fakeClock } from '../loopback.ts';

export interface Started {
  readonly created: CreatedWorld;
  readonly tenants: Tenants;
  /** Time in which waiting takes none; tenants and readers share it. */
  readonly tools: ReturnType<typeof deps>;
  readonly errors: readonly unknown[];
}

const half = (): number => 0.5;

/** A tenant of 2,000 people with all that can be wrong, behind real sockets, for all tests of a file. */
export function startWorld(): () => Started {
  let started: Started | undefined;
  beforeAll(async () => {
    // The libraries sign and judge tokens by the machine's clock. The tenants take an assertion that ends up to an hour from their now,
    // so theirs runs behind, and leaves the tests most of an hour to wait in.
    const clock = fakeClock(Date.now() - 50 * MINUTE);
    const created = createWorld({
      seed: 'readers',
      start: clock.now(),
      people: 2_000,
      keys: newKeys(),
      office365Apps: 2,
    });
    const errors: unknown[] = [];
    const tenants = await serve(created.world, { clock, random: half, onError: (error) => errors.push(error) });
    started = { created, tenants, tools: deps(clock), errors };
  });
  afterAll(() => started?.tenants.close());
  return () => {
    if (started === undefined) throw new Error('the tenants have not started');
    return started;
  };
}

/** Lets every test of a file ask Graph as the managed identity of the world. */
export function asManagedIdentity(world: () => Started): void {
  beforeAll(() => {
    const { created, tenants } = world();
    process.env['IDENTITY_ENDPOINT'] = `${tenants.addresses.identity}/msi/token`;
    process.env['IDENTITY_HEADER'] = created.credentials.identity.header;
  });
  afterAll(() => {
    delete process.env['IDENTITY_ENDPOINT'];
    delete process.env['IDENTITY_HEADER'];
  });
}

type Rules = FaultScriptInput['rules'];

/** Lets the tenants misbehave so until the test ends. */
export function misbehave({ tenants }: Started, rules: Rules): void {
  tenants.setFaults(parseFaults({ rules }));
  onTestFinished(() => tenants.setFaults(parseFaults({ rules: [] })));
}

/** What a read outlives without anybody noticing more than the time it took. */
export const PASSING: ReadonlyArray<Rules[number]['fault']> = [
  { kind: 'throttled', reset: 'future' },
  { kind: 'throttled', reset: 'past' },
  { kind: 'throttled', reset: 'missing', form: 'http-date' },
  { kind: 'concurrency-throttled' },
  { kind: 'outage', status: 500 },
  { kind: 'outage', status: 502 },
  { kind: 'outage', status: 503 },
  { kind: 'outage', status: 504 },
  { kind: 'html', status: 200 },
  { kind: 'html', status: 502 },
  { kind: 'token-refused' },
  { kind: 'body-cut', ending: 'clean' },
  { kind: 'body-cut', ending: 'closed' },
  { kind: 'body-cut', ending: 'chunk-closed' },
  { kind: 'socket-closed', when: 'before-headers' },
  { kind: 'socket-closed', when: 'after-headers' },
  { kind: 'empty-page-inserted' },
];

export async function readToEnd<Row>(page: (cursor: string | null) => Promise<Page<Row>>) {
  const rows: Row[] = [];
  let leftOut = 0;
  let pages = 0;
  let cursor: string | null = null;
  do {
    const read: Page<Row> = await page(cursor);
    rows.push(...read.rows);
    leftOut += read.leftOut;
    pages += 1;
    cursor = read.next;
  } while (cursor !== null);
  return { rows, leftOut, pages };
}
