import { parseSync, Visitor } from 'oxc-parser';

/** One small mistake: what stands from `start` to `end` is replaced. */
export interface Mutant {
  readonly start: number;
  readonly end: number;
  readonly original: string;
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
  '??': ['&&'],
};

const METHODS: Readonly<Record<string, string>> = { some: 'every', every: 'some', min: 'max', max: 'min' };

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Every mutant of a module, one mistake each. */
export function mutantsOf(path: string, text: string): Mutant[] {
  const found: Mutant[] = [];
  const put = ({ start, end }: Span, replacement: string): void => {
    const original = text.slice(start, end);
    if (original !== replacement) found.push({ start, end, original, replacement });
  };
  const swap = (node: Span, left: Span, operator: string, right: Span): void => {
    for (const other of SWAPPED[operator] ?? []) {
      const between = text.slice(left.end, right.start).replace(operator, other);
      put(node, text.slice(node.start, left.end) + between + text.slice(right.start, node.end));
    }
  };
  const decide = (test: Span): void => {
    put(test, 'true');
    put(test, 'false');
  };
  new Visitor({
    BinaryExpression: (node) => swap(node, node.left, node.operator, node.right),
    LogicalExpression: (node) => swap(node, node.left, node.operator, node.right),
    IfStatement: (node) => decide(node.test),
    ConditionalExpression: (node) => decide(node.test),
    ExpressionStatement: (node) => put(node, ';'),
    UnaryExpression: (node) => node.operator === '!' && put(node, text.slice(node.argument.start, node.argument.end)),
    Literal: (node) => {
      if (typeof node.value === 'boolean') put(node, String(!node.value));
      if (typeof node.value === 'number') put(node, String(node.value + 1));
    },
    CallExpression: ({ callee }) => {
      if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return;
      const other = METHODS[callee.property.name];
      if (other !== undefined) put(callee.property, other);
    },
  }).visit(parseSync(path, text).program);
  return found;
}
