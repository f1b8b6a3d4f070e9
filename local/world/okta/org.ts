import { isoTime } from '../../../shared/time.ts';
import type { OktaCall, OktaRoute } from './context.ts';
import { within } from './imports.ts';
import { whole } from './paging.ts';
import type { AppRecord } from './records.ts';
import { invalid } from './refusal.ts';

const AGENTS: readonly string[] = ['AD', 'IWA', 'LDAP', 'MFA', 'OPP', 'RUM', 'Radius'];

export const orgRoutes: readonly OktaRoute[] = [
  {
    method: 'GET',
    path: '/api/v1/org',
    query: [],
    needs: ['okta.orgs.read', 'okta.orgs.manage'],
    handle({ state: { org } }) {
      const body = {
        id: org.id,
        companyName: org.companyName,
        subdomain: org.subdomain,
        status: 'ACTIVE',
        created: isoTime(org.created),
        lastUpdated: isoTime(org.created),
        _links: {},
      };
      return { status: 200, body };
    },
  },
  {
    method: 'GET',
    path: '/api/v1/agentPools',
    query: ['poolType'],
    needs: ['okta.agentPools.read', 'okta.agentPools.manage'],
    handle(call) {
      const kind = call.target.query.get('poolType') ?? 'AD';
      if (!AGENTS.includes(kind)) throw invalid('poolType', `One of ${AGENTS.join(', ')}.`);
      const apps = kind === 'AD' ? [...call.state.apps.values()] : [];
      const directories = apps.filter((app) => app.name === 'active_directory');
      return whole(
        call,
        directories.map((app) => poolJson(call, app)),
      );
    },
  },
];

/** A directory whose imports are stopped has lost its agent. */
function poolJson(call: OktaCall, app: AppRecord) {
  const schedule = call.settings.imports.find((one) => one.app === app.id);
  const lost = schedule !== undefined && within(schedule.stopped, call.now);
  const operationalStatus = lost ? 'DISRUPTED' : 'OPERATIONAL';
  return {
    id: app.id,
    name: app.label,
    type: 'AD',
    operationalStatus,
    disruptedAgents: lost ? 1 : 0,
    inactiveAgents: 0,
    agents: [
      {
        id: `a53${app.id.slice(3)}`,
        name: `${app.label} agent`,
        type: 'AD',
        poolId: app.id,
        version: '3.21.0',
        isHidden: false,
        isLatestGAedVersion: true,
        lastConnection: call.now,
        operationalStatus,
      },
    ],
    _links: { self: { href: `${call.origin}/api/v1/agentPools/${app.id}` } },
  };
}
