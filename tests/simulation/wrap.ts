import type { MailClient } from '../../shared/entra/mail.ts';
import type { Effect } from '../../shared/ports/effect.ts';
import type { Queue } from '../../shared/ports/queue.ts';
import type { State, Table } from '../../shared/ports/state.ts';
import type { EffectKind } from './faults.ts';
import type { Scheduler, Worker } from './scheduler.ts';

const TENANT_WRITES: ReadonlySet<string> = new Set([
  'switchDeactivate',
  'unassign',
  'assign',
  'changeAssignment',
  'joinGroup',
  'leaveGroup',
  'changeDirectoryGroup',
  'setUserName',
  'setAnchor',
]);

/** A tenant's port whose every call is an effect of this worker. `at` gives the port as it is some milliseconds ago. */
export function tenantPort<Port extends object>(
  side: 'okta' | 'entra',
  at: (staleness: number) => Port,
  worker: Worker,
  scheduler: Scheduler,
): Port {
  const current = at(0);
  return new Proxy(current, {
    get(target, name, receiver) {
      const method: unknown = Reflect.get(target, name, receiver);
      if (typeof method !== 'function' || typeof name !== 'string' || name === 'untilRoom') return method;
      const isWrite = TENANT_WRITES.has(name);
      const kind: EffectKind = isWrite ? 'tenant-write' : `${side}-read`;
      return (...args: unknown[]) =>
        scheduler.effect(
          worker,
          {
            kind,
            name: `${side}.${name}`,
            until: isWrite ? untilOf(args, worker) : undefined,
            perform: (staleness) => call(staleness === 0 ? current : at(staleness), name, args),
          },
          args,
        );
    },
  });
}

/** What mails ask of Graph, each request an effect under the last word of its path: `mail.sendMail`, `mail.messages`, `mail.send`. */
export function mailPort(at: (staleness: number) => MailClient, worker: Worker, scheduler: Scheduler): MailClient {
  const current = at(0);
  const read = <T>(name: string, args: readonly unknown[], perform: (client: MailClient) => Promise<T>): Promise<T> =>
    scheduler.effect(
      worker,
      { kind: 'entra-read', name, perform: (staleness) => perform(staleness === 0 ? current : at(staleness)) },
      args,
    );
  return {
    rights: () => read('mail.rights', [], (client) => client.rights()),
    json: (...args) => read('mail.find', args, (client) => client.json(...args)),
    post: (...args) =>
      scheduler.effect(
        worker,
        {
          kind: 'tenant-write',
          name: `mail.${args[0].slice(args[0].lastIndexOf('/') + 1)}`,
          until: untilOf(args, worker),
          perform: () => current.post(...args),
        },
        args,
      ),
  };
}

function call(port: object, name: string, args: readonly unknown[]): unknown {
  const method: unknown = Reflect.get(port, name);
  return typeof method === 'function' ? Reflect.apply(method, port, args) : undefined;
}

/** By the true time: what the worker's clock says is its own. */
function untilOf(args: readonly unknown[], worker: Worker): number | undefined {
  const last = args.at(-1);
  return isEffect(last) ? last.until - worker.offset : undefined;
}

function isEffect(value: unknown): value is Effect {
  return typeof value === 'object' && value !== null && 'until' in value && 'correlation' in value;
}

const STATE_KINDS: ReadonlyMap<string, EffectKind> = new Map([
  ['insert', 'state-insert'],
  ['put', 'state-put'],
  ['putAll', 'state-put'],
  ['replace', 'state-write'],
  ['remove', 'state-write'],
  ['transact', 'state-write'],
]);

/** Tables whose every call is an effect; a list is one at its beginning. */
export function statePort(state: State, worker: Worker, scheduler: Scheduler): State {
  const wrapped = Object.entries(state).map(([name, table]) => [name, tablePort(name, table, worker, scheduler)]);
  return Object.fromEntries(wrapped);
}

function tablePort(name: string, table: Table<object>, worker: Worker, scheduler: Scheduler): Table<object> {
  return new Proxy(table, {
    get(target, method) {
      if (typeof method !== 'string') return Reflect.get(target, method);
      const kind = STATE_KINDS.get(method) ?? 'state-read';
      const effect = (args: readonly unknown[], perform: () => unknown) =>
        scheduler.effect(worker, { kind, name: `${name}.${method}`, perform }, args);
      if (method === 'list') {
        return async function* (...args: unknown[]) {
          const rows = await effect(args, () => all(call(target, method, args)));
          if (Array.isArray(rows)) yield* rows;
        };
      }
      return (...args: unknown[]) => effect(args, () => call(target, method, args));
    },
  });
}

async function all(rows: unknown): Promise<unknown[]> {
  const found: unknown[] = [];
  if (isIterable(rows)) for await (const row of rows) found.push(row);
  return found;
}

function isIterable(rows: unknown): rows is AsyncIterable<unknown> {
  return typeof rows === 'object' && rows !== null && Symbol.asyncIterator in rows;
}

export function queuePort<Message>(queue: Queue<Message>, worker: Worker, scheduler: Scheduler): Queue<Message> {
  return {
    send: (message, delay) =>
      scheduler.effect(worker, { kind: 'send', name: 'repairs.send', perform: () => queue.send(message, delay) }, [
        message,
        delay,
      ]),
  };
}
