import type { Config } from '../config/config.ts';
import { AnchorwatchError, explain } from '../errors.ts';
import { moment } from '../notify/phrases.ts';
import { redact } from '../redact.ts';
import { at, type Room, ROOMS, ROOT } from '../notify/pages.ts';
import { mainHeading, back, sentence } from '../web/blocks.ts';
import { readDeed } from '../web/deed.ts';
import { type Answer, elsewhere, type Frame, type Page, plainly, shown } from '../web/page.ts';
import { entryOf, PRINCIPAL, type Visitor } from '../web/visitor.ts';
import { decided } from './page/decided.ts';
import { pageOf } from './page/rooms.ts';
import type { Tools } from './tools.ts';

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

export type PageTools = Pick<Tools, 'state' | 'clock' | 'repairs' | 'log'> & {
  readonly settings: Pick<Config, 'schedule' | 'repair' | 'tend' | 'entra' | 'telling'> & Tools['settings'];
};

/**
 * Shows a page to whoever may look, and carries out what whoever may decide sends from one. A GET changes nothing: scanners follow every
 * link of a mail. A POST comes from one of our own pages, in the name of whoever has signed in.
 */
export async function page(request: PageRequest, tools: PageTools): Promise<Answer> {
  const { telling, entra } = tools.settings;
  if (telling.pageUrl === null)
    return plainly(404, 'There are no pages', 'They are shown where ANCHORWATCH_PAGE_URL says what their address is.');
  if (!request.isGuarded)
    return plainly(
      403,
      'Nobody can sign in',
      'Pages are shown behind App Service Authentication alone, and that is off.',
    );
  const room = roomOf(request.path);
  if (room === null) return plainly(404, 'There is no such page', 'The address leads nowhere.');
  const entry = entryOf(request.header(PRINCIPAL), entra.tenantId ?? '');
  if (entry.kind === 'refused') return plainly(403, 'You are not let in', entry.reason);
  const isPost = request.method === 'POST';
  if (entry.kind === 'sign-in')
    return isPost
      ? plainly(401, 'You are not signed in any more', 'Nothing was decided. Sign in, and decide again.')
      : signIn(request);
  if ((!isPost && request.method !== 'GET') || isPost !== (room === 'decide'))
    return plainly(405, 'Not this way', 'A page is looked at by GET, and decided on by its forms.');
  const frame = frameOf(entry.visitor, tools);
  if (isPost) return post(request, telling.pageUrl, frame, tools);
  return orFault(frame, async () => shown(await pageOf(room, request.query, entry.visitor, tools), frame), tools);
}

function roomOf(path: string): Room | null {
  return ROOMS.find((room) => room === path) ?? null;
}

/** Back to where one wanted to go, which is one of our own pages by now. */
function signIn({ path, query }: PageRequest): Answer {
  const wanted = path === '' ? ROOT : at(roomOf(path) ?? '', Object.fromEntries(query));
  return elsewhere(`/.auth/login/aad?${new URLSearchParams({ post_login_redirect_uri: wanted }).toString()}`);
}

async function post(request: PageRequest, pageUrl: string, frame: Frame, tools: PageTools): Promise<Answer> {
  const { visitor } = frame;
  if (!isOwn(request, pageUrl))
    return plainly(
      403,
      'Not from here',
      'What is decided is sent from one of these pages, and this was not: nothing was decided.',
    );
  if (!visitor.mayDecide)
    return plainly(403, 'You may look', `${visitor.name} may not decide: that takes the app role Anchorwatch.Decide.`);
  return orFault(
    frame,
    async () => {
      const deed = readDeed(await request.body());
      tools.log.info('decided on a page', { does: deed.does, by: visitor.name });
      return shown(await decided(deed, visitor.name, tools), frame);
    },
    tools,
  );
}

/** A browser says where a form comes from, and no page elsewhere can have it say otherwise (fetch.spec.whatwg.org, Origin and Sec-Fetch-Site). */
function isOwn(request: PageRequest, pageUrl: string): boolean {
  const site = request.header('sec-fetch-site');
  return request.header('origin') === pageUrl && (site === null || site === 'same-origin');
}

function frameOf(visitor: Visitor, { clock, settings }: PageTools): Frame {
  return { tenant: settings.telling.tenantName ?? 'Microsoft 365', visitor, moment: moment(clock.now()) };
}

const STATUS: Readonly<Partial<Record<AnchorwatchError['kind'], number>>> = { invalid: 400, conflict: 409 };

/** What we refuse is said as it is; of everything else the log has more than a page should show. */
async function orFault(frame: Frame, work: () => Promise<Answer>, { log }: PageTools): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    const known = error instanceof AnchorwatchError ? STATUS[error.kind] : undefined;
    if (known === undefined) log.error('a page failed', { reason: redact(explain(error)) });
    const words =
      known === undefined ? 'It is in the log of the function app. Try again in a minute.' : redact(explain(error));
    const title = known === undefined ? 'This did not work' : 'Nothing was done';
    return shown(fault(title, words), frame, known ?? 503);
  }
}

function fault(title: string, words: string): Page {
  return { room: 'decide', title, inside: [mainHeading(title), sentence(words), back('', 'Back to tonight')] };
}
