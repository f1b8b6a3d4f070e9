import { escapeControls } from '../controls.ts';
import { brief } from './brief.ts';

/** `[Anchorwatch] contoso: 3 new`: all of one tenant stand together, and no line break of a tenant's name begins a header of its own. */
export function subjectOf(tenant: string, headline: string): string {
  return `[Anchorwatch] ${escapeControls(brief(tenant, 60))}: ${escapeControls(headline)}`;
}

/** What the tenant is called where nobody has given it a name. */
export function calledBy(name: string | null): string {
  return name ?? 'Microsoft 365';
}
