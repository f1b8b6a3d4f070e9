import { cutEvery, widthOf } from './width.ts';

/**
 * Breaks a sentence at its blanks, and a word that is longer than a line wherever the line ends. Later lines keep the indent; more
 * leading blanks than any line of ours has are somebody's text, and would leave no room.
 */
export function wrap(line: string, width: number): string[] {
  const indent = /^ {0,4}/.exec(line)?.[0] ?? '';
  const room = Math.max(1, width - indent.length);
  const lines: string[] = [];
  let current = '';
  for (const word of line
    .slice(indent.length)
    .split(' ')
    .flatMap((one) => cutEvery(one, room))) {
    if (current !== '' && widthOf(current) + 1 + widthOf(word) > room) {
      lines.push(indent + current);
      current = word;
    } else current = current === '' ? word : `${current} ${word}`;
  }
  return [...lines, indent + current];
}
