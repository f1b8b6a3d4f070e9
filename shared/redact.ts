/** One thing that must not be seen, and what stands in its place. */
interface Rule {
  readonly pattern: RegExp;
  readonly mask: string;
}

/**
 * A walk through the text: escapes that end one word and begin the next (`%27`, `\u0027`, `\n`), and runs of base64 in all its
 * dresses, plain, URL-safe, percent-encoded or escaped in JSON, each with its padding.
 */
const RUN =
  /%(?!2[BF])[0-9A-F]{2}|\\u(?!002[BF])[0-9A-F]{4}|\\[nrt]|((?:[\w+/-]|%2[BF]|\\u002[BF]|\\\/)+)((?:=|%3D|\\u003D){0,2})/gi;

const AFTER_ESCAPE = String.raw`(?<=%[0-9a-f]{2}|\\[nrt]|\\u[0-9a-f]{4})`;

/** A hexadecimal number, or a word, begins here: not in the middle of a longer one, yet right after an escape. */
const HEX_BEGINS = `(?:(?<![0-9a-f])|${AFTER_ESCAPE})`;
const WORD_BEGINS = String.raw`(?:(?<![\w-])|${AFTER_ESCAPE})`;

const GUID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/;

/** Sixteen bytes are 22 characters of base64, before the padding. */
const ANCHOR_LENGTH = 22;

/** With both equals signs behind it even a run that lost its first character to an escape is an anchor. */
const PADDED_LENGTH = 21;

/** Longer than any name or path segment that ends in an equals sign, shorter than any key. */
const KEY_LENGTH = 43;

/**
 * Secrets are known by their surroundings (a scheme, a field's name, a PEM frame) or by a shape that nothing else has.
 * Every pattern runs in linear time: each begins at a fixed text or at the first character of a run.
 */
const SECRETS: readonly Rule[] = [
  // A frame without its end is a key that somebody cut off: masked to the end of the text.
  { pattern: /-----BEGIN [^-]{1,40}-----[^]*?(?:-----END [^-]{1,40}-----|$)/g, mask: '(key)' },
  // Private members of a JSON Web Key, also inside JSON that is itself text.
  { pattern: /(["'](?:d|p|q|dp|dq|qi|k)\\{0,4}["']\s*:\s*\\{0,4}["'])[^"'\\]+/g, mask: '$1(key)' },
  // A JSON Web Token: assertions, access tokens, DPoP proofs.
  { pattern: new RegExp(String.raw`${WORD_BEGINS}eyJ[\w-]+\.[\w-]+(?:\.[\w-]*){0,3}`, 'g'), mask: '(token)' },
  { pattern: /\b(Bearer|SSWS|DPoP|SharedKey|SharedKeyLite)(?:\s+|%20)[^\s"',;\\]+/gi, mask: '$1 (token)' },
  { pattern: /\b(Basic)\s+[A-Za-z0-9+/=_-]{16,}/gi, mask: '$1 (token)' },
  { pattern: /\b(x-identity-header|x-functions-key)(["']?\s*[:=]\s*["']?)[^\s"',;\\]+/gi, mask: '$1$2(secret)' },
  // An Okta API token: "00" and forty more.
  { pattern: new RegExp(String.raw`${WORD_BEGINS}00[\w-]{40}(?![\w-])`, 'g'), mask: '(token)' },
  // A client secret of Entra ID: its fourth to sixth characters are a digit and "Q~".
  { pattern: /[\w.~-]{3}\dQ~[\w.~-]{31,34}/g, mask: '(secret)' },
  // name=value in connection strings, forms and addresses; then "name": "value" in JSON and in printed objects.
  {
    pattern:
      /((?:client_assertion|assertion|client_secret|(?:access|refresh|id)_token|AccountKey|SharedAccessKey|SharedAccessSignature|password|secret|sig|[?&]code)=)[^\s"'&;]+/gi,
    mask: '$1(secret)',
  },
  {
    pattern:
      /((?:client_?assertion|assertion|client_?secret|(?:access|refresh|id)_?token|AccountKey|password|secret|private_?key|api_?token|authorization)\\{0,4}["']?\s*:\s*\\{0,4}["'])[^"'\\]+/gi,
    mask: '$1(secret)',
  },
  { pattern: /(:\/\/)[^\s/@"']{1,200}@/g, mask: '$1(credentials)@' },
];

const ANCHORS: readonly Rule[] = [
  // Hexadecimal octets: bare, separated, escaped for LDAP (several backslashes where JSON escaped them again).
  { pattern: new RegExp(`${HEX_BEGINS}[0-9a-f]{32}(?![0-9a-f])`, 'gi'), mask: '(anchor)' },
  { pattern: new RegExp(`${HEX_BEGINS}(?:[0-9a-f]{2}[ :-]){15}[0-9a-f]{2}(?![0-9a-f])`, 'gi'), mask: '(anchor)' },
  { pattern: /(?:\\{1,4}x?[0-9a-f]{2}){16}/gi, mask: '(anchor)' },
  // The connector space of Entra Connect writes the base64 text itself in hexadecimal; 3D3D is its padding.
  { pattern: new RegExp(`${HEX_BEGINS}[0-9a-f]{44}3d3d(?![0-9a-f])`, 'gi'), mask: '(anchor)' },
  // Object ids are GUIDs too and must be readable: a GUID is an anchor where the text before it says so.
  {
    pattern: new RegExp(
      String.raw`((?:anchor|immutable ?id|objectguid|consistencyguid|externalid)(?:[\s=:"'({\\]|%2[027]|%3D|eq|is){0,12})${GUID.source}`,
      'gi',
    ),
    mask: '$1(anchor)',
  },
];

/** Fields whose whole value is an anchor, whatever it looks like: `anchor`, `sourceAnchor`, `onPremisesImmutableId` … */
const ANCHOR_FIELD = /(?:anchor|immutable_?id|external_?id|object_?guid|consistency_?guid)$/i;

/** Ids that the other side hands out so that a call can be found again: they may look like an anchor and never are one. */
const CORRELATION_FIELD = /^(?:request|trace|correlation|operation)Id$/;

/**
 * The text without tokens, keys, assertions, passwords and full anchors. Object ids, Okta ids, names and addresses stay.
 *
 * An anchor is known by its shape: 16 bytes in base64 (padded or not, URL-safe or not), in hexadecimal, escaped for LDAP, or
 * as GUID text in base64. A GUID as plain text is masked only where it is named an anchor, since object ids look the same.
 */
export function redact(text: string): string {
  return redactAnchors(redactSecrets(text));
}

/** The value of a named field, redacted: the name tells what the value alone cannot. */
export function redactField(name: string, value: string): string {
  if (ANCHOR_FIELD.test(name)) return value === '' ? value : '(anchor)';
  return CORRELATION_FIELD.test(name) ? redactSecrets(value) : redact(value);
}

function redactSecrets(text: string): string {
  return apply(SECRETS, text);
}

function redactAnchors(text: string): string {
  return apply(ANCHORS, text).replace(RUN, maskRun);
}

function apply(rules: readonly Rule[], text: string): string {
  let masked = text;
  for (const { pattern, mask } of rules) masked = masked.replace(pattern, mask);
  return masked;
}

function maskRun(whole: string, run: string | undefined, padding: string): string {
  if (run === undefined) return whole;
  const characters = run.replace(/%2B|\\u002B/gi, '+').replace(/%2F|\\u002F|\\\//gi, '/');
  const padded = padding.replace(/%3D|\\u003D/gi, '=').length;
  if (padded === 2 && characters.length >= PADDED_LENGTH) return '(anchor)';
  if (padded === 1 && characters.length >= KEY_LENGTH) return '(key)';
  if (isBareAnchor(characters)) return `(anchor)${padding}`;
  // An anchor may also be one segment of a path.
  return run.split('/').map(maskSegment).join('/') + padding;
}

function maskSegment(segment: string): string {
  return isBareAnchor(segment) || isGuidInBase64(segment) ? '(anchor)' : segment;
}

/**
 * 22 characters of base64. The last of them holds two bits only, so that a well-formed anchor ends in A, Q, g or w: then it is
 * one. With any other end (somebody's careless encoder) it is one unless it reads like words.
 */
function isBareAnchor(text: string): boolean {
  return text.length === ANCHOR_LENGTH && (/[AQgw]$/.test(text) || !isWords(text));
}

/** `kebab-case`, `/a/path/v1`, `CONSTANT_CASE`, `camelCase`. */
function isWords(text: string): boolean {
  return (
    /^[/]?[a-z]+\d{0,2}(?:[-_/][a-z]+\d{0,2})*$/.test(text) ||
    /^[A-Z]{2,}(?:_[A-Z]{2,})+$/.test(text) ||
    /^[A-Za-z][a-z]+(?:[A-Z][a-z]{2,})*$/.test(text)
  );
}

/** Some scripts write base64 of the GUID's text (36 characters, 38 with braces) instead of its bytes. */
function isGuidInBase64(text: string): boolean {
  if (text.length < 48 || text.length > 51) return false;
  return GUID.test(Buffer.from(text, 'base64').toString('latin1').toLowerCase());
}
