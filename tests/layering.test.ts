import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

const ROOT = resolve(import.meta.dirname, '..');
const OXLINT = join(ROOT, 'node_modules/oxlint/bin/oxlint');

const IMPORTS = 'eslint(no-restricted-imports)';
const GLOBALS = 'eslint(no-restricted-globals)';
const CHANCE = 'eslint(no-restricted-properties)';
const NODE = 'import(no-nodejs-modules)';
const RULES = new Set([IMPORTS, GLOBALS, CHANCE, NODE]);

/** Folder, what a file there imports, and the rule that says no. */
const UPWARDS = [
  ...notIn('shared/anchor', '../compare/judge.ts ../plan/plan.ts ../state/rows.ts ../ports/okta.ts'),
  ...notIn('shared/anchor', '../okta/reader.ts ../clock.ts ../config/read.ts'),
  ...notIn('shared/compare', '../plan/policy.ts ../ports/entra.ts ../rosters/lists.ts ../repair/rules.ts'),
  ...notIn('shared/compare', '../okta/reader.ts ../entra/reader.ts ../storage/table.ts ../clock.ts ../log.ts'),
  ...notIn('shared/compare/deeper', '../../entra/reader.ts ../../plan/plan.ts ../../clock.ts ../../wiring.ts'),
  ...notIn('shared/plan', '../state/rows.ts ../flows/scan.ts ../notify/words.ts ../config/config.ts'),
  ...notIn('shared/state', '../rosters/lists.ts ../storage/table.ts ../okta/rows.ts ../config/read.ts ../clock.ts'),
  ...notIn('shared/ports', '../repair/rules.ts ../flows/run.ts ../entra/reader.ts ../retry.ts ../wiring.ts'),
  ...notIn('shared/rosters', '../repair/rules.ts ../notify/words.ts ../flows/run.ts ../okta/reader.ts ../clock.ts'),
  ...notIn('shared/rosters/files', '../../repair/rules.ts ../../flows/run.ts ../../storage/table.ts ../../clock.ts'),
  ...notIn('shared/repair', '../rosters/load.ts ../flows/repair.ts ../entra/users.ts ../config/read.ts ../clock.ts'),
  ...notIn('shared/notify', '../rosters/load.ts ../repair/look.ts ../flows/tell.ts ../wiring.ts'),
  ...notIn('shared/notify', '../web/page.ts'),
  ...notIn('shared/web', '../rosters/load.ts ../repair/look.ts ../flows/page.ts ../okta/reader.ts ../clock.ts'),
  ...notIn('cli', '../shared/web/page.ts'),
  ...notIn('shared/flows', '../okta/client.ts ../entra/reader.ts ../storage/table.ts ../wiring.ts ../clock.ts'),
  ...notIn('shared/flows', '../config/read.ts ../config/reader.ts ../../cli/program.ts ../../local/stack.ts'),
  ...notIn('shared/flows/scan', '../../okta/reader.ts ../../okta/client.ts ../../storage/table.ts ../../clock.ts'),
  ...notIn('shared/flows/scan', '../../entra/client.ts ../../config/read.ts ../../config/settings/scan.ts'),
  ...notIn('shared/reading', '../okta/client.ts ../okta/reader.ts ../entra/send.ts ../state/rows.ts ../flows/run.ts'),
  ...notIn('shared/rosters', '../reading/elsewhere.ts ../http.ts'),
  ...notIn('shared/flows', '../reading/elsewhere.ts'),
  ...notIn('shared/okta', '../reading/task.ts'),
  ...notIn('shared/entra', '../reading/task.ts'),
  ...notIn('shared', './reading/elsewhere.ts'),
  ...notIn('cli', '../shared/reading/elsewhere.ts'),
  ...notIn('shared/okta', '../entra/client.ts ../storage/table.ts ../rosters/lists.ts ../flows/run.ts ../clock.ts'),
  ...notIn('shared/entra', '../okta/client.ts ../rosters/lists.ts ../repair/rules.ts ../config/read.ts'),
  ...notIn('shared/channels', '../entra/client.ts ../state/rows.ts ../notify/letter.ts ../flows/tell.ts ../clock.ts'),
  ...notIn('shared/flows', '../channels/teams.ts'),
  ...notIn('shared/entra', '../channels/post.ts'),
  ...notIn('cli', '../shared/channels/teams.ts'),
  ...notIn('shared/storage', '../okta/client.ts ../compare/judge.ts ../flows/run.ts ../wiring.ts'),
  ...notIn('shared/config', '../plan/policy.ts ../okta/settings.ts ../wiring.ts ../flows/run.ts'),
  ...notIn('shared', './okta/reader.ts ./flows/scan.ts ./wiring.ts ../cli/io.ts'),
  ...notIn('functions', '../shared/okta/reader.ts ../shared/repair/rules.ts ../shared/notify/words.ts'),
  ...notIn('functions', '../shared/config/reader.ts ../shared/config/settings/run.ts ../shared/clock.ts'),
  ...notIn('cli', '../shared/okta/reader.ts ../shared/storage/table.ts ../shared/repair/rules.ts ../local/stack.ts'),
  ...notIn('cli/report', '../../shared/entra/reader.ts ../../shared/clock.ts ../../functions/scan.ts'),
  ...notIn('local', '../shared/okta/reader.ts ../shared/compare/judge.ts'),
  ...notIn('local/world', '../http/serve.ts ../host/host.ts ../stack.ts ../../shared/clock.ts ../../shared/wiring.ts'),
  ...notIn('local/world/okta', '../../../shared/okta/reader.ts ../../../shared/flows/run.ts ../../answer.ts'),
  ...notIn('local/world/generate', '../../../shared/compare/judge.ts ../../../shared/anchor/forms.ts jose axios'),
  ...notIn('local/http', '../../shared/storage/table.ts ../../shared/compare/pair.ts'),
];

const SDKS = [
  ...notIn('shared/plan', '@azure/identity @azure/identity/deep/path.js @okta/okta-sdk-nodejs/src/client.js'),
  ...notIn('shared/state', '@microsoft/microsoft-graph-client @azure/data-tables/deep'),
  ...notIn('shared/flows/scan', '@okta/okta-sdk-nodejs @microsoft/microsoft-graph-client/lib @azure/functions'),
  ...notIn('shared/okta', '@azure/identity @microsoft/microsoft-graph-client'),
  ...notIn('shared/entra', '@okta/okta-sdk-nodejs'),
  ...notIn('shared/storage', '@okta/okta-sdk-nodejs'),
  ...notIn('shared/config', '@azure/data-tables'),
  ...notIn('functions', '@azure/data-tables @azure/storage-queue @okta/okta-sdk-nodejs'),
  ...notIn('cli', '@azure/data-tables @okta/okta-sdk-nodejs'),
];

/** Rooms in which the same input gives the same output, as far as ports do not answer otherwise. */
const CALM = [
  ...['anchor', 'compare', 'plan', 'state', 'ports', 'rosters', 'repair', 'notify', 'web', 'flows', 'flows/scan'].map(
    (room) => `shared/${room}`,
  ),
  'local/world',
  'local/world/okta',
];

const NODES = CALM.flatMap((room) =>
  ['node:fs', 'node:fs/promises', 'node:timers/promises', 'fs', 'timers/promises', 'node:process'].map(
    (name) => [room, importing(name), NODE] as const,
  ),
);

const CHANCES = CALM.flatMap((room) => [
  ...['Date.now()', 'setTimeout(String, 1)', 'globalThis.setTimeout(String, 1)', 'global.setTimeout(String, 1)'].map(
    (code) => [room, `export const made = ${code};`, GLOBALS] as const,
  ),
  ...[
    'process.pid',
    'globalThis.process.pid',
    'fetch("x")',
    'globalThis.crypto.randomUUID()',
    'new globalThis.Date()',
    'new WebSocket("ws://x")',
  ].map((code) => [room, `export const made = ${code};`, GLOBALS] as const),
  [room, 'export const made = Math.random();', CHANCE] as const,
  [room, 'export const made = AbortSignal.timeout(5);', CHANCE] as const,
  [room, `export { randomUUID } from 'node:crypto';`, IMPORTS] as const,
  [room, `export const made = import('${upTo(room)}wiring.ts');`, IMPORTS] as const,
]);

const REFUSED = [...UPWARDS, ...SDKS, ...NODES, ...CHANCES];

const ALLOWED = [
  ['shared/anchor', importing('../errors.ts')],
  ['shared/compare', importing('../anchor/value.ts')],
  ['shared/compare', importing('zod')],
  ['shared/compare', `export { createHash } from 'node:crypto';`],
  ['shared/plan', importing('../compare/finding.ts')],
  ['shared/state', importing('../plan/recipe.ts')],
  ['shared/state', importing('node:zlib')],
  ['shared/ports', importing('../state/rows.ts')],
  ['shared/rosters', importing('./pages.ts')],
  ['shared/rosters/files', importing('../pages.ts')],
  ['shared/rosters', importing('../ports/okta.ts')],
  ['shared/rosters', importing('../ports/clock.ts')],
  ['shared/repair', importing('../plan/recipe.ts')],
  ['shared/notify', importing('../compare/verdicts.ts')],
  ['shared/web', importing('../notify/words.ts')],
  ['shared/flows', importing('../web/page.ts')],
  ['shared/flows', importing('../repair/rules.ts')],
  ['shared/flows', importing('../config/schedule.ts')],
  ['shared/flows', importing('../config/config.ts')],
  ['shared/flows/scan', importing('../../ports/entra.ts')],
  ['shared/flows/scan', importing('../tools.ts')],
  ['shared/okta', importing('./client.ts')],
  ['shared/okta', importing('../compare/rows.ts')],
  ['shared/okta', `export const made = import('@okta/okta-sdk-nodejs');`],
  ['shared/reading', importing('../okta/app-users.ts')],
  ['shared/reading', importing('../rosters/parcel.ts')],
  ['shared/entra', `export type { TokenCredential } from '@azure/identity';`],
  ['shared/storage', importing('../state/spec.ts')],
  ['shared/channels', importing('../ports/channel.ts')],
  ['shared/config/settings', importing('../kinds.ts')],
  ['shared', importing('./ports/clock.ts')],
  ['functions', importing('@azure/functions')],
  ['functions', importing('../shared/flows/scan.ts')],
  ['functions', importing('../shared/config/timer.ts')],
  ['cli', importing('../shared/wiring.ts')],
  ['cli', importing('../shared/ports/clock.ts')],
  ['local', importing('../shared/flows/tools.ts')],
  ['local/world', importing('../../shared/time.ts')],
  ['local/world/generate', `export type { Verdict } from '../../../shared/compare/verdicts.ts';`],
  ['local/world/okta', `export { createHash } from 'node:crypto';`],
  ['local/http', importing('../world/okta/records.ts')],
] as const;

let folder: string;
/** What the lint reported of each planted file, apart from what it says of any file. */
let reported: ReadonlyMap<string, ReadonlySet<string>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anchorwatch-layering-'));
  await copyFile(join(ROOT, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
  await Promise.all(REFUSED.map(([room, code], index) => plant(`${room}/refused-${index}.ts`, code)));
  await Promise.all(ALLOWED.map(([room, code], index) => plant(`${room}/allowed-${index}.ts`, code)));
  reported = await lint();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the lint refuses', () => {
  test.each(REFUSED.map((one, index) => [...one, index] as const))('in %s: %s (%s)', (room, _code, rule, index) => {
    expect(reported.get(`${room}/refused-${index}.ts`)).toContain(rule);
  });
});

describe('the lint allows', () => {
  test.each(ALLOWED.map((one, index) => [...one, index] as const))('in %s: %s', (room, _code, index) => {
    expect(reported.get(`${room}/allowed-${index}.ts`)).toBeUndefined();
  });
});

function notIn(room: string, names: string): (readonly [string, string, string])[] {
  return names.split(' ').map((name) => [room, importing(name), IMPORTS] as const);
}

function importing(name: string): string {
  return `export { made } from '${name}';`;
}

/** From a room to `shared/`. */
function upTo(room: string): string {
  const up = '../'.repeat(room.split('/').length);
  return room.startsWith('shared/') ? up.slice(3) : `${up}shared/`;
}

async function plant(path: string, code: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), `${code}\n`);
}

const report = z.object({ diagnostics: z.array(z.object({ code: z.string(), filename: z.string() })) });

async function lint(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const { promise, resolve: done } = Promise.withResolvers<string>();
  // Its status says that there is something to report, which is what this is about.
  execFile(process.execPath, [OXLINT, '--format', 'json'], { cwd: folder, maxBuffer: 2 ** 26 }, (_error, out) =>
    done(out),
  );
  const rules = new Map<string, Set<string>>();
  for (const { code, filename } of report.parse(JSON.parse(await promise)).diagnostics) {
    if (!RULES.has(code)) continue;
    rules.set(filename, (rules.get(filename) ?? new Set<string>()).add(code));
  }
  return rules;
}
