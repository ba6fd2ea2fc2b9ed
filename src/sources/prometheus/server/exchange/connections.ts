import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { ClientTls, TlsMaterial } from '../access/client-tls.js';
import type { Failure } from '../failure.js';

/** How connections are kept. */
export interface ConnectionSettings {
  /** So many at a time. */
  readonly sockets: number;
  /** One that nobody uses is closed after this. */
  readonly idleMs: number;
  /** The name that the other side has to prove; absent: the host. */
  readonly serverName?: string;
}

/** The right to make one request over kept connections. */
export interface Lease {
  readonly kind: 'lease';
  readonly agent: HttpAgent;
  /** Closes those that are not in use: one of them turned out to be dead, so the others may be. */
  dropIdle(): void;
  /** To be called once, when the request has ended. */
  release(): void;
}

/**
 * The kept-alive connections to a server. When certificates change new requests get new connections; the old ones end with
 * their last request.
 */
export class Connections {
  readonly #settings: ConnectionSettings;
  readonly #tls: ClientTls;
  #plain: Pool | undefined;
  #secure: { readonly material: TlsMaterial; readonly pool: Pool } | undefined;
  #isClosed = false;

  constructor(settings: ConnectionSettings, tls: ClientTls) {
    this.#settings = settings;
    this.#tls = tls;
  }

  /** Fails where the files of certificates cannot be read. */
  async lease(protocol: string): Promise<Lease | Failure> {
    if (protocol !== 'https:') {
      this.#plain ??= this.#newPool(new HttpAgent(this.#agentOptions()));
      return this.#plain.lease();
    }
    const material = await this.#tls.read();
    if (material.kind === 'failure') return material;
    if (this.#secure?.material !== material) {
      this.#secure?.pool.retire();
      const { serverName } = this.#settings;
      const agent = new HttpsAgent({
        ...this.#agentOptions(),
        ...material.options,
        minVersion: 'TLSv1.2',
        ...(serverName === undefined ? {} : { servername: serverName }),
      });
      this.#secure = { material, pool: this.#newPool(agent) };
    }
    return this.#secure.pool.lease();
  }

  /** Ends the connections, each after its last request. Later requests still work, over connections that are not kept. */
  close(): void {
    this.#isClosed = true;
    this.#plain?.retire();
    this.#secure?.pool.retire();
  }

  #agentOptions() {
    const { sockets, idleMs } = this.#settings;
    return { keepAlive: true, maxSockets: sockets, timeout: idleMs };
  }

  #newPool(agent: HttpAgent): Pool {
    const pool = new Pool(agent);
    if (this.#isClosed) pool.retire();
    return pool;
  }
}

class Pool {
  readonly #agent: HttpAgent;
  #leases = 0;
  #isRetired = false;

  constructor(agent: HttpAgent) {
    this.#agent = agent;
  }

  lease(): Lease {
    this.#leases += 1;
    return {
      kind: 'lease',
      agent: this.#agent,
      dropIdle: () => {
        this.#dropIdle();
      },
      release: () => {
        this.#leases -= 1;
        this.#endIfDone();
      },
    };
  }

  retire(): void {
    this.#isRetired = true;
    this.#dropIdle();
    this.#endIfDone();
  }

  #dropIdle(): void {
    for (const socket of Object.values(this.#agent.freeSockets).flat()) socket?.destroy();
  }

  #endIfDone(): void {
    if (this.#isRetired && this.#leases === 0) this.#agent.destroy();
  }
}
