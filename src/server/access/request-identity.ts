import type { IncomingMessage } from 'node:http';
import { requestContext } from '../http/request-context.js';
import type { Caller } from './caller.js';
import type { Identity } from './refusal.js';

const identities = new WeakMap<IncomingMessage, Identity<Caller>>();

/** Notes who sends a request. */
export function rememberIdentity(request: IncomingMessage, identity: Identity<Caller>): void {
  identities.set(request, identity);
  if (identity.kind === 'caller' && identity.caller.name !== undefined) {
    requestContext(request).caller = identity.caller.name;
  }
}

/** Who sends a request, as far as anybody asked; undefined: nobody did. */
export function identityOf(request: IncomingMessage): Identity<Caller> | undefined {
  return identities.get(request);
}

/** Who sends a request that was let in. A request that never was is a fault of ours, and ends as one. */
export function callerOf(request: IncomingMessage): Caller {
  const identity = identities.get(request);
  if (identity?.kind === 'caller') return identity.caller;
  throw new Error('a request reached a route without having been let in');
}
