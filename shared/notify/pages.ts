/** Where the pages are, behind the origin: the prefix of `host.json` and the route of the function. */
export const ROOT = '/api/page';

export const ROOMS = ['', 'findings', 'person', 'proposals', 'repairs', 'repair', 'audit', 'decide'] as const;
export type Room = (typeof ROOMS)[number];

/** The address of a page on its own origin. Whatever is asked for is encoded, for it may be a name from a directory. */
export function at(room: Room, asked: Readonly<Record<string, string>> = {}): string {
  const path = room === '' ? ROOT : `${ROOT}/${room}`;
  const query = new URLSearchParams(asked).toString();
  return query === '' ? path : `${path}?${query}`;
}

/** For what is told elsewhere: `origin` has no slash at its end. */
export function linkTo(origin: string, room: Room): string {
  return `${origin}${at(room)}`;
}
