import { AnchorwatchError } from '../errors.ts';
import type { Attachment } from '../ports/channel.ts';
import { escapeControls } from '../controls.ts';
import { DAY, type Instant, isoTime } from '../time.ts';
import { htmlOf } from './html.ts';
import type { Letter } from './letter.ts';
import { addressList, headerLine, type Mailbox, unstructured } from './mail-headers.ts';
import { base64Lines, quotedPrintable } from './mail-encodings.ts';
import { textOf } from './text.ts';

export interface Envelope {
  readonly from: Mailbox;
  readonly to: readonly Mailbox[];
  readonly sent: Instant;
  /** `name@domain`, without angle brackets: the same for each attempt to send one letter. */
  readonly messageId: string;
  /** What the mails of one incident have in common, in the same form; null for a mail that stands alone. */
  readonly thread: string | null;
  readonly attachments: readonly Attachment[];
}

/** In quoted-printable and base64 no line can be one of these: `=_` is no encoding of anything. */
const ALTERNATIVE = '=_anchorwatch_alternative';
const MIXED = '=_anchorwatch_mixed';

/**
 * The letter as a message of RFC 5322, in ASCII, with lines that end in CRLF and are at most 76 letters long. Nothing that is passed in can
 * begin a header of its own: addresses and ids are refused unless they are plain, and all else is encoded.
 */
export function emlOf(letter: Letter, envelope: Envelope): string {
  const { from, to, sent, messageId, thread, attachments } = envelope;
  const headers = [
    headerLine('From', addressList([from])),
    headerLine('To', addressList(to)),
    headerLine('Subject', unstructured(escapeControls(letter.subject))),
    headerLine('Date', [mailDate(sent)]),
    headerLine('Message-ID', [`<${plainId(messageId)}>`]),
    ...(thread === null ? [] : [headerLine('References', [`<${plainId(thread)}>`])]),
    // So that no out-of-office notice answers, and so that a mailbox can sort.
    headerLine('Auto-Submitted', ['auto-generated']),
    headerLine('X-Anchorwatch-Severity', [letter.severity]),
    headerLine('MIME-Version', ['1.0']),
  ];
  const bodies = part(
    `multipart/alternative; boundary="${ALTERNATIVE}"`,
    [],
    multipart(ALTERNATIVE, [
      part(
        'text/plain; charset=utf-8',
        ['Content-Transfer-Encoding: quoted-printable'],
        quotedPrintable(textOf(letter)),
      ),
      part(
        'text/html; charset=utf-8',
        ['Content-Transfer-Encoding: quoted-printable'],
        quotedPrintable(htmlOf(letter)),
      ),
    ]),
  );
  const body =
    attachments.length === 0
      ? bodies
      : part(
          `multipart/mixed; boundary="${MIXED}"`,
          [],
          multipart(MIXED, [bodies, ...attachments.map(attachmentPart)]),
        );
  return `${headers.join('\r\n')}\r\n${body}`;
}

function attachmentPart({ name, csv }: Attachment): string {
  if (!/^[\w.-]{1,60}$/.test(name)) throw new AnchorwatchError('invalid', 'The name of an attachment is not plain.');
  const headers = ['Content-Transfer-Encoding: base64', `Content-Disposition: attachment; filename="${name}"`];
  return part('text/csv; charset=utf-8', headers, base64Lines(csv));
}

function part(type: string, headers: readonly string[], body: string): string {
  return [`Content-Type: ${type}`, ...headers, '', body].join('\r\n');
}

function multipart(boundary: string, parts: readonly string[]): string {
  return `${parts.map((one) => `--${boundary}\r\n${one}\r\n`).join('')}--${boundary}--\r\n`;
}

function plainId(id: string): string {
  if (/^[\w.!#$%&'*+/=?^`{|}~-]{1,120}@[A-Za-z0-9.-]{1,120}$/.test(id)) return id;
  throw new AnchorwatchError('invalid', 'A message id has to be of the form name@domain, in plain letters.');
}

const DAYS = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Mon, 23 Nov 2026 02:00:00 +0000`; the first of January 1970 was a Thursday. */
function mailDate(sent: Instant): string {
  const [year, month, date, time] = isoTime(sent).split(/[-T.]/);
  const weekday = DAYS[Math.floor(sent / DAY) % 7] ?? '';
  return `${weekday}, ${date ?? ''} ${MONTHS[Number(month) - 1] ?? ''} ${year ?? ''} ${time ?? ''} +0000`;
}
