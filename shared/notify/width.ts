/** Letters that a terminal shows two columns wide: those of East Asia in their full form, and emoji. */
const WIDE =
  /^(?:[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}]|[\u3000-\u303E\uFF01-\uFF60\uFFE0-\uFFE6])$/u;
const HALF = /^[\uFF61-\uFFDC]$/u;
/** Accents and the like, which stand on the letter before them. */
const UPON = /^[\p{Mn}\p{Me}]$/u;

/** Columns that a text takes in a terminal. It holds no control or format character any more. */
export function widthOf(text: string): number {
  let width = 0;
  for (const letter of text) width += letterWidth(letter);
  return width;
}

/** The text with blanks on that side of it, up to so many columns. */
export function padTo(text: string, width: number, side: 'left' | 'right' = 'right'): string {
  const blanks = ' '.repeat(Math.max(0, width - widthOf(text)));
  return side === 'right' ? text + blanks : blanks + text;
}

/** The text in parts of at most so many columns; a letter wider than that is a part by itself. */
export function cutEvery(text: string, width: number): string[] {
  const parts: string[] = [];
  let part = '';
  let room = width;
  for (const letter of text) {
    const needed = letterWidth(letter);
    if (needed > room && part !== '') {
      parts.push(part);
      [part, room] = ['', width];
    }
    part += letter;
    room -= needed;
  }
  return [...parts, part];
}

function letterWidth(letter: string): number {
  if (letter < '\u0300') return 1;
  if (UPON.test(letter)) return 0;
  return WIDE.test(letter) && !HALF.test(letter) ? 2 : 1;
}
