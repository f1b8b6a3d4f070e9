import { parentPort } from 'node:worker_threads';
import { AnchorwatchError, explain, kindOf } from '../errors.ts';
import { done, type Made, type Task } from './task.ts';
import type { Order, Outcome } from './elsewhere.ts';

// A thread of its own, which holds nothing but the page it is at: that is what keeps its memory small and its garbage cheap.

parentPort?.on('message', ({ number, task, body }: Order) => {
  const outcome = tried(task, body);
  parentPort?.postMessage({ number, ...outcome }, 'made' in outcome ? ownedBy(outcome.made) : []);
});

function tried(task: Task, body: Uint8Array): Outcome {
  try {
    return { made: done(task, body) };
  } catch (error) {
    const fields = error instanceof AnchorwatchError ? error.fields : {};
    return { failed: { kind: kindOf(error), message: explain(error), fields } };
  }
}

/** What goes over without a copy. */
function ownedBy({ rows: { columns, ends, packed } }: Made): ArrayBuffer[] {
  return [...Object.values(columns), ends, packed]
    .map((part) => ('buffer' in part ? part.buffer : null))
    .filter((buffer) => buffer instanceof ArrayBuffer && buffer.byteLength > 0);
}
