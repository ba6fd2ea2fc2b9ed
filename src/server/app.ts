import express, { type Express } from 'express';
import { handleErrors } from './http/handle-errors.js';
import { noStore } from './http/no-store.js';
import { notFound } from './http/not-found.js';
import { observeRequests } from './http/observe-requests.js';
import { securityHeaders } from './http/security-headers.js';
import { singleSlashes } from './http/single-slashes.js';
import { unconditional } from './http/unconditional.js';
import { routes } from './routes/index.js';
import { registerRoutes } from './routes/register-routes.js';
import type { Services } from './services.js';

/** The order in which a request passes through the service, and nothing else. */
export function createApp(services: Services): Express {
  const app = express();
  app.disable('x-powered-by');
  // No answer is ever compared with an earlier one.
  app.disable('etag');
  app.use(observeRequests(services.metrics, services.logger));
  app.use(securityHeaders());
  app.use(noStore);
  app.use(unconditional);
  app.use(singleSlashes);
  app.use(registerRoutes(routes, services));
  app.use(notFound(routes.map((route) => route.path)));
  app.use(handleErrors(services.logger));
  return app;
}
