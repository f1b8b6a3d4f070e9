import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { previewEnvelope } from '../../cli/mail.ts';
import { sampleLetters } from '../../cli/mail/sample.ts';
import { NIGHT } from '../../cli/mail/sample-people.ts';
import { cardOf } from '../../shared/notify/card.ts';
import { emlOf } from '../../shared/notify/eml.ts';
import { htmlOf } from '../../shared/notify/html.ts';
import { payloadOf } from '../../shared/notify/payload.ts';
import { textOf } from '../../shared/notify/text.ts';

export const GOLDEN = resolve(import.meta.dirname, 'golden');

/** Every kind of mail as it is sent, by the names of the files that it is kept in; of the message, the card and the payload one each. */
export function goldenFiles(): Readonly<Record<string, string>> {
  const letters = sampleLetters();
  const files: Record<string, string> = {};
  for (const [name, letter] of Object.entries(letters)) {
    files[`${name}.html`] = htmlOf(letter);
    files[`${name}.txt`] = textOf(letter);
  }
  const { alarm } = letters;
  const news = letters['digest-news'];
  if (alarm === undefined || news === undefined) throw new Error('a sample is missing');
  // With the line breaks of a mail, no file survives every setting of git: here they are those of a file.
  files['alarm.eml'] = emlOf(alarm, previewEnvelope('alarm', NIGHT)).replaceAll('\r\n', '\n');
  files['digest-news.card.json'] = `${JSON.stringify(cardOf(news), null, 2)}\n`;
  files['alarm.payload.json'] = `${JSON.stringify(payloadOf(alarm, { id: 'alarm', created: NIGHT }), null, 2)}\n`;
  return files;
}

// `npm run golden` writes the files again. Look at what git says has changed in them before it is kept.
if (import.meta.main) {
  await rm(GOLDEN, { recursive: true, force: true });
  await mkdir(GOLDEN, { recursive: true });
  for (const [name, text] of Object.entries(goldenFiles())) await writeFile(join(GOLDEN, name), text);
}
