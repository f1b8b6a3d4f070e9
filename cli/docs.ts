import { writeFile } from 'node:fs/promises';
import { explain } from '../shared/errors.ts';
import { reportPicture } from './picture.ts';
import { verdictsPage } from './verdicts-page.ts';
import { readConfig } from '../shared/config/read.ts';
import type { Section, Setting } from '../shared/config/setting.ts';
import { SECTIONS, SETTINGS } from '../shared/config/settings/all.ts';

/** The generated files by their paths from the project's root. */
export async function generatedFiles(): Promise<Readonly<Record<string, string>>> {
  return {
    'docs/configuration.md': configurationPage(),
    'docs/report.svg': await reportPicture(),
    'docs/verdicts.md': verdictsPage(),
    'local.settings.sample.json': sampleSettings(),
  };
}

/** `docs/configuration.md`, whole. */
export function configurationPage(): string {
  return `${[...INTRODUCTION, ...SECTIONS.map(sectionText), ERRORS].join('\n\n')}\n`;
}

/**
 * `local.settings.sample.json`, whole. What only the reader can know is a placeholder in angle brackets, which `readConfig`
 * refuses by name, so that a copy cannot run by mistake against somebody's idea of an example.
 */
export function sampleSettings(): string {
  const samples = SETTINGS.flatMap(({ name, sample }) => (sample === undefined ? [] : [[name, sample] as const]));
  const values = Object.fromEntries([['FUNCTIONS_WORKER_RUNTIME', 'node'], ...samples]);
  return `${JSON.stringify({ IsEncrypted: false, Values: values }, null, 2)}\n`;
}

const INTRODUCTION: readonly string[] = [
  '<!-- Written by `npm run docs` from shared/config/settings. Change it there. -->',
  '# Configuration',
  'Anchorwatch is configured by environment variables alone. In Azure they are the app settings of the function app; on your own machine they are the `Values` of `local.settings.json` in the folder where you stand, for which `local.settings.sample.json` is the pattern. What the environment itself sets comes before the file.',
  [
    '## To begin with',
    '',
    '1. Set the address of your Okta organisation and one way into it, and see that the identity may read Entra ID: the sections *Okta* and *Entra ID*.',
    '2. Run `anchorwatch scan`. It reads both tenants, writes nothing anywhere, and needs no storage.',
    '3. Leave everything else at its default. The mode `observe` changes nothing in any tenant.',
  ].join('\n'),
  [
    '## Rules for all settings',
    '',
    '- A variable that is empty, or nothing but blanks, counts as not set. Blanks around a value are dropped.',
    '- 0 means 0: a limit of 0 allows nothing. There is no number that means *unlimited*.',
    '- An address is `https`. Plain `http` is taken for `127.0.0.0/8`, `[::1]` and `localhost` alone.',
    '- A list has commas between its items.',
    '- A name that begins with `ANCHORWATCH_` and is not on this page is an error, since a typo would leave a default in force without a word.',
    "- A secret can be a Key Vault reference, `@Microsoft.KeyVault(SecretUri=…)`, in the function app's settings. The app's identity needs the role *Key Vault Secrets User* on the vault. With a user-assigned identity the app needs `keyVaultReferenceIdentity` too, beside `siteConfig` and not inside it.",
  ].join('\n'),
];

/** The page shows what a person would really see: the words come from reading a configuration with these mistakes. */
const MISTAKES = {
  ANCHORWATCH_OKTA_URL: 'http://acme.okta.com/',
  ANCHORWATCH_OKTA_CLIENT_ID: '0oa1b2c3d4e5f6g7h8i9',
  ANCHORWATCH_OKTA_PRIVATE_KEY: '@Microsoft.KeyVault(SecretUri=https://acme.vault.azure.net/secrets/okta-key)',
  ANCHORWATCH_SCHEDULE: '0 2 * * *',
  ANCHORWATCH_MAX_REPAIR: '10',
  AzureWebJobsStorage: 'UseDevelopmentStorage=true',
};

const ERRORS = [
  '## When something is wrong',
  '',
  'Nothing is read when the app starts, so that its functions are always there and its health can be asked for. The first use of the configuration names everything that is wrong, at once, and shows no secret:',
  '',
  '```text',
  mistakesText(),
  '```',
].join('\n');

function mistakesText(): string {
  try {
    readConfig(MISTAKES);
  } catch (error) {
    return explain(error);
  }
  throw new Error('The mistakes of the documentation are none.');
}

function sectionText({ title, intro, settings }: Section): string {
  return [`## ${title}`, '', intro, '', '| setting | default | what it decides | value |', '| --- | --- | --- | --- |']
    .concat(settings.map(rowText))
    .join('\n');
}

function rowText(setting: Setting<unknown>): string {
  const { name, about, expected, unit, example, secret } = setting;
  const what = secret === true ? `${about} A secret.` : about;
  const value = `${expected}${unit === undefined ? '' : ` (${unit})`}; for example \`${example}\``;
  return `| ${[`\`${name}\``, defaultText(setting), what, value].map(cellText).join(' | ')} |`;
}

/** A bar inside a cell would end it. */
function cellText(text: string): string {
  return text.replaceAll('|', '\\|');
}

function defaultText({ fallback, required }: Setting<unknown>): string {
  if (fallback !== undefined) return `\`${fallback}\``;
  if (required === undefined) return 'not set';
  return required === 'always' ? '**required**' : `**required** ${required}`;
}

if (import.meta.main) {
  for (const [path, text] of Object.entries(await generatedFiles())) {
    await writeFile(new URL(`../${path}`, import.meta.url), text);
  }
}
