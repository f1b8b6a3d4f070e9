import { inShape } from '../answers.ts';
import { AnchorwatchError } from '../errors.ts';
import type { Office365App, OktaApp, OktaApps, OktaDirectory } from '../ports/okta.ts';
import type { OktaClient } from './client.ts';
import { readAll } from './pager.ts';
import { AppSchema, type App } from './schemas.ts';

export interface Choice {
  readonly office365App: string | null;
  readonly appDomains: readonly string[];
  readonly directories: readonly string[];
}

/** Finds the AD instances and the Office 365 app. Scope `okta.apps.read`. Throws `invalid` where the choice is not clear. */
export async function findApps(client: OktaClient, choice: Choice): Promise<OktaApps> {
  const directories = chooseDirectories(await appsNamed(client, 'active_directory'), choice.directories);
  const all = await appsNamed(client, 'office365');
  const office365 = chooseOffice365(all, choice.office365App);
  return {
    directories: directories.map(describeDirectory),
    office365: describeOffice365(office365, choice.appDomains),
    otherOffice365: all.filter((app) => app.id !== office365.id && isActive(app)).map(brief),
  };
}

async function appsNamed(client: OktaClient, name: string): Promise<readonly App[]> {
  const list = `/api/v1/apps?filter=${encodeURIComponent(`name eq "${name}"`)}&limit=200`;
  const rows = (await readAll(client, list)).map((row) => inShape(AppSchema, row, 'GET /api/v1/apps'));
  return rows.filter((app) => app.name === name);
}

function chooseDirectories(all: readonly App[], wanted: readonly string[]): readonly App[] {
  if (all.length === 0) {
    throw new AnchorwatchError(
      'invalid',
      'Okta shows no Active Directory integration. If there is one, the service app may not be allowed to see it.',
    );
  }
  const chosen =
    wanted.length === 0 ? all.filter(isActive) : all.filter((app) => wanted.some((one) => isMeant(app, one)));
  const missing = wanted.filter((one) => !chosen.some((app) => isMeant(app, one)));
  const asleep = chosen.filter((app) => !isActive(app));
  if (chosen.length > 0 && missing.length === 0 && asleep.length === 0) return chosen;
  const why = [
    ...missing.map((one) => `"${one}" is none of them`),
    ...asleep.map((app) => `"${app.label}" is not active`),
  ].join(', ');
  throw new AnchorwatchError(
    'invalid',
    `The AD instances cannot be chosen: ${why === '' ? 'none is active' : why}. Okta has ${listed(all)}.`,
  );
}

function chooseOffice365(all: readonly App[], wanted: string | null): App {
  const candidates = wanted === null ? all.filter(isActive) : all.filter((app) => isMeant(app, wanted));
  const [only, ...more] = candidates;
  if (only !== undefined && more.length === 0 && isActive(only)) return only;
  if (all.length === 0) {
    throw new AnchorwatchError(
      'invalid',
      'Okta shows no Office 365 app. If there is one, the service app may not be allowed to see it.',
    );
  }
  const why =
    more.length > 0
      ? `${candidates.length} ${wanted === null ? 'are active' : `are called "${wanted}"`}; name one by its id`
      : only !== undefined
        ? `"${only.label}" is not active`
        : wanted === null
          ? 'none is active'
          : `"${wanted}" is none of them`;
  throw new AnchorwatchError('invalid', `The Office 365 app cannot be chosen: ${why}. Okta has ${listed(all)}.`);
}

function isMeant(app: App, wanted: string): boolean {
  return app.id === wanted || app.label.toLowerCase() === wanted.toLowerCase();
}

function isActive(app: App): boolean {
  return app.status === 'ACTIVE';
}

function listed(apps: readonly App[]): string {
  return apps.map((app) => `${app.id} "${app.label}" (${app.status})`).join(', ');
}

function brief(app: App): OktaApp {
  return { id: app.id, label: app.label, status: app.status };
}

function describeDirectory(app: App): OktaDirectory {
  return { ...brief(app), isProfileSource: app.features?.includes('PROFILE_MASTERING') === true };
}

/** What an organisation knows of its app goes before what the app says: it may name none, or the one it was first made for. */
function describeOffice365(app: App, appDomains: readonly string[]): Office365App {
  const settings = app.settings?.app;
  const named = [settings?.domain ?? '', ...(settings?.domains ?? [])].map((domain) => domain.trim().toLowerCase());
  const domains = appDomains.length > 0 ? appDomains : named.filter((domain) => domain !== '');
  return {
    ...brief(app),
    domains: [...new Set(domains)],
    features: app.features ?? [],
  };
}
