import { app } from '@azure/functions';
import { repair } from '../shared/flows/repair.ts';
import { decodeMessage, REPAIR_QUEUE } from '../shared/state/messages.ts';
import { withTools } from '../shared/wiring.ts';

/** One queued repair. The row is the truth; a message that comes twice finds it settled. */
app.storageQueue('repair', {
  queueName: REPAIR_QUEUE.name,
  connection: 'AzureWebJobsStorage',
  handler: async (message, context): Promise<void> => {
    const { repair: id } = decodeMessage(REPAIR_QUEUE.schema, message);
    await withTools(process.env, context, (tools) => repair(id, tools));
  },
});
