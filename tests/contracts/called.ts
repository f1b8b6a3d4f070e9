/** The text of the sources of one face, by file. */
export type Sources = Readonly<Record<string, string>>;

/** What asks, up to where its path begins. */
const CALLS = [
  /\b(?:client|schemas)\.(?<verb>get|json|read|patch|post)\(\s*/g,
  /(?<!function )\b(?:readAll|readPage|readMade|idsOf|rowsOf|byId|roleAssignable)\(client,\s*/g,
  /(?<!function )\breadLinked\(client\.origin,\s*/g,
  /(?<!function )\borGone\(client,\s*\w+,\s*/g,
  /\bmethod: '(?<method>PUT|POST|PATCH|DELETE)',\s*path:\s*/g,
];

const METHODS: Readonly<Record<string, string>> = {
  get: 'GET',
  json: 'GET',
  read: 'GET',
  patch: 'PATCH',
  post: 'POST',
};

/** Parameters by which a path is handed on: whoever calls such a function is found as a call by itself. */
const HANDED_ON = new Set(['path', 'list']);

/**
 * Each operation that the sources call, with `{}` for what is known only when they run: read from the text, through constants and
 * functions of one line to the paths that they are made of. Throws where it cannot tell what is asked for.
 */
export function calledBy(sources: Sources): ReadonlySet<string> {
  const called = new Set<string>();
  for (const [file, text] of Object.entries(sources)) {
    for (const call of CALLS.flatMap((pattern) => [...text.matchAll(pattern)])) {
      const at = call.index + call[0].length;
      const { verb = 'get', method = METHODS[verb] } = call.groups ?? {};
      const path = evaluate(expressionAt(text, at), { sources, file, at });
      if (path === null) continue;
      if (!path.startsWith('/'))
        throw new Error(`${file}: it is not clear what ${text.slice(call.index, at + 60)} asks for`);
      called.add(`${method} ${path.split('?')[0]}`);
    }
  }
  return called;
}

interface Place {
  readonly sources: Sources;
  readonly file: string;
  readonly at: number;
}

/** From there to the comma or bracket behind it. */
function expressionAt(text: string, at: number): string {
  let depth = 0;
  let quote: string | null = null;
  for (let end = at; end < text.length; end += 1) {
    const character = text[end] ?? '';
    if (quote === null && "'`".includes(character)) quote = character;
    else if (quote === character) quote = null;
    else if ('([{'.includes(character)) depth += 1;
    else if (')]}'.includes(character)) depth -= 1;
    if (depth < 0 || (depth === 0 && quote === null && ',;'.includes(character))) return text.slice(at, end).trim();
  }
  return text.slice(at);
}

const UNKNOWN = '{}';

/** The text that an expression makes; null where it is what somebody else hands on. */
function evaluate(expression: string, place: Place): string | null {
  const plain = /^'([^']*)'$/.exec(expression)?.[1];
  if (plain !== undefined) return plain;
  if (/^`[^]*`$/.test(expression)) return template(expression.slice(1, -1), place);
  if (/^\w+$/.test(expression)) return named(expression, place);
  const made = /^(\w+)\(/.exec(expression)?.[1];
  if (made !== undefined) return returned(made, place);
  const first = / \? (\w+) : /.exec(expression)?.[1];
  return first === undefined ? UNKNOWN : evaluate(first, place);
}

function template(text: string, place: Place): string | null {
  let made = '';
  let rest = text;
  for (let open = rest.indexOf('${'); open >= 0; open = rest.indexOf('${')) {
    const inside = expressionAt(rest, open + 2);
    const value = evaluate(inside, place);
    if (value === null) return null;
    made += rest.slice(0, open) + value;
    rest = rest.slice(open + 2 + inside.length + 1);
  }
  return made + rest;
}

/** The constant that is declared nearest before, else the one of that name in the file, else what another file exports. */
function named(name: string, { sources, file, at }: Place): string | null {
  const text = sources[file] ?? '';
  const constant = new RegExp(String.raw`\bconst ${name}\s*=\s*`, 'g');
  const before = lastOf(constant, text.slice(0, at));
  const parameter = lastOf(new RegExp(String.raw`\b${name}: string\b`, 'g'), text.slice(0, at));
  if (HANDED_ON.has(name) && (parameter?.end ?? -1) > (before?.end ?? -1)) return null;
  const own = before ?? lastOf(constant, text);
  if (own !== null) return evaluate(expressionAt(text, own.end), { sources, file, at: own.start });
  for (const [other, content] of Object.entries(sources)) {
    const exported = lastOf(new RegExp(String.raw`\bexport const ${name}\s*=\s*`, 'g'), content);
    if (exported === null) continue;
    return evaluate(expressionAt(content, exported.end), { sources, file: other, at: exported.start });
  }
  return UNKNOWN;
}

function lastOf(pattern: RegExp, text: string): { readonly start: number; readonly end: number } | null {
  const match = [...text.matchAll(pattern)].at(-1);
  return match === undefined ? null : { start: match.index, end: match.index + match[0].length };
}

/** By the function of the file, else by the one that another file exports. */
function returned(name: string, { sources, file }: Place): string | null {
  const body = String.raw`function ${name}\([^)]*\): string \{\s*return `;
  const own = lastOf(new RegExp(String.raw`\b${body}`, 'g'), sources[file] ?? '');
  if (own !== null) return evaluate(expressionAt(sources[file] ?? '', own.end), { sources, file, at: own.start });
  for (const [other, content] of Object.entries(sources)) {
    const exported = lastOf(new RegExp(String.raw`\bexport ${body}`, 'g'), content);
    if (exported !== null)
      return evaluate(expressionAt(content, exported.end), { sources, file: other, at: exported.start });
  }
  return UNKNOWN;
}
