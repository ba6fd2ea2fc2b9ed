import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { authority, identity } from '../../../sources/prometheus/server/support/certificates.js';

/** What arrived. */
export interface Arrived {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Which connection it came over, from 1. */
  readonly connection: number;
}

export type Answer = (response: ServerResponse, arrived: Arrived) => void;

/** The token that nothing may ever show. */
export const token = 'very-secret-token';

/** An API server of our own with TLS on loopback, which says what a test wants, and a kubeconfig for it. */
export class LoopbackApiServer {
  readonly arrived: Arrived[] = [];
  /** Told of each request, in the order of the answers; the last one stays. */
  answers: Answer[] = [];
  readonly #server: Server;
  readonly #folder: string;
  readonly #sockets = new Map<Socket, number>();

  private constructor(server: Server, folder: string) {
    this.#server = server;
    this.#folder = folder;
  }

  static async start(): Promise<LoopbackApiServer> {
    const signer = await authority('test');
    const own = await identity({ signedBy: signer, ip: '127.0.0.1' });
    const server = createServer({ cert: own.cert, key: own.key });
    const folder = mkdtempSync(join(tmpdir(), 'ml-verdict-api-'));
    const started = new LoopbackApiServer(server, folder);
    server.on('secureConnection', (socket) => started.#sockets.set(socket, started.#sockets.size + 1));
    server.on('request', (request, response) => void started.#take(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    writeFileSync(started.kubeconfig, started.#config(signer.cert));
    return started;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get kubeconfig(): string {
    return join(this.#folder, 'config');
  }

  /** Cuts every connection. */
  cut(): void {
    for (const socket of this.#sockets.keys()) socket.destroy();
  }

  async stop(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
    rmSync(this.#folder, { recursive: true });
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request as AsyncIterable<Buffer>) body += chunk.toString();
    const { method = '', url = '', headers, socket } = request;
    const connection = this.#sockets.get(socket) ?? 0;
    const arrived = { method, path: url, headers, body, connection };
    this.arrived.push(arrived);
    const answer = this.answers.length > 1 ? this.answers.shift() : this.answers[0];
    answer?.(response, arrived);
  }

  #config(authorityCertificate: string): string {
    const data = Buffer.from(authorityCertificate).toString('base64');
    const server = `https://127.0.0.1:${this.port}`;
    return JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'loopback',
      clusters: [
        { name: 'loopback', cluster: { server, 'certificate-authority-data': data } },
        { name: 'plain', cluster: { server: 'http://127.0.0.1:1' } },
      ],
      users: [{ name: 'someone', user: { token } }],
      contexts: [
        { name: 'loopback', context: { cluster: 'loopback', user: 'someone', namespace: 'ml' } },
        { name: 'plain', context: { cluster: 'plain', user: 'someone' } },
      ],
    });
  }
}

/** An object as JSON. */
export function sends(value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Answer {
  return (response) => {
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
    response.end(JSON.stringify(value));
  };
}

/** A refusal as API servers write it. */
export function refuses(
  code: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return sends({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code, message }, code, headers);
}

export function anObject(name: string, resourceVersion = '7') {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'ml', uid: `uid-of-${name}`, resourceVersion },
  };
}
