import { ipKeyGenerator, MemoryStore } from 'express-rate-limit';
import type { IncomingMessage } from 'node:http';
import type { Config } from '../../config/config.js';
import { requestContext } from '../http/request-context.js';

/** How often each caller has asked, counted on over every reload. */
export class CallerRates {
  readonly store = new MemoryStore();

  /** Counts a request that does not come by express, and says whether it is one too many. */
  async isOver(request: IncomingMessage, { limits }: Config): Promise<boolean> {
    const { totalHits } = await this.store.increment(callerKey(request));
    return totalHits > limits.callerRequests;
  }
}

/**
 * What a request counts for: the name of its caller where that is known, else the address that it comes from (an IPv6
 * network of 56 bits counts as one). What a proxy says of other addresses is not believed.
 */
export function callerKey(request: IncomingMessage): string {
  const { caller } = requestContext(request);
  return caller === undefined
    ? `address ${ipKeyGenerator(request.socket.remoteAddress ?? '')}`
    : `caller ${caller}`;
}
