import { Router, type RequestHandler } from 'express';
import { methodNotAllowed } from '../http/method-not-allowed.js';
import { requestContext } from '../http/request-context.js';
import type { Services } from '../services.js';
import type { Route } from './route.js';

/** Puts routes on a router: their methods, 405 for every other method, and the pattern for metrics and logs. */
export function registerRoutes(routes: readonly Route[], services: Services): Router {
  const router = Router();
  for (const route of routes) {
    const refuse = methodNotAllowed(allowedMethods(route));
    const registered = router.route(route.path).all(rememberRoute(route.path));
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
