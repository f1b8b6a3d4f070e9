import type { IncomingMessage } from 'node:http';

/** The whole body as text; null when it is larger than `most` bytes, of which no more is kept. */
export async function readBody(request: IncomingMessage, most: number): Promise<string | null> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request) {
    const bytes = Buffer.from(part);
    length += bytes.length;
    if (length <= most) parts.push(bytes);
  }
  return length > most ? null : Buffer.concat(parts).toString();
}

/** Header names are lower case; what was sent more than once is joined as HTTP has it. */
export function headersOf(request: IncomingMessage): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}
