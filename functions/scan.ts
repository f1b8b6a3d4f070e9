import { app } from '@azure/functions';
import { scan } from '../shared/flows/scan.ts';
import { decodeMessage, SCAN_QUEUE } from '../shared/state/messages.ts';
import { withTools } from '../shared/wiring.ts';

/** One slice of a scan. A call that dies is repeated by the queue and goes on from the last stored page. */
app.storageQueue('scan', {
  queueName: SCAN_QUEUE.name,
  connection: 'AzureWebJobsStorage',
  handler: async (message, context): Promise<void> => {
    const { run } = decodeMessage(SCAN_QUEUE.schema, message);
    await withTools(process.env, context, (tools) => scan(run, tools));
  },
});
