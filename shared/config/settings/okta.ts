import { oktaAddress } from '../addresses.ts';
import { rsaPrivateKey } from '../keys.ts';
import { attributeName, domainNames, hostNames, list, text } from '../kinds.ts';
import type { DefaultedSetting, Section, Setting } from '../setting.ts';

const BY_KEY = 'without ANCHORWATCH_OKTA_API_TOKEN';

export const OKTA_URL = {
  ...oktaAddress(),
  name: 'ANCHORWATCH_OKTA_URL',
  required: 'always',
  about: "The organisation's own address, not that of the administrators' console (`acme-admin`).",
  example: 'https://acme.okta.com',
  sample: '<https address of your Okta organisation>',
} satisfies Setting<string>;

export const OKTA_CLIENT_ID = {
  ...text(),
  name: 'ANCHORWATCH_OKTA_CLIENT_ID',
  required: BY_KEY,
  about: 'Client id of the service app (*API Services*) that Anchorwatch signs in as.',
  example: '0oa1b2c3d4e5f6g7h8i9',
  sample: '<client id of the Okta service app>',
} satisfies Setting<string>;

export const OKTA_PRIVATE_KEY = {
  ...rsaPrivateKey(),
  name: 'ANCHORWATCH_OKTA_PRIVATE_KEY',
  required: BY_KEY,
  secret: true,
  about:
    "The service app's private key: the JSON Web Key that Okta shows once, or PEM, where `\\n` may stand for a line break. RSA of at least 2048 bits; Okta's library cannot sign with EC keys.",
  example: '@Microsoft.KeyVault(SecretUri=https://acme.vault.azure.net/secrets/okta-key)',
  sample: '<private key of the Okta service app, a JSON Web Key or PEM>',
} satisfies Setting<string>;

export const OKTA_KEY_ID = {
  ...text(),
  name: 'ANCHORWATCH_OKTA_KEY_ID',
  about: "The key's id (`kid`). Needed for PEM where the app has several keys; a JSON Web Key brings its own.",
  example: 'kid-2026-11',
} satisfies Setting<string>;

export const OKTA_API_TOKEN = {
  ...text(),
  name: 'ANCHORWATCH_OKTA_API_TOKEN',
  secret: true,
  about:
    "An API token (SSWS) instead of the service app, for a trial on your own machine. It carries all of its owner's rights and dies with the owner's account, so do not run a watch on it.",
  example: '00aBcDe… (42 characters)',
} satisfies Setting<string>;

export const OFFICE365_APP = {
  ...text(),
  name: 'ANCHORWATCH_OFFICE365_APP',
  about: 'Id or label of the Office 365 app. Needed only where the organisation has several.',
  example: '0oa9z8y7x6w5v4u3t2s1',
} satisfies Setting<string>;

export const APP_DOMAINS = {
  ...domainNames(),
  name: 'ANCHORWATCH_APP_DOMAINS',
  about:
    'The domains that the Office 365 app federates, instead of those that the app itself names. Needed where the app names none, or one that is no verified domain of the tenant: the scan then says `foreign-tenant`. User names in other domains are not repaired.',
  example: 'example.com, sub.example.com',
} satisfies Setting<readonly string[]>;

export const AD_INSTANCES = {
  ...list('ids or labels of AD instances'),
  name: 'ANCHORWATCH_AD_INSTANCES',
  about:
    'The Active Directory instances to read. All active ones when not set. An instance whose label has a comma is named by its id.',
  example: 'corp.example.com, 0oa5k4j3h2g1f0e9d8c7',
} satisfies Setting<readonly string[]>;

export const ANCHOR_ATTRIBUTE = {
  ...attributeName(),
  name: 'ANCHORWATCH_ANCHOR_ATTRIBUTE',
  fallback: 'externalId',
  about:
    "Where the AD app user holds the source anchor. `externalId` is base64 of objectGUID, and what Okta's default mapping sends. Name another attribute only if your Office 365 mapping does.",
  example: 'msDSConsistencyGuid',
} satisfies DefaultedSetting<string>;

export const SIGN_IN_HOSTS = {
  ...hostNames(),
  name: 'ANCHORWATCH_SIGN_IN_HOSTS',
  about:
    'Further host names under which people sign in to this organisation, such as a custom domain. The host of ANCHORWATCH_OKTA_URL always counts. Nobody is repaired whose domain in Entra ID sends sign-ins anywhere else.',
  example: 'login.example.com',
} satisfies Setting<readonly string[]>;

export const OKTA: Section = {
  title: 'Okta',
  intro:
    'Two ways in, of which exactly one is set: a service app with a private key (client id and key together), or an API token for a trial on your own machine. The service app needs the scopes `okta.apps.read`, `okta.users.read`, `okta.groups.read`, `okta.logs.read`, `okta.profileMappings.read` and `okta.roles.read`, all of them, or Okta gives it no token; and an administrator role that may view the Active Directory and Office 365 apps, or Okta refuses although the scopes are granted. Repairs have a token of their own, for these and `okta.schemas.read`, `okta.apps.manage` and whatever their settings need. Outside the mode `observe` a scan uses `okta.schemas.read` too, to see whether people can put themselves into the opted-in group; without it the scan goes on, and says that it could not look.',
  settings: [
    OKTA_URL,
    OKTA_CLIENT_ID,
    OKTA_PRIVATE_KEY,
    OKTA_KEY_ID,
    OKTA_API_TOKEN,
    OFFICE365_APP,
    APP_DOMAINS,
    AD_INSTANCES,
    ANCHOR_ATTRIBUTE,
    SIGN_IN_HOSTS,
  ],
};
