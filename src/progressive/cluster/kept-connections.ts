import { createHash } from 'node:crypto';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent, type RequestOptions } from 'node:https';

/** So many requests at a time; watches have connections of their own. */
const sockets = 32;

/**
 * The kept-alive connections to an API server. When certificates change new requests get new connections; the old ones end
 * when they have been idle.
 */
export class KeptConnections {
  readonly #limit: number;
  #held: { readonly key: string; readonly agent: HttpAgent } | undefined;

  constructor({ isLimited }: { readonly isLimited: boolean }) {
    this.#limit = isLimited ? sockets : Infinity;
  }

  /** Where a request goes out: over the proxy that its options name, else over a kept connection. */
  agentFor(access: RequestOptions, isTls: boolean): HttpAgent {
    if (access.agent instanceof HttpAgent) return access.agent;
    const tls = {
      ca: access.ca,
      cert: access.cert,
      key: access.key,
      pfx: access.pfx,
      passphrase: access.passphrase,
      servername: access.servername,
      rejectUnauthorized: access.rejectUnauthorized ?? true,
    };
    const key = isTls ? keyOf(Object.values(tls)) : 'plain';
    if (this.#held?.key === key) return this.#held.agent;
    const settings = { keepAlive: true, maxSockets: this.#limit, timeout: 60_000 };
    const agent = isTls ? new HttpsAgent({ ...settings, ...withoutUndefined(tls) }) : new HttpAgent(settings);
    this.#held = { key, agent };
    return agent;
  }

  close(): void {
    this.#held?.agent.destroy();
  }
}

function keyOf(parts: readonly unknown[]): string {
  const hash = createHash('sha256');
  for (const part of parts.flat()) hash.update(`${String(part)}\0`);
  return hash.digest('base64');
}

function withoutUndefined<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>;
}
