import type { IncomingMessage, ServerResponse } from 'node:http';
import { settingsFor } from '../../local/http/credentials.ts';
import { listen, type LoopbackServer } from '../../local/http/listen.ts';
import { headersOf, readBody } from '../../local/http/request.ts';
import type { Call } from '../../local/world/call.ts';
import { newKeys } from '../../local/world/keys.ts';
import { READ_ROLES, READ_SCOPES } from '../../local/world/options.ts';
import { USER_FIELDS } from '../../shared/entra/schemas.ts';
import { createWorld } from '../../local/world/world.ts';

/**
 * The simulated tenants for a measurement, without latency and limits. Whoever reads a page first has it rendered; from then on it lies here
 * as the bytes that go out, so that what is measured is the reader. A process of its own: `node bench/scan/tenants.ts <people>`; it tells
 * its parent its settings, and its CPU time whenever it is asked.
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
const [okta, graph, identity] = [await open('okta'), await open('graph'), await open('identity')];
process.on('message', () => process.send?.({ cpu: process.cpuUsage() }));
process.once('disconnect', () => void Promise.all([okta, graph, identity].map((server) => server.close())));
const { directories, office365 } = created.ids;
process.send?.({
  settings: {
    ...settingsFor(
      { world, ...created },
      {
        okta: okta.address,
        graph: graph.address,
        identity: identity.address,
      },
    ),
    BENCH_DIRECTORIES: directories.map(({ id }) => id).join(','),
    BENCH_OFFICE365: office365,
    BENCH_FIELDS: USER_FIELDS.join(','),
  },
});

interface Page {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

function open(side: Call['side']): Promise<LoopbackServer> {
  /** What somebody has read once is read again as it was: nobody changes in these tenants. */
  const pages = new Map<string, Page>();

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url: target = '/' } = request;
    const key =
      method === 'GET' && side !== 'identity' ? `${target} ${String(request.headers['consistencylevel'])}` : null;
    const page = key === null ? undefined : pages.get(key);
    if (page !== undefined) return send(response, 200, page);
    const body = (await readBody(request, 2 ** 20)) ?? '';
    const call = { side, method, target, headers: headersOf(request), body };
    const answer = world.handle(call, Date.now(), () => 0.5);
    const made = { headers: answer.headers, body: Buffer.from(answer.body) };
    if (key !== null && answer.status === 200) pages.set(key, made);
    send(response, answer.status, made);
  }

  return listen(`${side} tenant of the bench`, 0, (request, response) => {
    respond(request, response).catch((error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      response.destroy();
    });
  });
}

function send(response: ServerResponse, status: number, { headers, body }: Page): void {
  response.writeHead(status, { ...headers, 'content-length': body.length }).end(body);
}
