import { once } from 'node:events';
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttps, type ServerOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

/** A request as it came. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** The fields of the body, or of the query string. */
  readonly form: URLSearchParams;
  /** Counts the connections, from 1. */
  readonly connection: number;
}

/** Answers a request, in whatever way. */
export type Handler = (request: SeenRequest, response: ServerResponse) => void | Promise<void>;

/** A server on a free port of the loopback interface that answers what a test wants, and remembers what it was asked. */
export class FakeServer {
  readonly requests: SeenRequest[] = [];
  readonly sockets = new Set<Socket>();
  /** Requests whose connection was closed before they were answered. */
  broken = 0;
  handler: Handler;
  readonly #server;
  readonly #protocol: string;
  #connections = 0;

  private constructor(handler: Handler, tls: ServerOptions | undefined) {
    this.handler = handler;
    this.#protocol = tls === undefined ? 'http' : 'https';
    this.#server = tls === undefined ? createHttp(this.#onRequest) : createHttps(tls, this.#onRequest);
    const numbered = new WeakMap<Socket, number>();
    this.#numbered = numbered;
    this.#server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
      this.#connections += 1;
      numbered.set(socket, this.#connections);
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
      socket.on('error', () => undefined);
    });
    this.#server.on('tlsClientError', () => undefined);
  }

  readonly #numbered: WeakMap<Socket, number>;

  static async start(handler: Handler, tls?: ServerOptions, port = 0): Promise<FakeServer> {
    const fake = new FakeServer(handler, tls);
    fake.#server.listen(port, '127.0.0.1');
    await once(fake.#server, 'listening');
    return fake;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** By the address, or by another name of the machine. */
  url(host = '127.0.0.1'): string {
    return `${this.#protocol}://${host}:${this.port}`;
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  readonly #onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    void this.#answer(request, response);
  };

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('close', () => {
      if (!response.writableFinished) this.broken += 1;
    });
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    const url = request.url ?? '';
    const seen: SeenRequest = {
      method: request.method ?? '',
      url,
      headers: request.headers,
      body,
      form: new URLSearchParams(body === '' ? (url.split('?')[1] ?? '') : body),
      connection: this.#numbered.get(request.socket) ?? 0,
    };
    this.requests.push(seen);
    await this.handler(seen, response);
  }
}

/** Answers JSON. */
export function sendJson(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

/** A handler that always answers the same JSON. */
export function answering(value: unknown, status = 200): Handler {
  return (_, response) => {
    sendJson(response, value, status);
  };
}
