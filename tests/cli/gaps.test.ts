import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { adRow, anchorOf, type Cells, csv, entraRow, folder, nameOf, oktaRow } from './exports.ts';
import { anchorwatch, type Ran } from './run.ts';

interface Exports {
  readonly ad?: readonly Cells[];
  readonly entra?: readonly Cells[];
  readonly okta?: readonly Cells[];
}

const BAD = 'System.Byte[]';
const HEALTHY = Array.from({ length: 5 }, (_, at) => at + 1);

/** Files of five healthy people and of whoever else is given. */
async function compare(extra: Exports, args: readonly string[] = []): Promise<Ran> {
  const cwd = await folder({
    'ad.csv': csv([...HEALTHY.map((number) => adRow(number)), ...(extra.ad ?? [])]),
    'entra.csv': csv([...HEALTHY.map((number) => entraRow(number)), ...(extra.entra ?? [])]),
    'okta.csv': csv([...HEALTHY.map((number) => oktaRow(number)), ...(extra.okta ?? [])]),
  });
  return anchorwatch(['compare', '--ad', 'ad.csv', '--entra', 'entra.csv', '--okta', 'okta.csv', ...args], { cwd });
}

const Report = z.object({
  outcome: z.string(),
  summary: z.string(),
  findings: z.array(z.object({ userName: z.string(), verdict: z.string(), relation: z.string(), advice: z.string() })),
  matched: z.number(),
  withheld: z.number(),
  ambiguous: z.array(z.object({ name: z.string(), ad: z.number(), okta: z.number(), entra: z.number() })),
  keyless: z.array(z.object({ side: z.string(), name: z.string() })),
  buckets: z.record(z.string(), z.record(z.string(), z.number())),
  files: z.array(z.object({ side: z.string(), total: z.number(), noPeople: z.number(), rejected: z.number() })),
  rejected: z.array(z.object({ file: z.string(), row: z.number(), column: z.string().nullable(), reason: z.string() })),
});
type Report = z.infer<typeof Report>;

async function reportOf(extra: Exports, args: readonly string[] = []): Promise<Report> {
  const { out } = await compare(extra, ['--format', 'json', ...args]);
  return Report.parse(JSON.parse(out));
}

function verdictsOf({ findings }: Report): Record<string, string> {
  return Object.fromEntries(findings.map(({ userName, verdict }) => [userName, verdict]));
}

/** One bad row of each file: nobody's. */
const BAD_ROW = {
  ad: [adRow(90, { ObjectGUID: 'rubbish' })],
  entra: [entraRow(90, { Id: 'rubbish' })],
  okta: [oktaRow(90, { id: '' })],
} as const;

/** One person for each verdict that says that somebody is not in a file, and the file. */
const ABSENCES = [
  ['unlinked', 'ad', { okta: [oktaRow(10)], entra: [entraRow(10)] }],
  ['not-provisioned', 'entra', { ad: [adRow(10)], okta: [oktaRow(10)] }],
  [
    'renamed',
    'entra',
    { ad: [adRow(10)], okta: [oktaRow(10)], entra: [entraRow(10, { UserPrincipalName: 'other@contoso.com' })] },
  ],
  ['unassigned', 'okta', { ad: [adRow(10)], entra: [entraRow(10, { OnPremisesImmutableId: anchorOf(77) })] }],
  ['orphan', 'ad', { entra: [entraRow(10)] }],
  ['orphan', 'okta', { entra: [entraRow(10)] }],
] as const satisfies readonly (readonly [string, 'ad' | 'entra' | 'okta', Exports])[];

function together(...parts: readonly Exports[]): Exports {
  const side = (name: 'ad' | 'entra' | 'okta'): readonly Cells[] => parts.flatMap((part) => part[name] ?? []);
  return { ad: side('ad'), entra: side('entra'), okta: side('okta') };
}

describe('a file with a row left out', () => {
  test.each(ABSENCES)('withholds %s, which rests on absence from the file of %s', async (verdict, side, people) => {
    const whole = await reportOf(people);
    const gap = await reportOf(together(people, { [side]: BAD_ROW[side] }));

    expect(Object.values(verdictsOf(whole))).toEqual([verdict]);
    expect(gap).toMatchObject({ outcome: 'could-not-tell', findings: [], withheld: 1 });
  });

  test('of AD withholds also that somebody matches without an AD account', async () => {
    const contractor = {
      okta: [oktaRow(10, { immutableId: '00u1a2b3c4d5E6f7G8h9' })],
      entra: [entraRow(10, { OnPremisesImmutableId: '00u1a2b3c4d5E6f7G8h9' })],
    };

    expect(await reportOf(contractor)).toMatchObject({ outcome: 'no-drift', matched: 6, withheld: 0 });
    expect(await reportOf(together(contractor, { ad: BAD_ROW.ad }))).toMatchObject({ matched: 5, withheld: 1 });
  });

  test.each(['ad', 'entra', 'okta'] as const)(
    'of %s keeps what rests on rows that are there, and advises no repair of it',
    async (side) => {
      const stale = { ad: [adRow(10)], okta: [oktaRow(10)], entra: [entraRow(10, { OnPremisesImmutableId: '' })] };
      const proof = { ad: [adRow(10)], okta: [oktaRow(10, { immutableId: anchorOf(99) })], entra: [entraRow(10)] };

      const whole = await reportOf(proof);
      const gap = await reportOf(together(proof, { [side]: BAD_ROW[side] }));

      expect(verdictsOf(await reportOf(together(stale, { [side]: BAD_ROW[side] })))).toEqual({
        [nameOf(10)]: 'entra-empty',
      });
      expect(whole.findings).toMatchObject([{ verdict: 'okta-stale', advice: expect.stringMatching(/^repair: /) }]);
      expect(gap.findings).toMatchObject([{ verdict: 'okta-stale', advice: expect.stringMatching(/^not advised: /) }]);
    },
  );

  test('is named with row, column and reason, in every format, before anything else', async () => {
    const people = together({ entra: [entraRow(10, { AccountEnabled: 'Wahr' })] }, ABSENCES[1][2]);

    const table = await compare(people);
    const md = await compare(people, ['--format', 'md']);
    const csvRan = await compare(people, ['--format', 'csv']);

    expect(table.out).toMatch(
      /^1 row could not be read and was left out:\n {2}entra.csv, line 7, column AccountEnabled:/,
    );
    expect(table.out).toContain('1 verdict is withheld');
    expect(md.out).toMatch(/^1 row could not be read/);
    expect((await reportOf(people)).rejected).toMatchObject([{ file: 'entra.csv', row: 7, column: 'AccountEnabled' }]);
    const rows: Record<string, string>[] = parse(csvRan.out, { columns: true, bom: true });
    expect(rows.map(({ verdict }) => verdict)).toEqual(['could not tell', 'could not tell', 'could not tell']);
    expect(rows[1]?.['beside']).toContain('entra.csv, line 7');
    expect([table.code, md.code, csvRan.code]).toEqual([2, 2, 2]);
  });

  test('is one of at most 50 that are named', async () => {
    const bad = Array.from({ length: 60 }, (_, at) => entraRow(100 + at, { Id: `rubbish ${at}` }));

    const { out } = await compare({ entra: bad });

    expect(out).toContain('60 rows could not be read and were left out');
    expect(out.match(/column Id/g)).toHaveLength(50);
    expect(out).toContain('… and 10 more');
  });
});

describe('an account without the join key', () => {
  const nameless = adRow(10, { UserPrincipalName: '' });
  const files = ['compare', '--ad', 'ad.csv', '--entra', 'entra.csv'];

  test('is listed and not told of, for drift may hide behind it', async () => {
    const cwd = await folder({ 'ad.csv': csv([adRow(1), nameless]), 'entra.csv': csv([entraRow(1)]) });

    const { code, out } = await anchorwatch(files, { cwd });

    expect(code).toBe(2);
    expect(out).toContain('1 account has an anchor but no upn to be joined by');
    expect(out).toContain('  AD, person10\n');
    expect(out).toContain('1 without the join key: could not tell of everybody');
    expect(JSON.parse((await anchorwatch([...files, '--format', 'json'], { cwd })).out).keyless).toEqual([
      { side: 'ad', name: 'person10' },
    ]);
  });

  test('is nothing to tell of when it is disabled, or nobody’s', async () => {
    const cwd = await folder({
      'ad.csv': csv([adRow(1), adRow(10, { mail: '', Enabled: 'False' })]),
      'entra.csv': csv([
        entraRow(1),
        entraRow(11, { Mail: '', OnPremisesImmutableId: '' }),
        entraRow(12, { Mail: '', AccountEnabled: 'False' }),
      ]),
    });

    expect(await anchorwatch([...files, '--join', 'mail'], { cwd })).toMatchObject({ code: 0 });
  });

  test('is listed from the Entra file too', async () => {
    const cwd = await folder({
      'ad.csv': csv([adRow(1)]),
      'entra.csv': csv([entraRow(1), entraRow(11, { Mail: '' })]),
    });

    const ran = await anchorwatch([...files, '--join', 'mail'], { cwd });

    expect(ran).toMatchObject({ code: 2, out: expect.stringContaining(`  Entra, ${nameOf(11)}`) });
  });

  test('is one of at most 50 that are named', async () => {
    const many = Array.from({ length: 60 }, (_, at) => adRow(100 + at, { UserPrincipalName: '' }));
    const cwd = await folder({ 'ad.csv': csv([adRow(1), ...many]), 'entra.csv': csv([entraRow(1)]) });

    const { out } = await anchorwatch(files, { cwd });

    expect(out.match(/^ {2}AD, /gm)).toHaveLength(50);
    expect(out).toContain('… and 10 more');
  });

  test('may with Okta be anybody’s whose account was not found, and nobody’s when everybody’s was', async () => {
    const foreign = {
      okta: [oktaRow(20, { immutableId: '4711' })],
      entra: [entraRow(20, { OnPremisesImmutableId: '4711' })],
    };

    const unclear = await reportOf(together({ ad: [nameless] }, foreign));

    expect(unclear).toMatchObject({ outcome: 'could-not-tell', keyless: [{ side: 'ad', name: 'person10' }] });
    expect(unclear.buckets['ad']).toMatchObject({ 'without the join key': 1 });
    expect(await reportOf({ ad: [nameless] })).toMatchObject({ outcome: 'no-drift', keyless: [] });
    expect(await reportOf({ ad: [nameless], okta: [oktaRow(10)], entra: [entraRow(10)] })).toMatchObject({
      outcome: 'no-drift',
      matched: 6,
    });
  });

  test.each([
    ['ad.csv', 'samAccountName', { SamAccountName: '' }, {}, 'SamAccountName', 'upn or --join mail'],
    ['entra.csv', 'mail', {}, { Mail: '' }, 'Mail', 'upn or --join samAccountName'],
  ])('is an error when %s has no other', async (file, join, ad, entra, column, others) => {
    const cwd = await folder({
      'ad.csv': csv([adRow(1, ad), adRow(2, ad)]),
      'entra.csv': csv([entraRow(1, { OnPremisesSamAccountName: 'person1', ...entra })]),
    });

    const { code, err } = await anchorwatch([...files, '--join', join], { cwd });

    expect(code).toBe(2);
    expect(err).toContain(`${file} has nothing to join people by: the column ${column} is empty`);
    expect(err).toContain(`--join ${others}`);
  });
});

describe('a file of exactly one page of its API', () => {
  const page = Array.from({ length: 94 }, (_, at) => at + 10);
  const people = {
    ad: page.map((number) => adRow(number)),
    entra: page.map((number) => entraRow(number)),
    okta: page.map((number) => oktaRow(number)),
  };
  // With the five healthy people and one more the Entra file has 100 rows, which is what Get-MgUser gives without -All.
  const extra = together(people, { entra: [entraRow(500, { UserType: 'Guest' })] });

  test('proves nobody’s absence, and says how to say that it does', async () => {
    const lost = together(extra, { ad: [adRow(600)], okta: [oktaRow(600)] });

    const { code, out } = await compare(lost);

    expect(code).toBe(2);
    expect(out).not.toContain('not-provisioned');
    expect(out).toMatch(/entra\.csv may be a first page only.*--complete/);
    expect(await compare(lost, ['--complete'])).toMatchObject({
      code: 1,
      out: expect.stringContaining('not-provisioned'),
    });
  });

  test('makes no repair advisable: whoever is behind the page may hold the anchor', async () => {
    const proof = { ad: [adRow(600)], okta: [oktaRow(600, { immutableId: anchorOf(900) })], entra: [entraRow(600)] };
    const full = together(people, proof);

    expect((await reportOf(full)).findings).toMatchObject([{ advice: expect.stringMatching(/^not advised: /) }]);
    expect((await reportOf(full, ['--complete'])).findings).toMatchObject([
      { verdict: 'okta-stale', advice: expect.stringMatching(/^repair: /) },
    ]);
  });

  /** With the five healthy people and 44 more the Okta file has 49 rows, and 50 with the guest: a first page. */
  const first = page.slice(0, 44);
  const oktaPage = {
    ad: [...first, 500].map((number) => adRow(number)),
    entra: first.map((number) => entraRow(number)).concat(entraRow(500, { UserType: 'Guest' })),
    okta: [...first, 500].map((number) => oktaRow(number)),
  };
  const room = { AccountEnabled: 'False', IsLicensed: 'False' };

  test.each<[string, Exports]>([
    ['no account', { ad: [adRow(600)] }],
    ['an account without an anchor', { ad: [adRow(600)], entra: [entraRow(600, { OnPremisesImmutableId: '' })] }],
    ['a room’s account', { entra: [entraRow(600, room)] }],
    [
      'an account on the managed domain',
      { entra: [entraRow(600, { UserPrincipalName: 'p@contoso.onmicrosoft.com' })] },
    ],
  ])('of Okta does not prove that nobody assigned somebody with %s', async (_who, extraRows) => {
    const report = await reportOf(together(oktaPage, extraRows));

    expect(report).toMatchObject({ outcome: 'could-not-tell', withheld: 1, findings: [] });
    expect(await reportOf(together(oktaPage, extraRows), ['--complete'])).toMatchObject({
      outcome: 'no-drift',
      withheld: 0,
    });
  });

  test('of Okta leaves those alone who bear no sign of ever being assigned', async () => {
    const quiet = {
      ad: [adRow(600, { Enabled: 'False' })],
      entra: [entraRow(601, { OnPremisesImmutableId: '' }), entraRow(602, { UserType: 'Guest' })],
    };

    expect(await reportOf(together(oktaPage, quiet))).toMatchObject({ outcome: 'no-drift', withheld: 0 });
  });

  test('of AD or Entra does not prove that a quiet account is nobody’s either', async () => {
    const alone = { ad: [adRow(600)] };
    const unlinked = { entra: [entraRow(600, room)] };

    expect(await reportOf(together(alone, { entra: BAD_ROW.entra }))).toMatchObject({ withheld: 1 });
    expect(await reportOf(together(unlinked, { ad: BAD_ROW.ad }))).toMatchObject({ withheld: 1 });
  });

  test('is believed when nobody is missing from it', async () => {
    expect(await compare(extra)).toMatchObject({ code: 0, out: expect.stringContaining('exactly 100 rows') });
  });
});

describe('who an AD account belongs to in Okta', () => {
  test('is told by the anchor that Okta copied, where the names tell nothing', async () => {
    const { findings, matched } = await reportOf({
      ad: [adRow(10, { UserPrincipalName: 'p10@corp.local' })],
      okta: [oktaRow(10)],
      entra: [entraRow(10)],
    });

    expect([findings, matched]).toEqual([[], 6]);
  });

  test('is not known without either, and then nobody is called matched because the other two agree', async () => {
    const { findings } = await reportOf({
      ad: [adRow(11, { UserPrincipalName: 'p10@corp.local' })],
      okta: [oktaRow(10)],
      entra: [entraRow(10)],
    });

    expect(findings).toMatchObject([{ userName: nameOf(10), verdict: 'unlinked' }]);
  });

  test.each([
    ['mail', { UserPrincipalName: 'p10@corp.local' }],
    ['samAccountName', { UserPrincipalName: 'p10@corp.local', mail: '' }],
  ])('is told by %s', async (join, changes) => {
    const cwd = await folder({
      'ad.csv': csv([adRow(10, changes)]),
      'entra.csv': csv([entraRow(10, { OnPremisesSamAccountName: '' })]),
      'okta.csv': csv([oktaRow(10, { immutableId: anchorOf(99) })]),
    });
    const files = ['--ad', 'ad.csv', '--entra', 'entra.csv', '--okta', 'okta.csv'];

    const byName = await anchorwatch(['compare', ...files], { cwd });
    const byKey = await anchorwatch(['compare', ...files, '--join', join], { cwd });

    expect(byName.out).not.toContain('okta-stale');
    expect(byKey.out).toContain('okta-stale');
  });

  test('is not guessed: the people are listed, counted, and what they hold is held all the same', async () => {
    const report = await reportOf({
      // Two AD accounts claim one name; a third person’s anchor is on the account of that name.
      ad: [adRow(10), adRow(11, { UserPrincipalName: nameOf(10) }), adRow(12)],
      okta: [oktaRow(10), oktaRow(12)],
      entra: [
        entraRow(10, { OnPremisesImmutableId: anchorOf(12) }),
        entraRow(12, { OnPremisesImmutableId: anchorOf(99) }),
      ],
    });

    expect(report.outcome).toBe('could-not-tell');
    expect(report.ambiguous).toEqual([{ name: nameOf(10), ad: 2, okta: 1, entra: 1 }]);
    expect(report.findings).toMatchObject([{ userName: nameOf(12), relation: 'taken' }]);
    expect(report.buckets).toMatchObject({ ad: { ambiguous: 2 }, okta: { ambiguous: 1 }, entra: { ambiguous: 1 } });
  });

  test('is not guessed between two AD accounts of one name whom nobody assigned', async () => {
    const report = await reportOf({
      ad: [adRow(10), adRow(11, { UserPrincipalName: nameOf(10) })],
      entra: [entraRow(10)],
    });
    const nobodys = await reportOf({ ad: [adRow(10), adRow(11, { UserPrincipalName: nameOf(10) })] });

    expect(report).toMatchObject({ outcome: 'could-not-tell', findings: [] });
    expect(report.ambiguous).toMatchObject([{ name: nameOf(10), ad: 2, okta: 0 }]);
    expect(nobodys).toMatchObject({ outcome: 'no-drift', ambiguous: [] });
  });

  test('is not guessed between two Okta users of one name either', async () => {
    const { ambiguous, findings } = await reportOf({ okta: [oktaRow(70, { userName: nameOf(1) })] });

    expect(ambiguous).toEqual([{ name: nameOf(1), ad: 1, okta: 2, entra: 1 }]);
    expect(findings).toEqual([]);
  });

  test('is not guessed between two Entra accounts of one name: neither is taken, not even by the anchor', async () => {
    const report = await reportOf({
      ad: [adRow(10), adRow(11)],
      okta: [oktaRow(10), oktaRow(11)],
      entra: [
        entraRow(10),
        entraRow(70, { UserPrincipalName: nameOf(10).toUpperCase(), OnPremisesImmutableId: anchorOf(70) }),
        entraRow(11, { OnPremisesImmutableId: anchorOf(99) }),
      ],
    });

    expect(report.ambiguous).toEqual([{ name: nameOf(10), ad: 1, okta: 1, entra: 2 }]);
    expect(report).toMatchObject({ outcome: 'could-not-tell', matched: 5, findings: [{ userName: nameOf(11) }] });
    expect(report.buckets).toMatchObject({ ad: { ambiguous: 1 }, okta: { ambiguous: 1 }, entra: { ambiguous: 2 } });
  });

  test('is not guessed for the second Okta user of an ambiguous Entra name either', async () => {
    const twin = entraRow(70, { UserPrincipalName: nameOf(10), OnPremisesImmutableId: anchorOf(70) });

    const report = await reportOf({
      okta: [oktaRow(10), oktaRow(12, { userName: nameOf(10) })],
      entra: [entraRow(10), twin],
    });

    expect(report.ambiguous).toEqual([{ name: nameOf(10), ad: 0, okta: 2, entra: 2 }]);
    expect(report.findings).toEqual([]);
  });

  test('is told whatever the case of the names', async () => {
    const { findings, matched } = await reportOf({
      ad: [adRow(10, { UserPrincipalName: 'Person10@contoso.com' })],
      okta: [oktaRow(10, { userName: 'pERSON10@contoso.com' })],
      entra: [entraRow(10, { UserPrincipalName: 'PERSON10@Contoso.Com' })],
    });

    expect([findings, matched]).toEqual([[], 6]);
  });

  test('is no riddle for a person who is assigned in two apps', async () => {
    const twice = oktaRow(1, { '_links.app.href': 'https://contoso.okta.com/api/v1/apps/0oaSecond' });

    const { out } = await compare({ okta: [twice] });

    expect(await reportOf({ okta: [twice] })).toMatchObject({ ambiguous: [], matched: 5 });
    expect(out).toContain('assignments of 2 apps. Of a person who is assigned in several');
  });
});

test('a row left out ends with 2 though it withholds nothing', async () => {
  for (const side of ['ad', 'entra', 'okta'] as const) {
    const { outcome, withheld, findings, matched } = await reportOf({ [side]: BAD_ROW[side] });

    expect([outcome, withheld, findings, matched]).toEqual(['could-not-tell', 0, [], 5]);
    expect((await compare({ [side]: BAD_ROW[side] })).code).toBe(2);
  }
});

test('a value that is none is nobody’s drift, and not told of', async () => {
  const consistency = HEALTHY.map((number) => adRow(number, { 'mS-DS-ConsistencyGuid': anchorOf(number) }));
  const cwd = await folder({
    'ad.csv': csv([...consistency, adRow(10, { 'mS-DS-ConsistencyGuid': BAD })]),
    'entra.csv': csv([...HEALTHY, 10].map((number) => entraRow(number))),
    'okta.csv': csv([...HEALTHY, 10].map((number) => oktaRow(number, number === 10 ? { immutableId: '' } : {}))),
  });
  const two = ['compare', '--ad', 'ad.csv', '--entra', 'entra.csv', '--anchor', 'mS-DS-ConsistencyGuid'];

  expect(await anchorwatch(two, { cwd })).toMatchObject({ code: 2, out: expect.stringContaining('1 unreadable') });
  expect(await anchorwatch([...two, '--okta', 'okta.csv'], { cwd })).toMatchObject({ code: 2 });
});

test('every row of every file is in one bucket, whatever is in the files', async () => {
  const number = fc.integer({ min: 1, max: 8 });
  const rows = (make: (number: number, changes: Cells) => Cells, key: string, other: string) =>
    fc
      .uniqueArray(fc.tuple(number, number, fc.boolean()), { maxLength: 6, selector: ([id]) => id })
      .map((all) =>
        all.map(([id, held, bad]) => make(10 + id, { [other]: anchorOf(10 + held), ...(bad ? { [key]: '' } : {}) })),
      );
  const files = fc.record({
    ad: rows(adRow, 'ObjectGUID', 'mail'),
    entra: rows(entraRow, 'Id', 'OnPremisesImmutableId'),
    okta: rows(oktaRow, 'id', 'immutableId'),
  });

  await fc.assert(
    fc.asyncProperty(files, async (extra) => {
      const report = await reportOf(extra);

      for (const { side, total, noPeople, rejected } of report.files) {
        const buckets = Object.values(report.buckets[side] ?? {}).reduce((sum, one) => sum + one, 0);
        expect([side, buckets + noPeople + rejected]).toEqual([side, total]);
      }
    }),
    { numRuns: 40 },
  );
});

test('docs/compare.md names every field of the JSON', async () => {
  const page = await readFile(new URL('../../docs/compare.md', import.meta.url), 'utf8');
  const table = page.slice(page.indexOf('| field | holds |'));
  const documented = new Set([...table.matchAll(/^\|(?<cell>[^|]*)\|/gm)].flatMap(({ groups }) => named(groups?.cell)));

  const two = await anchorwatch(['compare', '--ad', 'ad.csv', '--entra', 'entra.csv', '--format', 'json']);
  const three = await compare({}, ['--format', 'json']);
  const fields = [two, three].flatMap(({ out }) => Object.keys(Report.loose().partial().parse(JSON.parse(out))));

  expect(new Set(fields)).toEqual(documented);
});

function named(cell: string | undefined): string[] {
  return [...(cell ?? '').matchAll(/`(\w+)`/g)].map((match) => match[1] ?? '');
}
