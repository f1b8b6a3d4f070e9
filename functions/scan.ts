import { app } from '@azure/functions';
import { SCANS } from '../shared/state/queues.ts';

/** One slice of a scan. A call that dies is repeated by the queue and goes on from the last stored page. */
app.storageQueue('scan', {
  queueName: SCANS,
  connection: 'AzureWebJobsStorage',
  handler: async (message, context): Promise<void> => {
    const { decodeMessage, SCAN_QUEUE } = await import('../shared/state/messages.ts');
    const { scan } = await import('../shared/flows/scan.ts');
    const { withTools } = await import('../shared/wiring.ts');
    const { run } = decodeMessage(SCAN_QUEUE.schema, message);
    await withTools(process.env, context, (tools) => scan(run, tools));
  },
});
