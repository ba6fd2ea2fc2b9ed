import type { ServerOptions } from 'node:https';
import type { ServerResponse } from 'node:http';
import { FakeServer, type SeenRequest } from '../../../sources/prometheus/server/support/fake-server.js';
import { call, type CallAnswer } from '../../../support/service/call.js';

/** Answers a request badly; `forward` asks the server behind. */
export type Fault = (
  response: ServerResponse,
  forward: () => Promise<CallAnswer>,
  request: SeenRequest,
) => void | Promise<void>;

/** Stands before a real server and passes on what it is asked, unless it is to misbehave. It does not say what time it is. */
export class MisbehavingProxy {
  fault: Fault | undefined;
  /** The server behind. */
  upstream: string;
  readonly #port: number;
  #tls: ServerOptions | undefined;
  #server: FakeServer;

  private constructor(server: FakeServer, upstream: string, tls: ServerOptions | undefined) {
    this.#server = server;
    this.#port = server.port;
    this.upstream = upstream;
    this.#tls = tls;
    server.handler = this.#handle;
  }

  static async start(upstream: string, tls?: ServerOptions): Promise<MisbehavingProxy> {
    return new MisbehavingProxy(await FakeServer.start(() => undefined, tls), upstream, tls);
  }

  get url(): string {
    return `${this.#tls === undefined ? 'http' : 'https'}://127.0.0.1:${this.#port}`;
  }

  /** How often it was asked since it was started the last time. */
  get asked(): number {
    return this.#server.requests.length;
  }

  /** Goes away, with all connections. */
  async stop(): Promise<void> {
    await this.#server.stop();
  }

  /** Comes back at the same address, perhaps with another certificate. */
  async comeBack(tls = this.#tls): Promise<void> {
    this.#tls = tls;
    this.#server = await FakeServer.start(this.#handle, tls, this.#port);
  }

  readonly #handle = async (request: SeenRequest, response: ServerResponse): Promise<void> => {
    response.sendDate = false;
    // Whoever has gone does not wait for an answer.
    response.on('error', () => undefined);
    const forward = (): Promise<CallAnswer> =>
      call(this.upstream + request.url, {
        method: request.method,
        headers: { 'content-type': request.headers['content-type'] ?? 'text/plain' },
        ...(request.body === '' ? {} : { body: request.body }),
      });
    if (this.fault !== undefined) {
      await this.fault(response, forward, request);
      return;
    }
    try {
      pass(response, await forward());
    } catch {
      response.writeHead(502).end();
    }
  };
}

/** Answers what the server behind has answered, or something instead of its body. */
export function pass(response: ServerResponse, { status, headers, text }: CallAnswer, body = text): void {
  response.writeHead(status, { 'content-type': headers['content-type'] ?? 'text/plain' }).end(body);
}
