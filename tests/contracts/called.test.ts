import { glob, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { calledBy, type Sources } from './called.ts';
import { GRAPH_OPERATIONS, isPathOf, OKTA_OPERATIONS, UNDESCRIBED } from './operations.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** But for the pager, which asks for what it is given. */
async function sourcesOf(folder: string): Promise<Sources> {
  const sources: Record<string, string> = {};
  for await (const path of glob(`${folder}/*.ts`, { cwd: ROOT })) {
    if (!path.endsWith('/pager.ts')) sources[path] = await readFile(join(ROOT, path), 'utf8');
  }
  return sources;
}

/** What is called, in the words of the list where it is there. Fixed words go before what is in braces. */
function inWordsOf(operations: readonly string[], called: Iterable<string>): readonly string[] {
  const named = [...called].map((one) => {
    const [method = '', path = ''] = one.split(' ');
    const fitting = operations.filter((operation) => operation.startsWith(`${method} `) && isPathOf(operation, path));
    return fitting.toSorted((a, b) => a.split('{').length - b.split('{').length)[0] ?? one;
  });
  return [...new Set(named)].toSorted();
}

describe('the list of operations has every one that is called, and no other', () => {
  test.each([
    ['shared/okta', OKTA_OPERATIONS],
    ['shared/entra', GRAPH_OPERATIONS],
  ])('in %s', async (folder, operations) => {
    expect(inWordsOf(operations, calledBy(await sourcesOf(folder)))).toEqual(operations.toSorted());
  });

  test('and what is said to be described nowhere is in it', () => {
    expect([...OKTA_OPERATIONS, ...GRAPH_OPERATIONS]).toEqual(expect.arrayContaining(Object.keys(UNDESCRIBED)));
  });
});

describe('a call is read from the sources', () => {
  test.each([
    ['a text', `client.get('/api/v1/org')`, ['GET /api/v1/org']],
    [
      'a template',
      'readAll(client, `/api/v1/apps/${encodeURIComponent(app)}/groups?limit=2`)',
      ['GET /api/v1/apps/{}/groups'],
    ],
    ['a constant', 'const path = `/v1.0/users`;\nclient.json(`${path}/$count`)', ['GET /v1.0/users/$count']],
    [
      'a function',
      "client.send({ method: 'DELETE', path: `${appPath(app)}/users?sendEmail=false` }, effect);\nfunction appPath(app: string): string {\n  return `/api/v1/apps/${encodeURIComponent(app)}`;\n}",
      ['DELETE /api/v1/apps/{}/users'],
    ],
    ['a change', 'client.patch(`/v1.0/users/${encodeURIComponent(id)}`, { mail }, effect)', ['PATCH /v1.0/users/{}']],
    ['what is handed on', 'function one(client: Client, path: string) {\n  return client.json(path);\n}', []],
  ])('whose path is %s', (_what, text, expected) => {
    expect([...calledBy({ 'one.ts': text })]).toEqual(expected);
  });

  test('or it is said that it cannot be', () => {
    expect(() => calledBy({ 'one.ts': 'client.get(whatever.comes)' })).toThrow('one.ts: it is not clear what');
  });
});
