import { app } from '@azure/functions';

/** 200 while the watch is kept, 503 with the reasons when it is not. The reasons may name people, so a key is asked for. */
app.http('health', {
  methods: ['GET'],
  authLevel: 'function',
  route: 'health',
  handler: async (_request, context) => {
    const { health, unconfigured } = await import('../shared/flows/health.ts');
    const { withTools } = await import('../shared/wiring.ts');
    const state = await withTools(process.env, context, health).catch(unconfigured);
    return { status: state.status === 'green' ? 200 : 503, jsonBody: state };
  },
});
