import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { DeletedSchema, UserSchema } from '../../shared/entra/schemas.ts';
import { AppUserSchema } from '../../shared/okta/schemas.ts';
import { personPartitions } from '../../shared/state/keys.ts';
import { spoilt } from '../spoilt.ts';
import { type RealNight, realNight, runNight } from './tenants.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** The lists that verdicts rest on: how they are asked for, and what every row of them has to be. */
const LISTS = [
  ['AD accounts', /\/api\/v1\/apps\/DIRECTORY\/users\?limit/, AppUserSchema],
  ['assignments', /\/api\/v1\/apps\/OFFICE\/users\?limit/, AppUserSchema],
  ['users', /\/v1\.0\/users\?\$select=[^&]*&\$top=999$/, UserSchema],
  ['deleted users', /\/deletedItems\/microsoft\.graph\.user\?\$select=[^&]*&\$top=999$/, DeletedSchema],
] as const;

const oktaPage = z.array(z.unknown());
const graphPage = z.looseObject({ value: z.array(z.unknown()) });

/** Puts `how` in the way of one row of every such page, between the tenant's socket and the SDK. */
function spoil({ created: { ids } }: RealNight, address: RegExp, how: (row: unknown) => unknown): void {
  const source = address.source.replace('OFFICE', ids.office365).replace('DIRECTORY', ids.directories[0]!.id);
  const list = new RegExp(source);
  const real = fetch;
  const change = (rows: readonly unknown[]) => (rows.length === 0 ? rows : rows.with(0, how(rows[0])));
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    const answer = await real(url, init);
    if (!list.test(url) || !answer.ok) return answer;
    const body: unknown = await answer.json();
    const rows = oktaPage.safeParse(body).data;
    const said = rows === undefined ? graphPage.parse(body) : change(rows);
    const whole = 'value' in said ? { ...said, value: change(said.value) } : said;
    return new Response(JSON.stringify(whole), { status: answer.status, headers: answer.headers });
  });
}

async function recorded({ tools: { state } }: RealNight): Promise<number> {
  let rows = 0;
  for (const partition of personPartitions()) for await (const _row of state.findings.list(partition)) rows += 1;
  return rows;
}

test.each(LISTS)(
  'no verdict comes from %s of which one row is refused, and the run says where',
  { timeout: 60_000 },
  async (_, address, row) => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const night = await realNight({ seed: 'borders', people: 10, plants: { 'soft-deleted': 2 } });
        const refused: unknown[] = [];
        spoil(night, address, (right) => {
          const [said] = fc.sample(spoilt(right), { seed, numRuns: 1 });
          if (!row.safeParse(said).success) refused.push(said);
          return said ?? null;
        });

        const { outcome, run, seen } = await runNight(night);
        vi.unstubAllGlobals();

        if (outcome !== 'good') expect([outcome, seen, night.repairs.waiting()]).toEqual(['could-not-tell', [], []]);
        if (outcome !== 'good') expect(await recorded(night)).toBe(0);
        fc.pre(refused.length > 0);
        expect(outcome).toBe('could-not-tell');
        const doubts = run.doubts.map((doubt) => JSON.stringify(doubt)).join();
        expect(doubts).toMatch(
          /GET \/(api\/v1\/apps\/\w+\/users|v1\.0\/(users|directory)).* has not the expected shape: .+ is /,
        );
      }),
      { numRuns: 4 },
    );
  },
);
