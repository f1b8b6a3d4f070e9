import { parseSync, Visitor, type VisitorObject } from 'oxc-parser';

/** One small mistake: what stands from `start` to `end` is replaced. */
export interface Mutant {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

const SWAPPED: Readonly<Record<string, readonly string[]>> = {
  '===': ['!=='],
  '!==': ['==='],
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
  '&&': ['||'],
  '||': ['&&'],
  '+=': ['-='],
  '-=': ['+='],
};

const METHODS: Readonly<Record<string, string>> = {
  some: 'every',
  every: 'some',
  min: 'max',
  max: 'min',
  floor: 'ceil',
  ceil: 'floor',
  startsWith: 'endsWith',
  endsWith: 'startsWith',
  toLowerCase: 'toUpperCase',
  toUpperCase: 'toLowerCase',
};

/** Calls that may be left out, so that what they are called on is handed on. */
const LEFT_OUT = ['filter', 'sort', 'toSorted', 'toReversed', 'slice', 'trim', 'flat', 'replace', 'replaceAll'];

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Every mutant of a module, one mistake each; none that could not be read as a module. */
export function mutantsOf(path: string, text: string): Mutant[] {
  const found = new Map<string, Mutant>();
  const put = ({ start, end }: Span, replacement: string): void => {
    const isNew = text.slice(start, end) !== replacement;
    if (isNew) found.set(`${start} ${end} ${replacement}`, { start, end, replacement });
  };
  new Visitor(visitors(text, put)).visit(parseSync(path, text).program);
  return [...found.values()].filter((mutant) => parseSync(path, mutated(text, mutant)).errors.length === 0);
}

export function mutated(text: string, { start, end, replacement }: Mutant): string {
  return text.slice(0, start) + replacement + text.slice(end);
}

type NodeOf<Name extends keyof VisitorObject> = Parameters<NonNullable<VisitorObject[Name]>>[0];
type Put = (span: Span, replacement: string) => void;

function visitors(text: string, put: Put): VisitorObject {
  const textOf = ({ start, end }: Span): string => text.slice(start, end);
  const names = new Set<number>();
  const swap = (left: Span, operator: string, right: Span): void => {
    const between = { start: left.end, end: right.start };
    for (const other of SWAPPED[operator] ?? []) put(between, textOf(between).replace(operator, other));
  };
  const decide = (test: Span): void => {
    put(test, 'true');
    put(test, 'false');
  };
  const withhold = (value: Span): void => {
    if (textOf(value) !== 'null') put(value, 'undefined');
  };
  return {
    BinaryExpression: (node) => swap(node.left, node.operator, node.right),
    AssignmentExpression: (node) => swap(node.left, node.operator, node.right),
    LogicalExpression: (node) => {
      swap(node.left, node.operator, node.right);
      put(node, textOf(node.right));
      // What `??` gives is wanted: without it the types say no.
      if (node.operator !== '??') put(node, textOf(node.left));
    },
    IfStatement: (node) => decide(node.test),
    ConditionalExpression: (node) => decide(node.test),
    WhileStatement: (node) => put(node.test, 'false'),
    ForStatement: (node) => node.test !== null && put(node.test, 'false'),
    ExpressionStatement: (node) => put(node, ';'),
    ReturnStatement: ({ argument }) => argument !== null && withhold(argument),
    ArrowFunctionExpression: ({ body }) => body.type !== 'BlockStatement' && withhold(body),
    UnaryExpression: (node) => node.operator === '!' && put(node, textOf(node.argument)),
    TSAsExpression: ({ expression }) => void names.add(expression.start),
    ArrayExpression: (node) => names.has(node.start) || put(node, '[]'),
    TemplateLiteral: (node) => isWords(textOf(node)) || put(node, '``'),
    Literal: (node) => literal(node, put),
    CallExpression: (node) => call(node, textOf, put),
    MemberExpression: (node) => {
      if (node.optional) put({ start: node.object.end, end: node.property.start }, node.computed ? '[' : '.');
    },
  };
}

/** What people read is held to the letter elsewhere, or by nobody. */
function isWords(text: string): boolean {
  return text.includes(' ');
}

/** A text is changed where it is handed to a call alone: elsewhere it is the member of a union, and the types refuse any other. */
function literal(node: NodeOf<'Literal'>, put: Put): void {
  const { value } = node;
  if (typeof value === 'boolean') put(node, String(!value));
  if (typeof value === 'number') put(node, String(value + 1));
  if (!('regex' in node)) return;
  const { pattern, flags } = node.regex;
  if (pattern.startsWith('^')) put(node, `/${pattern.slice(1)}/${flags}`);
  if (pattern.endsWith('$')) put(node, `/${pattern.slice(0, -1)}/${flags}`);
  if (flags.includes('i')) put(node, `/${pattern}/${flags.replace('i', '')}`);
}

function call(node: NodeOf<'CallExpression'>, textOf: (span: Span) => string, put: Put): void {
  for (const argument of node.arguments) {
    if (argument.type !== 'Literal' || typeof argument.value !== 'string' || isWords(argument.value)) continue;
    put(argument, argument.value === '' ? "'x'" : "''");
  }
  const { callee } = node;
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier' || callee.computed) return;
  const { name } = callee.property;
  const other = METHODS[name];
  if (other !== undefined) put(callee.property, other);
  if (LEFT_OUT.includes(name)) put(node, textOf(callee.object));
}
