import { isoTime } from '../../../shared/time.ts';
import type { OktaCall } from './context.ts';
import type { AppRecord } from './records.ts';

export function appJson(call: OktaCall, app: AppRecord) {
  const address = `${call.origin}/api/v1/apps/${app.id}`;
  return {
    id: app.id,
    name: app.name,
    label: app.label,
    status: app.status,
    lastUpdated: isoTime(app.changed),
    created: isoTime(app.created),
    accessibility: { selfService: false, errorRedirectUrl: null, loginRedirectUrl: null },
    visibility: { autoSubmitToolbar: false, hide: { iOS: false, web: false }, appLinks: {} },
    features: [...app.features, ...provisioningFeatures(app)],
    signOnMode: app.signOnMode,
    credentials: { userNameTemplate: { template: '${source.login}', type: 'BUILT_IN' }, signing: {} },
    settings: {
      app: app.settings,
      notifications: { vpn: { network: { connection: 'DISABLED' }, message: null, helpUrl: null } },
    },
    _links: {
      users: { href: `${address}/users` },
      groups: { href: `${address}/groups` },
      deactivate: { href: `${address}/lifecycle/deactivate` },
    },
  };
}

/** What an app's provisioning switches look like in `features`: the second place where *Deactivate Users* can be seen. */
function provisioningFeatures({ provisioning, inbound }: AppRecord): readonly string[] {
  const features: string[] = [];
  if (provisioning?.create === 'ENABLED') features.push('PUSH_NEW_USERS');
  if (provisioning?.update === 'ENABLED') features.push('PUSH_PROFILE_UPDATES');
  if (provisioning?.deactivate === 'ENABLED') features.push('PUSH_USER_DEACTIVATION');
  if (provisioning?.password === 'ENABLED') features.push('PUSH_PASSWORD_UPDATES');
  if (inbound !== null) features.push('IMPORT_NEW_USERS', 'IMPORT_PROFILE_UPDATES');
  return features;
}
