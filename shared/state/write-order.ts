/** Writes over several rows that no transaction holds together, and what becomes of them when only the first of them are there. */
export interface WriteOrder {
  readonly what: string;
  /** In this order: each is what the one that comes by next goes by. */
  readonly rows: readonly string[];
  /** What `tend` does when a call died after any of them but the last. */
  readonly tend: string;
}

/**
 * The one table of them. Head and journal row are one transaction, and so are somebody in the hold and the hold's row: of those there is
 * never a part. A test writes every part of every order, has `tend` come by, and finds the state whole.
 */
export const WRITE_ORDER = [
  {
    what: 'a repair is queued',
    rows: ['place in the open list', 'claims', 'head', 'message'],
    tend: 'without a head: frees the people and drops the place, after an hour; with one: sends the message',
  },
  {
    what: 'a repair is left to the next call, or to a person who comes',
    rows: ['head with its due time', 'message'],
    tend: 'sends the message two minutes after it was due',
  },
  {
    what: 'a repair ends',
    rows: ['end in the head', 'claims freed', 'place in the ended list', 'place in the open list removed'],
    tend: 'does the rest; a late message frees the people too',
  },
  {
    what: 'the hold takes somebody in',
    rows: ['person and hold', 'intent', 'switch'],
    tend: 'where the repair does not go on by itself, gives the hold back when its time is over',
  },
  {
    what: 'somebody is unassigned',
    rows: ['right in the hold', 'intent', 'unassignment'],
    tend: 'settles a right that nobody used once its request cannot be under way, and then gives the hold back',
  },
  {
    what: 'the hold is given back',
    rows: ['hold closing', 'switch', 'hold closed', 'leavers, each with a notice'],
    tend: 'gives the switch back and closes the hold; names the leavers until it has done so a while after that',
  },
  {
    what: 'a hold is open for too long',
    rows: ['notice', 'time of the notice in the hold'],
    tend: 'tells it under the same key, which makes it one, and notes the time',
  },
  {
    what: 'somebody is found parked whom no repair knows',
    rows: ['row of the person', 'notice'],
    tend: 'tells it in the next longer round, since when the row says',
  },
  {
    what: 'somebody is told by a channel',
    rows: [
      'place in the unsent list',
      'notice',
      'attempt in the notice',
      'message',
      'outcome in the notice',
      'place removed',
    ],
    tend: 'without a notice: drops the place, after an hour; without an outcome: looks for the message, or sends it again as a possible repeat',
  },
  {
    what: 'an ended repair is deleted',
    rows: ['journal and what there was before', 'head', 'place in the ended list'],
    tend: 'deletes the rest in the next longer round',
  },
  {
    what: 'a run is deleted',
    rows: ['pages', 'snapshot', 'run'],
    tend: 'deletes the rest in the next longer round',
  },
] as const satisfies readonly WriteOrder[];
