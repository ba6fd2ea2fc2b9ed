import type { RequestHandler } from 'express';
import type { AccessScope } from '../../config/index.js';
import type { Access } from './access.js';
import type { Caller } from './caller.js';
import { refuse, type RefusalParts } from './refuse.js';
import { identityOf, rememberIdentity } from './request-identity.js';

/** What a route takes: nothing, a scope, or the right to see the metrics, which speak of every model. */
export type RouteScope = AccessScope | 'open' | 'metrics';

/** Finds out who asks, before anything else of the request is looked at. It refuses nobody: `requireScope` does. */
export function identifyCaller({ access }: { readonly access: Access }): RequestHandler {
  return (request, _response, next) => {
    const identity = access.identify(request);
    if (identity instanceof Promise) {
      identity
        .then((found) => {
          rememberIdentity(request, found);
          next();
        })
        .catch(next);
      return;
    }
    rememberIdentity(request, identity);
    next();
  };
}

/** Lets through who may do this with some model at least; whether it is the right one is the route's to ask. */
export function requireScope(scope: Exclude<RouteScope, 'open'>, services: RefusalParts): RequestHandler {
  const needed = scope === 'metrics' ? 'read' : scope;
  const allows = (caller: Caller): boolean =>
    scope === 'metrics' ? caller.mayWithAll('read') : caller.has(needed);
  return (request, response, next) => {
    const identity = identityOf(request);
    if (identity?.kind === 'caller' && allows(identity.caller)) next();
    else {
      const reason = identity?.kind === 'refused' ? identity.reason : 'missing-scope';
      refuse(request, response, reason, needed, services);
    }
  };
}
