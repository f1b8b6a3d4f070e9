import { describe, expect, test } from 'vitest';
import { EVIDENCE_ROLES, READ_ROLES, type WorldOptions } from '../../local/world/options.ts';
import { readSides } from '../../shared/flows/scan/snapshot.ts';
import { wantsComparing, type Side } from '../../shared/plan/sides.ts';
import { DAY } from '../../shared/time.ts';
import { anchorwatch } from '../cli/run.ts';
import { misbehave, type Outcome, type RealNight, realNight, runNight } from './tenants.ts';

const PLANTS = { ring: 2, taken: 2, crossed: 2, 'all-differ': 2, 'recycled-name': 2, 'hostile-name': 2 };
const OPEN = { roles: [...READ_ROLES, ...EVIDENCE_ROLES], premium: true };

interface Compared {
  readonly night: RealNight;
  readonly outcome: Outcome;
  /** How often Graph was asked for somebody's sign-ins. */
  readonly asked: number;
  readonly sides: readonly Side[];
}

/** One night of a company in which several people have to be compared. Every set of rights needs an identity, thus a seed, of its own. */
async function compared(
  seed: string,
  graph: WorldOptions['graph'],
  faults: Parameters<typeof misbehave>[1] = [],
): Promise<Compared> {
  const night = await realNight({ seed, people: 120, plants: PLANTS, graph: { tokenLifetime: DAY, ...graph } });
  misbehave(night, faults);
  let asked = 0;
  const { entra } = night.tools;
  const lastSignIn: typeof entra.lastSignIn = (id) => {
    asked += 1;
    return entra.lastSignIn(id);
  };
  const outcome = await runNight({ ...night, tools: { ...night.tools, entra: { ...entra, lastSignIn } } });
  const sides: Side[] = [];
  for (const { finding } of outcome.seen) sides.push(...(await readSides(outcome.run.id, finding.key, night.tools)));
  return { night, outcome, asked, sides };
}

function cellsOf(sides: readonly Side[], what: string, side: 'directory' | 'entra' = 'entra'): readonly string[] {
  return [...new Set(sides.filter((one) => one.what === what).map((one) => one[side]))].filter((cell) => cell !== '');
}

describe('whoever a person has to compare', () => {
  test('is put down side by side, with all that both tenants tell', { timeout: 60_000 }, async () => {
    const { outcome, sides, night } = await compared('open', OPEN);
    const wanted = outcome.seen.filter(({ finding }) => wantsComparing(finding));

    expect(outcome.outcome).toBe('good');
    expect(new Set(wanted.map(({ finding }) => finding.verdict)).size).toBeGreaterThan(3);
    for (const { finding } of outcome.seen) {
      const own = await readSides(outcome.run.id, finding.key, night.tools);
      expect(own.length > 0).toBe(wantsComparing(finding));
    }
    expect(cellsOf(sides, 'last sign-in', 'directory').join()).toMatch(/^(to Okta: 20\d\d-\d\d-\d\d,?)+$/);
    expect(cellsOf(sides, 'last sign-in').join()).toMatch(/^((20\d\d-\d\d-\d\d|never),?)+$/);
    expect(cellsOf(sides, 'licences')).toEqual(expect.arrayContaining(['SPE_E3']));
    expect(cellsOf(sides, 'mailbox')).toContain('yes, by an Exchange plan');
  });

  test.each([
    ['right', 'an app without the right', {}, 'not readable: AuditLog.Read.All is not granted'],
    [
      'licence',
      'a tenant without the licence',
      { ...OPEN, premium: false },
      'not readable: the tenant has no Entra ID P1',
    ],
  ])(
    'is still (%s) compared by %s, which is refused once and told so',
    { timeout: 60_000 },
    async (seed, _what, graph, words) => {
      const { outcome, sides, asked } = await compared(seed, graph);

      expect(outcome.outcome).toBe('good');
      expect(outcome.run.summary?.warnings).toEqual([]);
      expect(cellsOf(sides, 'last sign-in')).toEqual([words]);
      expect(cellsOf(sides, 'licences')).toEqual(expect.arrayContaining(['SPE_E3']));
      expect(asked).toBe(1);
    },
  );

  test('is compared without what has no answer, and nobody waits for it long', { timeout: 60_000 }, async () => {
    const fault = { kind: 'outage', status: 503 } as const;
    const { outcome, sides, night } = await compared('down', OPEN, [
      { when: { side: 'graph', query: 'signInActivity' }, fault },
      { when: { side: 'graph', path: '/v1.0/subscribedSkus' }, fault },
    ]);
    const struck = night.tenants.meter.counts().filter(({ faults }) => faults > 0);

    expect(outcome.outcome).toBe('good');
    expect(cellsOf(sides, 'last sign-in')).toEqual(['not read tonight: no answer']);
    expect(cellsOf(sides, 'licences').join()).toContain('05e9a617-0261-4cee-bb44-138d3ef5d965');
    expect(struck.map(({ operation, faults }) => [operation, faults])).toEqual([
      ['GET /v1.0/subscribedSkus', 3],
      ['GET /v1.0/users/{id}', 3],
    ]);
  });

  test('is explained with both accounts in view, within any terminal', { timeout: 60_000 }, async () => {
    const { outcome, night } = await compared('explained', OPEN);
    for (const kind of ['taken', 'crossed', 'all-differ', 'maybe-another-person']) {
      const one = outcome.seen.find(({ finding }) => finding.verdict === kind || finding.relation === kind);
      for (const columns of [60, 160]) {
        const { code, out } = await anchorwatch(['explain', one?.finding.userName ?? ''], {
          tools: night.tools,
          columns,
        });

        expect(code).toBe(1);
        expect(out).toMatch(/what +Active Directory +Entra ID/);
        expect(out).toMatch(/last sign-in +to Okta/);
        expect(out).not.toMatch(/[A-Za-z0-9+/]{22}==/);
        expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(columns);
      }
    }
  });
});
