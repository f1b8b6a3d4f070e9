import fc from 'fast-check';

export const ENCODINGS = [
  'utf-8',
  'utf-8 with mark',
  'utf-16le',
  'utf-16le bare',
  'utf-16be',
  'utf-16be bare',
] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** Bytes of a text as the tools that export files write them. */
export function encoded(text: string, encoding: Encoding = 'utf-8'): Uint8Array {
  if (encoding === 'utf-8') return Buffer.from(text);
  if (encoding === 'utf-8 with mark') return Buffer.from(`\uFEFF${text}`);
  const bytes = Buffer.from(encoding.endsWith('bare') ? text : `\uFEFF${text}`, 'utf16le');
  return encoding.startsWith('utf-16be') ? bytes.swap16() : bytes;
}

export interface Layout {
  readonly delimiter: ',' | ';' | '\t';
  readonly lineEnd: '\r\n' | '\n' | '\r';
  readonly quotes: 'always' | 'where needed';
  readonly encoding: Encoding;
  readonly typeLine: boolean;
  readonly sepLine: boolean;
  readonly lastLineEnd: boolean;
}

export const anyLayout: fc.Arbitrary<Layout> = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t'),
  lineEnd: fc.constantFrom('\r\n', '\n', '\r'),
  quotes: fc.constantFrom('always', 'where needed'),
  encoding: fc.constantFrom(...ENCODINGS),
  typeLine: fc.boolean(),
  sepLine: fc.boolean(),
  lastLineEnd: fc.boolean(),
});

/** A table of text as a file. */
export function csvFile(rows: readonly (readonly string[])[], layout: Partial<Layout> = {}): Uint8Array {
  const { delimiter = ',', lineEnd = '\r\n', quotes = 'always', encoding = 'utf-8' } = layout;
  const cell = (text: string): string =>
    quotes === 'always' || /["\r\n,;\t]/.test(text) || text === '' ? `"${text.replaceAll('"', '""')}"` : text;
  const lines = [
    ...(layout.typeLine === true ? ['#TYPE Selected.Microsoft.ActiveDirectory.Management.ADUser'] : []),
    ...(layout.sepLine === true ? [`sep=${delimiter}`] : []),
    ...rows.map((row) => row.map(cell).join(delimiter)),
  ];
  return encoded(lines.join(lineEnd) + (layout.lastLineEnd === false ? '' : lineEnd), encoding);
}

export function jsonFile(value: unknown): Uint8Array {
  return encoded(JSON.stringify(value));
}

export const GUIDS = [
  ['3ab39606-c642-489b-84b6-58c038d3ef39', 'BpazOkLGm0iEtljAONPvOQ=='],
  ['8c4ac332-975f-4717-ad7b-ba4a4e968fff', 'MsNKjF+XF0ete7pKTpaP/w=='],
  ['67d8ac54-be50-4422-99c4-85a5ad6e484e', 'VKzYZ1C+IkSZxIWlrW5ITg=='],
] as const;
