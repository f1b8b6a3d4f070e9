import { z } from 'zod';
import type { Reply } from '../routes.ts';
import { bodyOf } from './body.ts';
import type { OktaCall, OktaRoute } from './context.ts';
import { appTarget, callerOf, tell } from './events.ts';
import { theApp } from './named.ts';
import type { AppRecord } from './records.ts';
import { invalid, notFound } from './refusal.ts';

const NEEDS = ['okta.apps.read', 'okta.apps.manage'];

export const featureRoutes: readonly OktaRoute[] = [
  { method: 'GET', path: '/api/v1/apps/{app}/features', query: [], needs: NEEDS, handle: listFeatures },
  { method: 'GET', path: '/api/v1/apps/{app}/features/{feature}', query: [], needs: NEEDS, handle: getFeature },
  {
    method: 'PUT',
    path: '/api/v1/apps/{app}/features/{feature}',
    query: [],
    needs: ['okta.apps.manage'],
    handle: putFeature,
  },
];

function listFeatures(call: OktaCall): Reply {
  return { status: 200, body: featuresOf(call, theApp(call)) };
}

function getFeature(call: OktaCall): Reply {
  const name = call.parameters['feature'] ?? '';
  const feature = featuresOf(call, theApp(call)).find((one) => one.name === name);
  if (feature === undefined) throw notFound(name, 'ApplicationFeature');
  return { status: 200, body: feature };
}

const status = z.strictObject({ status: z.enum(['ENABLED', 'DISABLED']) });
/** The capabilities without the wrapper that the answer has; any part of them may be left out. */
const capabilitiesSchema = z.strictObject({
  create: z.strictObject({ lifecycleCreate: status.optional() }).optional(),
  update: z
    .strictObject({
      profile: status.optional(),
      lifecycleDeactivate: status.optional(),
      password: status.optional(),
    })
    .optional(),
});

/** Partial: what is not named stays as it is. Who switched what is told by the System Log. */
function putFeature(call: OktaCall): Reply {
  const app = theApp(call);
  const name = call.parameters['feature'] ?? '';
  if (!featuresOf(call, app).some((one) => one.name === name)) throw notFound(name, 'ApplicationFeature');
  if (name !== 'USER_PROVISIONING') throw invalid('feature', 'Only USER_PROVISIONING can be changed here.');
  const read = capabilitiesSchema.safeParse(bodyOf(call));
  if (!read.success || app.provisioning === null)
    throw invalid('capabilities', 'The capabilities are not well formed.');
  const { create, update } = read.data;
  const provisioning = {
    create: create?.lifecycleCreate?.status ?? app.provisioning.create,
    update: update?.profile?.status ?? app.provisioning.update,
    deactivate: update?.lifecycleDeactivate?.status ?? app.provisioning.deactivate,
    password: update?.password?.status ?? app.provisioning.password,
  };
  call.state.apps.set(app.id, { ...app, provisioning, changed: call.now });
  tell(
    call.state,
    {
      eventType: 'application.lifecycle.update',
      message: 'Update application',
      actor: callerOf(call.caller),
      transaction: call.requestId,
      targets: [appTarget(app)],
    },
    call.now,
  );
  return getFeature(call);
}

/** Provisioning features exist for a few kinds of app; Active Directory is none of them. */
function featuresOf(call: OktaCall, app: AppRecord) {
  if (app.provisioning === null) throw invalid('feature', 'Provisioning is not enabled for the app instance.');
  const { create, update, deactivate, password } = app.provisioning;
  const outbound = {
    name: 'USER_PROVISIONING',
    status: 'ENABLED',
    description: 'User provisioning settings from Okta to a downstream application',
    capabilities: {
      create: { lifecycleCreate: { status: create } },
      update: {
        profile: { status: update },
        lifecycleDeactivate: { status: deactivate },
        password: { status: password, seed: 'RANDOM', change: 'KEEP_EXISTING' },
      },
    },
    _links: linksOf(call, app, 'USER_PROVISIONING'),
  };
  const inbound = {
    name: 'INBOUND_PROVISIONING',
    status: app.inbound === null ? 'DISABLED' : 'ENABLED',
    description: 'In-bound provisioning settings from an application to Okta',
    capabilities: { importSettings: importSettings(app), importRules: IMPORT_RULES },
    _links: linksOf(call, app, 'INBOUND_PROVISIONING'),
  };
  return [outbound, inbound];
}

function importSettings({ inbound }: AppRecord) {
  const username = { usernameFormat: 'EMAIL' };
  if (inbound === null) return { username, schedule: { status: 'DISABLED' } };
  const { fullImport, incrementalImport, timezone } = inbound;
  return {
    username,
    schedule: {
      status: 'ENABLED',
      fullImport: { expression: fullImport, timezone },
      incrementalImport: { expression: incrementalImport, timezone },
    },
  };
}

const IMPORT_RULES = {
  userCreateAndMatch: {
    exactMatchCriteria: 'EMAIL',
    allowPartialMatch: false,
    autoConfirmPartialMatch: false,
    autoConfirmExactMatch: false,
    autoConfirmNewUsers: false,
    autoActivateNewUsers: false,
  },
};

function linksOf(call: OktaCall, app: AppRecord, feature: string) {
  return {
    self: {
      href: `${call.origin}/api/v1/apps/${app.id}/features/${feature}`,
      hints: { allow: ['GET', 'PUT'] },
    },
  };
}
