import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { scheduleText } from '../shared/config/timer.ts';
import { AnchorwatchError } from '../shared/errors.ts';
import { findingsCsv } from '../shared/notify/csv.ts';
import { digestOf } from '../shared/notify/digest.ts';
import { letterOfDigest } from '../shared/notify/digest-letter.ts';
import { emlOf, type Envelope } from '../shared/notify/eml.ts';
import { htmlOf } from '../shared/notify/html.ts';
import type { Letter } from '../shared/notify/letter.ts';
import { textOf } from '../shared/notify/text.ts';
import type { Instant } from '../shared/time.ts';
import { openHistory } from './history.ts';
import type { ExitCode, Io } from './io.ts';
import { lastInput } from './mail/last.ts';
import { sampleLetters } from './mail/sample.ts';
import { NIGHT } from './mail/sample-people.ts';

interface PreviewOptions {
  readonly out: string;
  readonly last: boolean;
  readonly tenant: string;
}

/** `mail` and what is under it. */
export function addMail(program: Command, io: Io, end: (code: ExitCode) => void): void {
  const mail = program.command('mail').description('see the mails that Anchorwatch sends');
  mail
    .command('preview')
    .description('write a mail of each kind into files; nothing is sent')
    .option('--out <folder>', 'where to', 'mails')
    .option('--last', 'the digest of the last run instead of samples; needs the storage setting', false)
    .option('--tenant <name>', 'what the organisation is called in the digest of the last run', 'preview')
    .addHelpText(
      'after',
      '\nEach is written as HTML, as plain text, and as .eml, which mail programs open. The samples are of a company that does not exist.',
    )
    .action(async (options: PreviewOptions) => {
      const { letters, sent, csv } = await lettersFor(options, io);
      for (const [name, letter] of Object.entries(letters)) {
        for (const path of await writeLetter(
          name,
          letter,
          previewEnvelope(name, sent, csv),
          resolve(io.cwd, options.out),
        ))
          io.out(`${path}\n`);
      }
      end(0);
    });
}

interface Preview {
  readonly letters: Readonly<Record<string, Letter>>;
  readonly sent: Instant;
  /** All findings, of which a letter shows twenty; null where there are none but samples. */
  readonly csv: string | null;
}

async function lettersFor({ last, tenant }: PreviewOptions, io: Io): Promise<Preview> {
  if (!last) return { letters: sampleLetters(), sent: NIGHT, csv: null };
  const input = await lastInput(tenant, scheduleText(io.env), openHistory(io));
  return {
    letters: { 'digest-last': letterOfDigest(digestOf(input)) },
    sent: input.now,
    csv: findingsCsv(input.seen).csv,
  };
}

/** Addresses of a domain that is kept for examples: whoever sends such a file on by mistake reaches nobody. */
export function previewEnvelope(name: string, sent: Instant, csv: string | null = null): Envelope {
  return {
    from: { name: 'Anchorwatch', address: 'anchorwatch@example.com' },
    to: [{ name: 'Identity team', address: 'identity-team@example.com' }],
    sent,
    messageId: `${name}.preview@anchorwatch.example.com`,
    thread: null,
    attachments: csv === null ? [] : [{ name: 'findings.csv', csv }],
  };
}

async function writeLetter(
  name: string,
  letter: Letter,
  envelope: Envelope,
  folder: string,
): Promise<readonly string[]> {
  const files = {
    [`${name}.html`]: htmlOf(letter),
    [`${name}.txt`]: textOf(letter),
    [`${name}.eml`]: emlOf(letter, envelope),
  };
  const paths: string[] = [];
  try {
    await mkdir(folder, { recursive: true });
    for (const [file, text] of Object.entries(files)) {
      await writeFile(join(folder, file), text);
      paths.push(join(folder, file));
    }
  } catch (error) {
    throw new AnchorwatchError('invalid', 'The mails cannot be written', { cause: error });
  }
  return paths;
}
