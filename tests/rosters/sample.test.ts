import { describe, expect, test } from 'vitest';
import { addAd, LONG_AGO, refuteAfter, removeAd } from './missing.ts';
import { join } from './tenant.ts';

describe('the sample', () => {
  test('is the same whenever a run is asked, and another in the next run', async () => {
    const { refute, asked } = await refuteAfter(
      () => undefined,
      (tenant) => tenant.directories.forEach((accounts) => accounts.clear()),
    );
    asked.length = 0;
    const people: string[][] = [];
    for (const salt of ['run-2', 'run-2', 'run-3']) {
      const { checks } = await refute(salt, 6);
      expect(checks[0]).toEqual({ missing: 'directory', suspects: 30, asked: 6, refuted: 0 });
      people.push([...new Set(asked.splice(0))]);
    }
    expect(people[0]!.length).toBe(6);
    expect(people[1]).toEqual(people[0]);
    expect(people[2]).not.toEqual(people[0]);
  });

  test('of people known by name is another in another run as well', async () => {
    const { refute, named } = await refuteAfter(
      () => undefined,
      (tenant) => tenant.users.clear(),
    );
    const asked: string[][] = [];
    for (const salt of ['run-2', 'run-2', 'run-3']) {
      named.length = 0;
      await refute(salt, 6);
      asked.push([...named]);
    }
    expect(new Set(asked[0]).size).toBe(6);
    expect(asked[1]).toEqual(asked[0]);
    expect(asked[2]).not.toEqual(asked[0]);
  });

  test('finds out a list where those whom it asks for are there, however many more are missing', async () => {
    const { outcome } = await refuteAfter(
      (tenant) => {
        for (let number = 1; number <= 30; number += 1) addAd(tenant, number, LONG_AGO);
      },
      (tenant) => tenant.directories.forEach((accounts) => accounts.clear()),
    );
    expect(outcome.checks[0]).toEqual({ missing: 'directory', suspects: 30, asked: 20, refuted: 20 });
    expect(outcome.doubts.map(({ list }) => list)).toEqual(['directory:0oaNorth', 'directory:0oaSouth']);
  });

  test('is asked for only while the caller may go on', async () => {
    const { refute, asked } = await refuteAfter(
      () => undefined,
      (tenant) => tenant.directories.forEach((accounts) => accounts.clear()),
    );
    asked.length = 0;
    let kept = 0;
    const lost = new Error('the lease is lost');
    const refuted = refute('run-1', 10, async () => {
      kept += 1;
      if (kept === 4) throw lost;
      return undefined;
    });
    await expect(refuted).rejects.toBe(lost);
    expect(new Set(asked).size).toBe(3);
  });

  test('of 0 asks for nobody', async () => {
    const { refute } = await refuteAfter(
      (tenant) => join(tenant, 7),
      (tenant) => removeAd(tenant, 7),
    );
    expect((await refute('run-1', 0)).doubts).toEqual([]);
    expect((await refute('run-1', 1)).doubts.length).toBe(1);
  });
});
