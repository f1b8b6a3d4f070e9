import { argv, env, stdout } from 'node:process';
import { TableClient } from '@azure/data-tables';

// The least that can be done: the same rows as JSON in one column, one partition, transactions of 100, eight at a time; and read back.
// No schema, no history to look through, no row that is written twice without harm.

const [, , task, count, shift = '0'] = argv;
const open = (name) =>
  TableClient.fromConnectionString(env.AzureWebJobsStorage, name, { allowInsecureConnection: true });
const [findings, history] = [open('PlainFindings'), open('PlainHistory')];

async function write(table, rows) {
  const left = Array.from({ length: Math.ceil(rows.length / 100) }, (_, at) =>
    rows.slice(at * 100, at * 100 + 100),
  ).values();
  const worker = async () => {
    for (const batch of left) await table.submitTransaction(batch.map((row) => ['upsert', row, 'Replace']));
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

async function read() {
  const rows = new Map();
  for await (const { rowKey, json } of findings.listEntities({ queryOptions: { filter: "PartitionKey eq 'p'" } }))
    rows.set(rowKey, json);
  return rows;
}

async function night(made) {
  const before = shift === '0' ? new Map() : await read();
  const rows = made.map((one) => ({ partitionKey: 'p', rowKey: one.finding.key, json: JSON.stringify(one) }));
  const changed = rows.filter(({ rowKey, json }) => before.get(rowKey) !== json);
  const now = new Set(rows.map(({ rowKey }) => rowKey));
  const gone = [...before]
    .filter(([rowKey]) => !now.has(rowKey))
    .map(([rowKey]) => ({ partitionKey: 'p', rowKey, json: '"gone"' }));
  await write(findings, [...changed, ...gone]);
  await write(
    history,
    [...changed, ...gone].map(({ rowKey }) => ({ partitionKey: 'p', rowKey: `${rowKey}~${shift}`, change: 'changed' })),
  );
  return changed.length + gone.length;
}

let began = [performance.now(), process.cpuUsage()];
const took = (rows) => {
  const { user, system } = process.cpuUsage(began[1]);
  stdout.write(JSON.stringify({ wall: performance.now() - began[0], cpu: (user + system) / 1_000, rows }));
};
if (task === 'night') {
  const { someFindings } = await import('./people.ts');
  const made = someFindings(Number(count), Number(shift)).map((finding) => ({
    finding,
    change: 'new',
    confirmed: true,
  }));
  began = [performance.now(), process.cpuUsage()];
  if (shift === '0') await Promise.all([findings.createTable(), history.createTable()]);
  took(2 * (await night(made)));
} else {
  const rows = [...(await read()).values()].map((json) => JSON.parse(json));
  stdout.write(`${JSON.stringify(rows)}\n`);
}
