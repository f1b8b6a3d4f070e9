import { createShiftedClock } from '../../local/http/clock.ts';
import { settingsFor } from '../../local/http/credentials.ts';
import { serve } from '../../local/http/serve.ts';
import type { Answer, World } from '../../local/world/call.ts';
import { newKeys } from '../../local/world/keys.ts';
import { READ_ROLES, READ_SCOPES } from '../../local/world/options.ts';
import { USER_FIELDS } from '../../shared/entra/schemas.ts';
import { createWorld } from '../../local/world/world.ts';

/**
 * The simulated tenants for a measurement: without latency and limits, and every page is rendered once, by whoever reads it first, so that
 * what is measured is the reader. A process of its own: `node bench/scan/tenants.ts <people>`; it tells its parent its settings, and its CPU
 * time whenever it is asked.
 */
const people = Number(process.argv[2]);
const endless = { apps: 1e9, app: 1e9, groups: 1e9, users: 1e9, logs: 1e9, token: 1e9, other: 1e9 };
const { world, ...created } = createWorld({
  seed: 'bench',
  start: Date.now(),
  people,
  plants: { 'entra-stale': 20 },
  keys: newKeys(),
  synced: 'universal-sync',
  okta: { scopes: READ_SCOPES, limits: endless },
  graph: { roles: READ_ROLES },
});
const tenants = await serve(rendered(world), {
  clock: createShiftedClock(0),
  random: () => 0.5,
  onError: (error) => process.stderr.write(`${String(error)}\n`),
});
process.on('message', () => process.send?.({ cpu: process.cpuUsage() }));
process.once('disconnect', () => void tenants.close());
const { directories, office365 } = created.ids;
process.send?.({
  settings: {
    ...settingsFor({ world, ...created }, tenants.addresses),
    BENCH_DIRECTORIES: directories.map(({ id }) => id).join(','),
    BENCH_OFFICE365: office365,
    BENCH_FIELDS: USER_FIELDS.join(','),
  },
});

/** What somebody has read once is read again as it was: nobody changes in these tenants. */
function rendered(one: World): World {
  const pages = new Map<string, Answer>();
  return {
    handle(call, now, random) {
      if (call.method !== 'GET' || call.side === 'identity') return one.handle(call, now, random);
      const key = `${call.side} ${call.target} ${call.headers['consistencylevel'] ?? ''}`;
      const answer = pages.get(key) ?? one.handle(call, now, random);
      if (answer.status === 200) pages.set(key, answer);
      return answer;
    },
  };
}
