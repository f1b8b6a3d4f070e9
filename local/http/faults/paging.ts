import type { Answer, Call } from '../../world/call.ts';
import { homeOf, readPage, withNext, withRows, type ListPage } from './page.ts';
import type { Fault, FaultOf } from './script.ts';
import { targetOf, type Walks } from './walk.ts';

/** One call as a page fault sees it. */
export interface Turn {
  readonly call: Call;
  readonly rule: number | null;
  readonly walks: Walks;
  /** What the tenant answers to this call, or to the same call with another target. Asked once for each target. */
  ask(target: string): Answer;
  /** Leaves an answer that the next call with this target will get. */
  leave(target: string, answer: (genuine: Answer) => Answer): void;
}

/** A list page together with the answer it came in. */
interface Leaf extends ListPage {
  readonly answer: Answer;
}

export type PageFault = Extract<
  Fault,
  {
    kind:
      | 'page-dropped'
      | 'page-repeated'
      | 'pages-swapped'
      | 'page-shortened'
      | 'page-emptied'
      | 'empty-page-inserted'
      | 'next-lost'
      | 'next-elsewhere'
      | 'cursor-cycles'
      | 'list-endless';
  }
>;

/** The answer as the fault spoils it; null when there is nothing to spoil, such as the page before the first. */
export function spoilPage(turn: Turn, fault: PageFault): Answer | null {
  const leaf = leafAt(turn, turn.call.target);
  if (leaf === null) return null;
  switch (fault.kind) {
    case 'page-dropped':
      return dropped(turn, leaf, fault);
    case 'page-repeated':
      return repeated(turn, leaf, fault);
    case 'pages-swapped':
      return swapped(turn, leaf, fault);
    case 'page-shortened':
      return shortened(turn, leaf, fault);
    case 'page-emptied':
      return leaf.next === null || leaf.rows.length === 0 ? null : withRows(turn.call.side, leaf.answer, []);
    case 'empty-page-inserted':
      return inserted(turn, leaf);
    case 'next-lost':
      return leaf.next === null ? null : withNext(turn.call.side, leaf.answer, null);
    case 'next-elsewhere':
      return leaf.next === null ? null : withNext(turn.call.side, leaf.answer, fault.origin + targetOf(leaf.next));
    case 'cursor-cycles':
      return cycling(turn, leaf, fault);
    default:
      return endless(turn, leaf, fault);
  }
}

function dropped(turn: Turn, leaf: Leaf, { links }: FaultOf<'page-dropped'>): Answer | null {
  if (leaf.next === null) return leaf.rows.length === 0 ? null : withRows(turn.call.side, leaf.answer, []);
  const following = leafAt(turn, targetOf(leaf.next));
  return following && inPlaceOf(turn, leaf, following, links);
}

function repeated(turn: Turn, leaf: Leaf, { links }: FaultOf<'page-repeated'>): Answer | null {
  const before = turn.walks.previous(turn.call.side, turn.call.target);
  const previous = before === null ? null : leafAt(turn, before);
  return previous && inPlaceOf(turn, leaf, previous, links);
}

/**
 * With `kept` links the rows of two pages change places and none is lost. With `moved` links the whole answers do: whoever follows
 * them skips a page, is then given the page he missed, and from there the one he has had.
 */
function swapped(turn: Turn, leaf: Leaf, { links }: FaultOf<'pages-swapped'>): Answer | null {
  if (leaf.next === null) return null;
  const target = targetOf(leaf.next);
  const following = leafAt(turn, target);
  if (following === null) return null;
  if (links === 'kept') {
    turn.leave(target, (genuine) => withRows(turn.call.side, genuine, leaf.rows));
  } else if (following.next !== null) {
    turn.leave(targetOf(following.next), () => leaf.answer);
  }
  return inPlaceOf(turn, leaf, following, links);
}

function shortened(turn: Turn, leaf: Leaf, { rows, share }: FaultOf<'page-shortened'>): Answer | null {
  if (leaf.rows.length === 0) return null;
  const removed = rows ?? Math.ceil(leaf.rows.length * share);
  return withRows(turn.call.side, leaf.answer, leaf.rows.slice(0, Math.max(0, leaf.rows.length - removed)));
}

/** No row is lost: the made-up cursor leads to the very page that was asked for. */
function inserted(turn: Turn, leaf: Leaf): Answer {
  const { side, target } = turn.call;
  const onward = turn.walks.disguise(side, { target, spent: turn.rule, again: null });
  return withNext(side, withRows(side, leaf.answer, []), homeOf(turn.call, leaf.answer) + onward);
}

function cycling(turn: Turn, leaf: Leaf, { back }: FaultOf<'cursor-cycles'>): Answer {
  const { side } = turn.call;
  let earlier = turn.call.target;
  for (let step = 0; step < back; step += 1) earlier = turn.walks.previous(side, earlier) ?? earlier;
  return withNext(side, leaf.answer, homeOf(turn.call, leaf.answer) + earlier);
}

/** The true last page is struck by a rule; the pages after it carry the fault on by their cursors, and no rule. */
function endless(turn: Turn, leaf: Leaf, fault: FaultOf<'list-endless'>): Answer | null {
  if (leaf.next !== null) return null;
  const { side, target } = turn.call;
  const made = turn.rule === null;
  const answer = made && fault.rows === 'none' ? withRows(side, leaf.answer, []) : leaf.answer;
  if (made && fault.pages === 1) return answer;
  const again: Fault = made ? { ...fault, pages: fault.pages - 1 } : fault;
  const onward = turn.walks.disguise(side, { target, spent: null, again });
  return withNext(side, answer, homeOf(turn.call, leaf.answer) + onward);
}

function inPlaceOf(turn: Turn, leaf: Leaf, other: Leaf, links: 'moved' | 'kept'): Answer {
  return links === 'moved' ? other.answer : withRows(turn.call.side, leaf.answer, other.rows);
}

function leafAt(turn: Turn, target: string): Leaf | null {
  const answer = turn.ask(target);
  const page = readPage(turn.call.side, answer);
  return page && { ...page, answer };
}
