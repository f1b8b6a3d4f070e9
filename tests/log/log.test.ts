import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AnchorwatchError } from '../../shared/errors.ts';
import { createLog, errorFields, jsonLine, type LogLevel, type LogOptions, textLine } from '../../shared/log.ts';
import type { Log, LogFields } from '../../shared/ports/log.ts';
import { BESIDE, bytes16, carriedSecret, SPELLINGS } from './secrets.ts';

const NOW = Date.UTC(2026, 10, 23, 2, 3, 4, 5);

const FORMATS = [
  ['JSON', jsonLine],
  ['text', textLine],
] as const;

/** The lines that `use` writes. */
function linesOf(use: (log: Log) => void, options: Partial<LogOptions> = {}): readonly string[] {
  const lines: string[] = [];
  use(createLog((line) => lines.push(line), { format: jsonLine, now: () => NOW, ...options }));
  return lines;
}

function lineOf(use: (log: Log) => void, options: Partial<LogOptions> = {}): string {
  const [line, ...others] = linesOf(use, options);
  if (line === undefined || others.length > 0) throw new Error('There is not exactly one line.');
  return line;
}

describe('a line', () => {
  test('for a machine is one JSON object with time, level, message and fields', () => {
    expect(
      lineOf((log) => log.warn('Okta answered', { status: 429, waited: null, app: '0oa1', gone: undefined })),
    ).toBe(
      '{"time":"2026-11-23T02:03:04.005Z","level":"warn","message":"Okta answered","status":429,"waited":null,"app":"0oa1"}',
    );
  });

  test('for a person is short, with quotes only where they are needed', () => {
    const line = lineOf((log) => log.warn('Okta answered', { status: 429, name: 'Jane Doe', sum: 'a=b', ok: true }), {
      format: textLine,
    });

    expect(line).toBe('02:03:04 warn  Okta answered  status=429 name="Jane Doe" sum="a=b" ok=true');
  });

  test('without fields ends with its message', () => {
    expect(lineOf((log) => log.info('The scan begins'), { format: textLine })).toBe('02:03:04 info  The scan begins');
  });

  test('is written from the wanted level on, and the sink is told the level', () => {
    const seen: LogLevel[] = [];
    const log = createLog((_, level) => seen.push(level), { format: jsonLine, now: () => NOW, least: 'warn' });
    log.debug('a');
    log.info('b');
    log.warn('c');
    log.error('d');

    expect(seen).toEqual(['warn', 'error']);
  });

  test('is not written for debugging unless that is asked for', () => {
    expect(linesOf((log) => log.debug('a'))).toEqual([]);
    expect(linesOf((log) => log.debug('a'), { least: 'debug' })).toHaveLength(1);
  });

  test('keeps its own time, level and message, whatever the fields are called', () => {
    const line = lineOf((log) => log.info('real', { message: 'forged', level: 'error', ['__proto__']: 1 }));

    expect(JSON.parse(line)).toMatchObject({ message: 'real', level: 'info', message_: 'forged', level_: 'error' });
  });

  test('says what JSON has no number for', () => {
    expect(JSON.parse(lineOf((log) => log.info('m', { rate: Number.NaN, limit: Infinity })))).toMatchObject({
      rate: 'NaN',
      limit: 'Infinity',
    });
  });

  test('is not filled by one long value, and the cut never uncovers a secret', () => {
    // The cut falls into the token, of which a half would not be recognised any more.
    const page = `${'x '.repeat(990)}00${'a'.repeat(40)} ${'y '.repeat(5_000)}`;
    const line = lineOf((log) => log.error('Okta sent a page', { body: page }));

    expect(line.length).toBeLessThan(2_200);
    expect(line).toContain('x (token) y');
    expect(line).not.toContain('aaaa');
  });
});

describe('text from a directory', () => {
  test.each(FORMATS)('never breaks or turns a line of %s', (_, format) => {
    const breaking = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('\n', '\r\n', '\u2028', '\u2029', '\u0085', '\u202e', '\u001b[2J', '\u0000', '\u{e0001}'),
        fc.string({ unit: 'binary' }),
        (before, character, after) => {
          const text = `${before}${character}${after}`;
          const line = lineOf((log) => log.info(text, { [text]: text }), { format });

          expect(line).not.toMatch(breaking);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('comes back from JSON as it was', () => {
    const name = 'Jane\n\u2028\u202e"Doe" \u{e0001} é';

    expect(JSON.parse(lineOf((log) => log.info('m', { name })))).toMatchObject({ name });
  });

  test('cannot forge a second line for a person', () => {
    const line = lineOf((log) => log.info('m', { name: 'x\n02:03:04 error All is lost' }), { format: textLine });

    expect(line).toBe(String.raw`02:03:04 info  m  name="x\n02:03:04 error All is lost"`);
  });
});

describe('no line shows', () => {
  const anywhere: readonly ((log: Log, text: string) => void)[] = [
    (log, text) => log.info(text),
    (log, text) => log.debug('m', { body: text }),
    (log, text) => log.warn('m', { [text]: 1 }),
    (log, text) => log.error('m', errorFields(new Error(text))),
    (log, text) => log.error('m', errorFields(text)),
    (log, text) => log.error('m', errorFields(new AnchorwatchError('denied', 'm', { fields: { detail: text } }))),
    (log, text) => {
      const deep = new TypeError('c', { cause: new Error('b', { cause: new Error(text) }) });
      log.error('m', errorFields(new AnchorwatchError('transient', 'a', { cause: deep })));
    },
  ];

  test.each(FORMATS)('a secret, in no place of a line of %s', (_, format) => {
    fc.assert(
      fc.property(carriedSecret, fc.constantFrom(...anywhere), ({ text, secret }, write) => {
        expect(lineOf((log) => write(log, text), { format, least: 'debug' })).not.toContain(secret);
      }),
      { numRuns: 1_000 },
    );
  });

  test.each(FORMATS)('an anchor, in no place of a line of %s', (_, format) => {
    const spelling = fc.constantFrom(...Object.values(SPELLINGS));

    fc.assert(
      fc.property(
        bytes16,
        spelling,
        fc.constantFrom(...BESIDE),
        fc.constantFrom(...anywhere),
        (bytes, spell, [before, after], write) => {
          const anchor = spell(bytes);
          const line = lineOf((log) => write(log, `${before}${anchor}${after}`), { format, least: 'debug' });

          // A backslash is written as two.
          expect(line).not.toContain(anchor);
          expect(line).not.toContain(JSON.stringify(anchor).slice(1, -1));
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

describe('a field that is named an anchor', () => {
  test.each(FORMATS)('is masked whole in a line of %s, and the object id beside it is not', (_, format) => {
    const fields = { anchor: 'employee 4711', id: '3ab39606-c642-489b-84b6-58c038d3ef39' };
    const line = lineOf((log) => log.info('m', fields), { format });

    expect(line).not.toContain('4711');
    expect(line).toContain('(anchor)');
    expect(line).toContain('3ab39606-c642-489b-84b6-58c038d3ef39');
  });
});

describe('an error', () => {
  test('is a kind, a message with those of its causes, and what it knows', () => {
    const error = new AnchorwatchError('throttled', 'Okta is busy', {
      cause: new Error('429'),
      retryAfter: 5_000,
      fields: { app: '0oa1' },
    });

    expect(errorFields(error)).toEqual({
      app: '0oa1',
      kind: 'throttled',
      error: 'Okta is busy: 429',
      retryAfter: 5_000,
      at: undefined,
    } satisfies LogFields);
  });

  test('that nobody foresaw says where in the code it was thrown', () => {
    expect(errorFields(new TypeError('x is not a function'))).toMatchObject({
      kind: 'invalid',
      error: 'x is not a function',
      at: expect.stringMatching(/log\.test\.ts/),
    });
  });

  test('without a place, as some libraries throw it, is logged all the same', () => {
    const error = new Error('Okta HTTP 401');
    error.stack = '';

    expect(errorFields(error)['at']).toBeUndefined();
    expect(errorFields(42)).toMatchObject({ error: 'something thrown of type number' });
  });
});
