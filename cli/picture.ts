import { fileURLToPath } from 'node:url';
import { run } from './program.ts';

const EXAMPLES = fileURLToPath(new URL('../docs/examples', import.meta.url));
const FILES = ['--ad', 'ad.csv', '--entra', 'entra.csv', '--okta', 'okta.json'];
const WIDTH = 150;
/** Of a letter and of a line, in pixels: a monospaced font of 12 pixels. */
const LETTER = 7.25;
const LINE = 18;
const MARGIN = 20;

/** `docs/report.svg`: what the terminal shows of the example files, for readers who have not run it yet; light or dark as they read. */
export async function reportPicture(): Promise<string> {
  const lines = [`$ anchorwatch compare ${FILES.join(' ')}`, '', ...tableOf(await report())];
  const [width, height] = [Math.ceil(WIDTH * LETTER) + 2 * MARGIN, lines.length * LINE + 2 * MARGIN];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="The report of anchorwatch compare, as the terminal shows it">`,
    `<style>${STYLE}</style>`,
    `<rect class="bg" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>`,
    ...lines.flatMap((line, at) => (line === '' ? [] : [textOf(line, at)])),
    '</svg>',
    '',
  ].join('\n');
}

const STYLE =
  '.bg{fill:#ffffff;stroke:#d0d7de}text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#1f2328}' +
  '@media(prefers-color-scheme:dark){.bg{fill:#0d1117;stroke:#30363d}text{fill:#e6edf3}}';

async function report(): Promise<string> {
  const parts: string[] = [];
  await run(['compare', ...FILES], {
    out: (text) => parts.push(text),
    err: (text) => parts.push(text),
    columns: WIDTH,
    ask: null,
    isTerminal: false,
    cwd: EXAMPLES,
    env: {},
  });
  return parts.join('');
}

/** The table and the last line; what stands between them explains the words, and is longer than any picture. */
function tableOf(text: string): readonly string[] {
  const lines = text.trimEnd().split('\n');
  const first = lines.findIndex((line) => line.startsWith('person '));
  const end = lines.indexOf('', first);
  return [...lines.slice(first, end), '', lines.at(-1) ?? ''];
}

/** The length is said, so that columns stand under each other whatever font the reader has. */
function textOf(line: string, at: number): string {
  const [y, length] = [MARGIN + (at + 0.75) * LINE, Math.round(Array.from(line).length * LETTER)];
  const escaped = line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<text x="${MARGIN}" y="${y}" xml:space="preserve" textLength="${length}">${escaped}</text>`;
}
