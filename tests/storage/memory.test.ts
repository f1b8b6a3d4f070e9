import { describe } from 'vitest';
import { memoryQueue } from '../../shared/storage/memory-queue.ts';
import { memoryTable } from '../../shared/storage/memory-table.ts';
import { queueContract } from './queue-contract.ts';
import { tableContract } from './table-contract.ts';

describe('a table in memory', () => {
  tableContract((spec) => memoryTable(spec));
});

describe('a queue in memory', () => {
  queueContract(async (spec, clock) => {
    const queue = memoryQueue(spec, clock);
    return { queue, take: async () => queue.take(), count: async () => queue.waiting().length };
  });
});
