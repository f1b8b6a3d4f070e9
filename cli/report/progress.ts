import { count } from '../../shared/notify/count.ts';
import { cutEvery } from '../../shared/notify/width.ts';
import type { Progress } from '../../shared/rosters/progress.ts';
import { plain } from './safe.ts';

const BAR = 12;

/** One line that is written over and over: every list that is being read, and how far it has come. */
export interface ProgressBar {
  readonly show: (progress: Progress) => void;
  /** Takes the line away, so that something else may be written. */
  readonly clear: () => void;
}

export function progressBar(write: (text: string) => void, columns: number): ProgressBar {
  const reading = new Map<string, Progress>();
  return {
    show(progress) {
      if (progress.done) reading.delete(progress.list);
      else reading.set(progress.list, progress);
      const line = [...reading.values()].map(partOf).join('   ');
      // The last column stays free: in it some terminals begin a new line.
      write(`\r\u001B[K${cutEvery(line, columns - 1)[0] ?? ''}`);
    },
    clear: () => write('\r\u001B[K'),
  };
}

/** `Entra users ████████▒▒▒▒ 8,000 of 12,345`; where nobody knows how many there are, the rows alone. */
function partOf({ label, rows, expected }: Progress): string {
  const name = plain(label);
  const read = count(rows);
  if (expected === null || expected <= 0) return `${name} ${read}`;
  const full = Math.round(BAR * Math.min(1, rows / expected));
  return `${name} ${'█'.repeat(full)}${'▒'.repeat(BAR - full)} ${read} of ${count(expected)}`;
}
