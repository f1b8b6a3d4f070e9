import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { tableLines } from '../../cli/report/sheet.ts';
import { isoTime } from '../../shared/time.ts';
import type { DeskClient } from '../http/desk-client.ts';
import { ROOT } from '../stack.ts';
import { say, width } from './say.ts';

/** Where the mails of the last demo lie, for whoever wants to look at them. */
const FOLDER = join(ROOT, '.anchorwatch', 'demo-mails');

/** Shows what has come into the simulated mailboxes, and keeps each mail as a page that a browser opens, with what is attached to it beside it. */
export async function showPost(desk: DeskClient): Promise<void> {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  const sent = (await desk.mails()).filter((mail) => mail.sent !== null);
  const rows: string[][] = [];
  for (const [at, mail] of sent.entries()) {
    const number = String(at + 1).padStart(2, '0');
    const path = join(FOLDER, `${number}.html`);
    await writeFile(path, mail.content);
    for (const { name, contentBytes } of mail.attachments)
      await writeFile(join(FOLDER, `${number}-${basename(name)}`), contentBytes, 'base64');
    rows.push([isoTime(mail.sent ?? 0).slice(0, 16), mail.to.join(', '), mail.subject, relative(process.cwd(), path)]);
  }
  say(tableLines(['sent', 'to', 'subject', 'as a file'], rows, width()).join('\n'));
}
