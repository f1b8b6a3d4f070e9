import { page } from '../../shared/flows/page.ts';
import type { PageTools } from '../../shared/flows/page/tools.ts';
import type { Answer } from '../../shared/web/page.ts';
import { claims, principal, TENANT } from '../web/principal.ts';
import type { Night } from './night.ts';

export const ORIGIN = 'https://anchorwatch.contoso.com';

/** What the pages are given, beside what a night has. */
export function pageToolsOf({ tools }: Pick<Night, 'tools'>): PageTools {
  const telling = { mail: null, teams: null, webhook: null, pageUrl: ORIGIN, tenantName: 'contoso', attempts: 12 };
  return { ...tools, settings: { ...tools.settings, entra: { ...tools.settings.entra, tenantId: TENANT }, telling } };
}

export interface Asking {
  readonly method?: string;
  readonly role?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly isGuarded?: boolean;
}

/** Asks for a page as a browser does, as somebody who may decide unless said otherwise. */
export function browse(tools: PageTools, path: string, asking: Asking = {}): Promise<Answer> {
  const { method = 'GET', role = 'Anchorwatch.Decide', body = '', isGuarded = true } = asking;
  const [place = '', query = ''] = path.split('?');
  const signedIn = { 'x-ms-client-principal': principal(claims(role)) };
  const headers: Readonly<Record<string, string>> = { ...signedIn, ...asking.headers };
  return page(
    {
      method,
      path: place,
      query: new URLSearchParams(query),
      header: (name) => headers[name] ?? null,
      body: async () => body,
      isGuarded,
    },
    tools,
  );
}

/** Sends a form of one of the pages. */
export function send(
  tools: PageTools,
  fields: readonly (readonly [string, string])[],
  asking: Asking = {},
): Promise<Answer> {
  const body = new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value])).toString();
  const headers = { origin: ORIGIN, 'sec-fetch-site': 'same-origin', ...asking.headers };
  return browse(tools, 'decide', { method: 'POST', ...asking, headers, body });
}

/** What the form with this button sends by itself, as the page holds it; fails where there is no such form. */
export function formOf({ body }: Answer, does: string): readonly (readonly [string, string])[] {
  const form = body.split('<form ').find((one) => one.includes(`name="does" value="${does}"`));
  if (form === undefined) throw new Error(`no form of the page can ${does}`);
  const fixed = [...form.matchAll(/type="hidden" name="([^"]+)" value(?:="([^"]*)")?/g)].map(
    ([, name = '', value = '']) => [name, value] as const,
  );
  const sure = form.includes('name="sure"') ? [['sure', 'yes'] as const] : [];
  return [['does', does], ...fixed, ...sure];
}
