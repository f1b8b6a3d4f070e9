import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readConfig, readLimitsConfig, readTenantConfig } from '../../shared/config/read.ts';
import { scheduleText } from '../../shared/config/timer.ts';
import { SETTINGS } from '../../shared/config/settings/all.ts';
import { AnchorwatchError } from '../../shared/errors.ts';
import { JWK, LEAST } from './environment.ts';

const names = SETTINGS.map((setting) => setting.name);
const examples = SETTINGS.map((setting) => setting.example);

const name = fc.oneof(
  fc.constantFrom(...names),
  fc.string({ unit: 'binary' }).map((end) => `ANCHORWATCH_${end}`),
  fc.string(),
);
const value = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(...examples, JWK, 'UseDevelopmentStorage=true', '0', '-----BEGIN PRIVATE KEY-----', '{"kty":"RSA"}'),
  fc.webUrl(),
  fc.json(),
);
const environment = fc.dictionary(name, fc.option(value, { nil: undefined }));

/** What reading threw, or null. */
function thrownBy(read: () => unknown): unknown {
  try {
    read();
    return null;
  } catch (error) {
    return error;
  }
}

test('any environment is read, or refused with the one error of as many lines as it has problems', () => {
  fc.assert(
    fc.property(environment, fc.boolean(), (changes, complete) => {
      const all = complete ? { ...LEAST, ...changes } : changes;
      for (const read of [readConfig, readTenantConfig, readLimitsConfig]) {
        const thrown = thrownBy(() => read(all));
        if (thrown === null) continue;
        expect(thrown).toBeInstanceOf(AnchorwatchError);
        if (!(thrown instanceof AnchorwatchError)) continue;
        expect(thrown.kind).toBe('invalid');
        expect(thrown.fields['problems']).toBeGreaterThan(0);
        expect(thrown.message.split('\n')).toHaveLength(Number(thrown.fields['problems']) + 2);
      }
      expect(typeof scheduleText(all)).toBe('string');
    }),
    { numRuns: 300 },
  );
});

test('no secret is ever in the message, right or wrong, however much else is wrong', () => {
  const secrets = SETTINGS.filter((setting) => setting.secret === true).map((setting) => setting.name);
  const secret = fc
    .tuple(fc.string({ minLength: 8, maxLength: 60, unit: 'grapheme-ascii' }), fc.nat())
    .map(([text, salt]) => `§${text.trim()}${salt}§`);

  fc.assert(
    fc.property(environment, fc.tuple(...secrets.map(() => secret)), (changes, values) => {
      const hidden = Object.fromEntries(secrets.map((variable, index) => [variable, values[index]]));
      const thrown = thrownBy(() => readConfig({ ...changes, ...hidden }));

      expect(thrown).toBeInstanceOf(AnchorwatchError);
      const message = thrown instanceof Error ? thrown.message : '';
      for (const text of values) expect(message).not.toContain(text);
    }),
    { numRuns: 300 },
  );
});

test('whole numbers and decimals are read as they stand', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10_000 }), fc.integer({ min: 0, max: 10_000 }), (repairs, hundredths) => {
      const { policy } = readConfig({
        ...LEAST,
        ANCHORWATCH_MAX_REPAIRS: String(repairs),
        ANCHORWATCH_MAX_REPAIR_PERCENT: (hundredths / 100).toFixed(2),
      });

      expect(policy).toMatchObject({ maxRepairs: repairs, maxPercent: hundredths / 100 });
    }),
  );
});

test('a value that is refused is refused under the name of its variable, or by what has to be set beside it', () => {
  const rubbish = fc.oneof(
    value,
    fc.constantFrom(
      'x'.repeat(100_000),
      '-1',
      '1e308',
      'NaN',
      '0x10',
      '[object Object]',
      '{"__proto__":{"a":1}}',
      '\u202E',
    ),
  );
  fc.assert(
    fc.property(fc.constantFrom(...names), rubbish, (variable, text) => {
      const thrown = thrownBy(() => readConfig({ ...LEAST, [variable]: text }));
      if (thrown === null) return;
      const message = thrown instanceof Error ? thrown.message : '';
      expect(thrown).toMatchObject({ kind: 'invalid' });
      if (!message.includes('found not set')) expect(message).toContain(variable);
      expect(message.length).toBeLessThan(5_000);
    }),
    { numRuns: 500 },
  );
});
