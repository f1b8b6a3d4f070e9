import { app, type HttpRequest } from '@azure/functions';

/**
 * What the nights came to, and what somebody has to decide. App Service Authentication stands in front and says who has signed in, so that no
 * key is asked for; where it is off, nothing is shown. `WEBSITE_AUTH_ENABLED` is set by Azure
 * (learn.microsoft.com/azure/app-service/reference-app-settings, "read-only"); docs/page.md says never to set it by hand.
 */
app.http('page', {
  methods: ['GET', 'POST'],
  authLevel: 'anonymous',
  route: 'page/{*path}',
  handler: async (request, context) => {
    const { page, unconfiguredPage } = await import('../shared/flows/page.ts');
    const { withTools } = await import('../shared/wiring.ts');
    const asking = { ...asked(request), isGuarded: isGuarded() };
    return withTools(process.env, context, (tools) => page(asking, tools)).catch(unconfiguredPage);
  },
});

function asked(request: HttpRequest) {
  return {
    method: request.method,
    path: (request.params['path'] ?? '').replace(/^\/+|\/+$/g, ''),
    query: request.query,
    header: (name: string) => request.headers.get(name),
    body: () => request.text(),
  };
}

function isGuarded(): boolean {
  return process.env['WEBSITE_AUTH_ENABLED']?.toLowerCase() === 'true';
}
