import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { check } from './check.ts';
import { folderOf, FOLDER_SETTING, readContracts } from './contracts.ts';
import { readExchanges, RECORD_FOLDER } from './exchange.ts';
import { readFaults } from './reads.ts';
import { linesOf } from './report.ts';
import { scopeFaults } from './scopes.ts';

// `npm run contracts`: has the product ask the simulated tenants everything that it can ask, and holds every request and every answer
// against what Okta and Microsoft publish. Exit 1 when one does not keep to it, 2 when the contracts are not at hand.

const ROOT = resolve(import.meta.dirname, '../..');
const folder = folderOf(process.env);
const contracts = readContracts(folder);

if (contracts === null) {
  process.stderr.write(
    `The contracts are not at ${folder} (${FOLDER_SETTING} says where else to look): nothing was held against them.\n`,
  );
  process.exitCode = 2;
} else {
  const recorded = mkdtempSync(join(tmpdir(), 'anchorwatch-contracts-'));
  try {
    const isRecorded = record(recorded);
    const report = check(readExchanges(recorded), contracts);
    const besides = [...readFaults(contracts.graph), ...scopeFaults(contracts.okta)];
    process.stdout.write(`${linesOf(report, besides, contracts.versions).join('\n')}\n`);
    const isKept = report.okta.faults.size + report.graph.faults.size + besides.length === 0;
    process.exitCode = isRecorded && isKept ? 0 : 1;
  } finally {
    rmSync(recorded, { recursive: true });
  }
}

/** Runs the recorded tests; what they say is of use when one of them fails. */
function record(into: string): boolean {
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
  const config = join(import.meta.dirname, 'vitest.config.ts');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [vitest, 'run', '--config', config, '--reporter', 'dot'],
    {
      cwd: ROOT,
      env: { ...process.env, [RECORD_FOLDER]: into },
      encoding: 'utf8',
    },
  );
  if (status !== 0) process.stderr.write(`${stdout}${stderr}The tests that were to be recorded have failed.\n`);
  return status === 0;
}
