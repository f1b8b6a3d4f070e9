import { app } from '@azure/functions';
import { REPAIRS } from '../shared/state/queues.ts';

/** One queued repair. The row is the truth; a message that comes twice finds it settled. */
app.storageQueue('repair', {
  queueName: REPAIRS,
  connection: 'AzureWebJobsStorage',
  handler: async (message, context): Promise<void> => {
    const { decodeMessage, REPAIR_QUEUE } = await import('../shared/state/messages.ts');
    const { repair } = await import('../shared/flows/repair.ts');
    const { withTools } = await import('../shared/wiring.ts');
    const { repair: id } = decodeMessage(REPAIR_QUEUE.schema, message);
    await withTools(process.env, context, (tools) => repair(id, tools));
  },
});
