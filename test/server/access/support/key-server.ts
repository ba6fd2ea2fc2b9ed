import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JWK } from 'jose';

/** An issuer's address of public keys, on this machine. */
export class KeyServer {
  readonly uri: string;
  /** What is answered; changed by the test. */
  keys: readonly JWK[] = [];
  /** In place of the keys. */
  answer: { readonly status: number; readonly body: string } | undefined;
  /** Whether requests stay without an answer. */
  hangs = false;
  requests = 0;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
    server.on('request', (_request, response) => {
      this.requests++;
      if (this.hangs) return;
      const { status, body } = this.answer ?? { status: 200, body: JSON.stringify({ keys: this.keys }) };
      response.writeHead(status, { 'Content-Type': 'application/json', Connection: 'close' }).end(body);
    });
  }

  static async start(): Promise<KeyServer> {
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return new KeyServer(server);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
