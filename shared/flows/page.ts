import { AnchorwatchError, explain } from '../errors.ts';
import { at, type Room, ROOMS, ROOT } from '../notify/pages.ts';
import { moment } from '../notify/phrases.ts';
import { calledBy } from '../notify/subject.ts';
import { redact } from '../redact.ts';
import { back, mainHeading, sentence } from '../web/blocks.ts';
import { readDeed } from '../web/deed.ts';
import { type Answer, elsewhere, type Frame, type Page, plainly, shown } from '../web/page.ts';
import { DECIDE, entryOf, PRINCIPAL } from '../web/visitor.ts';
import { decided } from './page/decided.ts';
import { pageOf } from './page/rooms.ts';
import type { PageTools } from './page/tools.ts';

/** What came over HTTP. */
export interface PageRequest {
  readonly method: string;
  /** Behind the root of the pages, without slashes at its ends. */
  readonly path: string;
  readonly query: URLSearchParams;
  header(name: string): string | null;
  body(): Promise<string>;
  /** App Service Authentication is on: it vouches for who has signed in, and lets nobody say so from outside. */
  readonly isGuarded: boolean;
}

/**
 * Shows a page to whoever may look, and carries out what whoever may decide sends from one. A GET changes nothing: scanners follow every
 * link of a mail. A POST comes from one of our own pages, in the name of whoever has signed in.
 */
export async function page(request: PageRequest, tools: PageTools): Promise<Answer> {
  const { telling, entra } = tools.settings;
  const { pageUrl, tenantName } = telling;
  if (pageUrl === null)
    return plainly(404, 'There are no pages', 'They are shown where ANCHORWATCH_PAGE_URL says what their address is.');
  if (!request.isGuarded)
    return plainly(403, 'Nobody can sign in', 'Pages are shown behind App Service Authentication alone: switch it on.');
  const room = roomOf(request.path);
  if (room === null) return plainly(404, 'There is no such page', 'The address leads nowhere.');
  const entry = entryOf(request.header(PRINCIPAL), entra.tenantId ?? '');
  if (entry.kind === 'refused') return plainly(403, 'You are not let in', entry.reason);
  if (entry.kind === 'sign-in') return signIn(request, room);
  const frame = { tenant: calledBy(tenantName), visitor: entry.visitor, moment: moment(tools.clock.now()) };
  if (request.method === 'POST' && room === 'decide') return decide(request, pageUrl, frame, tools);
  if (request.method !== 'GET')
    return plainly(405, 'Not this way', 'A page is looked at by GET, and decides by its forms.');
  // Whoever goes back to it looks at how it is now.
  if (room === 'decide') return elsewhere(ROOT);
  return look(room, request.query, frame, tools);
}

/** For a configuration that cannot even be read. What is wrong with it is for the health endpoint, which asks for a key. */
export function unconfiguredPage(): Answer {
  return plainly(
    503,
    'The pages cannot be shown',
    'The health endpoint and the log of the function app say what is wrong.',
  );
}

function roomOf(path: string): Room | null {
  return ROOMS.find((room) => room === path) ?? null;
}

/** Back to where one wanted to go, which is one of our own pages by now. */
function signIn({ method, query }: PageRequest, room: Room): Answer {
  if (method !== 'GET')
    return plainly(401, 'You are not signed in any more', 'Nothing was decided. Sign in, and decide again.');
  const wanted = at(room, Object.fromEntries(query));
  return elsewhere(`/.auth/login/aad?${new URLSearchParams({ post_login_redirect_uri: wanted }).toString()}`);
}

async function look(room: Room, query: URLSearchParams, frame: Frame, tools: PageTools): Promise<Answer> {
  try {
    const found = await pageOf(room, query, frame.visitor, tools);
    if (found !== null) return shown(found, frame);
    return shown(
      fault('This is not there', 'It was never there, or is past the time for which it is kept.'),
      frame,
      404,
    );
  } catch (error) {
    tools.log.error('a page could not be shown', { room, reason: redact(explain(error)) });
    const words = 'What it shows could not be read. The log of the function app says why; try again in a minute.';
    return shown(fault('This page cannot be shown', words), frame, 503);
  }
}

async function decide(request: PageRequest, pageUrl: string, frame: Frame, tools: PageTools): Promise<Answer> {
  const { visitor } = frame;
  if (!isOwn(request, pageUrl))
    return plainly(
      403,
      'Not from here',
      `Nothing was decided: decisions are taken from the pages under ${pageUrl}${ROOT} alone.`,
    );
  if (!visitor.mayDecide)
    return plainly(403, 'You may look', `${visitor.name} may not decide: that takes the app role ${DECIDE}.`);
  try {
    const deed = readDeed(await request.body());
    tools.log.info('decided on a page', { does: deed.does, by: visitor.name });
    return shown(await decided(deed, visitor.name, tools), frame);
  } catch (error) {
    const reason = redact(explain(error));
    const status = error instanceof AnchorwatchError ? REFUSED[error.kind] : undefined;
    tools.log.warn('a decision was not carried out', { by: visitor.name, reason });
    if (status !== undefined) return shown(fault('This was refused', reason), frame, status);
    const words = 'It may have been done in part: look before you send it again. The log of the function app says why.';
    return shown(fault('This did not work', words), frame, 503);
  }
}

/** A browser says where a form comes from, and no page elsewhere can have it say otherwise (fetch.spec.whatwg.org, Origin and Sec-Fetch-Site). */
function isOwn(request: PageRequest, pageUrl: string): boolean {
  const site = request.header('sec-fetch-site');
  return request.header('origin') === pageUrl && (site === null || site === 'same-origin');
}

const REFUSED: Readonly<Partial<Record<AnchorwatchError['kind'], number>>> = { invalid: 400, conflict: 409 };

function fault(title: string, words: string): Page {
  return { room: 'decide', title, inside: [mainHeading(title), sentence(words), back('', 'Back to tonight')] };
}
