import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCursor, writeCursor } from '../../local/world/cursor.ts';
import { Roster } from '../../local/world/roster.ts';
import { Windows } from '../../local/world/windows.ts';

interface Row {
  readonly key: string;
  readonly text: string;
}

function roster(...rows: readonly Row[]): Roster<Row> {
  const made = new Roster<Row>((row) => row.key, { text: (row) => [row.text] });
  for (const row of rows) made.put(row);
  return made;
}

describe('a roster', () => {
  it('lists rows in the order of their keys, whatever the order they came in', () => {
    const rows = roster({ key: 'b', text: '' }, { key: 'c', text: '' }, { key: 'a', text: '' });

    expect([...rows.list(null, 0)].map((row) => row.key)).toEqual(['a', 'b', 'c']);
    expect([...rows.list('a', 0)].map((row) => row.key)).toEqual(['b', 'c']);
  });

  it('shows a lagging reader what was', () => {
    const rows = roster({ key: 'a', text: 'old' }, { key: 'b', text: 'stays' });
    rows.put({ key: 'a', text: 'new' }, 100);
    rows.remove('b', 200);
    rows.put({ key: 'c', text: 'comes' }, 300);

    const shown = (asOf: number) => [...rows.list(null, asOf)].map((row) => row.text);

    expect([shown(50), shown(100), shown(200), shown(300)]).toEqual([
      ['old', 'stays'],
      ['new', 'stays'],
      ['new'],
      ['new', 'comes'],
    ]);
    expect([50, 100, 200, 300].map((asOf) => rows.size(asOf))).toEqual([2, 2, 1, 2]);
  });

  it('finds a row by what it was and by what it is', () => {
    const rows = roster({ key: 'a', text: 'old' });
    expect([...rows.lookup('text', 'old', 0)]).toHaveLength(1);

    rows.put({ key: 'a', text: 'new' }, 100);

    expect([...rows.lookup('text', 'old', 50)]).toEqual([{ key: 'a', text: 'old' }]);
    expect([...rows.lookup('text', 'new', 100)]).toEqual([{ key: 'a', text: 'new' }]);
  });

  it('gives every row that stays exactly once to who pages through it while others come and go', () => {
    const keys = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 30 });
    const property = fc.property(keys, keys, fc.integer({ min: 1, max: 5 }), (stay, others, size) => {
      const come = others.filter((key) => !stay.includes(key));
      const rows = roster(...stay.map((key) => ({ key, text: '' })));
      const seen: string[] = [];
      for (let after: string | null = null, time = 1; ; time++) {
        const page = [...rows.list(after, time)].slice(0, size);
        seen.push(...page.map((row) => row.key));
        if (page.length === 0) break;
        after = page.at(-1)!.key;
        const other = come[time % Math.max(1, come.length)];
        if (other !== undefined && time % 2 === 0) rows.put({ key: other, text: '' }, time + 1);
        else if (other !== undefined) rows.remove(other, time + 1);
      }
      expect(seen.filter((key) => stay.includes(key))).toEqual([...stay].sort());
      expect(new Set(seen).size).toBe(seen.length);
    });

    fc.assert(property);
  });
});

describe('a cursor', () => {
  it('leads back to its place, in its list and in its time alone', () => {
    const cursor = writeCursor('users', 'a/b', 1_000);

    expect(readCursor(cursor, 'users', 2_000, 1_000)).toBe('a/b');
    expect(readCursor(cursor, 'groups', 2_000, 1_000)).toBeNull();
    expect(readCursor(cursor, 'users', 2_001, 1_000)).toBeNull();
    expect(readCursor(cursor, 'users', 999, 1_000)).toBeNull();
    expect(readCursor(`${cursor}x`, 'users', 1_000, 1_000)).toBeNull();
  });
});

describe('a window', () => {
  it('begins at a multiple of its length and has its limit anew', () => {
    const windows = new Windows();

    expect(windows.take('a', 1_500, 1_000, 2)).toEqual({ allowed: true, used: 1, remaining: 1, reset: 2_000 });
    expect(windows.take('a', 1_999, 1_000, 2)).toMatchObject({ allowed: true, remaining: 0 });
    expect(windows.take('a', 1_999, 1_000, 2)).toMatchObject({ allowed: false, remaining: 0, reset: 2_000 });
    expect(windows.take('b', 1_999, 1_000, 2).allowed).toBe(true);
    expect(windows.take('a', 2_000, 1_000, 2)).toMatchObject({ allowed: true, remaining: 1, reset: 3_000 });
  });
});
