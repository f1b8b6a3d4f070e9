import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareAnchors } from '../../shared/anchor/compare.ts';
import { describeAnchor, guidOf } from '../../shared/anchor/forms.ts';
import { adBytes, anyGuid, anyOldGuid, everySpelling, withStrayBits, writtenBytes } from './spelled.ts';

describe('by itself', () => {
  test('every spelling of every GUID is named, and the GUID is read back, unless only the other side can tell the order', () => {
    fc.assert(
      fc.property(anyOldGuid, (guid) => {
        for (const { form, alone, text } of everySpelling(guid)) {
          const described = describeAnchor(text);
          expect(described.form).toBe(alone ?? form);
          if (alone === undefined) expect(described.guid).toBe(guid);
        }
      }),
    );
  });

  test('a value with - or _ is URL-safe, one without is not', () => {
    fc.assert(
      fc.property(anyOldGuid, fc.boolean(), (guid, padded) => {
        const text = adBytes(guid).toString('base64url') + (padded ? '==' : '');
        const plain = padded ? 'base64' : 'base64-unpadded';
        expect(describeAnchor(text)).toEqual({ form: /[-_]/.test(text) ? 'base64url' : plain, guid });
      }),
    );
  });

  test('all fifteen variants of the last bits hold the same GUID and are stray', () => {
    const base64 = 'MsNKjF+XF0ete7pKTpaP/w==';
    const variants = Array.from({ length: 15 }, (_, bits) => withStrayBits(base64, bits + 1));

    expect(describeAnchor('MsNKjF+XF0ete7pKTpaP/x')).toMatchObject({ form: 'base64-stray-bits' });
    expect(describeAnchor('BpazOkLGm0iEtljAONPvOR==')).toMatchObject({ form: 'base64-stray-bits' });
    expect(variants).toContain('MsNKjF+XF0ete7pKTpaP/x==');
    for (const text of variants) {
      expect(describeAnchor(text)).toEqual({ form: 'base64-stray-bits', guid: guidOf(base64) });
      expect(compareAnchors(base64, text).kind).toBe('respelled');
    }
  });

  test('22 letters and digits with stray bits are somebody’s own value, until the other side shows the same bytes', () => {
    const [base64, bare] = ['BpazOkLGm0iEtljAONPvOQ==', 'BpazOkLGm0iEtljAONPvOR'];

    expect(describeAnchor(bare)).toEqual({ form: 'custom', guid: null });
    expect(compareAnchors(bare, base64)).toMatchObject({ left: 'base64-stray-bits', right: 'base64' });
  });

  test.each([
    'BpazOkLGm0iEtljAONPvOQ=',
    'BpazOkLGm0iEtljAONPvOQ===',
    'BpazOkLGm0iEtljAONPv=Q==',
    'Bpaz-kLGm0iEtljAONP/OQ==',
    ' BpazOkLGm0iEtljAONPvOQ==',
    'BpazOkLGm0iEtljAONPvOQ==\n',
    'BpazOkLGm0 EtljAONPvOQ==',
    'BpazOkLGm0!EtljAONPvOQ==',
    'BpazOkLGm0iEtljAONPvOQAA',
    // Base64 of 32 digits, with stray bits behind the last and with too much padding.
    'M2FiMzk2MDZjNjQyNDg5Yjg0YjY1OGMwMzhkM2VmMzl=',
    'M2FiMzk2MDZjNjQyNDg5Yjg0YjY1OGMwMzhkM2VmMzk==',
    '3ab39606-c642-489b-84b6-58c038d3ef3g',
    '3ab39606c642-489b-84b6-58c038d3ef39-',
    '{3ab39606-c642-489b-84b6-58c038d3ef39)',
    '{3ab39606-c642-489b-84b6-58c038d3ef39',
    '0696b33a42c69b4884b658c038d3ef3',
    '06-96:b3-3a-42-c6-9b-48-84-b6-58-c0-38-d3-ef-39',
    'CN={514635484D4B376E38307176645973555049486139513D}',
    'CN={000000000000000000000000000000000000000000000000}',
    'xCN={514635484D4B376E38307176645973555049486139513D3D}',
    'CN={514635484D4B376E38307176645973555049486139513D3D}x',
    '3ab39606-c642-489b-84b6-58c038d3ef39x',
    '(3ab39606-c642-489b-84b6-58c038d3ef39}',
    '(3ab39606-c642-489b-84b6-58c038d3ef39x',
    'x3ab39606-c642-489b-84b6-58c038d3ef39}',
    'g0696b33a42c69b4884b658c038d3ef39',
    '0696b33a42c69b4884b658c038d3ef39g',
    '06-96-b3-3a-42-c6-9b-48-84-b6-58-c0-38-d3-ef-39-',
    '-06-96-b3-3a-42-c6-9b-48-84-b6-58-c0-38-d3-ef-39',
    Buffer.from('3ab39606-c642-489b-84b6\n-58c038d3ef39').toString('base64'),
  ])('%j, which a lenient decoder would take, is no GUID', (text) => {
    expect(describeAnchor(text)).toEqual({ form: 'custom', guid: null });
  });
});

describe('compared', () => {
  test('two spellings of one GUID are respelled, each side named; the same text is equal', () => {
    fc.assert(
      fc.property(anyGuid, (guid) => {
        const base64 = adBytes(guid).toString('base64');
        for (const { form, text } of everySpelling(guid)) {
          if (text === base64) continue;
          const found = compareAnchors(guid.toUpperCase(), text);
          const expected = { kind: 'respelled', left: 'guid', right: form, guid };
          expect(found).toEqual(text === guid.toUpperCase() ? { kind: 'equal' } : expected);
        }
        expect(compareAnchors(base64, base64)).toEqual({ kind: 'equal' });
      }),
    );
  });

  test('swapping the sides swaps the forms, whatever the two values are', () => {
    const spelled = fc.tuple(anyOldGuid, fc.nat()).map(([guid, at]) => {
      const all = everySpelling(guid);
      return all[at % all.length]!.text;
    });
    const related = anyOldGuid.chain((guid) =>
      fc.tuple(
        fc.constantFrom(...everySpelling(guid).map(({ text }) => text)),
        fc.constantFrom(...everySpelling(guid).map(({ text }) => text)),
      ),
    );
    const value = fc.oneof(spelled, fc.string());
    fc.assert(
      fc.property(fc.oneof(related, fc.tuple(value, value)), ([left, right]) => {
        const forwards = compareAnchors(left, right);
        const backwards = compareAnchors(right, left);
        const swapped =
          forwards.kind === 'respelled' ? { ...forwards, left: forwards.right, right: forwards.left } : forwards;
        expect(backwards).toEqual(swapped);
      }),
      { numRuns: 2000 },
    );
  });

  test('of two byte orders the one whose GUID is no version 4 is big-endian; where that decides nothing both are named', () => {
    fc.assert(
      fc.property(anyGuid, (guid) => {
        const right = adBytes(guid).toString('base64');
        const wrong = writtenBytes(guid).toString('base64');
        if (right === wrong) return;
        const found = compareAnchors(right, wrong);
        const undecided = guidOf(wrong)![14] === '4';
        expect(found).toMatchObject({
          kind: 'respelled',
          left: undecided ? 'big-endian' : 'base64',
          right: 'big-endian',
          guid: undecided ? [guid, guidOf(wrong)!].sort()[0] : guid,
        });
      }),
      { numRuns: 1000 },
    );
  });

  test('where neither order is of version 4, what is the least doubtful is still told from what nobody can tell', () => {
    const guid = '88666888-0101-1111-bbbb-1234567890ab';
    const base64 = 'iGhmiAEBERG7uxI0VniQqw==';
    const turned = 'iGZoiAEBERG7uxI0VniQqw==';

    expect(compareAnchors(base64, guid)).toEqual({ kind: 'respelled', left: 'base64', right: 'guid', guid });
    expect(compareAnchors(base64, turned)).toEqual({
      kind: 'respelled',
      left: 'big-endian',
      right: 'big-endian',
      guid,
    });
    expect(compareAnchors(base64, guid.replaceAll('-', ''))).toMatchObject({
      left: 'base64',
      right: 'guid-digits',
      guid,
    });
    const [bare, other] = ['iGhmiAEBERG7uxI0VniQqx', 'iGhmiAEBERG7uxI0VniQqy'];
    expect(compareAnchors(bare, other)).toMatchObject({ left: 'base64-stray-bits', right: 'base64-stray-bits', guid });
    const [left, right] = ['big-endian', 'guid-digits'];
    expect(compareAnchors(bare, guid.replaceAll('-', ''))).toMatchObject({ left, right, guid });
  });

  test('octets in the order of a written GUID are big-endian', () => {
    const octets = '3a-b3-96-06-c6-42-48-9b-84-b6-58-c0-38-d3-ef-39';

    expect(compareAnchors('BpazOkLGm0iEtljAONPvOQ==', octets)).toMatchObject({ left: 'base64', right: 'big-endian' });
  });

  test('digits take the order that the other side shows', () => {
    const guid = '3ab39606-c642-489b-84b6-58c038d3ef39';
    const base64 = 'BpazOkLGm0iEtljAONPvOQ==';

    expect(compareAnchors(base64, '0696b33a42c69b4884b658c038d3ef39')).toMatchObject({ right: 'hex', guid });
    expect(compareAnchors(base64, '3AB39606C642489B84B658C038D3EF39')).toMatchObject({ right: 'guid-digits', guid });
  });

  test('different GUIDs are different in every pair of spellings', () => {
    fc.assert(
      fc.property(anyGuid, anyGuid, (one, other) => {
        fc.pre(one !== other);
        for (const left of everySpelling(one)) {
          for (const right of everySpelling(other)) {
            expect(compareAnchors(left.text, right.text).kind).toBe('different');
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  test('custom values are compared as exact text, with regard to case', () => {
    expect(compareAnchors('E0012345', 'E0012345').kind).toBe('equal');
    expect(compareAnchors('JohnDoe', 'johndoe').kind).toBe('different');
    expect(compareAnchors('a@contoso.com', 'A@contoso.com').kind).toBe('different');
  });

  test('rubbish never throws', () => {
    const rubbish = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.base64String(),
      fc.string({ unit: fc.constantFrom('0', 'a', 'F', '-', '{', '}', '=', '+', '/', '\\', ' ', '@') }),
    );
    fc.assert(
      fc.property(rubbish, rubbish, (left, right) => {
        expect(describeAnchor(left)).toHaveProperty('form');
        expect(['equal', 'respelled', 'different']).toContain(compareAnchors(left, right).kind);
      }),
      { numRuns: 2000 },
    );
  });
});

test('more than a quarter of random anchors hold + or /, so that a URL-safe spelling is no rarity', () => {
  const guids = fc.sample(anyGuid, { numRuns: 2000, seed: 7 });
  const marked = guids.filter((guid) => /[+/]/.test(adBytes(guid).toString('base64')));

  expect(marked.length / guids.length).toBeGreaterThan(0.25);
  for (const guid of marked) {
    const text = adBytes(guid).toString('base64');
    expect(guidOf(text)).toBe(guid);
    expect(compareAnchors(text, adBytes(guid).toString('base64url'))).toMatchObject({ right: 'base64url', guid });
  }
});
