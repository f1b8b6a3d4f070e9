/** RFC 2045: no encoded line is longer, without its line break. */
const LINE = 76;

/** Text as quoted-printable, with CRLF. Every letter that a mail server or a boundary could take for its own is encoded. */
export function quotedPrintable(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .split('\n')
    .map((line) => softBroken([...Buffer.from(line, 'utf8')].map(octet)))
    .join('\r\n');
}

/** Printable ASCII but for `=`; a blank is kept, and looked after where a line ends. */
function octet(byte: number): string {
  const isPlain = byte >= 0x20 && byte <= 0x7e && byte !== 0x3d;
  return isPlain ? String.fromCharCode(byte) : hex(byte);
}

function hex(byte: number): string {
  return `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** A blank at the end of a line, and what at its beginning SMTP or a mailbox file knows (`.`, `From `, `--`), would not arrive as it is. */
function softBroken(octets: readonly string[]): string {
  const lines: string[] = [];
  let line = '';
  for (const [at, one] of octets.entries()) {
    const isLast = at === octets.length - 1;
    const isFragile = (one === ' ' && isLast) || (line === '' && ['.', '-', 'F'].includes(one));
    const coded = isFragile ? hex(one.charCodeAt(0)) : one;
    if (line.length + coded.length > LINE - 1) {
      lines.push(`${line}=`);
      // What was looked at as the middle of a line now begins one.
      line = ['.', '-', 'F'].includes(one) ? hex(one.charCodeAt(0)) : coded;
    } else line += coded;
  }
  return [...lines, line].join('\r\n');
}

export function base64Lines(text: string): string {
  const encoded = Buffer.from(text, 'utf8').toString('base64');
  return encoded.replace(/.{76}(?=.)/g, '$&\r\n');
}
