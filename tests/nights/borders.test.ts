import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { textOf } from '../../shared/answers.ts';
import { DeletedSchema, UserSchema } from '../../shared/entra/schemas.ts';
import { type Ask, connections } from '../../shared/http.ts';
import { AppUserSchema } from '../../shared/okta/schemas.ts';
import { personPartitions } from '../../shared/state/keys.ts';
import { spoilt } from '../spoilt.ts';
import { type RealNight, realNight, runNight } from './tenants.ts';

/** The lists that verdicts rest on: how they are asked for, and what every row of them has to be. */
const LISTS = [
  ['AD accounts', /\/api\/v1\/apps\/DIRECTORY\/users\?limit/, AppUserSchema],
  ['assignments', /\/api\/v1\/apps\/OFFICE\/users\?limit/, AppUserSchema],
  ['users', /\/v1\.0\/users\?\$select=[^&]*&\$top=999$/, UserSchema],
  ['deleted users', /\/deletedItems\/microsoft\.graph\.user\?\$select=[^&]*&\$top=999$/, DeletedSchema],
] as const;

const oktaPage = z.array(z.unknown());
const graphPage = z.looseObject({ value: z.array(z.unknown()) });

interface Spoiling {
  readonly ask: Ask;
  /** Puts `how` in the way of one row of every such page, between the tenant's socket and the SDK. */
  readonly spoil: (night: RealNight, address: RegExp, how: (row: unknown) => unknown) => void;
}

function spoiling(): Spoiling {
  const real = connections();
  let list: { readonly address: RegExp; readonly how: (row: unknown) => unknown } | null = null;
  return {
    async ask(outgoing) {
      const answer = await real(outgoing);
      if (list === null || !list.address.test(outgoing.url) || !answer.ok) return answer;
      const { how } = list;
      const change = (rows: readonly unknown[]) => (rows.length === 0 ? rows : rows.with(0, how(rows[0])));
      const body: unknown = JSON.parse(textOf(answer.body));
      const rows = oktaPage.safeParse(body).data;
      const said = rows === undefined ? graphPage.parse(body) : change(rows);
      const whole = 'value' in said ? { ...said, value: change(said.value) } : said;
      return { ...answer, body: new Uint8Array(Buffer.from(JSON.stringify(whole))) };
    },
    spoil({ created: { ids } }, address, how) {
      const source = address.source.replace('OFFICE', ids.office365).replace('DIRECTORY', ids.directories[0]!.id);
      list = { address: new RegExp(source), how };
    },
  };
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
        const { ask, spoil } = spoiling();
        const planted = { seed: 'borders', people: 10, plants: { 'soft-deleted': 2 } };
        const night = await realNight(planted, {}, (tenants) => tenants, ask);
        const refused: unknown[] = [];
        spoil(night, address, (right) => {
          const [said] = fc.sample(spoilt(right), { seed, numRuns: 1 });
          if (!row.safeParse(said).success) refused.push(said);
          return said ?? null;
        });

        const { outcome, run, seen } = await runNight(night);

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
