import { rm } from 'node:fs/promises';
import { resolve as absolute } from 'node:path';
import { explain } from '../shared/errors.ts';
import { redact } from '../shared/redact.ts';
import { createShiftedClock } from './http/clock.ts';
import { serveDesk } from './http/control.ts';
import { readKeys, settingsFor, writeCredentials } from './http/credentials.ts';
import { readOptions } from './http/options.ts';
import type { TenantsReady } from './http/process.ts';
import { serve } from './http/serve.ts';
import { diceOf } from './world/dice.ts';
import { truthIn } from './world/truth.ts';
import { createWorld } from './world/world.ts';

/**
 * The simulated Okta, Graph and managed identity as a process: announces itself in one line of JSON when it can be asked, and lives until
 * it is asked to end. What it holds is gone with it; the same options and keys make the same tenants again.
 */
async function main(asked: Promise<void>): Promise<void> {
  const options = await readOptions(process.argv.slice(2), process.env, Date.now);
  const created = createWorld({
    ...options.world,
    seed: options.seed,
    start: options.start,
    people: options.people,
    keys: await readKeys(options.keys),
  });
  const clock = createShiftedClock(options.offset);
  const tenants = await serve(created.world, {
    clock,
    random: diceOf(`${options.seed} serving`).next,
    faults: options.faults,
    latency: options.latency,
    ports: { okta: options['okta-port'], graph: options['graph-port'], identity: options['identity-port'] },
    onError: complain,
  });
  try {
    const { answerKey, hands, inside } = created;
    const truth = truthIn(created);
    const mails = () => [...inside.state.mails.values()];
    const desk = { clock, tenants, answerKey: () => answerKey, hands, truth, mails };
    const control = await serveDesk(desk, options['control-port']);
    const credentials = absolute(options.credentials);
    try {
      await writeCredentials(credentials, settingsFor(created, tenants.addresses));
      announce({ ...tenants.addresses, control: control.address, credentials });
      await asked;
    } finally {
      await rm(credentials, { force: true });
      await control.close();
    }
  } finally {
    await tenants.close();
  }
}

function announce(ready: TenantsReady): void {
  process.stdout.write(`${JSON.stringify({ ready })}\n`);
}

function complain(error: unknown): void {
  process.stderr.write(`${redact(explain(error))}\n`);
}

/** Resolves when somebody wants this process to end. */
function askedToEnd(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}

try {
  await main(askedToEnd());
} catch (error) {
  complain(error);
  process.exitCode = 1;
}
