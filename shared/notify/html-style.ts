import type { Severity } from './letter.ts';

/**
 * The looks of a mail. Colours and sizes are written into the elements, since some programs drop style sheets; the sheet below adds what a
 * mail can be read without, and turns the colours over for readers in the dark. Text has a contrast of at least 4.5 to 1 on its ground, both ways.
 */
const FONT = "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;";
const INK = 'color:#1b2430;';
const PALE = 'color:#55606e;';

export const STYLE = {
  body: 'margin:0;padding:0;background-color:#eef1f4;',
  hidden: 'display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;font-size:1px;line-height:1px;mso-hide:all;',
  ground: 'width:100%;background-color:#eef1f4;border-collapse:collapse;',
  margin: 'padding:16px 8px;',
  column: `width:100%;max-width:600px;margin:0 auto;background-color:#ffffff;border-collapse:collapse;${FONT}`,
  top: 'padding:20px 24px 0 24px;',
  block: 'padding:18px 24px 0 24px;',
  last: 'padding:24px 24px 24px 24px;',
  badge: 'margin:0;font-size:13px;line-height:18px;font-weight:600;',
  h1: `margin:6px 0 0 0;font-size:20px;line-height:27px;font-weight:600;${INK}`,
  h2: `margin:0 0 6px 0;font-size:15px;line-height:20px;font-weight:600;${INK}`,
  list: `margin:0;padding:0 0 0 18px;font-size:14px;line-height:20px;${INK}`,
  item: 'margin:0 0 4px 0;',
  figures: 'width:100%;border-collapse:collapse;table-layout:fixed;',
  figure: 'padding:10px 4px;text-align:center;vertical-align:top;border:1px solid #d5dbe2;',
  number: `display:block;font-size:20px;line-height:26px;font-weight:600;${INK}`,
  label: `display:block;font-size:12px;line-height:15px;${PALE}`,
  table: `width:100%;border-collapse:collapse;text-align:left;line-height:18px;${INK}`,
  th: `padding:6px 8px 6px 0;font-size:12px;font-weight:600;border-bottom:2px solid #d5dbe2;${PALE}`,
  td: 'padding:8px 8px 8px 0;font-size:13px;border-bottom:1px solid #d5dbe2;',
  rowHead: 'font-weight:600;',
  short: 'display:none;mso-hide:all',
  more: `margin:6px 0 0 0;font-size:13px;line-height:18px;${PALE}`,
  buttonCell: 'padding:0;background-color:#0b5cad;border-radius:4px;',
  button: `display:inline-block;padding:11px 22px;font-size:15px;line-height:20px;font-weight:600;color:#ffffff;text-decoration:none;${FONT}`,
  foot: `margin:0 0 4px 0;font-size:12px;line-height:17px;${PALE}`,
} as const;

/** The bar and the words of a severity, in the light. */
export const SEVERITY_COLOUR: Readonly<Record<Severity, string>> = {
  quiet: '#1d6b3e',
  news: '#0b5cad',
  decision: '#8a4b00',
  alarm: '#b3121d',
};

const DARK = {
  '.g': 'background-color:#12161b!important',
  '.c': 'background-color:#1c222a!important',
  '.t': 'color:#e8edf3!important',
  '.p': 'color:#a9b4c0!important',
  '.l': 'border-color:#3a4450!important',
  '.b': 'background-color:#9cc7f5!important',
  '.bt': 'color:#0c1a29!important',
  '.s-quiet': 'color:#7fd6a2!important;border-color:#7fd6a2!important',
  '.s-news': 'color:#9cc7f5!important;border-color:#9cc7f5!important',
  '.s-decision': 'color:#f0b765!important;border-color:#f0b765!important',
  '.s-alarm': 'color:#ff9a9f!important;border-color:#ff9a9f!important',
} as const;

/**
 * Outlook's tables inherit no font. In the dark all colours turn over; and on a phone the cells of a row stand below each other, each behind its
 * column's name.
 */
export const SHEET = [
  ':root{color-scheme:light dark;supported-color-schemes:light dark}',
  `td,th,p,h1,h2,li{${FONT}overflow-wrap:break-word}`,
  '.k{white-space:nowrap}',
  `@media (prefers-color-scheme:dark){${Object.entries(DARK)
    .map(([name, rule]) => `${name}{${rule}}`)
    .join('')}}`,
  '@media (max-width:520px){',
  '.w{padding-left:16px!important;padding-right:16px!important}',
  '.r thead{display:none!important}',
  '.r,.r tbody,.r tr,.r th,.r td{display:block!important;width:auto!important}',
  '.r td,.r th{border-bottom:0!important;padding:1px 0!important;text-align:left!important}',
  '.r tr{border-bottom:1px solid #8893a0;padding:8px 0!important}',
  '.r .n{display:inline!important}',
  '.n2{font-size:17px!important}',
  '}',
].join('');
