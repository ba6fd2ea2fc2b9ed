import { ClientTls } from '../../../sources/prometheus/server/access/client-tls.js';
import { Credentials } from '../../../sources/prometheus/server/access/credentials.js';
import { KeptFile } from '../../../sources/prometheus/server/access/kept-file.js';
import { Connections } from '../../../sources/prometheus/server/exchange/connections.js';
import { Deadline } from '../../../sources/prometheus/server/exchange/deadline.js';
import { describeEnd } from '../../../sources/prometheus/server/exchange/network-reason.js';
import { send } from '../../../sources/prometheus/server/exchange/send.js';
import { isFailure, type Failure } from '../../../sources/prometheus/server/failure.js';
import type { Delivery } from '../alert-receiver.js';
import type { ReceiverConnection } from '../receiver-settings.js';
import { DeliveryReader } from './delivery-reader.js';
import { readAddress } from './read-address.js';

/** What is sent. */
export interface AlertPost {
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Kept connections are closed before something on the way forgets them. */
const idleMs = 55_000;

/** Alerts are rare: files of secrets are read for each of them. */
const fileAgeMs = 0;

interface Address {
  readonly kind: 'address';
  readonly url: URL;
}

/**
 * Posts JSON to one receiver, with its credentials and within its time limit. Redirects are not followed. What it tells of
 * a failure names the host at most: a path may be a secret.
 */
export class AlertPoster {
  readonly #settings: ReceiverConnection;
  readonly #path: string;
  readonly #now: () => number;
  readonly #file: KeptFile | undefined;
  readonly #credentials: Credentials;
  readonly #connections: Connections;

  /** @param path behind the address of the receiver */
  constructor(settings: ReceiverConnection, path: string, now: () => number) {
    const { address, tls } = settings;
    this.#settings = settings;
    this.#path = path;
    this.#now = now;
    this.#file = address.kind === 'file' ? new KeptFile('urlFile', address.file, fileAgeMs) : undefined;
    this.#credentials = new Credentials(settings, fileAgeMs, undefined);
    const named = tls.serverName === undefined ? {} : { serverName: tls.serverName };
    this.#connections = new Connections({ sockets: 2, idleMs, ...named }, new ClientTls(tls, fileAgeMs));
  }

  /** @param makePost once the time runs: what it needs may have to be read first */
  async post(
    makePost: () => Promise<AlertPost | Failure> | AlertPost,
    signal: AbortSignal,
  ): Promise<Delivery> {
    const deadline = new Deadline(signal, this.#settings.timeoutMs);
    try {
      const made = await deadline.within(Promise.resolve(makePost()));
      if (made === undefined) return later(describeEnd(deadline, this.#settings.timeoutMs, 0));
      if (isFailure(made)) return later(made);
      const first = await this.#send(made, deadline);
      const isStale = isFailure(first) && first.again?.kind === 'later' && first.again.afterMs === 0;
      const result = isStale ? await this.#send(made, deadline) : first;
      return isFailure(result) ? later(result) : result;
    } finally {
      deadline.dispose();
    }
  }

  /** Ends the connections, each after its last request. */
  close(): void {
    this.#connections.close();
  }

  async #send(post: AlertPost, deadline: Deadline): Promise<Delivery | Failure> {
    const address = await this.#address();
    if (isFailure(address)) return address;
    const access = await this.#credentials.read(deadline);
    if (isFailure(access)) return access;
    const { url } = address;
    const lease = await this.#connections.lease(url.protocol);
    if (isFailure(lease)) return lease;
    try {
      const { result } = await send<Delivery>(
        {
          method: 'POST',
          url,
          headers: { ...access.headers, ...post.headers },
          body: post.body,
          contentType: 'application/json',
        },
        lease,
        deadline,
        (head) => new DeliveryReader(head, this.#now()),
      );
      return result;
    } finally {
      lease.release();
    }
  }

  async #address(): Promise<Address | Failure> {
    const { address } = this.#settings;
    if (address.kind === 'url') return { kind: 'address', url: this.#at(address.url) };
    const read = await readAddress(this.#file ?? new KeptFile('urlFile', address.file, fileAgeMs));
    return isFailure(read) ? read : { kind: 'address', url: this.#at(read.url) };
  }

  #at(base: string): URL {
    return this.#path === '' ? new URL(base) : new URL(`${base.replace(/\/+$/, '')}${this.#path}`);
  }
}

function later({ reason }: Failure): Delivery {
  return { kind: 'later', reason };
}
