import { Router, type RequestHandler } from 'express';
import { identifyCaller, requireScope, type RouteScope } from '../access/index.js';
import { methodNotAllowed } from '../http/method-not-allowed.js';
import { admit } from '../limits/admit.js';
import { limitCallers } from '../limits/limit-callers.js';
import { requestContext } from '../http/request-context.js';
import type { Services } from '../services.js';
import type { Route } from './route.js';

/** Puts routes on a router: their methods, 405 for every other method, and the pattern for metrics and logs. */
export function registerRoutes(routes: readonly Route[], services: Services): Router {
  const router = Router();
  const limited = limitCallers(services);
  const identify = identifyCaller(services);
  for (const route of routes) {
    const refuse = methodNotAllowed(allowedMethods(route));
    const registered = router.route(route.path).all(rememberRoute(route.path));
    const scope = scopeInForce(route, services);
    // Who it is comes first: a rate is that of a caller. Whoever is refused counts as well, and takes no place.
    if (scope !== 'open') registered.all(identify);
    if (route.pool !== undefined) registered.all(limited);
    if (scope !== 'open') registered.all(requireScope(scope, services));
    if (route.pool !== undefined) registered.all(admit(route.pool, services));
    if (route.get !== undefined) {
      // Without its own handler express would answer HEAD by GET.
      if (!route.head) registered.head(refuse);
      registered.get(...route.get.handlers(services));
    }
    if (route.post !== undefined) registered.post(...route.post.handlers(services));
    registered.all(refuse);
  }
  return router;
}

/** The metrics are open unless the config closes them. */
function scopeInForce({ scope }: Route, { config }: Services): RouteScope {
  return scope === 'metrics' && config.access.metrics === 'open' ? 'open' : scope;
}

function allowedMethods(route: Route): readonly string[] {
  return [
    ...(route.get === undefined ? [] : ['GET']),
    ...(route.get !== undefined && route.head ? ['HEAD'] : []),
    ...(route.post === undefined ? [] : ['POST']),
  ];
}

function rememberRoute(pattern: string): RequestHandler {
  return (request, _response, next) => {
    requestContext(request).route = pattern;
    next();
  };
}
