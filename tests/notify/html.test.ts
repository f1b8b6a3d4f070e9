import fc from 'fast-check';
import { HtmlValidate } from 'html-validate';
import { describe, expect, test } from 'vitest';
import { HOSTILE_NAMES } from '../../cli/mail/sample-people.ts';
import { sampleLetters } from '../../cli/mail/sample.ts';
import { digestOf } from '../../shared/notify/digest.ts';
import { letterOfDigest } from '../../shared/notify/digest-letter.ts';
import { htmlOf } from '../../shared/notify/html.ts';
import { textOf } from '../../shared/notify/text.ts';
import { anyLetter, hugeInput, squeezed } from './letters.ts';

const letters = sampleLetters();

/**
 * Mail programs lay out by what pages have given up: styles in elements, attributes for the looks of tables, and roles where they drop
 * the newer elements and words. How an empty element is closed is the renderer's to say.
 */
const validator = new HtmlValidate({
  extends: ['html-validate:recommended'],
  rules: {
    'no-inline-style': 'off',
    'no-deprecated-attr': 'off',
    'prefer-native-element': 'off',
    'presentation-role-style': 'off',
    'long-title': 'off',
    'void-style': ['error', { style: 'selfclose' }],
  },
});

async function faultsOf(html: string): Promise<readonly string[]> {
  const { results } = await validator.validateString(html);
  return results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => `${ruleId}: ${message}`));
}

/** Without the places where long words may be broken. */
function unbroken(html: string): string {
  return html.replaceAll('<wbr/>', '');
}

/** The elements of a mail, and the names of their attributes. */
function elementsOf(html: string): ReadonlySet<string> {
  const tags = html.matchAll(/<([a-z0-9]+)((?:\s+[a-z-]+(?:="[^"<]*")?)*)\s*\/?>/g);
  return new Set([...tags].flatMap(([, tag, attributes]) => [tag ?? '', ...namesOf(attributes ?? '')]));
}

function namesOf(attributes: string): string[] {
  return [...attributes.matchAll(/([a-z-]+)="/g)].map(([, name]) => `@${name}`);
}

const OURS = new Set(
  (
    'html head meta title style body div table tbody thead tr td th h1 h2 p ul li span a wbr ' +
    '@lang @dir @charset @name @content @class @style @role @aria-hidden @aria-label @aria-roledescription ' +
    '@width @align @valign @cellpadding @cellspacing @border @scope @href'
  ).split(' '),
);

describe('the HTML mail', () => {
  test.each(Object.keys(letters))('of the kind %s is valid HTML', async (name) => {
    expect(await faultsOf(htmlOf(letters[name]!))).toEqual([]);
  });

  test.each(Object.keys(letters))('of the kind %s needs no image, script, font or style from elsewhere', (name) => {
    const html = htmlOf(letters[name]!);

    expect(html).not.toMatch(/<(?:img|script|link|iframe|object|svg|form|input)\b|url\(|@import|\bon[a-z]+="/i);
    expect(unbroken(html).match(/https?:\/\/(?!evil\.example)/g) ?? []).toHaveLength(1);
  });

  test('holds nothing but our own elements and attributes, whatever the texts are', () => {
    fc.assert(
      fc.property(anyLetter, (letter) => {
        const html = htmlOf(letter);
        const body = html.slice(html.indexOf('</head>'));
        // Whatever begins like an element is one of ours, whole.
        const opened = body.match(/<[^/!]/g)?.length ?? 0;
        const whole = body.match(/<[a-z0-9]+(?:\s+[a-z-]+(?:="[^"<]*")?)*\s*\/?>/g)?.length ?? 0;
        expect(whole).toBe(opened);
        expect([...elementsOf(html)].filter((name) => !OURS.has(name))).toEqual([]);
        expect(html).not.toMatch(/[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|(?!\n)\p{Cc}/u);
        expect(html).not.toMatch(/href="(?!https:)/);
      }),
    );
  });

  test('shows hostile names as they are written', () => {
    const html = unbroken(htmlOf(letters['digest-news']!));

    expect(html).toContain('&lt;script>alert(1)&lt;/script>');
    expect(html).toContain('\\u{202e}');
    expect(html).toContain('bill\\r\\nBcc: ');
  });

  test.each([
    ['usual names', undefined],
    ['names of 5,000 letters', (at: number) => `${at}${'ä"<&'.repeat(1_250)}`],
    ['names that swell when they are escaped', (at: number) => `${at}${'\u202E'.repeat(500)}`],
  ])('of 5,000 findings with %s stays below 60 kB, and says how many more there are', (_, name) => {
    const letter = letterOfDigest(digestOf(hugeInput(5_000, name)));
    const html = htmlOf(letter);

    expect(Buffer.byteLength(html)).toBeLessThan(60_000);
    const text = squeezed(textOf(letter)).toLowerCase();
    const tails = /…\s*and\s*[\d,]+\s*more/;

    expect(html).toMatch(/… and 4,9\d\d more/);
    expect(Buffer.byteLength(textOf(letter))).toBeLessThan(60_000);
    // The text counts what it leaves out in its own way.
    const lacking = shownIn(html).filter(
      (value) => !tails.test(value) && !text.includes(squeezed(value).toLowerCase()),
    );
    expect(lacking).toEqual([]);
  });

  test('of 5,000 findings shows the twenty worst', () => {
    const html = htmlOf(letterOfDigest(digestOf(hugeInput(5_000))));

    expect(html.match(/… and 4,980 more/g)).toHaveLength(1);
  });

  test('says its state in words, and not by colour alone', () => {
    for (const letter of Object.values(letters)) {
      expect(htmlOf(letter).replace(/<[^>]*>/g, ' ')).toMatch(/Alarm: |Somebody has to act|News: |Quiet: /);
    }
  });

  test('gives every column and every row of a table its head', () => {
    const html = htmlOf(letters['digest-news']!);

    expect(html.match(/<th(?! scope="(?:col|row)")[\s>]/g)).toBeNull();
    expect(html.match(/<table(?![^>]*(?:role="presentation"|aria-label=))/g)).toBeNull();
  });

  test('has one button at most', () => {
    for (const letter of Object.values(letters)) expect(htmlOf(letter).match(/<a /g)).toHaveLength(1);
  });
});

/** The contrast of two colours as WCAG 2 measures it. */
function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

describe('the colours', () => {
  const html = Object.values(letters).map(htmlOf).join('');
  const inline = [...html.matchAll(/style="[^"]*?(?<![-a-z])color:(#[0-9a-f]{6})[^"]*"/g)].map(
    ([, colour]) => colour ?? '',
  );
  const dark = [...html.matchAll(/\{color:(#[0-9a-f]{6})!important/g)].map(([, colour]) => colour ?? '');

  test.each([...new Set(inline)].filter((colour) => colour !== '#ffffff'))('%s can be read on white', (colour) => {
    expect(contrast(colour, '#ffffff')).toBeGreaterThan(4.5);
  });

  test.each([...new Set(dark)].filter((colour) => colour !== '#0c1a29'))('%s can be read in the dark', (colour) => {
    expect(contrast(colour, '#1c222a')).toBeGreaterThan(4.5);
  });

  test('of the button can be read both ways', () => {
    expect(new Set(inline).size + new Set(dark).size).toBeGreaterThan(10);
    expect(contrast('#ffffff', '#0b5cad')).toBeGreaterThan(4.5);
    expect(contrast('#0c1a29', '#9cc7f5')).toBeGreaterThan(4.5);
  });
});

describe('the plain text', () => {
  test('holds every value of the HTML mail', () => {
    for (const letter of Object.values(letters)) {
      const text = squeezed(textOf(letter)).toLowerCase();
      for (const value of shownIn(htmlOf(letter))) expect(text).toContain(squeezed(value).toLowerCase());
    }
  });

  test('holds every value of the HTML mail, whatever the texts are', () => {
    fc.assert(
      fc.property(anyLetter, (letter) => {
        const text = squeezed(textOf(letter)).toLowerCase();
        const values = shownIn(htmlOf(letter));
        expect(values.filter((value) => !text.includes(squeezed(value).toLowerCase()))).toEqual([]);
      }),
    );
  });

  test('is at most 76 columns wide but for the address, and shows nothing that hides or turns', () => {
    for (const letter of Object.values(letters)) {
      const wide = textOf(letter)
        .split('\n')
        .filter((line) => Array.from(line).length > 76 && !line.startsWith('https://'));
      expect(wide).toEqual([]);
    }
    fc.assert(
      fc.property(anyLetter, (letter) => {
        expect(textOf(letter)).not.toMatch(/[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|(?!\n)\p{Cc}/u);
      }),
    );
  });

  test('names the hostile as the mail does', () => {
    const text = squeezed(textOf(letters['digest-news']!));

    expect(HOSTILE_NAMES.length).toBeGreaterThan(3);
    expect(text).toContain('=HYPERLINK("https://evil.example","x")@contoso.com');
    expect(text).toContain('bill\\r\\nBcc:everybody@evil.example');
  });
});

/** The texts of the cells, items, headings, paragraphs and links of a mail. */
function shownIn(html: string): readonly string[] {
  const body = html.slice(html.indexOf('</head>'));
  const signs: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&amp;': '&' };
  return body
    .replace(/<div[^>]*aria-hidden[^]*?<\/div>/, '')
    .replace(/<thead>.*?<\/thead>/g, '')
    .replace(/<span class="n p"[^>]*>.*?<\/span>/g, '')
    .replace(/<wbr\/?>|<span class="k">|(?<=<span class="k">[^<]*)<\/span>/g, '')
    .split(/<(?:[^<>"]|"[^"]*")*>/)
    .map((text) => text.replace(/&(?:lt|gt|quot|amp);/g, (sign) => signs[sign] ?? sign))
    .filter((text) => text.trim() !== '');
}
